from __future__ import annotations

import io

from indexer.readers.shared.record import Embargoed, Whole, Withdrawal
from indexer.readers.wire import newsml1
from search import Article
from search.values.article import make_id
from tests.cases import cases
from tests.indexer.readers.shared.test_xml import ORIGIN, one, read, reason

TEXT = "<ContentItem><MediaType FormalName='Text'/><DataContent><p>B</p></DataContent></ContentItem>"
IDENTIFIER = (
    "<Identification><NewsIdentifier><ProviderId>e.org</ProviderId><DateId>20200102</DateId>"
    "<NewsItemId>a</NewsItemId><RevisionId PreviousRevision='2' Update='N'>3</RevisionId>"
    "</NewsIdentifier></Identification>"
)


def item(component: str = f"<NewsComponent>{TEXT}</NewsComponent>", status: str = "Usable", after: str = "") -> str:
    return (
        "<NewsML><NewsEnvelope><DateAndTime>20200102T030405Z</DateAndTime>"
        "<NewsService FormalName='Service'/></NewsEnvelope>"
        f"<NewsItem xml:lang='en'>{IDENTIFIER}<NewsManagement><NewsItemType FormalName='News'/>"
        f"<ThisRevisionCreated>20200103T030405+0100</ThisRevisionCreated><Status FormalName='{status}'/>{after}"
        f"</NewsManagement>{component}</NewsItem></NewsML>"
    )


def component(lines: str = "", metadata: str = "", content: str = TEXT, attributes: str = "") -> str:
    return f"<NewsComponent {attributes}><NewsLines>{lines}</NewsLines>{metadata}{content}</NewsComponent>"


def test_an_item_becomes_an_article() -> None:
    found = one(
        newsml1,
        item(
            component(
                "<HeadLine>H</HeadLine><ByLine>A B</ByLine><DateLine>OSLO</DateLine>",
                "<AdministrativeMetadata><Provider><Party FormalName='Wire'/></Provider></AdministrativeMetadata>"
                "<DescriptiveMetadata><Language FormalName='nb'/><SubjectCode><Subject FormalName='15000000'/>"
                "<SubjectMatter FormalName='15054000'/></SubjectCode><Location HowPresent='Event'>"
                "<Property FormalName='Country' Value='SWE'/></Location><Location HowPresent='Origin'>"
                "<Property FormalName='Country' Value='NO'/></Location></DescriptiveMetadata>",
            )
        ),
    )

    assert (found.id, found.title, found.text, found.byline) == ("urn:newsml:e.org:20200102:a", "H", "B", "A B")
    assert (found.published, found.source, found.language) == ("2020-01-03T03:04:05+01:00", "Wire", "nb")
    assert (found.topic, found.country) == (("medtop:15000000",), ("SE",))
    assert (found.extra["version"], found.extra["dateline"]) == (3, "OSLO")


def test_the_envelope_says_what_components_do_not() -> None:
    found = one(newsml1, item().replace("<ThisRevisionCreated>20200103T030405+0100</ThisRevisionCreated>", ""))

    assert (found.source, found.published) == ("Service", "2020-01-02T03:04:05Z")


@cases("content, text", [
    ("<nitf><body><body.content><p>N</p></body.content></body></nitf>", "N"),
    ("<html><body><p>a</p><p>b</p></body></html>", "a\n\nb"),
    ("plain\n text", "plain\ntext"),
])  # fmt: skip
def test_content_is_read_in_every_form_of_text(content: str, text: str) -> None:
    data = f"<NewsComponent><ContentItem><DataContent>{content}</DataContent></ContentItem></NewsComponent>"

    assert one(newsml1, item(data)).text == text


def test_escaped_html_is_read_where_the_type_says_so() -> None:
    content = (
        "<ContentItem><MimeType FormalName='text/html'/><DataContent>&lt;p&gt;a&lt;/p&gt;</DataContent></ContentItem>"
    )

    assert one(newsml1, item(component(content=content))).text == "a"


def test_all_subject_codes_and_the_country_of_a_property_are_taken() -> None:
    described = (
        "<DescriptiveMetadata><SubjectCode><SubjectMatter FormalName='09003000'/><SubjectMatter FormalName='11003000'/>"
        "<SubjectDetail FormalName='04008004'/></SubjectCode><Property FormalName='Country' Value='GRC'/>"
        "</DescriptiveMetadata>"
    )
    found = one(newsml1, item(component("<HeadLine>H</HeadLine>", described)))

    assert found.topic == ("medtop:09000000", "medtop:11000000", "medtop:04000000")
    assert found.country == ("GR",)


