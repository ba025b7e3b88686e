"""A query in the fields of a form, and back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from search.syntax import form, parse, spelled, write
from search.syntax.form import Form
from search.syntax.nodes import MAX_DISTANCE, And, Exact, Node, Or, Phrase, Value, Word
from search.text.tokens import tokens
from search.values.bad_values import MAX_TEXT
from tests.cases import cases
from tests.search.syntax.test_parser import ANY

HOSTILE = st.sampled_from([
    "oil", "Trade", "the", "of", "AND", "OR", "NOT", "-oil", "cease-fire", "U.S.", "été", "中国", "l'État", '"',
    '"a b"~5', "(oil", "gas)",
    "trade*", "blinkin~", "=talks", "title:x", "country:France", "published:1998..2003", "/s", "/5",
    "oil^2", "||", "&&", "«", "»", "“x”", "\u200foil\u200e", "\u202egas", "*", "~2", "2,000", "’s", "_", "\x00",
])  # fmt: skip
TEXT = st.lists(HOSTILE | st.text(max_size=4), max_size=4).map(" ".join)
NAMES = st.lists(HOSTILE | st.sampled_from(["Ann Lee", "Reuters"]), max_size=3).map(" ".join)
DAYS = st.sampled_from(
    [("", ""), ("1987-03", "1987-03"), ("1987", ""), ("", "-7d"), ("1. März 1987", "April 2, 1987"), ("", "Last week")]
)
FORMS = st.builds(
    Form,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    st.sampled_from(["s", "p", 0, 1, 5, MAX_DISTANCE]),
    NAMES,
    NAMES,
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
    for line in (write(tree), spelled(tree)):
        assert parse(line).tree == tree
        assert parse(line).notes == ()
    again = form.read(parse(spelled(tree)).tree)

    # One word is a word, whichever field it was typed into; the last words joined by a hyphen are a phrase.
    alone = [item for text in (found.any, found.near) if len(set(items := form.items(text))) == 1 for item in items]
    assert parts(form.tree(again)) == parts(tree)
    for name in ("any", "none", "title"):
        wanted = form.items(getattr(found, name))
        assert form.items(getattr(again, name)) == (() if name == "any" and len(wanted) < 2 else wanted)
    assert (again.author, again.source) == (" ".join(found.author.split()), " ".join(found.source.split()))
    assert (again.first, again.last) == (found.first, found.last)
    assert again.rest == form.EVERY or alone
    assert form.read(parse(spelled(form.tree(again))).tree) == again


def test_of_equal_phrases_the_last_is_the_phrase() -> None:
    found = form.read(form.tree(Form("cease-fire oil", "cease fire")))

    assert (found.all, found.phrase) == ("cease-fire oil", "cease fire")
    assert form.read(form.tree(found)) == found


SPELLINGS = st.sampled_from(
    ["Öl", "ÖL", "oil", "Élysée", "cease-fire", "U.S.", "袭击", "石油价格", "東京", "ﬁne", "l'État", "WHO", "The", "or",
     "Ελλάδα", "Ёлка", "naïve", "O’Brien", "Ｗｉｄｅ", "2,000", "İstanbul", "straße"]
)  # fmt: skip


@given(
    st.lists(SPELLINGS, max_size=3).map(" ".join),
    st.lists(SPELLINGS, min_size=2, max_size=3).map(" ".join),
    st.lists(SPELLINGS, min_size=2, max_size=3).map(" ".join),
    st.lists(SPELLINGS, max_size=2).map(" ".join),
    st.lists(SPELLINGS, max_size=2).map(" ".join),
    st.lists(SPELLINGS, min_size=2, max_size=3, unique_by=lambda word: form.items(word)).map(" ".join),
    st.sampled_from(["s", "p", 0, 5]),
    st.sampled_from(["", "Änn Lee", "«Le Monde»", 'Le "Monde" «du soir»', "AP”»", "» «", "袭击"]),
)
def test_words_come_back_as_they_were_typed(
    all_: str, phrase: str, any_: str, none: str, title: str, near: str, within: form.Within, source: str
) -> None:
    typed = Form(all_, phrase, any_, none, title, near, within, source=source)
    line = spelled(form.tree(typed))
    assert len(line) < MAX_TEXT

    assert form.read(parse(line).tree) == typed


@given(TEXT)
def test_items_are_the_words_of_a_text(text: str) -> None:
    found = [item.words if isinstance(item, Phrase) else (item.word,) for item in form.items(text)]

    assert [word for item in found for word in item] == [token.word for token in tokens(text)]


@cases(
    "text, fields",
    [
        ("", Form()),
        ("Oil prices", Form(all="Oil prices")),
        ('oil "Saudi  Arabia"', Form(all="oil", phrase="Saudi Arabia")),
        ('cease-fire "rate cut"', Form(all="cease-fire", phrase="rate cut")),
        ('"Saudi Arabia" "rate cut"', Form(all="Saudi-Arabia", phrase="rate cut")),
        ("(Öl OR gas) -Iran", Form(any="Öl gas", none="Iran")),
        ("oil OR Gas", Form(any="oil Gas")),
        ("title:Reactor fire", Form(all="fire", title="Reactor")),
        ('"Öl price"~5', Form(near="Öl price", within=5)),
        ('"袭击"~3', Form(near="袭击", within=3)),
        ("袭击", Form(phrase="袭击")),
        ("袭击 石油", Form(all="袭击", phrase="石油")),
        ("oil /s Iran", Form(near="oil Iran", within="s")),
        ("oil /p Rate-Cut /p iran", Form(near="oil Rate-Cut iran", within="p")),
        ('author:"Ann Lee" source:AP', Form(author="Ann Lee", source="AP")),
        ("published:1998..2003", Form(first="1998", last="2003")),
        ('published:"March 1987..May 1988"', Form(first="March 1987", last="May 1988")),
        ("published:1998..x", Form(first="1998")),
        ("=oil gas", Form(all="gas", rest=Exact(("oil",)))),
        ("oil OR =gas", Form(rest=Or((Word("oil"), Exact(("gas",)))))),
        ("source:AP source:UPI", Form(source="AP", rest=Value("source", "UPI"))),
    ],
)
def test_what_a_form_can_have_is_in_its_fields(text: str, fields: Form) -> None:
    assert form.read(parse(text).tree) == fields


@cases(
    "text, written",
    [
        ("Öl Preis", "Öl AND Preis"),
        ("=Öl OR ÖLPREIS*", "=Öl OR ÖLPREIS*"),
        ("Blinkén~", "Blinkén~2"),
        ('="Rate Cut" "Öl-Preis"~3', '="Rate Cut" AND "Öl-Preis"~3'),
        ("title:袭击", "title:袭击"),
        ("country:Frankreich topic:Sport", "country:Frankreich AND topic:Sport"),
        ('published:"March 1987..May 1988"', 'published:"March 1987..May 1988"'),
        ("Land:Frankreich titel:(Öl OR =Gas)", "Land:Frankreich AND (titel:Öl OR titel:=Gas)"),
        ('quelle:"The Wire" datum:1998 title:Öl', 'quelle:"The Wire" AND datum:1998 AND title:Öl'),
        ("ſource:Wire", "source:Wire"),
        ("url:https://www.Example.com/A", "url:https://www.Example.com/A"),
        ("The oil", "oil"),
        ('"The" oil', "The AND oil"),
        ("oil (OR)", "oil"),
        ('"OR" oil', '"OR" AND oil'),
    ],
)
def test_a_tree_is_spelled_as_it_was_typed(text: str, written: str) -> None:
    assert spelled(parse(text).tree) == written


@given(ANY)
def test_a_spelled_query_is_the_same(text: str) -> None:
    tree = parse(text).tree
    line = spelled(tree)

    assert parse(line).tree == tree
    assert spelled(parse(line).tree) == line
