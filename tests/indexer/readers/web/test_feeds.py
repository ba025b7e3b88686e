from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.readers.shared.record import Withdrawal
from indexer.readers.web import feeds
from search import Article, BadRecord
from tests.cases import cases
from tests.indexer.readers.shared.test_xml import check, expectations, one, read, reason

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
)


def rss(*items: str) -> str:
    inside = "\n".join(f"<item>{item}</item>" for item in items)
    about = "<title>The Feed</title><language>en-us</language>"
    return f"<rss version='2.0' {SPACES}><channel>{about}{inside}</channel></rss>"


def atom(entry: str) -> str:
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de'><title>The Feed</title><entry>{entry}</entry></feed>"
    )


@cases("line", expectations("rss-atom"))
def test_files_are_read_as_a_person_reads_them(line: dict[str, Any], shared: Path) -> None:
    check(feeds, line, shared)


def test_an_item_becomes_an_article() -> None:
    found = one(
        feeds,
        rss(
            "<atom:link href='http://other/'/><media:title>other</media:title><title>H &amp;amp; I</title>"
            "<link>https://e.org/a</link><guid>g1</guid><dc:creator>A B</dc:creator>"
            "<pubDate>Mon, 29 Mar 2021 18:00:00 +0200</pubDate><category>Business</category>"
            "<description>Teaser</description><content:encoded>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</content:encoded>"
        ),
    )

    assert (found.id, found.title, found.text, found.url) == ("g1", "H & I", "a\n\nb", "https://e.org/a")
    assert (found.published, found.byline, found.language) == ("2021-03-29T18:00:00+02:00", "A B", "en")
    assert (found.source, found.section) == ("The Feed", "Business")
    assert (found.extra["description"], found.extra["text_from"]) == ("Teaser", "content")


@cases("printed, iso", [
    ("Mon, 29 Mar 2021 18:00:00 GMT", "2021-03-29T18:00:00+00:00"),
    ("29 Mar 2021 18:00 EST", "2021-03-29T18:00:00-05:00"),
    ("Mon, 29 Mar 21 18:00:00 -0330", "2021-03-29T18:00:00-03:30"),
    ("2021-03-29T18:00:00Z", "2021-03-29T18:00:00Z"),
    ("2021-03-29", "2021-03-29"),
    ("29/03/2021 18:00", "2021-03-29T18:00:00"),
    ("March 29, 2021", "2021-03-29"),
])  # fmt: skip
def test_dates_keep_their_offset(printed: str, iso: str) -> None:
    assert one(feeds, rss(f"<description>a</description><pubDate>{printed}</pubDate>")).published == iso


def test_a_date_that_is_none_is_kept_aside() -> None:
    found = one(feeds, rss("<description>a</description><pubDate>this morning</pubDate>"))

    assert (found.published, found.extra["published"]) == (None, "this morning")


def test_categories_of_known_domains_are_persons_and_places() -> None:
    space = "http://www.nytimes.com/namespaces/keywords"
    found = one(
        feeds,
        rss(
            f"<description>a</description><category domain='{space}/nyt_per'>Biden, Joseph R Jr</category>"
            f"<category domain='{space}/nyt_geo'>Paris (France)</category>"
            f"<category domain='{space}/des'>Weather</category>"
            f"<category domain='{space}/nyt_org'>Hamas</category><category domain='{space}/des'>Dogs</category>"
        ),
    )

    assert (found.person, found.country, found.topic) == (("Joseph R. Biden Jr.",), ("FR",), ("medtop:17000000",))
    assert found.evidence["person"][0].text == f"Biden, Joseph R Jr ({space}/nyt_per)"
    assert [entry["name"] for entry in found.extra["subjects"]] == ["Hamas", "Dogs"]
    assert found.section is None


def test_the_id_is_the_guid_else_the_link_else_the_number() -> None:
    linked, bare = read(
        feeds, rss("<description>a</description><link>https://e.org/a</link>", "<description>b</description>")
    )

    assert isinstance(linked, Article)
    assert isinstance(bare, Article)
    assert linked.id.startswith("https:-e.org-a-")
    assert bare.id.startswith("news-story-2-")
    assert one(feeds, rss("<description>a</description><guid>https://e.org/b</guid>")).url == "https://e.org/b"


def test_an_item_without_a_text_does_not_hide_the_others() -> None:
    found = read(feeds, rss("<title>only</title>", "<description>b</description>"))

    assert isinstance(found[0], BadRecord)
    assert (found[0].reason, found[0].line) == ("Item 1: It has no text.", 1)
    assert isinstance(found[1], Article)


