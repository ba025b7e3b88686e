from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from string import ascii_lowercase
from typing import assert_never

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search import Article, Query
from search.snippets import passages, points
from search.snippets.kernels import word_matching as kernels
from search.snippets.marker import KEEPING, Marker, beginnings
from search.syntax import parse
from search.syntax.nodes import Exact, Fuzzy, Leaf, Misread, Near, Phrase, Prefix, Together, Word, alternatives, leaves
from search.text.misreadings import misreadings
from search.text.tokens import fold_word, runs, stem, term, tokens
from search.values.results import Mark, Snippet
from tests import waiting
from tests.cases import cases
from tests.plain_engine import PlainEngine
from tests.plain_engine.together import places_of, taking_part
from tests.plain_engine.together import runs as rows
from tests.plain_engine.words import between
from tests.search.snippets import plain_passages
from tests.search.strategies import LANGUAGES, leaf_texts
from tests.tiers import examples

TEXT = (
    "Mr. Reagan met Mr. Gorbachev in Reykjavik on Oct. 11. They talked for ten hours. No treaty was signed.\n\n"
    "In Washington the talks were called a failure. Both men said that they would meet again.\n\n"
    "The treaty on missiles was signed in Washington a year later."
)


def snippets(query: str, text: str = TEXT) -> tuple[Snippet, ...]:
    return Marker(leaves(parse(query).tree), "en").snippets(text)


def marked(query: str, text: str = TEXT) -> list[str]:
    return [s.text[a:b] for s in snippets(query, text) for a, b in s.marks]


def test_a_marker_that_marks_nothing_loads_no_compiler() -> None:
    program = """if True:
        import sys
        from search.snippets.marker import Marker
        from search.syntax.nodes import Word
        Marker([Word("treaty")], "en")
        assert Marker([], "en").marks("A treaty", "title") == ()
        sys.exit("numba" in sys.modules)
    """
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_whole_sentences_are_shown() -> None:
    assert [s.text for s in snippets("treaty washington")] == [
        "No treaty was signed.",
        "The treaty on missiles was signed in Washington a year later.",
    ]


def test_a_wrapped_line_ends_no_sentence() -> None:
    wrapped = "The dry period\nmeans a late crop.\n    Arrivals were\nhigh, said Smith Ltd.\n\nOutlook\n\nFair"

    assert [s.text for s in snippets("late arrivals", wrapped)] == [
        "The dry period means a late crop.",
        "Arrivals were high, said Smith Ltd.",
    ]
    assert [s.text for s in snippets("outlook", wrapped)] == ["Outlook"]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert snippets("reagan")[0].text.startswith("Mr. Reagan met Mr. Gorbachev in Reykjavik on Oct. 11.")


IRREGULAR = "Two women on foot and a man with cold feet."


