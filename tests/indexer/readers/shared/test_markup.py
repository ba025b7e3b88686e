from __future__ import annotations

from collections.abc import Callable

from indexer.readers.shared import markup
from tests import waiting
from tests.cases import cases


@cases("fragment, text", [
    ("one <b>word</b>", "one word"), ("<p>a</p><p>b</p>", "a\n\nb"), ("a<br>b<br/><br/>c", "a\nb\n\nc"),
    ("<ul><li>a<li>b</ul>c", "a\n\nb\n\nc"),
    ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n\n3"),
    ("<script>x</script><style>y</style><p>a\n  b</p><figcaption>z</figcaption>", "a b"),
    ("<pre>a\n b</pre>", "a\nb"),
    ("AT&amp;T &eacute;&nbsp;&#8217;", "AT&T é ’"),
    ("no tag\nat all\n\nsecond", "no tag at all\n\nsecond"),
    ("<div>" * 5000 + "deep", "deep"),
    ("<p>unclosed <i>and <b>crossed</i></b>", "unclosed and crossed"),
    ("1 < 2 and <p>a", "1 < 2 and\n\na"),
    ("<header><ul><li>slug</ul></header><p>a</p><footer>b</footer>", "a"),
    ("", ""), ("<p></p>", ""),
])  # fmt: skip
def test_html_becomes_paragraphs(fragment: str, text: str) -> None:
    assert markup.html(fragment) == text


@cases("text, lines", [
    ("one\n  two", "one\ntwo"),
    ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
    (f"{'a' * 130}\n{'b' * 20}", f"{'a' * 130}\n\n{'b' * 20}"),
    (f"{'a' * 130}\n\n{'b' * 20}\nc", f"{'a' * 130}\n\n{'b' * 20}\nc"),
])  # fmt: skip
def test_lines_too_long_to_be_wrapped_are_paragraphs(text: str, lines: str) -> None:
    assert markup.plain(text) == lines


def test_text_that_is_html_is_known_by_its_tags() -> None:
    assert markup.is_marked_up("<p class='x'>a</p>")
    assert all(markup.is_marked_up(f"a {tag} b") for tag in ("<u>", "<sub>", "<script>", "<img src='x'/>", "</mark>"))
    assert not markup.is_marked_up("a < b and c > d, <sic> <person@example.org>")


@cases("text", [
    "Du Pont Co <DD> and Phillips <P> rose", "Interstate Bancorp <I>\nrose", "<pre-war> <article 5>", "a <P>", "<b",
    "</then>", "a <b c", "<I",
])  # fmt: skip
def test_what_companies_are_called_at_an_exchange_is_no_html(text: str) -> None:
    assert not markup.is_marked_up(text)
    assert markup.undeclared(text) == text


@cases("text", [
    "a<BR/>b", "a.<P>b", "a. <BR>b", "<P>a", "a</B>", "<A HREF='u'>", "<section>", "<hr>", "</P >", "<br />",
])  # fmt: skip
def test_old_html_is_known_by_its_tags(text: str) -> None:
    assert markup.is_marked_up(text)


@cases("text, read", [
    ("<p>a <b>b</b></p><p>c</p>", "a b\n\nc"), ("<p>a\nb</p>", "a b"), ("a <b>b</b>\nc\n\nd", "a b\nc\n\nd"),
    ("a <i>b</i>\r\nc\rd", "a b\nc\nd"),
    ("AT&amp;T &#8220;said&#x201D;\n  so", "AT&T “said”\n  so"),
    ("a?b=1&copy=2&lt=3 AT&T; R&D", "a?b=1&copy=2&lt=3 AT&T; R&D"),
    ("&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "a & b"),
    ("<p>a &lt;b&gt; c</p>", "a <b> c"), ("1 < 2 &gt; 0", "1 < 2 > 0"), ("a\n b", "a\n b"), ("", ""),
])  # fmt: skip
def test_a_text_that_may_be_html_is_without_tags(text: str, read: str) -> None:
    assert markup.undeclared(text) == read


def test_a_title_that_may_be_html_is_on_one_line() -> None:
    assert markup.undeclared_line("<i>Ships</i><br>\n &amp; ports") == "Ships & ports"


@cases("part", ["<a ", "<a =", "</p ", "<p", "& ", "&amp", "<br /", ".\n<P", "<b>x</b>\n", "&lt;b&gt;"])
def test_html_is_told_and_read_in_linear_time(part: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        return lambda: markup.undeclared(part * count)

    few = amount(10_000, few=2_500)
    assert waiting.grows_less(8, reading, few, 4 * few)


def test_a_title_is_taken_off_a_text_that_repeats_it() -> None:
    assert markup.without_title("T\n\na", "T") == "a"
    assert markup.without_title("T", "T") == "T"
    assert markup.without_title("To\n\na", "T") == "To\n\na"
