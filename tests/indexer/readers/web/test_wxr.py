from __future__ import annotations

from indexer.readers.web import wxr
from search import BadRecord
from tests.cases import cases
from tests.indexer.readers.shared.test_xml import one, read, reason

SPACES = (
    'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
)


def export(*items: str) -> str:
    author = "<wp:author_login>ab</wp:author_login><wp:author_display_name>A B</wp:author_display_name>"
    inside = "\n".join(f"<item>{item}</item>" for item in items)
    about = f"<title>The Blog</title><language>en</language><wp:author>{author}</wp:author>"
    return f"<rss {SPACES}><channel>{about}{inside}</channel></rss>"


def post(text: str = "a", kind: str = "post", status: str = "publish", more: str = "") -> str:
    return (
        f"<title>H</title><content:encoded><![CDATA[{text}]]></content:encoded><excerpt:encoded>E</excerpt:encoded>"
        f"<wp:post_id>4</wp:post_id><wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>{more}"
    )


def test_a_post_becomes_an_article() -> None:
    found = one(
        wxr,
        export(
            post(
                more="<link>https://e.org/a</link><guid>https://e.org/?p=4</guid><dc:creator>ab</dc:creator>"
                "<pubDate>Sun, 07 Jul 2019 19:40:00 +0000</pubDate><category domain='category'>Sport</category>"
                "<category domain='post_tag'>football</category><category domain='post_tag'>Japan</category>"
            )
        ),
    )

    assert (found.title, found.text, found.source_id) == ("H", "a", "https://e.org/?p=4")
    assert (found.published, found.byline, found.source) == ("2019-07-07T19:40:00+00:00", "A B", "The Blog")
    assert (found.section, found.topic, found.country) == ("Sport", ("medtop:15000000",), ("JP",))
    assert (found.extra["tags"], found.extra["post_id"]) == (["football", "Japan"], "4")


@cases("written, text", [
    ("one\ntwo\n\n<b>three</b>\r\n\r\nfour", "one two\n\nthree\n\nfour"),
    ("<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->\n\n<p>b</p>", "a\n\nb"),
    ('[caption id="x" width="3"]<img src="a"/> A caption[/caption]\n\na', "a"),
    ('[gallery ids="1,2"]\n\na [sic] [1] b', "a [sic] [1] b"),
    ("[box]a[/box] [button url='x']b[/button]", "a b"),
    ("<script>x</script>a", "a"),
])  # fmt: skip
def test_posts_are_read_as_wordpress_shows_them(written: str, text: str) -> None:
    assert one(wxr, export(post(written))).text == text


@cases("item, said", [
    (post(kind="page"), "It is a page (WordPress type “page”), not a post."),
    (post(kind="attachment", status="inherit"), "an attachment"),
    (post(kind="shop_order"), "“shop_order”"),
    (post(status="draft"), "It is a draft (WordPress status “draft”), not published."),
    (post(status="private"), "a private post"),
    (post(more="<wp:post_password>x</wp:post_password>"), "password-protected post"),
    (post(status="future"), "scheduled"),
    (post(status="spiked"), "It is a post (WordPress status “spiked”), not published."),
    (post("[gallery]"), "no text"),
])  # fmt: skip
def test_what_is_no_published_post_says_what_it_is(item: str, said: str) -> None:
    assert said in reason(wxr, export(item))


def test_items_that_are_none_do_not_hide_the_others() -> None:
    found = read(wxr, export(post(kind="page"), post()))

    assert [isinstance(entry, BadRecord) for entry in found] == [True, False]


@cases("dates, published", [
    ("<pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>" "<wp:post_date_gmt>2019-07-07 19:40:00</wp:post_date_gmt>",
     "2019-07-07T19:40:00Z"),
    ("<wp:post_date>2019-07-07 21:40:00</wp:post_date><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>",
     "2019-07-07T21:40:00"),
    ("<pubDate>Sun, 07 Jul 2019 22:40:00 +0000</pubDate><wp:post_date>2019-07-08 00:40:00</wp:post_date>"
     "<wp:post_date_gmt>2019-07-07 22:40:00</wp:post_date_gmt>", "2019-07-08T00:40:00+02:00"),
    ("", None),
])  # fmt: skip
def test_the_date_is_the_one_the_site_prints(dates: str, published: str | None) -> None:
    assert one(wxr, export(post(more=dates))).published == published


def test_an_export_is_told_from_a_feed() -> None:
    assert wxr.looks_like(export().encode(), "a.xml")
    assert not wxr.looks_like(b"<rss><channel/></rss>", "a.xml")
    assert "without items" in reason(wxr, export().replace("<item></item>", ""))


def test_captions_of_a_post_are_kept_beside_its_text() -> None:
    found = one(wxr, export(post('[caption id="x"]<img src="a"/> One[/caption]\n\na<figcaption>Two</figcaption>')))

    assert (found.text, found.extra["captions_in_text"]) == ("a", ["Two", "One"])
