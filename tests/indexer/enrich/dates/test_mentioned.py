"""The dates that a text mentions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.dates import mentioned as module
from indexer.enrich.dates.mentioned import enrich
from search.values.article import Article
from tests.cases import cases

ENGLISH = languages.default()

WORDS = st.sampled_from(["On", "in", "June", "May", "18", "5th", "1998", "2023-06-18", "of", "the", "Monday", "café"])


def mentioned(text: str) -> tuple[str, ...]:
    return enrich(Article("a", text, published="2023-06-01", language="en")).mentioned


def test_days_and_years_are_found() -> None:
    assert mentioned("They met on 18 June and in 1998.") == ("2023-06-18", "1998")
    assert mentioned("They met on Monday in May.") == ()


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_other_letters_change_no_date(text: str) -> None:
    assert mentioned(text) == mentioned(f"{text} – é")


MONTHS = st.sampled_from(["June", "JUNE", "JUne", "Junes", "May", "Sept", "Sep", "Mar", "Jan Jan"])
NUMBERS = st.sampled_from(["1", "18", "1998", "2023-06-18"])
OTHERS = st.sampled_from([".", ",", ":", "£", "-", " ", " ", " ", "\n", "é", "the"])


@given(st.lists(MONTHS | NUMBERS | OTHERS, max_size=20).map("".join))
def test_dates_are_found_where_a_plain_search_finds_them(text: str) -> None:
    assert [match.span() for match in module._in_words(text, ENGLISH)] == [
        match.span() for match in ENGLISH.pattern(module.IN_WORDS).finditer(text)
    ]


@cases(
    "language, text, found",
    [
        ("fr", "Le 1er février 2019, le 14 août et en DÉCEMBRE 2018.", ("2019-02-01", "2019-08-14", "2018-12")),
        ("fr", "Depuis 1995, de 1914 à 1918, et près de 2000 personnes.", ("1995", "1914", "1918")),
        ("fr", "Le 31 février, en mai et le 3e mars.", ()),
        ("de", "Am 3. März 2019, im Jänner 2020 und am 11.09.2001.", ("2019-03-03", "2020-01", "2001-09-11")),
        ("de", "Seit 1989 sind nach 2000 Menschen weitere gekommen, um 14.30 Uhr.", ("1989",)),
        ("en", "It may 2020 times, on 11.09.2001.", ()),
    ],
)
def test_days_are_found_in_the_words_of_the_language(language: str, text: str, found: tuple[str, ...]) -> None:
    assert enrich(Article("a", text, language=language, published="2019-06-01")).mentioned == found
