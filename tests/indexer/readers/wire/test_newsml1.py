from __future__ import annotations

import io

import pytest

from indexer.readers.shared.record import Embargoed, Whole, Withdrawal
from indexer.readers.wire import newsml1
from search import Article
from search.article import make_id
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


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<nitf><body><body.content><p>N</p></body.content></body></nitf>", "N"),
        ("<html><body><p>a</p><p>b</p></body></html>", "a\n\nb"),
        ("plain\n text", "plain\ntext"),
    ],
)
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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<ContentItem><MediaType FormalName='Photo'/></ContentItem>", "a picture"),
        ("<ContentItem Href='a.xml'/>", "in another file"),
        ("<ContentItem><DataContent>–</DataContent></ContentItem>", "no text"),
        ("", "no text"),
    ],
)
def test_what_is_no_article_says_what_it_is(content: str, said: str) -> None:
    assert said in reason(newsml1, item(f"<NewsComponent>{content}</NewsComponent>"))
    assert "no news item" in reason(newsml1, "<NewsML/>")
