"""What is true of a word by itself, against its definition step by step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.kernels import reading
from indexer.enrich.shared import words
from indexer.enrich.shared.lexicon import FLAGS, flags
from search.text.tokens import fold
from tests import waiting
from tests.cases import cases

ENGLISH = languages.default()

WORDS = st.sampled_from(
    ["The", "the", "OIL", "of", "President", "Mr", "mr.", "McNeil", "al-Amin", "Élan", "ß", "J.", "U.S.", "9.5", "IBM",
     "Inc", "O’Neill", "’s", ".", "...", '"', "”", "|", "ǅ", "Ⓐ", "Ⓐ.", "ª", "Kim", "Paris", "French", "University",
     "inc", "Monday", "may", "Bank", "e\u0301", "字"]
) | st.text("aAzZéÉ-.'1|", min_size=1, max_size=5)  # fmt: skip


def plain_bits(word: str) -> set[str]:
    letter, capital, known = word[0].isalpha(), word[0].isupper(), flags(word, ENGLISH)
    true = {
        "LOWER_FIRST": word[0].islower(),
        "UPPER_FIRST": capital,
        "STOP": word in words.STOPS,
        "CLOSING": word in words.CLOSING,
        "LOWER": word.islower(),
        "LETTER": letter,
        "LOUD": letter and len(word) > 1 and word.isupper(),
        "MIXED": letter and any(map(str.islower, word)),
        "LONG": letter and len(word) > 3,
        "CONTENT": letter and capital and len(word) > 3,
        "LONGER": capital and len(word) > 2,
        "FIRM": capital and len(word) > 2 and "o" in known,
        "LEADS": capital and ("g" in known or "t" in known or (len(word) == 2 and word[1] == ".")),
    }
    return {name for name, is_true in true.items() if is_true}


def plain_flags(word: str) -> set[str]:
    folded, capital = fold(word).rstrip("."), word[0].isupper()
    places = ENGLISH.table("places").get(word, ())
    titles = {fold(part).rstrip(".") for title in ENGLISH.table("titles") for part in title.split() if len(part) > 2}
    true = {
        "g": capital and word in ENGLISH.table("given"),
        "f": capital and word in ENGLISH.table("surname"),
        "e": capital and "family-first" in ENGLISH.table("words").get(word, ()),
        "p": capital and places and "demonym" not in places,
        "d": capital and "demonym" in places,
        "o": capital and folded in ENGLISH.words("organisation"),
        "c": capital and folded in ENGLISH.words("calendar"),
        "b": capital and word in ENGLISH.table("brands"),
        "h": capital and folded in ENGLISH.words("head"),
        "t": folded in titles,
        "l": folded in ENGLISH.words("particle"),
    }
    return {flag for flag, is_true in true.items() if is_true}


@given(WORDS)
def test_bits_are_those_of_the_definition(word: str) -> None:
    table = words.Table(ENGLISH)
    numbers = table.numbers([word])
    bits, lengths, small = (column[numbers[0]] for column in words.LOOKS.of(table, numbers))
    names = ("LOWER_FIRST", "UPPER_FIRST", "STOP", "CLOSING", "LOWER", "LETTER", "LOUD", "MIXED", "LONG", "CONTENT",
             "LONGER", "FIRM", "LEADS")  # fmt: skip

    assert {name for name in names if bits & getattr(reading, name)} == plain_bits(word)
    assert {flag for at, flag in enumerate(FLAGS) if bits >> reading.FLAGS_FROM + at & 1} == set(flags(word, ENGLISH))
    assert (lengths, table.spellings[small]) == (len(word), word.lower())


@given(WORDS)
def test_flags_are_those_of_the_tables(word: str) -> None:
    assert set(flags(word, ENGLISH)) == plain_flags(word)


@cases("name", ["given", "surname", "words", "places", "brands", "titles"])
def test_flags_of_the_words_in_a_table(name: str) -> None:
    for word in list(ENGLISH.table(name))[::97]:
        for form in (word, word.lower(), word.upper()):
            assert set(flags(form, ENGLISH)) == plain_flags(form), form


@given(
    st.lists(st.lists(WORDS | st.sampled_from(["\n", "\n\n", "", "x" * 200, "x" * 201, "\ud800", "\0"])), max_size=4)
)
def test_words_are_numbered_in_the_order_in_which_they_are_met(texts: list[list[str]]) -> None:
    table, spellings = words.Table(ENGLISH), ["\n"]
    for text in texts:
        expected = []
        for word in text:
            if not word or word[0] == "\n" or len(word) > words.LONGEST:
                expected.append(0)
                continue
            if word not in spellings:
                spellings.append(word)
            expected.append(spellings.index(word))

        assert table.numbers(text).tolist() == expected
        assert table.spellings == spellings


def test_a_table_grows() -> None:
    table = words.Table(ENGLISH)
    many = [f"{number:x}" * (1 + number % 9) for number in range(20_000)]
    numbers = table.numbers(many)

    assert [table.spellings[number] for number in numbers.tolist()] == many
    assert table.numbers(many[::-1]).tolist() == numbers.tolist()[::-1]


def test_an_interrupted_table_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise TimeoutError

    table = words.current(ENGLISH)
    with monkeypatch.context() as patch:
        patch.setattr(table._index, "number", interrupt)
        with pytest.raises(TimeoutError):
            table.numbers(["interrupted"])

    assert words.current(ENGLISH) is not table


def test_time_grows_as_the_number_of_words_does() -> None:
    def numbering(size: int) -> Callable[[], object]:
        some = [f"word{number}" for number in range(size)]
        return lambda: words.Table(ENGLISH).numbers(some)

    assert waiting.grows_less(20, numbering, 5_000, 40_000)
