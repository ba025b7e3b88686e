"""Which `<` of HTML begin tags; the same where it is declared as where it is not."""

from __future__ import annotations

from collections.abc import Callable

from indexer.readers.shared import markup, tags
from tests import waiting
from tests.cases import cases


def check(text: str, shown: str) -> None:
    assert markup.html(text) == shown
    assert markup.undeclared(text) == shown


@cases("text, shown", [
    ("<p>Fell when cost<benefit, it says.</p><p>More.</p>", "Fell when cost<benefit, it says.\n\nMore."),
    ("First.<br>Temperatures t<t0 in the north.", "First.\nTemperatures t<t0 in the north."),
    ("when n<m, x rises; <b>bold</b> tail", "when n<m, x rises; bold tail"),
    ("<p>Reuters <RTRS.L> and <user@e.org> moved.</p>", "Reuters <RTRS.L> and <user@e.org> moved."),
    ("<p>See <http://www.e.org/>, <https://e.org/a?b=1>.</p>", "See <http://www.e.org/>, <https://e.org/a?b=1>."),
    ("<p>if a<b then</p><p>c</p>", "if a<b then\n\nc"),
    ("<p>a <3 b </3 c <= d << e <> f</p>", "a <3 b </3 c <= d << e <> f"),
    ("<p>a <! b</p><p>c <?> d <? e</p>", "a <! b\n\nc <?> d <? e"),
    ("<p>a </then> b</p>", "a </then> b"), ("<p>a ends in <b", "a ends in <b"),
])  # fmt: skip
def test_what_begins_no_tag_is_text(text: str, shown: str) -> None:
    check(text, shown)


@cases("text, shown", [
    ("<p>The <org>Bank</org> said <x-y a='1'>so.<o:p/></p>", "The Bank said so."),
    ("<p>a <img alt='b <i> > c' src=x>d</p>", "a d"),
    ('<p>a <img alt="b" src="x"\n<b>c</b></p>', "a c"),
    ('<p>a</p><a href="http://e', "a"), ('<a href="x>a</a> b<br>', "a b"),
    ("<!doctype html><?xml version='1.0'?><p>a<![if !supportLists]>b<![endif]></p>", "ab"),
    ("<P ALIGN=CENTER>a<BR>b<HR>c", "a\nb\n\nc"),
    ("<p>a<!-- <script> -->b<!-->c<!--->d</p><! --- e -->", "abcd"),
    ("<p>a</p><![CDATA[<p>b</p>]]><p>c ]]> d</p>", "a\n\nb\n\nc ]]> d"),
    ("<p>a</p><script>if (a<b) x = '<!--<p>'</script><p>b</p><STYLE>c</STYLE>", "a\n\nb"),
    ("<textarea>a <b>c</b></textarea><br>", "a <b>c</b>"),
    ("a<iframe src='x'>b</iframe><p>c</p>", "a\n\nc"),
    ("<p>a<svg:title>b</svg:title></p>", "a"),
])  # fmt: skip
def test_tags_and_what_is_hidden_are_no_text(text: str, shown: str) -> None:
    check(text, shown)


@cases("name", sorted(tags.DROPPED | {"textarea", "xmp", "plaintext", "figcaption"}))
def test_an_element_that_does_not_end_hides_nothing(name: str) -> None:
    text = f"<p>Of the <{name}> element.</p><p>More.</p><{name} src='a'> <b>Last.</b>"

    assert [word for word in markup.html(text).split() if word[0] != "<"] == ["Of", "the", "element.", "More.", "Last."]
    assert markup.undeclared(text) == markup.html(text)


@cases("name", ["script", "style", "title", "textarea", "iframe", "!--"])
def test_what_takes_text_as_it_is_is_text_without_its_end(name: str) -> None:
    start = f"<{name}" if name == "!--" else f"<{name}>"

    check(f"<p>Of {start} here.</p><p>More.</p>", f"Of {start} here.\n\nMore.")


@cases("text, shown", [
    ("<p>Du Pont Co <DD> and Phillips <P> rose.</p>", "Du Pont Co <DD> and Phillips <P> rose."),
    ("<p>Interstate <I> rose <i>sharply</i>, Macys <M> and <A> fell.</p>",
     "Interstate <I> rose sharply, Macys <M> and <A> fell."),
    ("Air <IMG> rose <b>sharply</b>\nin <LI>\n\nend", "Air <IMG> rose sharply\nin <LI>\n\nend"),
    ("<B>Du Pont</B> <DD> rose <I>, <HEAD> too<BR>a", "Du Pont <DD> rose <I>,  too\na"),
    ("<P>A <B>b</B> <P>c", "A b\n\nc"), ("<B>a</B> word <P>c", "a word\n\nc"), ("<dl><DT>a<DD>b</dl>", "a\n\nb"),
    ("<ul><LI>a<LI>b</ul>", "a\n\nb"), ("<TABLE><TR><TD>1<TD>2</TABLE>", "1 2"), ("<p>a</p><P>b</P>", "a\n\nb"),
    ("<p>a.</p> <P>b", "a.\n\nb"), ("<I>a</i> b<br>", "a b"), ("<H1>a</H1>b", "a\n\nb"),
])  # fmt: skip
def test_capitals_are_a_tag_only_where_it_can_be_one(text: str, shown: str) -> None:
    assert " ".join(markup.html(text).split()) == " ".join(shown.split())
    assert " ".join(markup.undeclared(text).split()) == " ".join(shown.split())


@cases("part", [
    "<a ='<a 'b", "<a ='<", "<!--", "<script>", "<nav>", "<b x x ", "<a =", "</script ", "<![CDATA[", "]]>", "a<b ",
    "<x>", "<DD> ", "<?a", "<! ", '<p a="',
])  # fmt: skip
def test_tags_are_told_in_linear_time(part: str, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        return lambda: tags.only(part * count)

    few = amount(10_000, few=1_200)
    assert waiting.grows_less(8, reading, few, 4 * few)
