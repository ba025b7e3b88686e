from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from lxml.html import document_fromstring

from indexer.readers.shared import problems
from indexer.readers.shared.record import Item, Origin
from indexer.readers.web import html
from indexer.safe import limits
from search import Article, BadRecord
from tests import waiting
from tests.cases import cases
from tests.indexer.readers import web_gold

ORIGIN = Origin("news", "archive/a.html", "a.html")
BODY = (
    "<p>The council voted on Tuesday to rebuild the bridge that the flood had carried away in the spring of the year "
    "before, and to pay for it out of the reserve.</p><p>Work is to begin before the winter, the mayor said, and to "
    "last for eighteen months. Until then the ferry runs every half hour, and is free for those who live there.</p>"
)


def read(data: str | bytes) -> Item:
    raw = data.encode() if isinstance(data, str) else data
    (found,) = html.read(io.BytesIO(raw), ORIGIN)
    return found


def article(data: str | bytes) -> Article:
    found = read(data)
    assert isinstance(found, Article), found
    return found


def page(head: str = "", before: str = "", html_attributes: str = 'lang="en"') -> Article:
    return article(
        f"<!DOCTYPE html><html {html_attributes}><head>{head}</head><body><main><article>{before}{BODY}"
        "</article></main></body></html>"
    )


def ld(**fields: str) -> str:
    said = ", ".join(f'"{name}": {value}' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {said}}}</script>'


@cases("name", web_gold.files("seeds/formats/helsinki"))
def test_pages_are_as_a_person_reads_them(name: str) -> None:
    web_gold.assert_as_read(name, web_gold.read("web.html", web_gold.place(name)))


def test_metadata_become_fields() -> None:
    (found,) = web_gold.read("web.html", web_gold.place("seeds/formats/helsinki.html"))

    assert isinstance(found, Article)
    assert (found.source, found.section, found.byline) == ("Meridian Wire", "World", "Miriam Adler")
    assert (found.language, found.published_from) == ("en", "html")
    assert found.url == "https://example.org/archive/1975-08-helsinki-final-act"
    assert found.text.endswith("Progress is to be reviewed in Belgrade in 1977.")


def test_paragraphs_are_apart_and_the_title_is_not_repeated() -> None:
    found = page(before="<h1>Council votes for a bridge</h1>")

    assert found.title == "Council votes for a bridge"
    assert found.text.startswith("The council voted")
    assert found.text.count("\n\n") == 1


@cases("menu, is_read", [
    ("<h2>More of the bridge</h2><ul>" + "<li><a href=a>Another report of it</a></li>" * 10 + "</ul>", False),
    ("<h2>More of the bridge</h2><ul>" + "<li>Another report of it</li>" * 10 + "</ul>", True),
    ("<header>" + "<a href=a>Section</a>" * 10 + "<h1><a href=a>Council votes</a></h1></header>", False),
])  # fmt: skip
def test_many_links_alone_are_no_text(menu: str, is_read: bool) -> None:
    found = article(f"<html><body><article>{menu}{BODY}{menu}</article></body></html>")

    assert ("Another report" in found.text) == is_read
    assert found.text.count("The council") == 1
    assert found.title == ("Council votes" if "<h1>" in menu else "")


@cases("above, repeated", [("News from the town", False), ("News from the whole town", True)])
def test_a_few_words_above_the_title_are_no_text(above: str, repeated: bool) -> None:
    title = "Council votes for a bridge"
    found = page(f"<title>{title}</title>", f"<p>{above}</p><h1>{title}</h1>")

    assert found.text.startswith(f"{above}\n\n{title}\n\n" if repeated else "The council voted")