def test_of_equivalents_the_first_is_read_and_captions_are_not() -> None:
    equivalents = f"<NewsComponent EquivalentsList='yes'>{component()}{component()}</NewsComponent>"
    caption = f"<NewsComponent><Role FormalName='Caption'/>{TEXT}</NewsComponent>"
    picture = "<NewsComponent><ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem></NewsComponent>"

    assert one(newsml1, item(equivalents)).text == "B"
    assert one(newsml1, item(f"<NewsComponent>{component()}{picture}{caption}</NewsComponent>")).text == "B"


def test_components_with_headlines_are_articles_each() -> None:
    inner = component("<HeadLine>One</HeadLine>") + component("<HeadLine>Two</HeadLine>", attributes="Duid='n2'")
    found = [
        entry for entry in read(newsml1, item(f"<NewsComponent>{inner}</NewsComponent>")) if isinstance(entry, Article)
    ]

    assert [entry.title for entry in found] == ["One", "Two"]
    assert [entry.source_id or entry.id for entry in found] == [
        "urn:newsml:e.org:20200102:a",
        "urn:newsml:e.org:20200102:a#n2",
    ]


def test_an_item_says_what_it_consists_of() -> None:
    inner = component("<HeadLine>One</HeadLine>") + component("<HeadLine>Two</HeadLine>", attributes="Duid='n2'")
    first, *_ = newsml1.read(io.BytesIO(item(f"<NewsComponent>{inner}</NewsComponent>").encode()), ORIGIN)
    name = "urn:newsml:e.org:20200102:a"

    assert first == Whole(name, (name, make_id(f"{name}#n2")), 3)


def test_topics_are_looked_up_in_the_document() -> None:
    topics = (
        "<TopicSet><Topic Duid='t1'><TopicType FormalName='Person'/><FormalName>cd</FormalName>"
        "<Description>C D</Description></Topic></TopicSet>"
    )
    described = "<DescriptiveMetadata><TopicOccurrence Topic='#t1'/></DescriptiveMetadata>"
    data = item(component("<HeadLine>H</HeadLine>", described)).replace("<NewsItem ", f"{topics}<NewsItem ")

    assert one(newsml1, data).person == ("C D",)


def test_the_status_withdraws_or_embargoes() -> None:
    change = "<StatusWillChange><DateAndTime>20300101T120000Z</DateAndTime></StatusWillChange>"
    (embargoed,) = read(newsml1, item(status="Embargoed", after=change))

    assert read(newsml1, item(status="Canceled")) == [
        Withdrawal("urn:newsml:e.org:20200102:a", "Its status is “canceled”.", 3)
    ]
    assert isinstance(embargoed, Embargoed)
    assert embargoed.until == "2030-01-01T12:00:00Z"
    assert "without a time" in reason(newsml1, item(status="Embargoed"))


@cases("content, said", [
    ("<ContentItem><MediaType FormalName='Photo'/></ContentItem>", "a picture"),
    ("<ContentItem Href='a.xml'/>", "in another file"),
    ("<ContentItem><DataContent>–</DataContent></ContentItem>", "no text"),
    ("", "no text"),
])  # fmt: skip
def test_what_is_no_article_says_what_it_is(content: str, said: str) -> None:
    assert said in reason(newsml1, item(f"<NewsComponent>{content}</NewsComponent>"))
    assert "no news item" in reason(newsml1, "<NewsML/>")


@cases("media, words", [
    ("Photo", "a picture"), ("Picture", "a picture"), ("Graphic", "a graphic"), ("Video", "a film"),
    ("Audio", "a sound recording"), ("Animation", "an animation"),
])  # fmt: skip
def test_other_media_are_named_in_words(media: str, words: str) -> None:
    content = f"<ContentItem><MediaType FormalName='{media}'/><DataContent>B</DataContent></ContentItem>"

    said = reason(newsml1, item(f"<NewsComponent>{content}</NewsComponent>"))
    assert said == f"It is {words} (NewsML media type “{media}”), not an article."


def test_what_is_no_article_is_said_of_the_first_and_a_text_goes_before() -> None:
    photo = "<ContentItem><MediaType FormalName='Photo'/></ContentItem>"
    film = "<ContentItem><MediaType FormalName='Video'/></ContentItem>"
    link = "<ContentItem Href='a.xml'/>"

    assert "a picture" in reason(newsml1, item(f"<NewsComponent>{photo}{film}{link}</NewsComponent>"))
    assert "in another file" in reason(newsml1, item(f"<NewsComponent>{link}{photo}</NewsComponent>"))
    assert one(newsml1, item(f"<NewsComponent>{photo}{link}{TEXT}</NewsComponent>")).text == "B"


