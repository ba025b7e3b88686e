from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.readers.shared.record import Embargoed, Origin, Withdrawal
from indexer.readers.wire import ninjs
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases
from tests.indexer.readers.shared.test_xml import check, expectations, one, read, reason

TEXT = {"uri": "urn:a", "type": "text", "headline": "H", "body_text": "B"}


def item(**properties: Any) -> str:
    return json.dumps({**TEXT, **properties})


@cases("line", expectations("ninjs"))
def test_files_are_read_as_a_person_reads_them(line: dict[str, Any], shared: Path) -> None:
    check(ninjs, line, shared)


def test_an_item_becomes_an_article() -> None:
    found = one(
        ninjs,
        item(
            version="3",
            versioncreated="2020-01-02T03:04:05+01:00",
            firstcreated="2020-01-01T00:00:00Z",
            byline="A B",
            language="en-GB",
            source="Wire",
            service=[{"name": "Sport", "code": "s"}],
            urgency=2,
            person=[{"name": "C D", "rel": "about"}],
            place=[{"name": "Italy", "scheme": "http://cvx.iptc.org/iso3166-1a2/", "code": "it"}],
            subject=[{"name": "x", "scheme": "medtop", "code": "11000000"}],
        ),
    )

    assert (found.id, found.title, found.text, found.byline) == ("urn:a", "H", "B", "A B")
    assert (found.published, found.published_from) == ("2020-01-02T03:04:05+01:00", "metadata")
    assert (found.language, found.source, found.section) == ("en", "Wire", "Sport")
    assert (found.person, found.country, found.topic) == (("C D",), ("IT",), ("medtop:11000000",))
    assert (found.extra["version"], found.extra["urgency"]) == (3, 2)
    assert found.evidence["topic"][0].text == "x (medtop:11000000)"


def test_what_superdesk_writes_is_read() -> None:
    place = {"code": "ACT", "name": "ACT", "state": "Australian Capital Territory", "country": "Australia"}
    found = one(ninjs, item(headline="Budget &amp; surplus", place=[place]))

    assert (found.title, found.country) == ("Budget & surplus", ("AU",))
    assert found.evidence["country"][0].text == "ACT, Australia (ninjs place)"


def test_versions_of_the_format_are_read_alike() -> None:
    second = {"headlines": [{"role": "main", "value": "H"}], "bodies": [{"contenttype": "text/plain", "value": "B"}]}
    third = {"headlines": [{"role": "main", "value": "H"}], "bodies": [{"contentType": "text/plain", "value": "B"}]}
    draft = {"headline": [{"name": "main", "value": "H"}], "body": [{"name": "text", "value": "B"}]}
    first = one(ninjs, item())
    others = [one(ninjs, json.dumps({"uri": "urn:a", "type": "text", **one_of})) for one_of in (second, third, draft)]

    assert [(other.title, other.text) for other in others] == [(first.title, first.text)] * 3


def test_lines_list_and_object_are_read_alike() -> None:
    both = [item(), item(uri="urn:b")]
    lines, listed = read(ninjs, "\n".join(both)), read(ninjs, f"[{','.join(both)}]")

    assert lines == listed
    assert one(ninjs, json.dumps(TEXT, indent=1)) == one(ninjs, item())


def test_a_broken_line_does_not_hide_the_others() -> None:
    found = read(ninjs, f"{item()}\n{{broken\n\n{item(uri='urn:b', body_text='')}\n{item(uri='urn:c')}")

    assert [entry.id for entry in found if isinstance(entry, Article)] == ["urn:a", "urn:c"]
    assert [entry.line for entry in found if isinstance(entry, BadRecord)] == [2, 4]


def test_a_broken_first_line_does_not_hide_the_others() -> None:
    data = f"{{broken\n{item()}".encode()
    found = list(ninjs.read(io.BytesIO(data), Origin("news", "a.jsonl", "a.jsonl")))

    assert [type(entry) for entry in found] == [BadRecord, Article]


