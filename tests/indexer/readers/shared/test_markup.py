from __future__ import annotations

import pytest

from indexer.readers.shared import markup


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("one <b>word</b>", "one word"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/><br/>c", "a\nb\n\nc"),
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
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_html_becomes_paragraphs(fragment: str, text: str) -> None:
    assert markup.html(fragment) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\n  two", "one\ntwo"),
        ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
        (f"{'a' * 130}\n{'b' * 20}", f"{'a' * 130}\n\n{'b' * 20}"),
        (f"{'a' * 130}\n\n{'b' * 20}\nc", f"{'a' * 130}\n\n{'b' * 20}\nc"),
    ],
)
def test_lines_too_long_to_be_wrapped_are_paragraphs(text: str, lines: str) -> None:
    assert markup.plain(text) == lines


def test_text_that_is_html_is_known_by_its_tags() -> None:
    assert markup.is_marked_up("<p class='x'>a</p>")
    assert all(markup.is_marked_up(f"a {tag} b") for tag in ("<u>", "<sub>", "<script>", "<img src='x'/>", "</mark>"))
    assert not markup.is_marked_up("a < b and c > d, <sic> <person@example.org>")


def test_a_title_is_taken_off_a_text_that_repeats_it() -> None:
    assert markup.without_title("T\n\na", "T") == "a"
    assert markup.without_title("T", "T") == "T"
    assert markup.without_title("To\n\na", "T") == "To\n\na"