def test_the_text_is_not_its_own_title() -> None:
    assert (
        one(feeds, rss("<title>H</title><description>&lt;h1&gt;H&lt;/h1&gt;&lt;p&gt;a&lt;/p&gt;</description>")).text
        == "a"
    )


def test_rss_1_is_read() -> None:
    found = one(
        feeds,
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>The Feed</title></channel>'
        '<item rdf:about="https://e.org/a"><title>H</title><description>a</description><dc:date>2004-01-02</dc:date>'
        "<dc:subject>politics</dc:subject></item></rdf:RDF>",
    )

    assert (found.title, found.url, found.published) == ("H", "https://e.org/a", "2004-01-02")
    assert (found.source, found.topic) == ("The Feed", ("medtop:11000000",))


@cases("content, text", [
    ("<content type='html'>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</content>", "a\n\nb"),
    ("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a</p><p>b</p></div></content>", "a\n\nb"),
    ("<content>a &lt; b</content>", "a < b"),
    ("<content type='image/png'>QUJD</content><summary>s</summary>", "s"),
    ("<content src='https://e.org/x'/><summary type='html'>s &amp;amp; t</summary>", "s & t"),
])  # fmt: skip
def test_atom_content_is_read_by_its_type(content: str, text: str) -> None:
    assert one(feeds, atom(f"<id>a</id><updated>2020-01-02T00:00:00Z</updated>{content}")).text == text


def test_an_entry_becomes_an_article() -> None:
    found = one(
        feeds,
        atom(
            "<id>urn:a</id><title type='html'>H &lt;b&gt;I&lt;/b&gt;</title><link rel='enclosure' href='https://e.org/x.mp3'/>"
            "<link href='https://e.org/a'/><published>2020-01-02T03:04:05+01:00</published>"
            "<updated>2021-01-02T03:04:05Z</updated><author><name>A B</name></author><author><name>C D</name></author>"
            "<category term='sport' label='Sport'/><content>a</content><source><title>Origin</title></source>"
        ),
    )

    assert (found.id, found.title, found.url) == ("urn:a", "H I", "https://e.org/a")
    assert (found.published, found.byline, found.language) == ("2020-01-02T03:04:05+01:00", "A B, C D", "de")
    assert (found.source, found.topic, found.section) == ("Origin", ("medtop:15000000",), "Sport")
    assert found.extra["updated"] == "2021-01-02T03:04:05Z"


def test_a_feed_without_items_says_so() -> None:
    assert reason(feeds, rss().replace("<item></item>", "")) == "It is a feed without items."


def test_a_deleted_entry_withdraws() -> None:
    space = "xmlns:at='http://purl.org/atompub/tombstones/1.0'"
    feed = f"<feed {space}><at:deleted-entry ref='urn:a'><at:comment>Wrong.</at:comment></at:deleted-entry></feed>"

    assert read(feeds, feed) == [Withdrawal("urn:a", "Wrong.")]
    assert "does not say which" in reason(feeds, feed.replace(" ref='urn:a'", ""))


@cases("guid, link, url", [
    ("<guid>https://e.org/b</guid>", "", "https://e.org/b"),
    ("<guid isPermaLink='true'>https://e.org/b</guid>", "", "https://e.org/b"),
    ("<guid isPermaLink='false'>https://e.org/b</guid>", "", None),
    ("<guid>urn:b</guid>", "", None),
    ("<guid isPermaLink='true'>urn:b</guid>", "", None),
    ("<guid>httpd-1</guid>", "", None), ("<guid/>", "", None),
    ("", "<link>https://e.org/a</link>", "https://e.org/a"),
    ("", "<link>ftp://e.org/a</link>", None),
    ("<guid isPermaLink='true'>https://e.org/b</guid>", "<link>https://e.org/a</link>", "https://e.org/a"),
    ("<guid isPermaLink='false'>https://e.org/b</guid>", "<link>https://e.org/a</link>", "https://e.org/a"),
])  # fmt: skip
def test_the_url_is_the_link_else_a_guid_that_is_one(guid: str, link: str, url: str | None) -> None:
    assert one(feeds, rss(f"<description>a</description>{guid}{link}")).url == url


@cases("attributes, url", [
    ("", "https://e.org/a"),
    ("rel='alternate'", "https://e.org/a"),
    ("rel='self'", None),
    ("rel='enclosure'", None),
    ("rel='related'", None),
])  # fmt: skip
def test_the_url_of_an_entry_is_the_link_to_the_article_itself(attributes: str, url: str | None) -> None:
    assert one(feeds, atom(f"<id>a</id><link {attributes} href='https://e.org/a'/><content>a</content>")).url == url
