from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest

from indexer.archive.opening import Opened
from indexer.archive.walk import walk
from indexer.files.neighbours import Members, Nothing
from indexer.readers.scans import issues
from indexer.readers.shared.record import Item, Origin
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers import web_gold

METS_FILES = (
    "<fileSec><fileGrp><file ID='A1'><FLocat href='p1.xml'/></file><file ID='A2'><FLocat href='file://./p2.xml'/></file>"
    "</fileGrp></fileSec>"
)


def page(*blocks: str) -> str:
    """A page; in a block, lines are apart by `/`."""
    made = ""
    for number, block in enumerate(blocks, 1):
        lines = "".join(f"<TextLine>{line(text)}</TextLine>" for text in block.split(" / "))
        made += f"<TextBlock ID='B{number}'>{lines}</TextBlock>"
    return f"<alto><Layout><Page PRINTED_IMG_NR='7'><PrintSpace>{made}</PrintSpace></Page></Layout></alto>"


def line(text: str) -> str:
    return text if text.startswith("<") else "".join(f"<String CONTENT='{word}'/><SP/>" for word in text.split())


def mets(logical: str, head: str = "", links: str = "", files: str = METS_FILES) -> str:
    issue = (
        "<dmdSec ID='I'><mods><titleInfo><nonSort>The</nonSort><title>Gazette</title></titleInfo>"
        "<originInfo><dateIssued>1899-02-03</dateIssued></originInfo></mods></dmdSec>"
    )
    return (
        f"<mets xmlns:xlink='http://www.w3.org/1999/xlink'>{issue}{head}{files}"
        f"<structMap TYPE='LOGICAL'><div TYPE='ISSUE' DMDID='I'>{logical}</div></structMap>{links}</mets>"
    )


def area(file: str, begin: str, end: str = "") -> str:
    return f"<fptr><area FILEID='{file}' BETYPE='IDREF' BEGIN='{begin}'{f' END={end!r}' if end else ''}/></fptr>"


def read(data: str, name: str = "mets.xml", **files: str) -> list[Item]:
    return list(issues.read(io.BytesIO(data.encode()), Origin("news", name, name), beside(files)))


def beside(files: dict[str, str]) -> Members:
    named = {name.replace("_", "."): text for name, text in files.items()}

    def opened(name: str) -> BinaryIO | None:
        return io.BytesIO(named[name].encode()) if name in named else None

    return Members(".", opened, lambda _folder, pattern: sorted(filter(pattern.fullmatch, named)), lambda _name: "")


def texts(found: list[Item]) -> list[str]:
    return [item.text for item in found if isinstance(item, Article)]


def test_scans_are_as_a_person_reads_them() -> None:
    assert_as_read("seeds/formats/page.mets.xml")


@cases("name", web_gold.files("data/formats/alto"))
def test_scans_of_the_evaluation_are_as_a_person_reads_them(name: str) -> None:
    assert_as_read(name)


def assert_as_read(name: str) -> None:
    path = web_gold.place(name)
    web_gold.assert_as_read(name, web_gold.read("scans.issues", path, neighbours=web_gold.beside(path)))


def test_an_article_has_what_its_issue_says() -> None:
    path = web_gold.place("seeds/formats/page.mets.xml")
    (found,) = web_gold.read("scans.issues", path, neighbours=web_gold.beside(path))

    assert isinstance(found, Article)
    assert (found.id, found.source, found.language) == ("1946-02-eniac", "The Harbour Gazette", "en")
    assert found.published_from == "metadata"
    assert "University" in found.text
    assert "Uni- " not in found.text
    assert found.text.count("\n\n") == 2


def test_a_page_that_an_issue_gives_is_not_read_twice() -> None:
    path = web_gold.place("seeds/formats/page.alto.xml")

    assert web_gold.read("scans.issues", path, neighbours=web_gold.beside(path)) == []
    assert len(web_gold.read("scans.issues", path)) == 1


