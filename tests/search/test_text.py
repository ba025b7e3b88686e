from __future__ import annotations

import unicodedata
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from search.names.vocabulary import vocabulary
from search.text.tokens import (
    SNOWBALL,
    SUFFIX_STEMMERS,
    beginning,
    fold,
    fold_word,
    is_letter,
    runs,
    stem,
    term,
    terms,
    tokens,
)
from tests.cases import cases


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


@cases(
    "text, expected",
    [
        ("Blinken’s visit", ["blinken", "visit"]),
        ("O'Brien", ["obrien"]),
        ("l'économie d’être", ["economie", "etre"]),
        ("cease-fire", ["cease", "fire"]),
        ("U.S. 1987's", ["u", "s", "1987"]),
        ("İstanbul Straße Øresund ﬁne Łódź", ["istanbul", "strasse", "oresund", "fine", "lodz"]),
        ("e\u0301te\u0301", ["ete"]),
        ("中国 news", ["中", "国", "news"]),
        ("ニュース", ["ニ", "ュ", "ー", "ス"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("snake_case 🚀 rocket", ["snake", "case", "rocket"]),
        ("한국 뉴스", ["한국", "뉴스"]),
        ("…—!?", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=80))
def test_tokens_stand_where_they_say(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert fold_word(text[token.start : token.end]) == token.word
        end = token.end


@given(st.text(max_size=40))
def test_a_folded_word_is_one_word_and_folds_to_itself(text: str) -> None:
    for token in tokens(text):
        assert words(token.word) == [token.word]


@given(st.text(max_size=40))
def test_case_and_accents_do_not_matter(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_stems_are_of_the_language() -> None:
    assert stem("talks", "en") == stem("talking", "en") == "talk"
    assert stem("chevaux", "fr") == stem("cheval", "fr")
    assert stem("talks", "xx") == "talks"


def test_a_term_belongs_to_the_stemmer_that_made_it() -> None:
    assert [term("plane", language) for language in (None, "en", "fr", "xx", "zh")] == [
        "plane", "plane", "plan|fr", "plane|", "plane|"
    ]  # fmt: skip
    assert term("talene", "nb") == term("talene", "no") == "tal|nb"


def test_irregular_plurals_are_their_singulars() -> None:
    pairs = {"women": "woman", "policemen": "policeman", "children": "child", "crises": "crisis", "feet": "foot"}

    assert {plural: term(plural, "en") for plural in pairs} == {p: term(one, "en") for p, one in pairs.items()}
    assert term("specimen", "en") == "specimen"
    assert term("women", "de") == "wom|de"


def test_terms_are_the_words_as_indexed() -> None:
    assert terms("The talks", None) == ["the", "talk"]


@cases(
    "written, word",
    [
        ("a" * 63 + "b", "a" * 63 + "b"), ("a" * 64 + "b", "a" * 64), ("a" * 10_000, "a" * 64),
        ("e\u0301" * 64, "e" * 64), ("l'" + "a" * 63 + "b", "a" * 63 + "b"), ("ß" * 33, "s" * 64),
        ("o'" * 40 + "a", "o" * 40 + "a"), ("a" * 64 + "'s", "a" * 64),
    ],
)  # fmt: skip
def test_a_word_is_cut_at_64_letters_once_it_is_folded(written: str, word: str) -> None:
    assert words(written) == [word]


def test_a_mark_belongs_to_its_word_and_what_is_next_to_it_does_not() -> None:
    marks = {c for c in range(0x300, 0xFE30) if unicodedata.category(chr(c)) in ("Mn", "Mc")}
    others = {c for mark in marks for c in (mark - 1, mark + 1) if c not in marks and not chr(c).isalnum()}

    assert {c for c in marks | others if len(list(runs(f"a{chr(c)}b"))) == 1} == marks


@cases("language", SNOWBALL)
def test_every_language_has_a_stemmer_and_a_name(language: str) -> None:
    """The algorithm is that of the language's English name, but for the two written forms of Norwegian."""
    known = vocabulary("language").label(language).lower()

    assert SNOWBALL[language] == ("norwegian" if language in ("nb", "nn", "no") else known)
    assert stem("zebras", language)
    assert len({*SNOWBALL, *SUFFIX_STEMMERS}) == len(SNOWBALL)


@cases(
    "word, letter",
    [("w", True), ("7", True), ("é", True), ("ж", True), ("中", False), ("ア", False), ("us", False)],
)
def test_a_single_letter_is_a_word_where_one_sign_is(word: str, letter: bool) -> None:
    assert is_letter(word) == letter


@given(st.text(max_size=200), st.integers(0, 6))
def test_the_beginning_of_a_text_has_its_first_words_however_long_it_is(text: str, most: int) -> None:
    first = [word for run in list(runs(text))[:most] if (word := fold_word(run[0]))]

    assert beginning(text, most) == Counter(first)