@cases("head, before, title", [
    ("<title>Council votes - The Gazette</title>", "<h1>Council votes</h1>", "Council votes"),
    ('<title>Council votes for bridge | Gazette</title><meta property="og:site_name" content="Gazette">', "",
     "Council votes for bridge"),
    ('<title>Gazette: Council votes for bridge</title><meta property="og:site_name" content="The Gazette">', "",
     "Council votes for bridge"),
    ("<title>Gazette | News</title>" + ld(headline='"Council votes &amp; pays"'), "<h1>Gazette</h1>",
     "Council votes & pays"),
    ('<meta property="og:title" content="Bridge comes">' + ld(headline='"Bridge comes"'), "<h1>The Gazette</h1>",
     "Bridge comes"),
    ('<meta property="og:title" content="Council votes for a brid…"><title>Council votes for a bridge</title>',
     "", "Council votes for a bridge"),
    ("<title>Mr. X - a life - in two parts</title>", "", "Mr. X - a life - in two parts"),
    ("<title>x</title>", "<h1>Council<br>votes for bridge</h1>", "Council votes for bridge"),
    ('<title>Flood: Council votes for bridge | Daily</title><meta property="og:title" content="Flood: Council '
     'votes for bridge">' + ld(headline='"Council votes for bridge"'), "<h1>Flood: Council votes for bridge</h1>",
     "Flood: Council votes for bridge"),
    ('<title>Council votes for bridge | News 12 Easton</title><link rel="canonical" '
     'href="https://easton.news12.com/bridge">', "", "Council votes for bridge"),
    ("<title>Council votes for bridge - The Daily Herald</title>", '<h2 class="headline">Council votes for bridge'
     "</h2>", "Council votes for bridge"),
    ("<title>Council votes for bridge | World News | Sky</title>", "", "Council votes for bridge"),
    ("<title>Politics - Council votes for bridge</title>", "<h2>Politics</h2>", "Politics - Council votes for bridge"),
    ("<title>市议会投票决定重建大桥_新闻网</title>", "", "市议会投票决定重建大桥"),
    ("<title>The fire | News | Sky</title>", "", "The fire"),
    ("<title>A flood | News | Sky</title>", "", "A flood | News | Sky"),
    ("<title>The fire | World | Longer than it</title>", "", "The fire | World | Longer than it"),
    ("<title>Council votes for bridge | All the news today | Sky</title>", "",
     "Council votes for bridge | All the news today | Sky"),
])  # fmt: skip
def test_title_is_the_headline_without_the_site(head: str, before: str, title: str) -> None:
    assert page(head, before).title == title


@cases("head, before, published, published_from", [
    (ld(datePublished='"2023-05-04T09:30:00+02:00"') + '<meta name="date" content="2022-01-01">', "",
     "2023-05-04T09:30:00+02:00", "html"),
    ('<meta property="article:modified_time" content="2023-06-01"><meta property="article:published_time" '
     'content="2023-05-04T09:30:00Z">', "", "2023-05-04T09:30:00Z", "html"),
    ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2023-05-04", }</script>', "",
     "2023-05-04", "html"),
    ('<script type="application/ld+json">{"@type": "NewsArticle" "datePublished": "2023-05-04"</script>', "",
     "2023-05-04", "html"),
    ('<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], '
     '"datePublished": "2023-05-04"}]}</script>', "", "2023-05-04", "html"),
    ("", '<h1>T</h1><time datetime="2023-05-04T09:30">4 May</time>', "2023-05-04T09:30", "html"),
    ("", '<h1>T</h1><p class="updated">Updated <time datetime="2023-06-01">1 June</time></p>'
     '<time datetime="2023-05-04">4 May</time>', "2023-05-04", "html"),
    ('<link rel="canonical" href="https://e.org/2023/may/04/bridge">', "", "2023-05-04", "url"),
    ('<link rel="canonical" href="/bridge-20230504.html"><!-- -->', "", None, None),
    ("", "<h1>T</h1><div class='meta'>By A. B. | Thursday, May 4, 2023 9:30 pm</div>", "2023-05-04T21:30:00", "header"),
    ("", "<h1>T</h1><p class='date'>Mittwoch, 4. Mai 2023, 12:33 Uhr</p>", "2023-05-04T12:33:00", "header"),
    ("", "<h1>T</h1><span class='date'>04/05/2023</span>", None, None),
    ('<meta property="article:published_time" content="Thu May 04 14:00:00 EDT 2023">', "",
     "2023-05-04T14:00:00-04:00", "html"),
    ("<meta name='parsely-page' content='{\"title\": \"T\", \"pub_date\": \"2023-05-04T09:30:00Z\"}'>", "",
     "2023-05-04T09:30:00Z", "html"),
    (ld(datePublished='"2023-05-05T01:30:00Z"'),
     '<h1>T</h1><time datetime="2023-05-04T21:30:00-04:00">May 4</time>', "2023-05-04T21:30:00-04:00", "html"),
    (ld(datePublished='"2023-05-05T02:05:00Z"'), "<h1>T</h1><p>Published: May 4, 2023 at 9:05 PM CDT</p>",
     "2023-05-04T21:05:00-05:00", "html"),
    ("", "<h1>T</h1><p>Updated: May 6, 2023 4:00 pm | Published: May 4, 2023 1:00 pm</p>", "2023-05-04T13:00:00",
     "header"),
    ("", "<p class='today-date'>Friday, July 7, 2023</p><h1>T</h1><p>By A. B., May 4, 2023</p>", "2023-05-04",
     "header"),
    ("", "", None, None),
])  # fmt: skip
def test_date_is_the_one_stated(head: str, before: str, published: str | None, published_from: str | None) -> None:
    found = page(head, before)

    assert (found.published, found.published_from) == (published, published_from)


