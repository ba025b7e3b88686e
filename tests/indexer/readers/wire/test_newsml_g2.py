from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.readers.shared.record import Embargoed, Withdrawal
from indexer.readers.wire import newsml_g2
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers.shared.test_xml import check, expectations, one, read, reason

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


@cases("line", expectations("newsml-g2"))
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


@cases("inside, text", [
    ("<inlineXML><nitf><body><body.content><p>N</p></body.content></body></nitf></inlineXML>", "N"),
    ('<inlineData contenttype="text/plain">one\n two</inlineData>', "one\ntwo"),
    ('<inlineData contenttype="text/html">&lt;p&gt;H&lt;/p&gt;&lt;p&gt;I&lt;/p&gt;</inlineData>', "H\n\nI"),
    ("<inlineXML><p>a</p><p>b</p></inlineXML>", "a\n\nb"),
    ("<inlineXML><x:odd xmlns:x='y'/></inlineXML>" + XHTML, "B"),
    ('<inlineData contenttype="text/plain">&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</inlineData>', "a\n\nb"),
    ('<inlineData encoding="base64">QUJD</inlineData>' + XHTML, "B"),
])  # fmt: skip
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


@cases("data, said", [
    (item(inside=""), "It has no text."),
    (item(inside='<remoteContent href="a.xml"/>'), "in another file"),
    (item(inside="<inlineXML><sports-content/></inlineXML>"), "“sports-content”"),
    (item('<pubStatus qcode="stat:odd"/>'), "“odd”"),
    (item("<embargoed>later</embargoed>"), "cannot be read"),
])  # fmt: skip
def test_what_is_no_article_says_what_it_is(data: str, said: str) -> None:
    assert said in reason(newsml_g2, data)


def test_a_text_is_read_from_its_description_and_not_from_a_caption() -> None:
    described = '<description role="drol:caption">C</description><description role="drol:summary">S</description>'

    assert one(newsml_g2, item(content=described, inside="")).text == "S"


@cases("status", ['qcode="stat:canceled"', 'uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"'])
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


@cases("kind, words", [
    ("picture", "a picture"), ("graphic", "a graphic"), ("video", "a film"), ("audio", "a sound recording"),
    ("animated", "an animation"), ("planning", "a plan of coverage"), ("event", "an event"),
])  # fmt: skip
def test_a_class_that_is_no_article_is_named_in_words(kind: str, words: str) -> None:
    assert reason(newsml_g2, item(kind=kind)) == f"It is {words} (NewsML-G2 class “{kind}”), not an article."


@cases("root, said", [
    ("conceptItem", "a concept (NewsML-G2 concept item)"),
    ("knowledgeItem", "a set of concepts (NewsML-G2 knowledge item)"),
    ("catalogItem", "a catalogue of vocabularies (NewsML-G2 catalog item)"),
    ("planningItem", "a plan of coverage (NewsML-G2 planning item)"),
    ("packageItem", "a package of other items (NewsML-G2 package item)"),
    ("contentMeta", "the metadata of an item (NewsML-G2 contentMeta) without its content"),
    ("itemMeta", "the metadata of an item (NewsML-G2 itemMeta) without its content"),
    ("groupSet", "the list of items in a package (NewsML-G2 groupSet)"),
    ("conceptSet", "a set of concepts (NewsML-G2 conceptSet)"),
    ("newsMessage", "a message (NewsML-G2) without items"),
])  # fmt: skip
def test_other_items_and_pieces_are_known_and_named_in_words(root: str, said: str) -> None:
    assert newsml_g2.looks_like(f"<{root}/>".encode(), "a.xml")
    assert reason(newsml_g2, f"<{root}/>") == f"It is {said}, not an article."


def test_a_content_set_alone_is_an_article_and_any_other_root_is_not() -> None:
    assert newsml_g2.looks_like(b"<contentSet>", "a.xml")
    assert not newsml_g2.looks_like(b"<nitf>", "a.xml")
    assert one(newsml_g2, f"<contentSet>{XHTML}</contentSet>").text == "B"
    assert reason(newsml_g2, "<other/>") == "It is not a NewsML-G2 item: its root is “other”."


@cases("type_, person, country, subjects", [
    ("cpnat:person", ("Norway",), (), None), ("cpnat:geoArea", (), ("NO",), None), ("cpnat:poi", (), ("NO",), None),
    ("cpnat:abstract", (), ("NO",), None), ("", (), ("NO",), None),
    ("cpnat:organisation", (), (), [{"kind": "organisation", "name": "Norway", "code": "x:1"}]),
    ("cpnat:object", (), (), [{"kind": "object", "name": "Norway", "code": "x:1"}]),
    ("cpnat:event", (), (), [{"kind": "event", "name": "Norway", "code": "x:1"}]),
])  # fmt: skip
def test_a_subject_is_of_the_kind_that_its_type_says(
    type_: str, person: tuple[str, ...], country: tuple[str, ...], subjects: object
) -> None:
    for name in ("type", "typeuri"):
        subject = f'<subject {name}="{type_}" qcode="x:1"><name>Norway</name></subject>'
        found = one(newsml_g2, item(content=subject))
        assert (found.person, found.country, found.extra.get("subjects")) == (person, country, subjects)


@cases("tag", ["html", "body", "div", "p", "section", "article", "main", "span", "h1", "h2", "pre"])
def test_text_may_begin_with_any_element_of_xhtml(tag: str) -> None:
    assert one(newsml_g2, item(inside=f"<inlineXML><{tag}>Zebras</{tag}></inlineXML>")).text == "Zebras"


