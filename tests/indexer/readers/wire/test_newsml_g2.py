from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.readers.shared.record import Embargoed, Withdrawal
from indexer.readers.wire import newsml_g2
from search import Article, BadRecord
from tests.indexer.readers.shared.test_xml import check, expectations, name_of, one, read, reason

XHTML = (
    '<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
    "<body><p>B</p></body></html></inlineXML>"
)


def item(meta: str = "", content: str = "", inside: str = XHTML, after: str = "", kind: str = "text") -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a" version="2" xml:lang="en">'
        f'<itemMeta><itemClass qcode="ninat:{kind}"/>{meta}</itemMeta><contentMeta>{content}</contentMeta>'
        f"<contentSet>{inside}</contentSet>{after}</newsItem>"
    )


@pytest.mark.parametrize("line", expectations("newsml-g2"), ids=name_of)
def test_files_are_read_as_a_person_reads_them(line: dict[str, Any], shared: Path) -> None:
    check(newsml_g2, line, shared)


def test_an_item_becomes_an_article() -> None:
    found = one(
        newsml_g2,
        item(
            '<provider literal="w"><name>Wire</name></provider>'
            "<versionCreated> 2020-01-02T03:04:05+01:00</versionCreated>"
            "<service><name>World</name></service>",
            "<headline>H</headline><by>A B</by><dateline>OSLO</dateline><keyword>k</keyword><language tag='nb-NO'/>",
        ),
    )

    assert (found.id, found.title, found.text, found.byline) == ("urn:a", "H", "B", "A B")
    assert (found.published, found.source, found.section) == ("2020-01-02T03:04:05+01:00", "Wire", "World")
    assert found.language == "nb"
    assert (found.extra["version"], found.extra["dateline"], found.extra["keywords"]) == (2, "OSLO", ["k"])


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<inlineXML><nitf><body><body.content><p>N</p></body.content></body></nitf></inlineXML>", "N"),
        ('<inlineData contenttype="text/plain">one\n two</inlineData>', "one\ntwo"),
        ('<inlineData contenttype="text/html">&lt;p&gt;H&lt;/p&gt;&lt;p&gt;I&lt;/p&gt;</inlineData>', "H\n\nI"),
        ("<inlineXML><p>a</p><p>b</p></inlineXML>", "a\n\nb"),
        ("<inlineXML><x:odd xmlns:x='y'/></inlineXML>" + XHTML, "B"),
        ('<inlineData contenttype="text/plain">&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</inlineData>', "a\n\nb"),
        ('<inlineData encoding="base64">QUJD</inlineData>' + XHTML, "B"),
    ],
)
def test_content_is_read_in_every_form_of_text(inside: str, text: str) -> None:
    assert one(newsml_g2, item(inside=inside)).text == text


def test_subjects_are_persons_places_and_topics() -> None:
    found = one(
        newsml_g2,
        item(
            content='<subject type="cpnat:person" qcode="p:1"/><subject type="cpnat:geoArea" qcode="g:1">'
            '<name>Lyon</name><broader qcode="iso3166-1a2:FR"/></subject><subject qcode="medtop:20000523"/>'
            '<subject type="cpnat:abstract" qcode="x:1"><name>odd</name><sameAs qcode="subj:15000000"/></subject>'
            '<subject type="cpnat:organisation" literal="U"><name>UN</name></subject>'
            '<subject><mainConcept uri="http://cv.iptc.org/newscodes/mediatopic/11000000"/></subject>',
            after='<assert qcode="p:1"><name xml:lang="de">C E</name><name xml:lang="en-GB">C D</name></assert>',
        ),
    )

    assert (found.person, found.country) == (("C D",), ("FR",))
    assert found.topic[1:] == ("medtop:15000000", "medtop:11000000")
    assert found.extra["subjects"] == [{"kind": "organisation", "name": "UN", "code": "U"}]
    assert found.evidence["country"][0].text == "Lyon (g:1)"


def test_a_message_gives_its_items() -> None:
    second = item().replace("urn:a", "urn:b")
    found = read(newsml_g2, f"<newsMessage><itemSet>{item()}\n<conceptItem/>\n{second}</itemSet></newsMessage>")

    assert [entry.id for entry in found if isinstance(entry, Article)] == ["urn:a", "urn:b"]
    assert [(entry.line, "concept" in entry.reason) for entry in found if isinstance(entry, BadRecord)] == [(2, True)]
    assert "without items" in reason(newsml_g2, "<newsMessage/>")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (item(kind="picture"), "It is a picture (NewsML-G2 class “picture”), not an article."),
        (item(kind="video"), "a film"),
        (item(inside=""), "It has no text."),
        (item(inside='<remoteContent href="a.xml"/>'), "in another file"),
        (item(inside="<inlineXML><sports-content/></inlineXML>"), "“sports-content”"),
        (item('<pubStatus qcode="stat:odd"/>'), "“odd”"),
        (item("<embargoed>later</embargoed>"), "cannot be read"),
        ("<planningItem/>", "a plan of coverage"),
        ("<packageItem/>", "a package of other items"),
    ],
)
def test_what_is_no_article_says_what_it_is(data: str, said: str) -> None:
    assert said in reason(newsml_g2, data)


def test_a_text_is_read_from_its_description_and_not_from_a_caption() -> None:
    described = '<description role="drol:caption">C</description><description role="drol:summary">S</description>'

    assert one(newsml_g2, item(content=described, inside="")).text == "S"


@pytest.mark.parametrize("status", ['qcode="stat:canceled"', 'uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"'])
def test_withheld_and_canceled_items_withdraw(status: str) -> None:
    (found,) = read(newsml_g2, item(f"<pubStatus {status}/><edNote>Wrong.</edNote>"))

    assert found == Withdrawal("urn:a", "Wrong.", 2)


def test_an_embargo_is_kept_with_its_zone() -> None:
    (found,) = read(newsml_g2, item("<embargoed>2030-01-01T12:00:00+02:00</embargoed>"))

    assert isinstance(found, Embargoed)
    assert found.until == "2030-01-01T12:00:00+02:00"


def test_notes_for_the_desk_are_not_kept() -> None:
    notes = '<edNote role="x:contacts">a@e.org</edNote><edNote pubconstraint="x:nonpublic">b@e.org</edNote>'

    assert "ednote" not in one(newsml_g2, item(notes)).extra
    assert one(newsml_g2, item(f"{notes}<edNote>Corrects name.</edNote>")).extra["ednote"] == "Corrects name."


def test_subjects_of_a_publishers_own_type_are_known_by_code() -> None:
    subject = '<subject type="own:kind" qcode="own:1"><sameAs qcode="subj:15054000"/></subject>'

    assert one(newsml_g2, item(content=subject)).topic == ("medtop:15000000",)


def test_the_headline_is_the_one_without_a_role() -> None:
    found = one(newsml_g2, item(content='<headline role="hld:sub">S</headline><headline>H</headline>'))

    assert found.title == "H"