@cases("head, before, published", [
    (ld(datePublished='"2023-05-01"') + '<meta property="article:published_time" content="2023-05-04">',
     "<h1>T</h1><p>4 May 2023</p>", "2023-05-04"),
    (ld(datePublished='"2023-05-01"'), "<h1>T</h1><p class='date'>4 May 2023</p>", "2023-05-04"),
    (ld(datePublished='"2023-05-01"'), "<h1>T</h1><p class='date'>Updated 4 May 2023</p>", "2023-05-01"),
    (ld(datePublished='"2023-05-01"'), "<div class='teaser'><p class='date'>4 May 2023</p></div><h1>T</h1>",
     "2023-05-01"),
    ('<meta property="og:title" content="Bridge is built again"><meta property="og:site_name" content="The Daily">',
     "<h1>The Daily</h1><p>4 May 2011</p><h2>Bridge is built again</h2><p class='date'>4 May 2023</p>", "2023-05-04"),
    ("", "<h1>T</h1>" + "<p>Menu</p>" * 40 + "<p>Published on: Thursday, 4 May 2023</p>", "2023-05-04"),
    ("", "<h1>T</h1>" + "<p>Menu</p>" * 40 + "<p>Mise en ligne</p><p>4 mai 2023</p>", "2023-05-04"),
    ("", "<h1>T</h1>" + "<p>Menu</p>" * 40 + "<p class='postmetadata'>Filed <b>4 May 2023</b> by us</p>", "2023-05-04"),
    ("", "<h1>T</h1>" + "<p>Menu</p>" * 40 + "<em>04.05.2023 11:35</em>", "2023-05-04"),
    ("", "<h1>T</h1>" + "<p>Menu</p>" * 40 + "<em>04.05.2023</em><em>05.05.2023</em>", None),
    ("", '<h1>T</h1><time datetime="2023-07-03T10:18:46Z">Published 4 May 2023</time>', "2023-05-04"),
    ('<link rel="canonical" href="https://e.org/news/29-05-2023-bridge">', "", "2023-05-29"),
    ('<link rel="canonical" href="https://e.org/news/04-05-2023-bridge">', "", None),
    ("", "<form><h1>T</h1><p class='date'>4 May 2023</p></form>", "2023-05-04"),
])  # fmt: skip
def test_the_date_that_readers_are_shown_decides(head: str, before: str, published: str | None) -> None:
    assert (page(f"<title>T</title>{head}", before).published or "")[:10] == (published or "")


@cases("inner", [
    "<iframe src='a'><svg><path/></svg></iframe>",
    "<iframe><div><svg/></div><script>1</script></iframe>",
    "<noscript><script>1</script></noscript>",
    "<svg><style>a</style><svg><style>b</style></svg></svg>",
    "<object><object><canvas></canvas></object><svg/></object>tail",
    "<template><template><style>a</style></template></template>",
    "<math><svg><math/></svg></math>",
])  # fmt: skip
def test_what_is_not_read_may_stand_in_what_is_not_read(inner: str) -> None:
    found = page("", f"<h1>T</h1>{inner}")

    assert "rebuild the bridge" in found.text
    assert "tail" not in inner or "tail" in read_tree(inner)