@cases("properties, text", [
    ({"body_text": "", "body_html": "<p>a</p><p>b &amp; c</p>"}, "a\n\nb & c"),
    ({"body_text": "short", "body_xhtml": "<p>a longer text than that</p>"}, "a longer text than that"),
    ({"body_text": "a text as long", "body_html": "<figure>credit</figure><p>a text as</p>"}, "a text as long"),
    ({"body_text": "...", "body_html": "<p>words</p>"}, "words"),
    ({"body_text": "H\n\nthe text"}, "the text"),
    ({"body_text": f"{'a' * 150}\n{'b' * 150}"}, f"{'a' * 150}\n\n{'b' * 150}"),
    ({"body_text": "", "bodies": [{"value": "<nitf><body><body.content><p>n</p></body.content></body></nitf>"}]}, "n"),
])  # fmt: skip
def test_the_best_body_is_read(properties: dict[str, Any], text: str) -> None:
    assert one(ninjs, item(**properties)).text == text


def test_a_flash_is_read_from_its_description() -> None:
    found = one(ninjs, item(body_text="", description_text="A flash.", description_caption="A caption."))

    assert (found.text, found.extra["text_from"]) == ("A flash.", "description")


@cases("properties, said", [
    ({"type": "picture", "description_text": "caption"}, "It is a picture (ninjs type “picture”), not an article."),
    ({"body_text": "", "type": "composite"}, "no text of its own (ninjs type “composite”)"),
    ({"body_text": "[ … ]"}, "no words"),
    ({"body_text": "", "eventDetails": {}}, "an event"),
    ({"body_text": None}, "neither a body nor a description"),
    ({"pubstatus": "commissioned"}, "“commissioned”"),
    ({"embargoed": "soon"}, "“soon” is not a date"),
])  # fmt: skip
def test_what_is_no_article_says_what_it_is(properties: dict[str, Any], said: str) -> None:
    assert said in reason(ninjs, item(**properties))


def test_withheld_and_canceled_items_withdraw() -> None:
    assert read(ninjs, item(pubstatus="canceled", ednote="Wrong.")) == [Withdrawal("urn:a", "Wrong.")]
    assert read(ninjs, item(pubStatus="withheld")) == [Withdrawal("urn:a", "Its publication status is “withheld”.")]


def test_a_withdrawal_names_the_article_as_the_article_does() -> None:
    uri = "http://example.org/a?b=1"
    (withdrawn,) = read(ninjs, item(uri=uri, pubstatus="canceled"))

    assert isinstance(withdrawn, Withdrawal)
    assert withdrawn.id == one(ninjs, item(uri=uri)).id


def test_an_embargo_is_kept_with_its_zone() -> None:
    (found,) = read(ninjs, item(embargoed="2030-01-01T12:00:00+02:00"))

    assert isinstance(found, Embargoed)
    assert (found.article.id, found.until) == ("urn:a", "2030-01-01T12:00:00+02:00")


def test_associated_texts_are_articles_and_pictures_are_not() -> None:
    beside = {"one": {**TEXT, "uri": "urn:b"}, "two": {"type": "picture", "uri": "urn:p", "body_text": "x"}}
    package = {"uri": "urn:p", "type": "composite", "associations": list(beside.values())}

    assert [entry.id for entry in read(ninjs, item(associations=beside)) if isinstance(entry, Article)] == [
        "urn:a",
        "urn:b",
    ]
    assert [entry.id for entry in read(ninjs, json.dumps(package)) if isinstance(entry, Article)] == ["urn:b"]


def test_what_no_field_takes_is_kept() -> None:
    found = one(ninjs, item(desk={"name": "foreign"}, organisation=[{"name": "UN"}], renditions={"a": {}}))

    assert found.extra["desk"] == {"name": "foreign"}
    assert found.extra["subjects"] == [{"kind": "organisation", "name": "UN"}]
    assert "renditions" not in found.extra


@cases("name", ["body_html", "bodies", "Bodies", "headline", "headline_x", "headlines", "uri", "BYLINE"])
@cases("value", ["x", [{"value": "x"}]])
def test_what_a_field_takes_is_not_repeated(name: str, value: object) -> None:
    assert name not in one(ninjs, item(**({"body_text": "B", "headline": "H"} | {name: value}))).extra


@cases("value", [None, "", [], {}])
def test_what_is_empty_is_not_kept(value: object) -> None:
    assert "desk" not in one(ninjs, item(desk=value)).extra


