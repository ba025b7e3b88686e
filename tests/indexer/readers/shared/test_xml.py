from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from indexer.readers.shared import xml
from indexer.readers.shared.record import Item, Origin, Whole
from indexer.readers.web import feeds, wxr
from indexer.readers.wire import newsml1, newsml_g2, ninjs, nitf
from indexer.safe import limits
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases
from tests.conftest import GOLD, SEEDS
from tests.indexer.readers import web_gold

READERS = (nitf, newsml_g2, newsml1, feeds, wxr, ninjs)
ORIGIN = Origin("news", "archive/story", "story")
EXPECTED = [json.loads(line) for line in (GOLD / "formats-wire.jsonl").read_text("utf-8").splitlines()]


def read(module: ModuleType, data: bytes | str) -> list[Item]:
    """What a reader finds in data, but for what items are parts of."""
    data = data.encode() if isinstance(data, str) else data
    return [item for item in module.read(io.BytesIO(data), ORIGIN) if not isinstance(item, Whole)]


def one(module: ModuleType, data: bytes | str) -> Article:
    """The only article in data."""
    (found,) = read(module, data)
    assert isinstance(found, Article), found
    return found


def reason(module: ModuleType, data: bytes | str) -> str:
    """Why data has no article."""
    (found,) = read(module, data)
    assert isinstance(found, BadRecord), found
    return found.reason


def expectations(folder: str) -> list[dict[str, Any]]:
    """What a person read in the files of a folder of formats."""
    return [line for line in EXPECTED if line["file"].startswith(f"{folder}/")]


def name_of(line: dict[str, Any]) -> str:
    """An expectation's name in the list of tests."""
    return f"{line['file'].rpartition('__')[2]}-{line.get('item', 1)}"


def check(module: ModuleType, line: dict[str, Any], shared: Path) -> None:
    """Hold a file to what a person read in it."""
    path = shared / "data" / "formats" / line["file"]
    assert [reader for reader in READERS if reader.looks_like(path.read_bytes()[:8192], path.name)] == [module]
    with path.open("rb") as file:
        items = [item for item in module.read(file, ORIGIN) if not isinstance(item, Whole)]

    assert len(items) == line.get("items", 1)
    if "aside" in line:
        assert [item for item in items if not isinstance(item, BadRecord) or line["aside"] not in item.reason] == []
        return
    found = items[line.get("item", 1) - 1]
    assert isinstance(found, Article)
    assert (found.title, found.published) == (line["title"], line["published"])
    assert " ".join(found.text.split()).startswith(line["first"])
    for field in ("person", "country", "topic"):
        assert list(getattr(found, field)) == line.get(field, [])
        assert (field in found.given) == (field in line)


@cases("folder", ["ninjs", "nitf", "newsml-g2", "rss-atom"])
def test_every_file_is_expected(folder: str, shared: Path) -> None:
    there = {f"{folder}/{path.name}" for path in (shared / "data" / "formats" / folder).iterdir()}

    assert {line["file"] for line in expectations(folder)} == there


SEED_FILES = {
    "story.ninjs.json": ninjs, "story.nitf.xml": nitf, "story.newsml-g2.xml": newsml_g2, "story.newsml1.xml": newsml1,
    "feed.rss.xml": feeds, "feed.atom.xml": feeds, "export.wxr.xml": wxr,
}  # fmt: skip


@cases("name", SEED_FILES)
def test_seeds_are_read_as_a_person_reads_them(name: str) -> None:
    lines = [json.loads(line) for line in (GOLD / "seeds-formats.jsonl").read_text("utf-8").splitlines()]
    expected = [line for line in lines if line["file"] == f"seeds/formats/{name}"]
    path = SEEDS / "formats" / name
    with path.open("rb") as file:
        found = list(SEED_FILES[name].read(file, ORIGIN))

    assert [reader for reader in READERS if reader.looks_like(path.read_bytes()[:8192], name)] == [SEED_FILES[name]]
    assert [(a.title, a.published) for a in found] == [(line["title"], line["published"]) for line in expected]
    for article, line in zip(found, expected, strict=True):
        for field in article.given:
            assert set(getattr(article, field)) <= set(line[field])
            assert {entry.value for entry in article.evidence[field]} == set(getattr(article, field))