@cases(
    "kind, value, person, country, subjects",
    [
        ("Person", "C D", ("C D",), (), None),
        ("Country", "FRA", (), ("FR",), None),
        ("Place", "Lyon", (), (), [{"kind": "place", "name": "Lyon"}]),
        ("Location", "France", (), ("FR",), None),
        ("Organisation", "U", (), (), [{"kind": "organisation", "name": "U"}]),
        ("Organization", "U", (), (), [{"kind": "organisation", "name": "U"}]),
        ("Company", "U", (), (), [{"kind": "organisation", "name": "U"}]),
        ("Event", "Cup", (), (), [{"kind": "event", "name": "Cup"}]),
        ("Event", "CUP", (), (), [{"kind": "event", "name": "CUP"}]),  # a code only of a place
        ("Place", "FRAN", (), (), [{"kind": "place", "name": "FRAN"}]),
        ("Person", "#p1", (), (), None),
        ("Person", "", (), (), None),
        ("Mood", "C D", (), (), None),
    ],
)
def test_a_property_and_a_topic_are_of_a_kind(
    kind: str, value: str, person: tuple[str, ...], country: tuple[str, ...], subjects: object
) -> None:
    described = f"<DescriptiveMetadata><Property FormalName='{kind}' Value='{value}'/></DescriptiveMetadata>"
    found = one(newsml1, item(component("<HeadLine>H</HeadLine>", described)))

    assert (found.person, found.country, found.extra.get("subjects")) == (person, country, subjects)
    if person:
        assert found.evidence["person"][0].text == f"{value} (NewsML Property)"


@cases("properties, country, text", [
    ({"Country": "FR"}, "FR", "iso3166:FR, NewsML Location"),
    ({"Country": "FRA", "City": "Lyon"}, "FR", "Lyon (iso3166:FRA, NewsML Location)"),
    ({"CountryName": "France", "City": "Lyon"}, "FR", "France (NewsML Location)"),
    ({"Country": "FR", "CountryName": "Spain"}, "FR", "iso3166:FR, NewsML Location"),
    ({"Country": "FR", "City": "Lyon", "CountryArea": "Rhône"}, "FR", "Lyon (iso3166:FR, NewsML Location)"),
    ({"Country": "FR", "CountryArea": "Rhône"}, "FR", "Rhône (iso3166:FR, NewsML Location)"),
    ({"City": "Norway"}, "NO", "Norway (NewsML Location)"),
])  # fmt: skip
def test_a_location_is_its_country(properties: dict[str, str], country: str, text: str) -> None:
    inner = "".join(f"<Property FormalName='{name}' Value='{value}'/>" for name, value in properties.items())
    described = f"<DescriptiveMetadata><Location>{inner}</Location></DescriptiveMetadata>"
    found = one(newsml1, item(component("<HeadLine>H</HeadLine>", described)))

    assert found.country == (country,)
    assert found.evidence["country"][0].text == text


@cases("topic, person, subjects", [
    ("<TopicType FormalName='Person'/><FormalName>cd</FormalName><Description>C D</Description>", ("C D",), None),
    ("<TopicType FormalName='Person'/><FormalName>C D</FormalName>", ("C D",), None),
    ("<TopicType FormalName='Company'/><FormalName>u</FormalName><Description>U</Description>", (),
     [{"kind": "organisation", "name": "U", "code": "u"}]),
    ("<FormalName>Gossip</FormalName>", (), [{"kind": "subject", "name": "Gossip"}]),
])  # fmt: skip
def test_a_topic_set_of_a_document_or_an_item_names_what_occurs(
    topic: str, person: tuple[str, ...], subjects: object
) -> None:
    topics = f"<TopicSet><Topic Duid='t1'>{topic}</Topic><Topic><FormalName>x</FormalName></Topic></TopicSet>"
    described = (
        "<DescriptiveMetadata><TopicOccurrence Topic='#t1'/><TopicOccurrence Topic='#t2'/></DescriptiveMetadata>"
    )
    data = item(component("<HeadLine>H</HeadLine>", described))
    for where in ("<NewsItem ", "<Identification>"):
        found = one(newsml1, data.replace(where, f"{topics}{where}", 1))
        assert (found.person, found.extra.get("subjects")) == (person, subjects)
    assert one(newsml1, data).person == ()


