"""A query in the fields of a form, and back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.syntax import form, parse, write
from search.syntax.form import Form
from search.syntax.nodes import MAX_DISTANCE, And, Exact, Node, Or, Value, Word
from search.text import tokens
from tests.search.test_syntax import ANY

HOSTILE = st.sampled_from([
    "oil", "Trade", "the", "of", "AND", "OR", "NOT", "-oil", "cease-fire", "U.S.", "été", "中国", "l'État", '"',
    '"a b"~5', "(oil", "gas)",
    "trade*", "blinkin~", "=talks", "title:x", "country:France", "published:1998..2003", "/s", "/5",
    "oil^2", "||", "&&", "«", "»", "“x”", "\u200foil\u200e", "\u202egas", "*", "~2", "2,000", "’s", "_", "\x00",
])  # fmt: skip
TEXT = st.lists(HOSTILE | st.text(max_size=4), max_size=4).map(" ".join)
NAMES = st.lists(HOSTILE | st.sampled_from(["Ann Lee", "Reuters"]), max_size=3).map(" ".join)
DAYS = st.sampled_from(
    [(None, None), ("1987-03", "1987-03"), ("1987", None), (None, "-7d"), ("1987-03-01", "1987-04-02")]
)
ITEMS = TEXT.map(form.items)
FORMS = st.builds(
    Form,
    ITEMS,
    TEXT.map(form.words),
    ITEMS,
    ITEMS,
    ITEMS,
    ITEMS,
    st.sampled_from(["s", "p", 0, 1, 5, MAX_DISTANCE]),
    NAMES.map(form.name),
    NAMES.map(form.name),
).flatmap(lambda found: DAYS.map(lambda days: replace(found, first=days[0], last=days[1])))


def parts(tree: Node) -> Counter[Node]:
    return Counter(tree.parts if isinstance(tree, And) else (tree,))


@given(ANY)
def test_a_query_read_into_fields_and_written_is_the_same_but_for_its_order(text: str) -> None:
    tree = parse(text).tree
    again = form.tree(form.read(tree))

    assert parts(again) == parts(tree)
    assert parse(write(again)).tree == again


@given(FORMS)
def test_fields_written_and_read_are_the_same(found: Form) -> None:
    tree = form.tree(found)
    assert parse(write(tree)).tree == tree
    assert parse(write(tree)).notes == ()
    again = form.read(tree)

    # One word is a word, whichever field it was typed into; the last words joined by a hyphen are a phrase.
    alone: list[form.Item] = [found.phrase] if len(found.phrase) == 1 else []
    alone += found.any if len(found.any) == 1 else ()
    near = found.near if found.within in ("s", "p") else tuple((word,) for item in found.near for word in item)
    near = tuple(dict.fromkeys(near)) if found.within in ("s", "p") else near
    alone += near if len(near) == 1 else ()
    phrase = found.phrase if len(found.phrase) > 1 else ()
    single = Counter([*found.all, *alone, *([phrase] if phrase else [])])
    assert Counter([*again.all, *([again.phrase] if again.phrase else [])]) == single
    assert again.phrase == phrase or not phrase or any(len(item) > 1 for item in alone)
    assert again.any == (found.any if len(found.any) > 1 else ())
    assert again.near == (near if len(near) > 1 else ())
    assert again.within == (found.within if again.near else form.DISTANCE)
    assert (again.none, again.title) == (found.none, found.title)
    assert (again.author, again.source, again.first, again.last) == (
        found.author,
        found.source,
        found.first,
        found.last,
    )
    assert again.rest == form.EVERY
    assert form.read(form.tree(again)) == again


@given(TEXT)
def test_items_are_the_words_of_a_text_and_are_typed_as_they_are_read(text: str) -> None:
    found = form.items(text)

    assert [word for item in found for word in item] == [token.word for token in tokens(text)]
    assert form.items(form.typed(found)) == found


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", Form()),
        ("Oil prices", Form(all=(("oil",), ("prices",)))),
        ('oil "saudi arabia"', Form(all=(("oil",),), phrase=("saudi", "arabia"))),
        ('cease-fire "rate cut"', Form(all=(("cease", "fire"),), phrase=("rate", "cut"))),
        ("(oil OR gas) -iran", Form(any=(("oil",), ("gas",)), none=(("iran",),))),
        ("oil OR gas", Form(any=(("oil",), ("gas",)))),
        ("title:reactor fire", Form(all=(("fire",),), title=(("reactor",),))),
        ('"oil price"~5', Form(near=(("oil",), ("price",)), within=5)),
        ("oil /s iran", Form(near=(("oil",), ("iran",)), within="s")),
        ("oil /p rate-cut /p iran", Form(near=(("oil",), ("rate", "cut"), ("iran",)), within="p")),
        ('author:"Ann Lee" source:AP', Form(author="Ann Lee", source="AP")),
        ("published:1998..2003", Form(first="1998", last="2003")),
        ("=oil gas", Form(all=(("gas",),), rest=Exact(("oil",)))),
        ("oil OR =gas", Form(rest=Or((Word("oil"), Exact(("gas",)))))),
        ("source:AP source:UPI", Form(source="AP", rest=Value("source", "UPI"))),
    ],
)
def test_what_a_form_can_have_is_in_its_fields(text: str, fields: Form) -> None:
    assert form.read(parse(text).tree) == fields