@cases("data", [item().encode("utf-16"), b"\xef\xbb\xbf" + item().encode(), b"\n\n" + item().encode()])
def test_encodings_are_what_bytes_say(data: bytes) -> None:
    assert one(ninjs, data).text == "B"


def test_windows_1252_is_read() -> None:
    assert one(ninjs, '{"uri": "a", "body_text": "Café"}'.encode("cp1252")).text == "Café"


@cases("data, said", [
    (b'{"uri": "a", "bodies": ' + b"[" * 300_000, "nested too deeply"),
    (b'{"uri": "a", "body_text": "' + b"x" * 34_000_000 + b'"}', "larger"),
    (b'{"uri": "a", "b": [' + b"[]," * 1_400_000 + b"[]]}", "values"),
    (b'{"uri": "a", "body_text": "\\ud800"}', "no words: “\ufffd”"),
    (b'{"uri": "a", "body_html": "' + b"<p>" * 300_000 + b'"}', "no text"),
    (b'{"uri": "a", "body_html": "' + b"<p>" * 1_000_000 + b'"}', "longer"),
    (b"[1]", "not a JSON object"), (b"", "empty"),
])  # fmt: skip
def test_hostile_files_are_refused_with_a_reason(data: bytes, said: str) -> None:
    said_why: list[str] = []

    assert waiting.cpu_seconds(lambda: said_why.append(reason(ninjs, data)), 1) < 4
    assert said in said_why[0]


@cases("head, is_ninjs", [
    (b'{"uri": "a", "versioncreated": "2020"', True),
    (b'[{"body_html": "x", "pubstatus": "usable"', True),
    (b'{"id": "a", "text": "x", "headline": "y"}', False),
    (b'{"uri": "a", "name": "b"}', False), (b'{"headline": "x"}', False),
    (b'{"headline": "x", "byline": "y", "body": "z"}', False),
    (b'{"headline": "x", "byline": "y", "urgency": 1}', True),
    (b'{"articles": [{"uri": "a", "headline": "x", "urgency": 1}]}', False),
    (b'[{"headline": "x", "by": {"uri": "a", "urgency": 1}}', False),
    (b'{"uri": "a", "headline": "\\\\", "subject": [{"text": "x"}]}', True),
    (b'{"name": "\\", \\"uri\\": 1, \\"headline\\": 1"}', False),
    (b'{"uri": "a", "byline": "x", "abstract": "y"}', False),
    (b'{"uri": "a", "headline": {"main": "x"}, "byline": {"original": "y"}}', False),
    (b'{"uri": "a", "headline": "x", "c": {"headline": "y"}}', True),
    (b'{"uri": "a", "headlines": [{"value": "x"}], "by": "y"}', True),
    (b"<nitf>", False),
    ("\ufeff".encode() + b'{"uri": "a", "bodies": []}', True),
    (b'{"uri": "a", "headline": "' + "é".encode()[:1], True),
])  # fmt: skip
def test_ninjs_is_told_from_other_json(head: bytes, is_ninjs: bool) -> None:
    assert ninjs.looks_like(head, "a.json") is is_ninjs


@cases("record, is_ninjs", [
    ({"uri": "a", "headline": "x", "body_html": "y"}, True),
    ({"uri": "a", "headlines": [{"value": "x"}], "bodies": [{"value": "y"}]}, True),
    ({"headline": "x", "versioncreated": "2020"}, True),
    ({"uri": "a", "headline": {"main": "x"}, "byline": {"original": "y"}}, False),
    ({"uri": "a", "title": "x", "body": "y"}, False),
    ({"uri": "a", "headline": "x", "text": "y"}, False),
    ({"uri": "a", "headline": "x", "body": [{"type": "paragraph", "text": "y"}]}, False),
    ({"uri": "a", "headline": "x", "body": [{"role": "main", "value": "y"}]}, True),
    ({}, False),
])  # fmt: skip
def test_an_item_among_records_is_told_by_its_properties(record: dict[str, object], is_ninjs: bool) -> None:
    assert ninjs.is_item(record) is is_ninjs