@cases("metadata, lines, source", [
    (("Provider", "Creator", "Source"), "<CreditLine>Credit</CreditLine>", "Provider"),
    (("Creator", "Source"), "<CreditLine>Credit</CreditLine>", "Source"),
    (("Creator",), "<CreditLine>Credit</CreditLine>", "Credit"),
    (("Creator",), "", "Service"),
])  # fmt: skip
def test_the_source_is_the_provider_or_else_who_is_nearest_to_it(
    metadata: tuple[str, ...], lines: str, source: str
) -> None:
    parties = "".join(f"<{role}><Party FormalName='{role}'/></{role}>" for role in metadata)
    administrative = f"<AdministrativeMetadata>{parties}</AdministrativeMetadata>"
    found = one(newsml1, item(component(f"<HeadLine>H</HeadLine>{lines}", administrative)))

    assert (found.source, found.byline) == (source, "Creator" if "Creator" in metadata else None)


def test_what_has_no_field_is_extra() -> None:
    lines = (
        "<HeadLine>H</HeadLine><DateLine>OSLO</DateLine><SlugLine>S</SlugLine><CopyrightLine>C</CopyrightLine>"
        "<RightsLine>R</RightsLine><KeywordLine>k</KeywordLine><KeywordLine>l</KeywordLine>"
    )
    data = item(component(lines, "<DescriptiveMetadata><Genre FormalName='Feature'/></DescriptiveMetadata>"))
    data = data.replace("</NewsIdentifier>", "<PublicIdentifier>P</PublicIdentifier></NewsIdentifier>")
    data = data.replace("</Identification>", "<NameLabel>N</NameLabel></Identification>")
    data = data.replace("<Status ", "<FirstCreated>20200101</FirstCreated><Urgency FormalName='4'/><Status ")

    assert one(newsml1, data).extra == {
        "dateline": "OSLO", "slugline": "S", "copyright": "C", "rights": "R", "keywords": ["k", "l"],
        "genre": ["Feature"], "version": 3, "news_item_id": "a", "public_identifier": "P", "label": "N", "type": "News",
        "urgency": "4", "first_created": "2020-01-01",
    }  # fmt: skip


@cases("status, instruction, why", [
    ("Canceled", "", "Its status is “canceled”."),
    ("Cancelled", "", "Its status is “cancelled”."),
    ("Withheld", "", "Its status is “withheld”."),
    ("Usable", "Kill", "Its status is “kill”."),
    ("Withheld", "Kill", "Its status is “kill”."),
])  # fmt: skip
def test_every_way_to_withdraw_is_known(status: str, instruction: str, why: str) -> None:
    after = f"<Instruction FormalName='{instruction}'/>" if instruction else ""

    assert read(newsml1, item(status=status, after=after)) == [Withdrawal("urn:newsml:e.org:20200102:a", why, 3)]


def test_a_status_that_is_unknown_is_no_article() -> None:
    assert reason(newsml1, item(status="Draft")) == "Its status is “draft”, not “Usable”."
    assert one(newsml1, item(status="")).text == "B"


@cases("data, language", [
    (component("<HeadLine>H</HeadLine>", "<DescriptiveMetadata><Language FormalName='nb'/></DescriptiveMetadata>",
               attributes="xml:lang='sv'"), "nb"),
    (component("<HeadLine>H</HeadLine>", attributes="xml:lang='sv'"), "sv"),
    (component("<HeadLine>H</HeadLine>"), "en"),
])  # fmt: skip
def test_the_language_is_that_of_the_nearest(data: str, language: str) -> None:
    assert one(newsml1, item(data)).language == language


@cases("missing, name", [("", "urn:newsml:e.org:20200102:a"), ("<ProviderId>e.org</ProviderId>", "a")])
def test_an_id_is_the_public_one_if_all_its_parts_are_there(missing: str, name: str) -> None:
    found = one(newsml1, item().replace(missing, ""))

    assert make_id(name) == found.id


def test_equivalents_without_a_headline_belong_to_what_is_around_them() -> None:
    bare = f"<NewsComponent>{TEXT}</NewsComponent>"
    outer = f"<NewsComponent><NewsLines><HeadLine>H</HeadLine></NewsLines>{bare}{bare}</NewsComponent>"

    found = read(newsml1, item(outer))
    assert [entry.title for entry in found if isinstance(entry, Article)] == ["H"]