@cases(
    "query, text, expected",
    [
        ('"treaty on missiles"', TEXT, ["treaty on missiles"]),
        ('"signed in washington" failure', TEXT, ["signed.  In Washington", "failure", "signed in Washington"]),
        ('"signed in washington a year"', TEXT, ["signed in Washington a year"]),
        ("NOT treaty reagan", TEXT, ["Reagan"]),
        ("title:treaty", TEXT, []),
        # inflections and prefixes
        ("talk", TEXT, ["talked", "talks"]),
        ("gorb*", TEXT, ["Gorbachev"]),
        ("die", "He was dying; they died.", ["dying", "died"]),
        ("woman", IRREGULAR, ["women"]),
        ("foot", IRREGULAR, ["foot", "feet"]),
        ('"man with cold foot"', IRREGULAR, ["man with cold feet"]),
        # words near each other, one by one where they are near
        ('"signed washington"~1', TEXT, ["signed", "Washington", "signed", "Washington"]),
        ('"washington missiles"~3', TEXT, ["missiles", "Washington"]),
        ('"washington reykjavik"~9', TEXT, []),
        # misspelt and exact words
        ("gorbatchev~", TEXT, ["Gorbachev"]),
        ("talked~1", TEXT, ["talked"]),
        ("=talks", TEXT, ["talks"]),
        ('="talks were"', TEXT, ["talks were"]),
        ('="talk were"', TEXT, []),
    ],
)
def test_what_matched_is_marked_and_nothing_else(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


def test_a_passage_has_all_words_that_are_near_each_other() -> None:
    (shown,) = snippets('"signed failure"~9')

    assert shown.text.startswith("No treaty was signed.  In Washington the talks were called a failure.")


def test_only_the_similar_words_of_the_archive_are_marked_where_they_are_known() -> None:
    similar = Fuzzy("tallks", 2)
    text = "Talks talked tall"

    assert [text[a:b] for a, b in Marker([similar], "en").marks(text, "text")] == ["Talks", "tall"]
    known = Marker([similar], "en", similar={similar: {"talks"}})
    assert [text[a:b] for a, b in known.marks(text, "text")] == ["Talks"]


def test_a_word_is_marked_by_the_stemmer_of_the_text() -> None:
    text = "Les discussions commerciales"
    query = [Word("commercial")]

    assert Marker(query, "en").marks(text, "text") == ()
    assert Marker(query, "fr").marks(text, "text") == ((16, 28),)


PIECES = st.sampled_from(
    ["Talks", "talked", "l'Été", "d’été", "trade", "TRADE", "ﬁne", "fine", "Österreich", "can't", "won’t", "weʼll",
     "U.S.", "中国",
     "O'Neill's", "aujourd’hui", "e\u0301te", "\u0301fine", "x’été", "s'a", "a中talks", "tradé", "‘trade’", "(trade)",
     "K", "k", "—", "_t", "・", "ﾞ", "\ufe70", "Talk-show", "l'\ufe70\ufe72"]
)  # fmt: skip
QUERIED = st.sampled_from(
    ["talks", "été", "trade", "fine", "osterreich", "can", "will", "we", "aujourd'hui", "中", "neill", "k", "a"]
)


@given(
    st.lists(PIECES, max_size=12).flatmap(
        lambda p: st.sampled_from([" ", "", "'", ", ", ". "]).map(lambda by: by.join(p))
    ),
    st.lists(leaf_texts(QUERIED), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(["en", "fr", "de", "nl", "es", "id", "ga", "xx", None]),
)
def test_what_is_marked_is_what_matches(text: str, query: str, language: str | None) -> None:
    looked_for = tuple(leaves(parse(query).tree))

    for field in ("title", "text"):
        expected = plain_marks(looked_for, text, field, language)
        assert Marker(looked_for, language).marks(text, field) == expected


@given(st.lists(PIECES, max_size=12).map(" ".join), leaf_texts(QUERIED), st.sampled_from(["en", "fr", "ru"]))
def test_an_article_has_marks_exactly_if_it_is_found(text: str, query: str, language: str) -> None:
    looked_for = tuple(leaves(parse(query).tree))
    assume(len(looked_for) == 1)  # `a /1 b /1 c` are two, of which one may match alone
    engine = PlainEngine([Article("one", text, "Trade talks", language=language)])
    found = engine.search(Query(query, facets=()))
    marker = Marker(looked_for, language)

    assert bool(marker.marks(text, "text") or marker.marks("Trade talks", "title")) == (found.total == 1)


def unnamed(_facet: str, _value: str) -> None:
    """No article of these has names."""


def plain_marks(looked_for: tuple[Leaf, ...], text: str, field: str, language: str | None) -> tuple[Mark, ...]:
    """What matches, by looking at every word, and at every window of words."""
    words = list(tokens(text))
    forms = [token.word for token in words]
    inflected = [term(form, language) for form in forms]
    spans: set[tuple[int, int]] = set()

    def readings(leaf: Misread) -> list[str]:
        return [read for read in misreadings(leaf.word) if read == leaf.word or read not in leaf.without]

    def like(word: str, edits: int) -> list[str]:
        return [form for form in forms if between(form, word, edits) is not None]

    for leaf in looked_for:
        if leaf.field not in (None, field):
            continue
        match leaf:
            case Word(word):
                spans |= {(n, n) for n, known in enumerate(inflected) if known == term(word, language)}
            case Prefix(letters):
                spans |= {(n, n) for n, form in enumerate(forms) if form.startswith(letters)}
            case Fuzzy(word, edits):
                spans |= {(n, n) for n, form in enumerate(forms) if form in like(word, edits)}
            case Misread():
                for read in readings(leaf):
                    spans |= set(rows(tuple(inflected), tuple(term(part, language) for part in read.split())))
            case Exact(wanted) | Phrase(wanted):
                among = forms if isinstance(leaf, Exact) else inflected
                terms = wanted if isinstance(leaf, Exact) else tuple(term(word, language) for word in wanted)
                last = len(terms) - 1
                spans |= {(n, n + last) for n in range(len(among) - last) if tuple(among[n : n + last + 1]) == terms}
            case Near(wanted, distance):
                bag = Counter(term(word, language) for word in wanted)
                having = [
                    (a, b)
                    for a in range(len(inflected))
                    for b in range(a, len(inflected))
                    if bag <= Counter(inflected[a : b + 1])
                ]
                minimal = [(a, b) for a, b in having if (a + 1, b) not in having and (a, b - 1) not in having]
                narrow = [(a, b) for a, b in minimal if b - a + 1 - len(wanted) <= distance]
                spans |= {(n, n) for a, b in narrow for n in range(a, b + 1) if inflected[n] in bag}
            case Together(parts):
                said = Article(
                    "one", text if field == "text" else "", text if field == "title" else "", language=language
                )
                each = [
                    [
                        place
                        for one in alternatives(part) or ()
                        for place in places_of(one, said, field, like, readings, unnamed)
                    ]
                    for part in parts
                ]
                taking = taking_part(leaf, said, field, each)
                if leaf.within == "next":  # the whole of each, and what is between its words
                    for part, following in pairwise(taking):
                        spans |= {(a[0], b[1]) for a in part for b in following if a[1] + 1 == b[0]}
                else:
                    spans |= set().union(*taking)
            case _:
                assert_never(leaf)
    covered: list[Mark] = []
    for start, end in sorted((words[a].start, words[b].end) for a, b in spans):
        if covered and start < covered[-1][1]:
            covered[-1] = (covered[-1][0], max(end, covered[-1][1]))
        else:
            covered.append((start, end))
    return tuple(covered)


def test_title_words_mark_the_title() -> None:
    assert Marker(leaves(parse("title:treaty").tree), "en").marks("A treaty", "title") == ((2, 8),)


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippets("zebra") == Marker([], "en").snippets(TEXT) == (Snippet(plain_passages.lead_of(TEXT, "en")),)
    assert snippets("zebra")[0].text.startswith("Mr. Reagan met")
    assert snippets("zebra", "") == snippets("zebra", " \n") == ()


def test_the_passages_with_most_of_the_query_are_shown_in_the_order_of_the_text() -> None:
    def shown(query: str, *sentences: str) -> list[str]:
        return [snippet.text for snippet in snippets(query, "\n\n".join(sentences))]

    one, twice, both, other = "A gas.", "The oil of oil.", "Oil for gas.", "Oil again."
    assert shown("oil gas", one, twice, both, other) == [twice, both]  # different words first, then how many
    assert shown("oil gas", other, one, twice) == [other, twice]  # of equals the earliest
    assert shown("oil", one, other) == [other]


def test_sentences_that_follow_each_other_are_one_passage() -> None:
    one, other, between = sentence(200, "oil"), sentence(200, "gas"), "Rain.\n\n"
    (shown,) = snippets("oil gas", f"{between}{one} \n{other}\n\nSnow.")

    assert shown == Snippet(f"{one}  {other}", ((0, 3), (202, 205)))
    for apart in ("\n\n", " Rain. "):
        assert [each.text for each in snippets("oil gas", f"{one}{apart}{other}")] == [one, other]


def sentence(length: int, word: str = "x") -> str:
    """A sentence of so many characters, which begins with a word."""
    return f"{word.title()} ".ljust(length - 1, "y") + "."


@cases("length, cut", [(240, False), (360, False), (361, True)])
def test_a_sentence_is_shown_whole_up_to_half_as_much_again(length: int, cut: bool) -> None:
    (shown,) = snippets("needle", sentence(length, "needle"))

    assert shown.text.endswith(" …") == cut
    assert (len(shown.text) == length) == (not cut)


@cases("length, taken", [(99, True), (100, False)])
def test_a_passage_takes_in_the_next_sentence_while_it_fits(length: int, taken: bool) -> None:
    """140 characters, a space, and the next: 240 in all."""
    (shown,) = snippets("needle", f"{sentence(140, 'needle')} {sentence(length)} End.")

    assert len(shown.text) == (240 if taken else 140)


def test_passages_are_looked_for_in_the_beginning_of_a_very_long_text() -> None:
    most = passages.MAX_CHARACTERS
    assert marked("needle", "x. " * (most // 3 - 3) + "A needle.") == ["needle"]
    assert marked("needle", "x. " * (most // 3 + 3) + "A needle.") == []


def test_a_phrase_in_a_field_is_marked_in_this_field_alone() -> None:
    for phrase in ('"a b"', '"a b"~2', '="a b"', '"a b c"'):
        for field, other in (("title", "text"), ("text", "title")):
            marker = Marker(leaves(parse(f"{field}:{phrase}").tree), "en")
            assert marker.marks("a b c", field)
            assert not marker.marks("a b c", other)


def test_a_sentence_without_end_is_cut_around_its_mark() -> None:
    text = "word " * 500 + "needle " + "word " * 500
    (shown,) = snippets("needle", text)

    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert len(shown.text) < 260
    assert marked("needle", text) == ["needle"]


@given(st.text("ab .!\n\"'é中", max_size=300), st.sampled_from(["a", "b", "ab", '"a b"', "é", "中"]))
def test_marks_lie_within_the_snippet_and_apart(text: str, query: str) -> None:
    for shown in snippets(query, text):
        end = 0
        for start, stop in shown.marks:
            assert end <= start < stop <= len(shown.text)
            end = stop


@pytest.mark.check
def test_stems_begin_as_their_words_do() -> None:
    """What lets most words of a text be passed over."""
    seeds = Path(__file__).parents[3] / "seeds"
    text = " ".join(file.read_text("utf-8") for file in sorted(seeds.rglob("*.txt")))
    endings = [
        "",
        *["s", "es", "ies", "ied", "ing", "ingly", "ed", "edly", "er", "ly", "ation", "ness", "ity", "y", "ying"],
    ]
    short = ["".join(letters) for size in (1, 2) for letters in product(ascii_lowercase, repeat=size)]
    words = {begun + ending for begun in [*short, *(token.word[:-2] for token in tokens(text))] for ending in endings}
    words.discard("")

    assert len(words) > 10_000
    three = {"".join(letters) for letters in product(ascii_lowercase, repeat=3)}
    more = {"en": three.union(begun + ending for begun in three for ending in ("s", "ed", "ing", "ies"))}
    for language in KEEPING:
        stems = {word: stem(word, language) for word in words | more.get(language, set())}
        assert [word for word, one in stems.items() if not word.startswith(tuple(beginnings(one, language)))] == []


SIGNS = st.sampled_from(
    ["a", "Word", "word", "Mr", "Sept", "Septe", "U", "é", "É", "1", "中", "_", ".", "...", "!", "…", "。", "'", "”",
     ")", "“", "(", " ", "  ", "\n", "\n\n", "\n \n", "\t", "\u3000", "\xa0", "\u0301", "\ufe70", "・", "ﾞ",
     "\U0001f600", "„", "«", "»", "–", "¿", "17", "Nr", "févr", "\u202f"]
)  # fmt: skip


SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30), st.integers(0, 3), st.integers(0, 40)), max_size=6)


@examples(300)
@given(
    st.lists(st.tuples(st.lists(SIGNS, max_size=60).map("".join), st.integers(0, 12), SPANS), min_size=1, max_size=3),
    LANGUAGES,
)
def test_passages_are_those_that_regular_expressions_choose(
    drawn: list[tuple[str, int, list[passages.Span]]], language: str | None
) -> None:
    texts = [(text + " ") * times for text, times, _ in drawn]
    found = [
        sorted(
            (
                (start, start + size, leaf, reach)
                for start, size, leaf, more in spans
                if (reach := start + size + more) <= len(text) and not text[reach - 1].isspace()
            ),
            key=lambda span: (span[0], -span[3], -span[1]),
        )
        for text, (_, _, spans) in zip(texts, drawn, strict=True)
    ]
    rows = np.array([span for spans in found for span in spans], np.int32).reshape(-1, 4)
    ends = np.cumsum([len(spans) for spans in found], dtype=np.int64)

    assert passages.choose(texts, points.joined(texts), passages.Found(rows, ends), 4, language) == [
        plain_passages.choose(text, spans, language) for text, spans in zip(texts, found, strict=True)
    ]


@given(st.lists(st.lists(PIECES, max_size=6).map(" ".join), max_size=4), leaf_texts(QUERIED))
def test_several_texts_are_marked_as_each_is(texts: list[str], query: str) -> None:
    looked_for = tuple(leaves(parse(query).tree))
    together = Marker(looked_for, "en")

    assert together.all_snippets(texts) == [Marker(looked_for, "en").snippets(text) for text in texts]
    assert together.all_marks(texts, "title") == [Marker(looked_for, "en").marks(text, "title") for text in texts]


@examples(300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["oil", "Oils", "OILY", "o'il", "l'oil", "lʼoil", "d’oil", "öil", "o\u0301il", "xoil",
                             "_oil",
                             "3oil", "中oil", "oi", "ox", "OX’s", "oxe", "box", "x'ox",
                             "ｏｘ", "trade", "Tradings", "t", ""]),
            st.integers(0, 70),
            st.sampled_from(["-", "a", "é", " ", "'", "中", "\u0301", "ab "]),
        ),
        max_size=12,
    ),
    st.sampled_from(["oil", "=oil", "ox", "oil OR trade*", "trade ox oil", "=ox OR oilx~1"]),
    st.sampled_from(["en", "fr"]),
)  # fmt: skip
def test_a_word_is_found_wherever_it_stands(pieces: list[tuple[str, int, str]], query: str, language: str) -> None:
    """Most stretches of a text are looked through for the first letters of words only."""
    text = "".join(f"{word}{sign * times}" for word, times, sign in pieces)
    looked_for = tuple(leaves(parse(query).tree))
    texts = [text, text[::-1], text]

    assert Marker(looked_for, language).all_marks(texts, "text") == [
        plain_marks(looked_for, one, "text", language) for one in texts
    ]