def read_tree(inner: str) -> str:
    tree = document_fromstring(f"<html><body>{inner}</body></html>")
    html._without_unread(tree)
    return str(tree.text_content())


def test_taking_out_is_linear_in_what_is_nested() -> None:
    def taking_out(count: int) -> Callable[[], object]:
        menu = f"<ul>{'<li><a href=a>b</a></li>' * 10}</ul>"
        tree = document_fromstring(f"<html><body>{f'<div><svg><svg><style>a</style></svg></svg>{menu}</div>' * count}")

        def take_out() -> None:
            html._without_unread(tree)
            html._without_menus(tree)

        return take_out

    assert waiting.grows_less(12, taking_out, 400, 1600, least_s=0.002)


def test_the_encoding_of_a_script_is_not_that_of_the_page() -> None:
    text = "Ziemniaki na szóstej, surówka na dziesiątej. " * 5
    markup = (
        f'<html><head><script charset="utf-8" src="a.js"></script><meta charset="iso-8859-2"></head><body><p>{text}</p>'
    )

    found = article(markup.encode("iso-8859-2"))

    assert "surówka" in found.text


def test_what_says_it_is_utf8_and_is_not_is_read_as_windows_1252() -> None:
    text = "Die Prüfung für Schüler hat über die Hälfte überrascht. " * 5

    found = article(f'<html><head><meta charset="utf-8"></head><body><p>{text}</p>'.encode("cp1252"))

    assert "Schüler" in found.text


def test_a_date_with_slashes_follows_the_language() -> None:
    date = "<h1>T</h1><span class='date'>04/05/2023</span>"

    assert page("", date, 'lang="en-US"').published == "2023-04-05"
    assert page("", date, 'lang="en-GB"').published == "2023-05-04"
    assert page("", date, 'lang="fr"').published == "2023-05-04"


def test_a_date_in_prose_is_not_the_date_of_the_page() -> None:
    found = article("<html><body><p>On 4 May 2013 the bridge was closed to all, and so it was until the year had ended."
                 "</p>" + BODY)  # fmt: skip

    assert found.published is None


def test_a_date_nobody_could_print_gives_way_to_a_better_one() -> None:
    found = page(ld(datePublished='"0001-01-01T00:00:00Z"') + '<meta name="date" content="2022-01-01">')

    assert found.published == "2022-01-01"


def test_a_date_nobody_could_print_is_kept_aside() -> None:
    found = page(ld(datePublished='"0001-01-01T00:00:00Z"'))

    assert found.published is None
    assert "before 1450" in found.extra["published_problem"]


@cases("head, byline", [
    (ld(author='[{"@type": "Person", "name": "Ada L."}, {"name": "Bo M."}]', headline='"x"'), "Ada L., Bo M."),
    ('<meta name="author" content="By Ada L.">', "Ada L."),
    ('<meta property="article:author" content="https://facebook.com/ada">', None),
    (ld(author='"\\ud800Ada"', headline='"x"'), "Ada"),
])  # fmt: skip
def test_byline_names_people(head: str, byline: str | None) -> None:
    assert page(head).byline == byline


def test_what_another_article_says_is_not_taken() -> None:
    other = ld(headline='"Another"', datePublished='"2020-01-01"', url='"https://e.org/other"')
    own = ld(headline='"Bridge"', datePublished='"2023-05-04"', url='"https://e.org/bridge"')
    found = page(f'<link rel="canonical" href="https://e.org/bridge">{other}{own}')

    assert (found.title, found.published) == ("Bridge", "2023-05-04")


@cases("others", [
    ld(headline='"Quite another thing"', datePublished='"2020-01-01"', author='"Wrong"'),
    '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": '
    '{"@type": "NewsArticle", "headline": "Quite another thing", "author": "Wrong", "url": "https://e.org/other"}}]}'
    "</script>",
])  # fmt: skip
def test_the_article_of_a_page_is_the_one_of_its_title(others: str) -> None:
    head = '<link rel="canonical" href="https://e.org/bridge"><title>Council votes for a bridge</title>'
    own = ld(headline='"Council votes for a bridge"', datePublished='"2023-05-04"', author='"Ada L."')

    assert page(head + others + own).byline == "Ada L."


