from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from search.names.vocabulary import vocabulary
from search.text.tokens import (
    SNOWBALL,
    SUFFIX_STEMMERS,
    as_typed,
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
from tests.waiting import grows_less


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


@cases(
    "contractions, expected",
    [
        ("we'll we’re he'll she'd I'd I'm it's", "we we he she i i it"),
        ("they've who're there're Reagan'll", "they who there reagan"),
        ("DON’T can't won't shan't weren't couldn't've I'd've mustn't", "do can will shall were could i must"),
        ("l'Allemagne d’être qu'il s'en j'ai qu'à l'a n'a", "allemagne etre il en ai a a a"),
        ("l'11 d'l'eau l'Oréal's", "11 eau oreal"),
        ("dell'Italia dall’Europa quell'anno un'amica c'è dell'11", "italia europa anno amica e 11"),
        ("l'Estat d'Andorra s'ha se'n dona'm", "estat andorra ha se dona"),
        ("d'água geht's so'n auf'm zo'n van't z'n auto's", "agua geht so auf zo van zijn auto"),
        ("d’fhág b'ionann gyda'r i'r mae'n γι'αυτό d'Regierung", "fhag ionann gyda i mae αυτο regierung"),
        ("o'er ne'er ma'am c'mon y'all", "over never madam come you"),
    ],
)  # fmt: skip
def test_a_contraction_is_its_word(contractions: str, expected: str) -> None:
    assert words(contractions) == expected.split()


@cases(
    "name, expected",
    [
        ("Xi'an Chang'e Sana'a Baha'i Hawai'i Qur'an As'ad Sa'd", "xian change sanaa bahai hawaii quran asad sad"),
        ("N'Djamena M'Bappé N'Golo B'Tselem O'Brien", "ndjamena mbappe ngolo btselem obrien"),
        ("A's C's T's rock'n'roll o'clock aujourd'hui sant'Agata", "a c t rocknroll oclock aujourdhui santagata"),
        ("м'яч обʼєкт so'm workersʼ", "мяч обєкт som workers"),
    ],
)
def test_another_word_with_an_apostrophe_is_whole(name: str, expected: str) -> None:
    assert words(name) == expected.split()


def test_no_contraction_is_found_by_another_word() -> None:
    others = (
        "well were hell shell wed shed id ill im wont cant whore la na il ma ta sen son zon mel ten dr vant ir or ar"
    )
    contractions = """we'll we're he'll she'll we'd she'd I'd I'll I'm won't can't who're l'a n'a m'a t'a se'n so'n zo'n
        me'l te'n d'r van't i'r o'r a'r"""

    assert not set(words(contractions)) & set(others.split())


@given(st.text("aeiouwhltdrsnmqvc'’ʼ", max_size=30))
def test_a_word_begins_as_it_is_written_or_after_an_apostrophe(text: str) -> None:
    for run in runs(text):
        assert fold_word(run[0])[0] in {part[0] for part in re.split("['’ʼ]", run[0])}


@cases("text, part, said", [
    ("Präsident ÖL", "prasident AND ol", "Präsident AND ÖL"),
    ('"präsident öl"*', '"prasident ol"', '"präsident öl"'),
    ("l'été", "ete", "l'été"),
    ("oil", "gas~ocr", "gas~ocr"),
])  # fmt: skip
def test_a_part_of_a_query_has_its_words_as_they_were_typed(text: str, part: str, said: str) -> None:
    assert as_typed(part, text) == said


def test_the_parts_of_a_query_are_written_in_linear_time() -> None:
    def prepared(size: int) -> Callable[[], object]:
        words = [f"é{n}" for n in range(size)]
        text = " ".join(words)
        return lambda: [as_typed(word, text) for word in words]

    assert grows_less(30, prepared, 50, 500)


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
