from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from search.results import Snippet
from search.snippets import Marker, lead_of
from search.syntax import Phrase, Prefix, Word, leaves, parse
from search.text import stem, tokens

TEXT = (
    "Mr. Reagan met Mr. Gorbachev in Reykjavik on Oct. 11. They talked for ten hours. No treaty was signed.\n\n"
    "In Washington the talks were called a failure. Both men said that they would meet again.\n\n"
    "The treaty on missiles was signed in Washington a year later."
)


def snippets(query: str, text: str = TEXT) -> tuple[Snippet, ...]:
    return Marker(leaves(parse(query).tree), "en").snippets(text)


def marked(query: str, text: str = TEXT) -> list[str]:
    return [s.text[a:b] for s in snippets(query, text) for a, b in s.marks]


def test_whole_sentences_are_shown() -> None:
    assert [s.text for s in snippets("treaty washington")] == [
        "No treaty was signed.",
        "The treaty on missiles was signed in Washington a year later.",
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert snippets("reagan")[0].text.startswith("Mr. Reagan met Mr. Gorbachev in Reykjavik on Oct. 11.")


def test_a_phrase_is_marked_as_one() -> None:
    assert marked('"treaty on missiles"') == ["treaty on missiles"]


def test_only_what_matched_is_marked() -> None:
    assert marked('"signed in washington" failure') == ["signed.  In Washington", "failure", "signed in Washington"]
    assert marked('"signed in washington a year"') == ["signed in Washington a year"]
    assert marked("NOT treaty reagan") == ["Reagan"]


def test_inflections_and_prefixes_are_marked() -> None:
    assert marked("talk") == ["talked", "talks"]
    assert marked("gorb*") == ["Gorbachev"]


@given(
    st.lists(
        st.sampled_from(
            ["Talks", "talked", "l'Été", "d’été", "trade", "TRADE", "ﬁne", "fine", "Österreich", "osterreich", "can't"]
        ),
        max_size=9,
    ),
    st.sampled_from(["talk", "ete", "trade", "fine", "osterreich", "cant", '"trade fine"', "tr*", "e*te", "été trade"]),
    st.sampled_from(["en", "fr", "de", "id", "ga", "xx", None]),
)
def test_what_is_marked_is_what_matches(words: list[str], query: str, language: str | None) -> None:
    text = " ".join(words)
    leaf = tuple(leaves(parse(query).tree))
    found = [text[a:b] for a, b in Marker(leaf, language).marks(text, "text")]
    terms = [stem(token.word, language) for token in tokens(text)]
    expected = []
    for at, token in enumerate(tokens(text)):
        for one in leaf:
            wanted = one.words if isinstance(one, Phrase) else ()
            stems = [stem(word, language) for word in wanted]
            hit = (
                (isinstance(one, Word) and stem(one.word, language) == terms[at])
                or (isinstance(one, Prefix) and token.word.startswith(one.letters))
                or (stems and terms[at : at + len(stems)] == stems)
            )
            if hit:
                expected.append(text[token.start : token.end])

    assert [word.split()[0] for word in found] == expected


def test_title_words_do_not_mark_the_text() -> None:
    assert marked("title:treaty") == []
    assert Marker(leaves(parse("title:treaty").tree), "en").marks("A treaty", "title") == ((2, 8),)


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippets("zebra")[0].text == lead_of(TEXT)
    assert lead_of(TEXT).startswith("Mr. Reagan met")
    assert lead_of("") == ""


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


def test_a_long_article_is_quick() -> None:
    text = "The minister spoke of trade and talks in Paris. " * 2500
    began = time.perf_counter()
    snippets('trade "talks in paris" min*', text)

    assert time.perf_counter() - began < 1