def around(module: ModuleType) -> Callable[[str], bytes]:
    """Puts text where a document of a format has its own."""
    before, after = {
        nitf: ("<nitf><body><body.content><p>", "</p></body.content></body></nitf>"),
        newsml_g2: ('<newsItem guid="g"><contentSet><inlineXML><p>', "</p></inlineXML></contentSet></newsItem>"),
        newsml1: (
            "<NewsML><NewsItem><NewsComponent><ContentItem><DataContent><p>",
            "</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>",
        ),
        feeds: ("<rss><channel><item><description>", "</description></item></channel></rss>"),
        wxr: (
            '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:c="http://purl.org/rss/1.0/modules/content/">'
            "<channel><item><c:encoded>",
            "</c:encoded></item></channel></rss>",
        ),
    }[module]
    return lambda text: f"{before}{text}{after}".encode()


XML = [nitf, newsml_g2, newsml1, feeds, wxr]
XML_READERS = cases("module", XML)
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("module", XML)
@cases("prolog, text, said", [
    (f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>', "&a9;", "declares entities"),
    ('<!DOCTYPE x [<!-- <a> --><!ENTITY e "ha">]>', "&e;", "declares entities"),
    ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;", "declares entities"),
    ('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>', "x", "declares entities"),
    ("", "<b>" * 50_000 + "</b>" * 50_000, "depth"),
    ("", "<b/>" * 210_000, "elements"), ("", "x" * 9_000_000, "arge"),
    ("", "<b " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>", "larger"),
    ("", "a < b", "not well-formed"),
    ("", "\N{CYRILLIC SMALL LETTER A}" * 100, "not in UTF-8"),
])  # fmt: skip
def test_hostile_documents_are_refused_with_a_reason(module: ModuleType, prolog: str, text: str, said: str) -> None:
    data = prolog.encode() + around(module)(text)
    data = data.decode().encode("cp1251") if "UTF-8" in said else data

    items = web_gold.within_limits(module.read(io.BytesIO(data), ORIGIN))

    assert any(said in item.reason for item in items if isinstance(item, BadRecord))


@XML_READERS
@cases("part, count", [("&lt;div&gt;", 100_000), ("&lt;p&gt;", 300_000), ("&lt;", 500_000), ("\0\1\2", 1)])
def test_hostile_texts_are_read_in_time(module: ModuleType, part: str, count: int, amount: Callable[..., int]) -> None:
    data = around(module)(part * amount(count))

    assert waiting.cpu_seconds(lambda: read(module, data), 1) < 4


@XML_READERS
def test_references_to_all_characters_are_read_in_time(module: ModuleType, amount: Callable[..., int]) -> None:
    data = around(module)("".join(f"&#{n};" for n in range(48, amount(200_000))))

    assert waiting.cpu_seconds(lambda: read(module, data), 1) < 4


@XML_READERS
@cases("data", [
    lambda text: text.encode(),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.encode("utf-16"), lambda text: text.encode("utf-16-le"),
    lambda text: b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("cp1252"),
    lambda text: b'<?xml version="1.0" encoding="utf-16"?>' + text.encode(),
    lambda text: b"<?xml version='1.0' encoding='iso-8859-1'?>" + text.encode("cp1252"),
    lambda text: b'<?xml version="1.0" encoding="nonsense"?>' + text.encode(),
    lambda text: b'<?xml version="1.1" encoding="zlib"?>' + text.encode(),
    lambda text: text.replace("é", "&eacute;").replace("–", "&#x2013;").encode(),
])  # fmt: skip
def test_encodings_are_what_bytes_say(module: ModuleType, data: Callable[[str], bytes]) -> None:
    text = around(module)("Café – a word").decode()

    assert one(module, data(text)).text == "Café – a word"


@XML_READERS
def test_what_xml_cannot_hold_is_left_out(module: ModuleType) -> None:
    assert one(module, around(module)("a\0b\x1bc &#0;&#xD800; d")).text == "abc \ufffd\ufffd d"
    assert one(module, around(module)("a%b").replace(b"%", b"\xed\xa0\x80")).text.startswith("a")


@XML_READERS
def test_an_ampersand_that_begins_no_declared_reference_is_one(module: ModuleType) -> None:
    assert one(module, around(module)("AT&T & co, R&D; &amp; &lt; &#65; &x 7 &;&")).text == (
        "AT&T & co, R&D; & < A &x 7 &;&"
    )


def test_an_ampersand_in_a_section_is_as_it_stands_wherever_pieces_end() -> None:
    head = "<nitf><p>"
    section = "<![CDATA[a & b &; &amp; <c> R&D; ]]] & ]]> & <![CDATA[&]]>&"
    for place in range(len(section) + 1):
        before = "x" * ((1 << 16) - len(head) - place)
        for text in (section, section.replace(" b ", "y" * (1 << 16))):
            document = f"{head}{before}{text}</p></nitf>".encode()
            plain = text.replace("<![CDATA[", "").replace("]]>", "")
            assert "".join(xml.document(io.BytesIO(document)).itertext()) == before + plain


@XML_READERS
def test_undeclared_prefixes_are_no_matter(module: ModuleType) -> None:
    assert one(module, around(module)("a").replace(b"<p>", b"<h:p>").replace(b"</p>", b"</h:p>")).text == "a"


@XML_READERS
def test_another_document_is_not_taken_for_one(module: ModuleType) -> None:
    assert not module.looks_like(b"<html><body><p>nitf rss NewsML newsItem</p></body></html>", "a.xml")
    assert "root" in reason(module, "<other/>") or "without items" in reason(module, "<other/>")
    assert "not well-formed" in reason(module, "")
    assert "not well-formed" in reason(module, "plain text")


def test_entities_do_not_open_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    found = read(nitf, f'<!DOCTYPE nitf SYSTEM "{secret.as_uri()}">'.encode() + around(nitf)("open"))

    assert [item.text for item in found if isinstance(item, Article)] == ["open"]


def test_a_document_type_without_entities_is_read() -> None:
    doctype = '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.3//EN" "nitf.dtd" [<!ELEMENT p ANY>]>'

    assert one(nitf, doctype.encode() + around(nitf)("a&nbsp;b")).text == "a b"


def test_records_before_a_break_are_read() -> None:
    found = read(
        feeds, "<rss><channel><item><description>a</description></item>\n<item><description>b</item></channel>"
    )

    assert isinstance(found[0], Article)
    assert isinstance(found[1], BadRecord)
    assert (found[0].text, found[1].line) == ("a", 2)


def test_records_are_held_one_at_a_time() -> None:
    def items() -> Iterator[bytes]:
        yield b"<rss><channel><title>F</title>"
        for number in range(400):
            yield f"<item><guid>{number}</guid><description>{'x' * 50_000}</description></item>".encode()
        yield b"</channel></rss>"

    found = feeds.read(io.BytesIO(b"".join(items())), ORIGIN)

    assert sum(isinstance(item, Article) and item.source == "F" for item in found) == 400  # 20 MB, the limit is 8


@cases("printed, iso", [
    ("19860128T210000-0500", "1986-01-28T21:00:00-05:00"),
    ("20170102T222800+0000", "2017-01-02T22:28:00+00:00"),
    ("20151210T191044Z", "2015-12-10T19:10:44Z"),
    ("20200907T1445", "2020-09-07T14:45:00"), ("20080219+0100", "2008-02-19"), ("19870101", "1987-01-01"),
    ("2020-09-07T14:45:26", "2020-09-07T14:45:26"),
    ("yesterday", "yesterday"),
])  # fmt: skip
def test_moments_are_written_in_iso_8601(printed: str, iso: str) -> None:
    assert xml.moment(printed) == iso


@cases("head, root", [
    (b'<?xml version="1.0"?>\n<!-- <a> --><nitf>', "nitf"),
    (b'\xef\xbb\xbf<!DOCTYPE NewsML SYSTEM "x" [ <!ELEMENT a ANY> ]><NewsML Version="1">', "NewsML"),
    (b'<?xml-stylesheet href="a"?><rdf:RDF xmlns="">', "RDF"),
    ('<?xml version="1.0" encoding="utf-16"?><feed>'.encode("utf-16"), "feed"),
    (b"text <nitf>", ""), (b"", ""),
])  # fmt: skip
def test_the_root_is_seen_from_the_beginning(head: bytes, root: str) -> None:
    assert xml.root_of(head) == root


@cases("before", ["<?a?>", "<!-- a -->", "<!DOCTYPE a [ ]>", "<!DOCTYPE a>", " \n"])
def test_what_stands_before_the_root_is_looked_at_once(before: str) -> None:
    head = before.encode() * 500

    assert limits.within(lambda: xml.root_of(head + b"x"), 0) == ""
    assert limits.within(lambda: xml.root_of(head + b"<rss>"), 0) == "rss"