@pytest.mark.parametrize("begin", ["{", '{"urgency": 1, "bodies": 2, "uri": 3, "body": {', '{"urgency": 1, "body": ['])
@cases("part", ['"by": {}', '"by": ', '"a": "', '\\"', '"', "{", '{"a":', "\\"])
def test_the_names_of_items_are_found_in_linear_time(part: str, begin: str, amount: Callable[..., int]) -> None:
    def looking(count: int) -> Callable[[], object]:
        head = (begin + part * count).encode()
        assert ninjs.looks_like(head, "a.json") is ("uri" in begin)
        return lambda: ninjs.looks_like(head, "a.json")

    few = amount(20_000, few=1_500)
    assert waiting.grows_less(8, looking, few, 4 * few)


@cases("kind, words", [
    ("picture", "a picture"), ("photo", "a picture"), ("graphic", "a graphic"), ("video", "a film"),
    ("audio", "a sound recording"), ("event", "an event"), ("planning", "a planning item"),
    ("animation", "an animation"), ("map", "a map"),
])  # fmt: skip
def test_a_type_that_is_no_article_is_named_in_words(kind: str, words: str) -> None:
    for written in (kind, kind.title()):
        assert reason(ninjs, item(type=written)) == f"It is {words} (ninjs type “{kind}”), not an article."


@cases("properties, person, country, subjects", [
    (("person", "people"), ("Norway",), (), None),
    (("place", "places", "subject", "subjects"), (), ("NO",), None),
    (("organisation", "organisations"), (), (), [{"kind": "organisation", "name": "Norway"}]),
    (("object", "objects"), (), (), [{"kind": "object", "name": "Norway"}]),
    (("event", "events"), (), (), [{"kind": "event", "name": "Norway"}]),
])  # fmt: skip
def test_a_subject_is_of_the_kind_that_its_property_says(
    properties: tuple[str, ...], person: tuple[str, ...], country: tuple[str, ...], subjects: object
) -> None:
    for name in (*properties, properties[0].upper()):
        found = one(ninjs, item(**{name: [{"name": "Norway"}, "Sweden"]}))
        assert (found.person, found.country, found.extra.get("subjects")) == (person, country, subjects)
        assert name not in found.extra


