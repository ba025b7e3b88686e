"""Sentences end where they end, and headlines are told from them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.persons import trait
from indexer.enrich.persons.tagger.sentences import MOST_PARTICLES, Sentence, Text, sentences
from indexer.enrich.shared import words
from tests import waiting
from tests.indexer.enrich.persons.tagger import plain_sentences

ENGLISH = languages.default()

PIECES = st.sampled_from(
    ["The", "the", "OIL", "of", "McNeil", "al-Amin", "Élan", "J.", "U.S.", "Mr.", "9.5", "1,000", "don't", "O’Neill",
     "’s", ".", "!", "...", '"', "”", ")", ",", " ", " ", " ", "\n", "\n \n", "\t", "\xa0", "\u2028", "e\u0301", "字",
     "_", "ʼ", "S", "s", "Ph.D.", "p.m.", "Ph.", "p.", "J", "É.",
     "1.", "2:", "3-4a", "/", "-", "‑", "'", "\u0903", "½", "٣", "\n", "  ",
     "van", "\U0001f600", "\ud800", "de ", "x" * 201, "Yes. " * 60, "word " * 201]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = "Mr. Smith met Gen. J. F. Brown of the U.S. Army on Nov. 3 in Washington. They talked."
    assert len(sentences(text, ENGLISH)) == 2


def test_lists_of_names_are_no_headlines() -> None:
    (names,) = sentences("Gary Lineker, Peter Shilton, Bobby Moore, Kevin Keegan", ENGLISH)
    (headline,) = sentences("Lineker Says England Should Have Won The Final", ENGLISH)
    assert not names.headline_like
    assert headline.headline_like


@given(TEXTS)
def test_compiled_sentences_are_those_of_plain_steps(text: str) -> None:
    found = sentences(text, ENGLISH)

    assert [(list(each.words), list(each.starts)) for each in found] == list(plain_sentences.sentences(text))
    assert [end for end in found.ends.tolist()] == np.cumsum([len(each.words) for each in found]).tolist()
    assert found.numbers.tolist() == [number for each in found for number in each.numbers]
    for each in found:
        assert list(each.capitals) == [at for at, word in enumerate(each.words) if word[0].isupper()]
        assert each.headline_like == plain_sentences.headline_like(each.words)
        assert [each.table.spellings[number] for number in each.numbers] == each.words


def test_words_stand_after_any_white_space() -> None:
    for space in (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()):
        (found,) = sentences(f"a{space}b", ENGLISH)

        assert found.starts == [0, 2], ascii(space)


def test_a_full_table_is_replaced_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ann Lee met Bo Li in Rome. They talked."
    before = sentences(text, ENGLISH)
    monkeypatch.setattr(words, "MOST", 2)
    after = sentences(text, ENGLISH)

    assert after[0].table is not before[0].table
    assert [each.words for each in after] == [each.words for each in before]


def test_columns_are_found_once_a_word() -> None:
    asked: list[str] = []

    def long(_table: words.Table, some: Sequence[str], _numbers: words.Numbers) -> tuple[list[int]]:
        asked.extend(some)
        return ([len(word) for word in some],)

    table, columns = words.Table(ENGLISH), words.Columns((np.int32,), long)
    for text in (["one", "three"], ["three", "three", "eleven"]):
        numbers = table.numbers(text)
        assert columns.of(table, numbers)[0][numbers].tolist() == [len(word) for word in text]

    assert sorted(asked) == ["eleven", "one", "three"]


HARD = (
    "A. ", "1.,:/-", "'s", "\n ", "A." + " " * 50, "1,", "a9", "_", "a_", "a'", "a-", "...", ".", "\n\n", "e\u0301",
    "Mr.",
)  # fmt: skip


def test_time_grows_as_length_does(amount: Callable[..., int]) -> None:
    for piece in HARD[: amount(len(HARD), few=4)]:

        def splitting(size: int, piece: str = piece) -> Callable[[], object]:
            text = piece * (size // len(piece))
            return lambda: sentences(text, ENGLISH)

        assert waiting.grows_less(20, splitting, 20_000, 160_000, least_s=0.001), piece


_NAMED = ["Jane", "Doe", "Jr", "van", "der", "y", "de", "al-Amin", "said", ",", "and", "&", ";", "1", "“", "Élan", "of"]


def _plain_runs(sentence: Sentence) -> list[tuple[int, int]]:
    """The runs of two capitalised words or more, with particles between them."""
    words, capital, found, at = sentence.words, sentence.capitals, [], 0
    goes_on = [trait.of(word, ENGLISH) & (trait.UPPER | trait.SMALL_SURNAME) for word in words]
    while at < len(words) - 1:
        first, at = at, at + 1
        if first not in capital or not (goes_on[at] or trait.of(words[at], ENGLISH) & trait.SMALL_PARTICLE):
            continue
        while at < len(words):
            inside = at
            while inside < len(words) and words[inside] in ENGLISH.words("inside") and inside < at + MOST_PARTICLES:
                inside += 1
            if inside == at and goes_on[at]:
                at += 1
            elif inside > at and inside < len(words) and trait.of(words[inside], ENGLISH) & trait.UPPER:
                at = inside + 1
            else:
                break
        if at - first > 1:
            found.append((first, at))
    return found


@given(st.lists(st.lists(st.sampled_from(_NAMED), min_size=1, max_size=14), min_size=1, max_size=4))
def test_runs_lists_and_capitals_are_those_of_each_sentence(some: list[list[str]]) -> None:
    whole = Text.of([Sentence.of(each, ENGLISH) for each in some])
    runs = [(number, *run) for number, each in enumerate(whole) for run in _plain_runs(each)]
    assert [tuple(run) for run in whole.runs] == runs
    assert whole.listing == [sum(map(each.count, ENGLISH.listed("between"))) for each in some]
    assert [whole.table.spellings[number] for number in whole.capitals] == [
        word for each in some for word in each if word[0].isupper()
    ]


@given(TEXTS)
def test_a_text_knows_the_same_of_its_sentences_when_they_are_put_together_again(text: str) -> None:
    whole = sentences(text, ENGLISH)
    assume(len(whole))
    again = Text.of(list(whole))
    for name in ("runs", "listing", "capitals"):
        assert getattr(again, name) == getattr(whole, name)