@cases("encoding, head", [
    ("utf-8", ""),
    ("utf-8-sig", '<meta charset="iso-8859-1">'),
    ("utf-16", ""), ("utf-16-le", ""), ("cp1252", ""),
    ("iso-8859-2", '<meta http-equiv="content-type" content="text/html; charset=ISO-8859-2">'),
    ("shift_jis", '<meta charset="Shift_JIS">'),
])  # fmt: skip
def test_encodings(encoding: str, head: str) -> None:
    title = {"iso-8859-2": "Žižkov čeká", "shift_jis": "東京の橋"}.get(encoding, "Élysée à Genève")
    found = article(f"<html><head>{head}<title>{title}</title></head><body>{BODY}".encode(encoding))

    assert found.title == title


def test_a_wrong_byte_costs_one_character() -> None:
    found = article(
        b'<html><head><meta charset="utf-8"><title>Caf\xe9 \xc3\x89lys\xc3\xa9e</title></head>' + BODY.encode()
    )

    assert found.title == "Caf\ufffd Élysée"


RUSSIAN = "Совет проголосовал за мост через реку"


@cases("declared, written, title, said", [
    ("windows-1252", "cp1251", RUSSIAN, "in Windows-1252 it has “ïðîãîëîñîâàë"),
    ("", "cp1251", RUSSIAN, "in Windows-1252 it has “ïðîãîëîñîâàë"),
    ("utf-8", "cp1252", "Élysée 東京の橋", "as in “\ufffdlys\ufffde"),
    ("gb2312", "cp1252", "Été à Genève", "bytes that are not of its encoding"),
])  # fmt: skip
def test_a_page_in_another_encoding_than_it_declares_is_told(
    declared: str, written: str, title: str, said: str
) -> None:
    head = f'<meta charset="{declared}">' if declared else ""
    mixed = b"".join(c.encode(written) if c.encode(written, "ignore") else c.encode() for c in title)
    found = article(f"<html><head>{head}<title>".encode() + mixed + f"</title></head><body>{BODY}".encode())

    (problem,) = problems.warnings(found)
    assert said in problem
    assert "iconv -f ENCODING -t UTF-8" in problem


@cases("encoding, title", [
    ("cp1251", RUSSIAN), ("iso-8859-2", "Žižkov čeká"), ("shift_jis", "東京の橋"), ("cp1252", "Élysée à Genève"),
    ("utf-8", "A sign \ufffd of its own"), ("utf-16", RUSSIAN),
])  # fmt: skip
def test_a_page_in_the_encoding_that_it_declares_has_no_problem(encoding: str, title: str) -> None:
    found = article(
        f'<html><head><meta charset="{encoding}"><title>{title}</title></head><body>{BODY}'.encode(encoding)
    )

    assert (found.title, list(problems.warnings(found))) == (title, [])


def test_characters_that_markup_cannot_hold_are_left_out() -> None:
    found = article(f"<html><title>A&#1;B</title><body x='&#2;'><p>&#xd800;\x03Words</p>{BODY}")

    assert found.title == "AB"


def test_references_to_characters_that_markup_cannot_hold_are_known() -> None:
    cannot = [code for code in range(0x10000) if html._NOT_XML.match(chr(code))]
    written = [form.format(code) for form in ("&#{};", "&#0{};", "&#x{:x};", "&#X00{:X};") for code in cannot]

    assert len(cannot) > 2048
    assert [one for one in written if not html._CONTROL_REFERENCE.search(one)] == []
    assert html._CONTROL_REFERENCE.search("&#32; &#39; &#x27; &#x20AC; &#8217; &#160; &#xa0; &#128512;") is None


def test_zero_bytes_are_left_out() -> None:
    found = article(b"<html>\0\0<body>" + BODY.encode().replace(b"<p>", b"\0<p>"))

    assert found.text.startswith("The council")


