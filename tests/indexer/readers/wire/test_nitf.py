from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.readers.shared.record import Embargoed, Withdrawal
from indexer.readers.wire import nitf
from tests.cases import cases
from tests.indexer.readers.shared.test_xml import check, expectations, one, read, reason


def story(docdata: str = "", head: str = "", body: str = "<p>B</p>", before: str = "", status: str = "usable") -> str:
    return (
        f'<nitf><head><title>T</title>{head}<docdata management-status="{status}"><doc-id id-string="a1"/>{docdata}'
        f"</docdata></head><body><body.head>{before}</body.head><body.content>{body}</body.content></body></nitf>"
    )


@cases("line", expectations("nitf"))
def test_files_are_read_as_a_person_reads_them(line: dict[str, Any], shared: Path) -> None:
    check(nitf, line, shared)


def test_a_story_becomes_an_article() -> None:
    found = one(
        nitf,
        story(
            '<du-key key="K" version="4"/><date.issue norm="19860128T210000-0500"/><urgency ed-urg="1"/>'
            '<key-list><keyword key="space"/></key-list>',
            '<pubdata name="The Paper" position.section="Nation" ex-ref="https://e.org/a"/>',
            before="<hedline><hl1>Head <em>line</em></hl1><hl2>Second</hl2></hedline>"
            "<byline>By A B, <byttl>Writer</byttl></byline><dateline>OSLO</dateline>",
        ),
    )

    assert (found.id, found.title, found.text, found.byline) == ("a1", "Head line", "B", "By A B")
    assert (found.published, found.source, found.section) == ("1986-01-28T21:00:00-05:00", "The Paper", "Nation")
    assert found.url == "https://e.org/a"
    assert (found.extra["version"], found.extra["keywords"], found.extra["dateline"]) == (4, ["space"], "OSLO")


@cases("docdata, head, before, date", [
    ('<date.issue norm="20200102"/>', '<pubdata date.publication="20200103"/>', "", "2020-01-02"),
    ("", '<pubdata date.publication="20200103"/>', "", "2020-01-03"),
    ('<date.release norm="20200104T10:00"/>', "", "", None),
    ('<date.release norm="20200104"/>', "", "", "2020-01-04"),
    ("", "", '<dateline><story.date norm="20200105"/></dateline>', "2020-01-05"),
    ('<date.issue norm="00010101"/>', "", "", None),
    ("", "", "", None),
])  # fmt: skip
def test_the_date_is_that_of_issue_else_of_publication(docdata: str, head: str, before: str, date: str | None) -> None:
    assert one(nitf, story(docdata, head, before=before)).published == date


def test_a_full_text_does_not_repeat_its_lead() -> None:
    body = '<block class="lead_paragraph"><p>A.</p></block><block class="full_text"><p>A.</p><p>B.</p></block>'

    assert one(nitf, story(body=body)).text == "A.\n\nB."


def test_captions_are_not_text() -> None:
    body = "<p>A</p><media><media-caption>C</media-caption></media><hl2>Sub</hl2><ul><li>one</li></ul><p>B</p>"

    assert one(nitf, story(body=body)).text == "A\n\nSub\n\none\n\nB"


def test_a_story_without_a_body_is_read_from_its_abstract() -> None:
    found = one(nitf, story(body="", before="<abstract><p>In short.</p></abstract>"))

    assert (found.text, found.extra["text_from"]) == ("In short.", "abstract")
    assert reason(nitf, story(body="")) == "It has no text."


def test_persons_are_those_identified_and_marked() -> None:
    found = one(
        nitf,
        story(
            "<identified-content><person>KOHL, HELMUT (CHANCELLOR)</person><location>France</location>"
            "</identified-content>",
            body="<p><person>Roy Keane</person> saw <person>Keane's</person> friend, <person><function>Dr</function> "
            "A B</person>, and <person><name.given>C</name.given> <name.family>D</name.family></person>.</p>",
        ),
    )

    assert found.person == ("Helmut Kohl", "Roy Keane", "A B", "C D")
    assert found.country == ("FR",)


@cases("location, country", [
    ("France", ("FR",)),
    ('<country iso-cc="FRA">Gaul</country>', ("FR",)),
    ("<country>France</country>", ("FR",)),
    ("<city>Rouen</city>, <country>France</country>", ("FR",)),
    ('<city>Rouen</city>, <country iso-cc="FRA"/>', ("FR",)),
    ("Nowhere", ()),
])  # fmt: skip
def test_a_location_is_in_the_country_it_names(location: str, country: tuple[str, ...]) -> None:
    content = f"<identified-content><location>{location}</location></identified-content>"

    assert one(nitf, story(content)).country == country


def test_subjects_of_the_iptc_are_known_by_code() -> None:
    head = (
        '<tobject><tobject.subject tobject.subject.ipr="IPTC" tobject.subject.refnum="15054000"/>'
        '<tobject.subject tobject.subject.ipr="EFE" tobject.subject.refnum="11000000" '
        'tobject.subject.type="X"/></tobject>'
    )
    found = one(nitf, story('<evloc city="Tegucigalpa" iso-cc="HND"/>', head))

    assert (found.topic, found.country) == (("medtop:15000000",), ("HN",))
    assert found.extra["subjects"] == [{"kind": "subject", "name": "X", "code": "EFE:11000000"}]


@cases("parts, name", [
    ({"type": "Xa"}, "Xa"),
    ({"type": "Xa", "matter": "Xb"}, "Xb"),
    ({"type": "Xa", "matter": "Xb", "detail": "Xc"}, "Xc"),
    ({"detail": "Xc", "type": "Xa"}, "Xc"),
])  # fmt: skip
def test_a_subject_has_its_most_specific_name(parts: dict[str, str], name: str) -> None:
    said = " ".join(f'tobject.subject.{part}="{text}"' for part, text in parts.items())
    found = one(nitf, story("", f'<tobject><tobject.subject tobject.subject.ipr="EFE" {said}/></tobject>'))

    assert found.extra["subjects"] == [{"kind": "subject", "name": name}]


@cases("status", ["canceled", "withheld"])
def test_a_canceled_story_withdraws(status: str) -> None:
    assert read(nitf, story('<ed-msg info="Wrong."/>', status=status)) == [Withdrawal("a1", "Wrong.")]


def test_a_kill_withdraws() -> None:
    assert isinstance(read(nitf, story('<ed-msg msg-type="kill"/>'))[0], Withdrawal)


def test_an_embargo_ends_at_its_release() -> None:
    (found,) = read(nitf, story('<date.release norm="20300101T120000Z"/>', status="embargoed"))

    assert isinstance(found, Embargoed)
    assert found.until == "2030-01-01T12:00:00Z"
    assert "without a time" in reason(nitf, story(status="embargoed"))
    assert "cannot be read" in reason(nitf, story('<date.release norm="later"/>', status="embargoed"))
    assert "“odd”" in reason(nitf, story(status="odd"))