@cases("entry, code", [
    ({"scheme": "medtop", "code": "11000000"}, "medtop:11000000"),
    ({"scheme": "medtop:", "code": "11000000"}, "medtop:11000000"),
    ({"scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "11000000"},
     "http://cv.iptc.org/newscodes/mediatopic/11000000"),
    ({"scheme": "http://e.org/mediatopic#", "code": "1"}, "http://e.org/mediatopic#1"),
    ({"scheme": "medtop"}, ""), ({"code": "1"}, "1"),
    ({"uri": "http://e.org/1"}, "http://e.org/1"),
    ({"literal": "l"}, "l"), ({"qcode": "q"}, "q"),
    ({"qcode": "q", "literal": "l", "uri": "u", "code": "c"}, "c"),
])  # fmt: skip
def test_a_code_is_written_with_its_scheme(entry: dict[str, str], code: str) -> None:
    found = one(ninjs, item(organisation=[{"name": " A  B ", **entry}]))

    assert found.extra["subjects"] == [
        {"kind": "organisation", "name": "A B"} | ({"code": code} if code else {}),
    ]


@cases("properties, url", [
    ({}, None),
    ({"uri": "https://e.org/a"}, "https://e.org/a"),
    ({"uri": "http://e.org/a"}, "http://e.org/a"),
    ({"altids": {"web": "https://e.org/b"}}, "https://e.org/b"),
    ({"uri": "https://e.org/a", "altids": {"web": "https://e.org/b"}}, "https://e.org/b"),
    ({"uri": "https://e.org/a", "altids": {"other": "https://e.org/b"}}, "https://e.org/a"),
    ({"altids": [{"role": "x", "value": "https://e.org/c"}, {"role": "Web", "value": "https://e.org/b"}]},
     "https://e.org/b"),
    ({"altids": {"web": "b"}}, None),
])  # fmt: skip
def test_the_address_is_the_one_for_the_web(properties: dict[str, Any], url: str | None) -> None:
    assert one(ninjs, item(**properties)).url == url


@cases("properties, field, value", [
    ({"byline": "A", "by": "B", "bylines": ["C"]}, "byline", "A"),
    ({"by": "B", "bylines": ["C"], "authors": [{"name": "D"}]}, "byline", "B"),
    ({"bylines": [{"byline": "C"}, {"name": "E"}], "authors": [{"name": "D"}]}, "byline", "C, E"),
    ({"authors": [{"name": "D"}, {"role": "x"}]}, "byline", "D"),
    ({"source": "A", "infosources": [{"name": "B"}]}, "source", "A"),
    ({"infosources": [{"name": "B"}], "infosource": "C"}, "source", "B"),
    ({"infosource": [{"name": "C"}], "copyrightholder": "D"}, "source", "C"),
    ({"copyrightholder": "D"}, "source", "D"),
    ({"service": [{"name": "A"}], "section": "B"}, "section", "A"),
    ({"section": "B"}, "section", "B"),
    ({"versioncreated": "2020-01-03", "firstcreated": "2020-01-02"}, "published", "2020-01-03"),
    ({"firstcreated": "2020-01-02", "contentcreated": "2020-01-01"}, "published", "2020-01-02"),
    ({"contentcreated": "2020-01-01"}, "published", "2020-01-01"),
])  # fmt: skip
def test_a_field_is_the_first_of_the_properties_that_may_have_it(
    properties: dict[str, Any], field: str, value: str
) -> None:
    assert getattr(one(ninjs, item(**properties)), field) == value


@cases("version, number", [(3, 3), ("3", 3), (True, None), ("x", None), (None, None)])
def test_a_version_is_a_number(version: object, number: int | None) -> None:
    (found,) = read(ninjs, item(pubstatus="stat:canceled", version=version))

    assert found == Withdrawal("urn:a", "Its publication status is “canceled”.", number)


def test_an_item_that_is_no_object_is_numbered() -> None:
    found = read(ninjs, f"[{item()}, 1, {item(type='map')}]")

    assert [entry.reason for entry in found if isinstance(entry, BadRecord)] == [
        "Item 2: It is not a ninjs item: it is not a JSON object.",
        "Item 3: It is a map (ninjs type “map”), not an article.",
    ]


def test_texts_within_texts_are_read_so_far_and_no_further() -> None:
    innermost = ninjs.MAX_NESTED + 2
    nested: dict[str, Any] = {**TEXT, "uri": f"urn:{innermost}"}
    for depth in range(innermost - 1, -1, -1):
        nested = {**TEXT, "uri": f"urn:{depth}", "associations": {"a": nested}}
    found = [entry.id for entry in read(ninjs, json.dumps(nested)) if isinstance(entry, Article)]

    assert found == [f"urn:{depth}" for depth in range(ninjs.MAX_NESTED + 1)]


@cases("beside, read_too", [
    ({"type": "text", "uri": "urn:b", "body_text": "C"}, True),
    ({"type": "text", "uri": "", "body_text": "C"}, False),
    ({"type": "text", "uri": "urn:b"}, False),
    ({"type": "picture", "uri": "urn:b", "body_text": "C"}, False),
])  # fmt: skip
def test_an_association_is_an_article_with_an_id_and_a_body(beside: dict[str, Any], read_too: bool) -> None:
    for associations in ({"x": beside, "y": "z"}, [beside, None]):
        assert len(read(ninjs, item(associations=associations))) == 1 + read_too


@cases("name", [
    "standard", "$standard", "headline", "headlines", "bodies", "body_xhtml", "versioncreated", "firstcreated",
    "contentcreated", "pubstatus", "renditions", "associations", "event_details", "eventdetails", "description_text",
    "descriptions", "representationtype", "urgency", "slugline",
])  # fmt: skip
def test_a_property_of_ninjs_and_a_uri_tell_it_from_other_json(name: str) -> None:
    assert ninjs.looks_like(f'{{"uri": "a", "{name}" : 1'.encode(), "a.json")
    assert not ninjs.looks_like(f'{{"{name}": 1'.encode(), "a.json")
    assert not ninjs.looks_like(f'{{"uri": "a", "text": "b", "{name}": 1'.encode(), "a.json")
    assert not ninjs.looks_like(f'{{"uri": "a", "x{name}": 1'.encode(), "a.json")