@cases("data, reason", [
    (b"", "empty"),
    (b"<html><body><nav><a href=/>Home</a></nav></body></html>", "without the text of an article"),
    (b"<html><head><meta http-equiv=refresh content='0; url=/x'></head></html>", "only leads to another"),
    (b"<html><frameset><frame src=a></frameset></html>", "frames"),
    (b"<html><frameset></frameset></html>", "frames"),
    (b"\x01\x02\x03" * 100, "not text"),
    (b"<html><body>" + b"<p>" * 100_000, "elements"),
    (b"<html><body>" + b"<div>" * 100_000, "nested"),
    (b"<html><body><p>" + b"a" * 13_000_000, "larger than"),
    (b"<html><body><p " + b"".join(b"a%d=1 " % n for n in range(100_000)), "attributes"),
    (b"<html><body><p>" + b"<" * 3_000_000, "characters of text"),
])  # fmt: skip
def test_what_is_refused_says_why_and_soon(data: bytes, reason: str) -> None:
    (found,) = web_gold.within_limits(html.read(io.BytesIO(data), ORIGIN))

    assert isinstance(found, BadRecord)
    assert reason in found.reason


@cases("odd", [
    '<script type="application/ld+json">' + "[" * 300_000 + "</script>",
    '<script type="application/ld+json">"article"' + '"name":"' * 100_000 + "</script>",
    "<script>x</script>" * 20_000, "<title>" + "a - " * 100_000 + "</title>", "<meta name=date content=x>" * 10_000,
    "<!--" * 100_000 + "-->",
])  # fmt: skip
def test_odd_heads_cost_nothing_else(odd: str) -> None:
    (found,) = web_gold.within_limits(html.read(io.BytesIO(f"<html>{odd}<body>{BODY}".encode()), ORIGIN))

    assert isinstance(found, Article)
    assert found.text.startswith("The council")


def test_pages_are_known_by_their_first_element() -> None:
    assert html.looks_like(b"\xef\xbb\xbf <!DOCTYPE html>\n", "x")
    assert html.looks_like(b'<?xml version="1.0"?><!-- x --><html xmlns="x">', "x")
    assert html.looks_like("<html>".encode("utf-16"), "x")
    assert html.looks_like(b"<p>One", "a.html")
    assert not html.looks_like(b"<p>One", "a.txt")
    assert not html.looks_like(b'<?xml version="1.0"?><rss><description>&lt;html></description>', "x.xml")


@cases("before", ["<!-- a -->", '<?xml version="1.0"?>', "\ufeff \n"])
def test_what_stands_before_a_page_is_looked_at_once(before: str) -> None:
    head = (before * 200).encode()

    assert not limits.within(lambda: html.looks_like(head + b"<div>", "x"), 0)
    assert limits.within(lambda: html.looks_like(head + b"<html>", "x"), 0)


def test_a_page_saved_with_its_pictures_is_read() -> None:
    picture = f'<img src="data:image/png;base64,{"iVBOR" * 700_000}">'
    found = article(f"<html><head><title>Bridge</title></head><body><h1>Bridge</h1>{picture * 4}{BODY}")

    assert found.text.startswith("The council")


def nested(depth: int, leaves: int) -> str:
    """A page of so many elements beside each other at a depth, of which html and body are the first two."""
    inside = "<div>" * (depth - 3) + "<b></b>" * leaves + "</div>" * (depth - 3)
    return f"<html><body>{inside}</body></html>"


@cases(
    "depth, leaves, refused",
    [
        (250, 1, None),
        (251, 1, "nested more than 250 deep"),
        (3, 998, None),
        (3, 999, "more than the 1,000 elements"),
        (
            100,
            450,
            None,
        ),  # 4,950 steps down to it, and 450 of 100: 50 for each of the 1,000 elements allowed, hardly less
        (100, 451, "too many elements for their depth, 91 on average"),
    ],
)
def test_what_a_page_may_cost(depth: int, leaves: int, refused: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_ELEMENTS", 1000)
    found = read(nested(depth, leaves))

    assert isinstance(found, BadRecord)  # there is no text in it
    assert (refused or "without the text of an article") in found.reason