@cases("tag", ["ul", "ol"])
def test_text_may_begin_with_a_list(tag: str) -> None:
    assert "Zebras" in one(newsml_g2, item(inside=f"<inlineXML><{tag}><li>Zebras</li></{tag}></inlineXML>")).text
    table = "<inlineXML><table><tr><td>Zebras</td></tr></table></inlineXML>"
    assert "Zebras" in one(newsml_g2, item(inside=table)).text


@cases("names, language, name", [
    ({"de": "C E", "en-GB": "C D"}, "de", "C D"),
    ({"fr": "C F", "de-AT": "C E"}, "de-DE", "C E"),
    ({"fr": "C F", "de": "C E"}, "es", "C F"),
    ({"": "C X", "de": "C E"}, "fr", "C X"),
])  # fmt: skip
def test_a_name_is_in_english_or_the_language_of_the_item_or_the_first(
    names: dict[str, str], language: str, name: str
) -> None:
    written = "".join(f'<name xml:lang="{tag}">{value}</name>' for tag, value in names.items())
    content = f'<language tag="{language}"/><subject type="cpnat:person">{written}</subject>'

    assert one(newsml_g2, item(content=content)).person == (name,)


@cases("meta, content, after, source", [
    ('<provider literal="l" qcode="q:p"><name>P</name></provider>', "<infoSource><name>I</name></infoSource>",
     "<rightsInfo><copyrightHolder><name>C</name></copyrightHolder></rightsInfo>", "P"),
    ('<provider literal="l"/>', "<infoSource><name>I</name></infoSource><infoSource><name>J</name></infoSource>",
     "<rightsInfo><copyrightHolder><name>C</name></copyrightHolder></rightsInfo>", "I, J"),
    ('<provider literal="l"/>', "", "<rightsInfo><copyrightHolder><name>C</name></copyrightHolder></rightsInfo>", "C"),
    ('<provider literal="l" qcode="q:p"/>', "", "", "l"),
    ('<provider qcode="q:p"/>', "", "", "p"), ("", "", "", None),
])  # fmt: skip
def test_the_source_is_the_provider_or_else_who_is_nearest_to_it(
    meta: str, content: str, after: str, source: str | None
) -> None:
    assert one(newsml_g2, item(meta, content, after=after)).source == source


@cases("meta, content, published", [
    ("<firstCreated>2020-01-02</firstCreated><versionCreated>2020-01-03</versionCreated>",
     "<contentCreated>2020-01-01</contentCreated>", "2020-01-03"),
    ("<firstCreated>2020-01-02</firstCreated>", "<contentCreated>2020-01-01</contentCreated>", "2020-01-02"),
    ("", "<contentCreated>2020-01-01</contentCreated>", "2020-01-01"),
    ("", "", None),
])  # fmt: skip
def test_the_date_is_that_of_the_version_or_else_an_earlier_one(meta: str, content: str, published: str | None) -> None:
    assert one(newsml_g2, item(meta, content)).published == published


def test_what_has_no_field_is_extra() -> None:
    content = (
        '<dateline>OSLO</dateline><located qcode="city:1"><name>Oslo</name></located><slugline>S</slugline>'
        '<urgency>4</urgency><genre qcode="genre:1"><name>Feature</name></genre><genre qcode="genre:2"/>'
        "<keyword>k</keyword><keyword>l</keyword><contentCreated>2020-01-01</contentCreated>"
    )
    rights = "<rightsInfo><copyrightNotice>C</copyrightNotice><usageTerms>U</usageTerms></rightsInfo>"
    found = one(newsml_g2, item("<firstCreated>2020-01-02</firstCreated><edNote>E</edNote>", content, after=rights))

    assert found.extra == {
        "version": 2, "first_created": "2020-01-02", "content_created": "2020-01-01", "dateline": "OSLO",
        "located": "Oslo", "slugline": "S", "urgency": "4", "ednote": "E", "genre": ["Feature", "genre:2"],
        "keywords": ["k", "l"], "copyright": "C", "usage": "U",
    }  # fmt: skip
    assert one(newsml_g2, item(content='<located qcode="city:1"/>')).extra == {"version": 2, "located": "city:1"}


def test_an_item_with_a_web_address_has_it() -> None:
    assert one(newsml_g2, item()).url is None
    for address in ("https://e.org/a", "http://e.org/a"):
        assert one(newsml_g2, item().replace("urn:a", address)).url == address


def test_the_creator_is_the_byline_without_one() -> None:
    creators = "<creator><name>A B</name></creator><creator qcode='x:1'/><creator><name>C D</name></creator>"

    assert one(newsml_g2, item(content=creators)).byline == "A B, C D"
    assert one(newsml_g2, item(content=f"<by>E F</by>{creators}")).byline == "E F"


@cases("role", ["drol:caption", "drol:Caption-long", "drol:credit"])
def test_captions_and_credits_are_no_text(role: str) -> None:
    described = f'<description role="{role}">C</description>'

    assert reason(newsml_g2, item(content=described, inside="")) == "It has no text."


def test_a_description_is_no_text_of_another_class() -> None:
    described = "<description>S</description>"

    assert one(newsml_g2, item(content=described, inside="")).extra["text_from"] == "description"
    assert reason(newsml_g2, item(content=described, inside="", kind="composite")) == "It has no text."