def test_every_code_point_is_what_its_character_is() -> None:
    kinds = points.kinds()
    signs = {sign: int(kinds[ord(sign)]) for sign in map(chr, range(len(kinds)))}

    assert [sign for sign, kind in signs.items() if bool(kind & kernels.SPACE) != sign.isspace()] == []
    assert [sign for sign, kind in signs.items() if bool(kind & kernels.ALNUM) != sign.isalnum()] == []
    assert [sign for sign, kind in signs.items() if bool(kind & kernels.DECIMAL) != sign.isdecimal()] == []
    words = {match[0] for match in runs(" ".join(sign for sign in signs if not sign.isspace()))}
    letters = {sign for sign, kind in signs.items() if kind & (kernels.LETTER | kernels.IDEOGRAPH)}
    assert words == letters
    assert [sign for sign in words if not kinds[ord(sign)] & kernels.VOID and not fold_word(sign)] == []
    assert not any(sign.isalnum() or sign.isspace() for sign in map(chr, range(len(kinds), 0x110000)))


ODD = ["t", "é", "中t", "t'", "’", "'t", "é’t ", "t\u0301", "the ", "_", "tt tt. ", "\n", "  t", "\t ", ".) ", "U.S. "]
ASKED = ['t tt* "the tt" "t the"~9 tttt~', "tt* OR the OR ttu~1"]


@cases("number, piece", enumerate(ODD))
def test_an_odd_text_takes_no_longer(amount: Callable[..., int], number: int, piece: str) -> None:
    """Ten times the text takes about ten times as long, whatever it is made of."""
    text = piece * (200_000 // len(piece))
    for query in [ASKED[number % 2], ASKED[1 - number % 2]][: amount(2, few=1)]:
        sought = tuple(leaves(parse(query).tree))
        _marked(sought, piece)  # which loads kernels, or compiles them

        assert waiting.cpu_seconds(partial(_marked, sought, text), runs=1) < 3


def _marked(looked_for: tuple[Leaf, ...], text: str) -> tuple[Snippet, ...]:
    return Marker(looked_for, "en").snippets(text)


def test_a_long_article_is_quick() -> None:
    text = "The minister spoke of trade and talks in Paris. " * 2500
    query = 'trade "talks in paris" min* "minister paris"~9 tlaks~ =of'

    assert waiting.cpu_seconds(lambda: snippets(query, text)) < 1