@pytest.mark.parametrize(
    ("issue", "scan", "href"),
    [
        ("in/issue-METS.xml", "in/0001.xml", "file://./0001.xml"),
        ("in/X_mets.xml", "in/alto/0001.xml", "alto/0001.xml"),
        ("in/1899030401/1899030401.xml", "in/1899030401/0225.xml", "./0225.xml"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_pages_that_lie_as_libraries_lay_them_are_not_read_twice(
    issue: str, scan: str, href: str, packed: bool, tmp_path: Path
) -> None:
    division = f"<div TYPE='ARTICLE' LABEL='T'>{area('A1', 'B1')}</div>"
    files = {issue: mets(division).replace("p1.xml", href), scan: page("One two.")}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(data, "utf-8")
    if packed:
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    source = tmp_path / ("in.zip" if packed else "in")
    found = [item for file in walk([source], "c") for _, item in Opened(file, {}).items()]

    assert [(item.title, item.text) for item in found if isinstance(item, Article)] == [("T", "One two.")]


@cases("block, text", [
    ("One two / three", "One two three"),
    ("the govern- / ment said", "the government said"),
    ("the govern\u00ac / ment said", "the government said"),
    ("the Anglo- / French treaty", "the Anglo- French treaty"),
    ("<String CONTENT='Uni' SUBS_TYPE='HypPart1' SUBS_CONTENT='University'/><HYP CONTENT='-'/> / "
     "<String CONTENT='versity' SUBS_TYPE='HypPart2' SUBS_CONTENT='University'/>", "University"),
    ("<String CONTENT='uni'/><HYP CONTENT='-'/> / <String CONTENT='versity'/>", "university"),
    ("<String CONTENT='versity' SUBS_TYPE='HypPart2' SUBS_CONTENT='University'/>", "versity"),
])  # fmt: skip
def test_words_that_line_ends_part_are_joined(block: str, text: str) -> None:
    assert texts(read(page(block), "p1.xml")) == [text]


def test_a_word_goes_on_in_the_next_block() -> None:
    part = "<String CONTENT='{}' SUBS_TYPE='HypPart{}' SUBS_CONTENT='University'/>"

    assert texts(
        read(page(f"<String CONTENT='At'/>{part.format('Uni', 1)}", f"{part.format('versity', 2)}"), "p1.xml")
    ) == ["At University"]


def test_a_page_alone_has_the_day_of_its_file_name() -> None:
    (found,) = read(page("Some words"), "gazette_18990203_0001.xml")

    assert isinstance(found, Article)
    assert (found.published, found.published_from, found.extra) == ("1899-02-03", "filename", {"page": "7"})


def test_an_article_goes_over_pages_and_the_rest_are_pages() -> None:
    logical = f"<div TYPE='ARTICLE' LABEL='Fire'>{area('A1', 'B2')}{area('A1', 'B1')}</div>"
    found = read(mets(logical), p1_xml=page("second", "first"), p2_xml=page("adverts"))

    assert texts(found) == ["first\n\nsecond", "adverts"]
    assert [(item.title, item.source, item.published) for item in found if isinstance(item, Article)] == [
        ("Fire", "The Gazette", "1899-02-03"),
        ("", "The Gazette", "1899-02-03"),
    ]


def test_a_heading_is_the_title_where_there_is_no_label() -> None:
    logical = (
        f"<div TYPE='Article'><div TYPE='HEADING'>{area('A1', 'B1')}</div>"
        f"<div TYPE='BODY'>{area('A1', 'B2')}</div></div>"
        f"<div TYPE='ARTICLE'>{area('A2', 'B1', 'B2')}</div>"
    )
    found = read(mets(logical), p1_xml=page("Fire in town", "It burnt."), p2_xml=page("Flood", "It rained."))

    assert [(item.title, item.text) for item in found if isinstance(item, Article)] == [
        ("Fire in town", "It burnt."),
        ("Flood", "It rained."),
    ]


def test_structures_that_are_linked_are_followed() -> None:
    physical = (
        f"<structMap TYPE='PHYSICAL'><div><div ID='x1' TYPE='pagearea'>{area('A1', 'B2')}</div></div></structMap>"
    )
    plain = "<structLink><smLink xlink:from='#art' xlink:to='#x1'/></structLink>"
    locators = "<smLocatorLink xlink:href='#art'/><smLocatorLink xlink:href='#x1'/>"
    group = f"<structLink><smLinkGrp>{locators}</smLinkGrp></structLink>"
    for links in (plain, group):
        found = read(
            mets("<div TYPE='ARTICLE' ID='art'/>", links=physical + links), p1_xml=page("no", "yes"), p2_xml=page()
        )

        assert texts(found) == ["yes"]


class Asked(Nothing):
    """No files, and the names that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def open(self, name: str) -> None:
        self.asked.append(name)


@cases("href", ["../secret.xml", "/etc/secret.xml", "http://e.org/p.xml", "a/../../p.xml", "..\\p.xml"])
def test_links_that_lead_elsewhere_are_refused(href: str) -> None:
    files = f"<fileSec><file ID='A1'><FLocat href='{href}'/></file></fileSec>"

    neighbours = Asked()

    (found,) = issues.read(io.BytesIO(mets("", files=files).encode()), Origin("n", "m.xml", "m.xml"), neighbours)

    assert isinstance(found, BadRecord)
    assert "not next to it" in found.reason
    assert neighbours.asked == ["../issue.json", "issue.json"]


@cases("data, reason", [
    (page(), "without text"), (mets("", files=""), "without pages"),
    ("<alto>" + "<a>" * 300_000, "not well-formed"),
    ("<alto><Page>", "not well-formed"),
    ("<!DOCTYPE alto [<!ENTITY a 'x'>]><alto>&a;</alto>", "entities"),
    (mets(("<div TYPE='ARTICLE'>" * 200 + "</div>" * 200) * 400, files=""), "without pages"),
])  # fmt: skip
def test_what_is_refused_says_why_and_soon(data: str, reason: str) -> None:
    (found,) = web_gold.within_limits(issues.read(io.BytesIO(data.encode()), Origin("n", "p.xml", "p.xml")))

    assert isinstance(found, BadRecord)
    assert reason in found.reason


def test_looks_like() -> None:
    assert issues.looks_like(b'<?xml version="1.0"?><!-- x --><mets:mets xmlns:mets="x">', "x")
    assert issues.looks_like(page("x").encode(), "x")
    assert not issues.looks_like(b"<rss>", "page.alto.xml")
