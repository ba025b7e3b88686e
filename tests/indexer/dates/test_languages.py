"""Dates as Babel formats them in each of its languages, read back."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date

from babel import Locale, localedata
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from indexer.dates import lines, printed
from search.text import date_words
from tests.cases import cases
from tests.tiers import examples

LOCALES = sorted(name for name in localedata.locale_identifiers() if name != "root")
DAYS = st.dates(date(1900, 1, 1), date(2025, 12, 31))
WITHOUT_NAMES = re.compile(r"M\d|#\d|\d[,. ]\d")
"""Dates in numbers, and those of languages whose months have no names in CLDR."""
KNOWN = ["ca", "cs", "da", "de", "en", "en_GB", "es", "fi", "fr", "hu", "id", "it", "nl", "nb", "pl", "pt", "ro", "ru",
         "sk", "sv", "tr", "uk", "el", "bg", "sr", "ar", "fa", "he", "hi", "ja", "ko", "th", "vi", "zh"]  # fmt: skip


def test_dates_are_read_back_in_every_language(amount: Callable[..., int]) -> None:
    chance = random.Random(7)
    failed: list[tuple[str, str]] = []
    total = 0
    forms = ["full", "long", "medium"][: amount(3)]
    names = LOCALES[:: 3 // len(forms)]
    for name in names:
        language = Locale.parse(name).language
        for form in forms:
            day = date(chance.randint(1950, 2025), chance.randint(1, 12), chance.randint(1, 28))
            text = format_date(day, form, name)
            if WITHOUT_NAMES.search(text) is None:
                total += 1
                if printed.find(text, True, language) != day.isoformat():
                    failed.append((name, text))

    assert total > 0.767 * len(names) * len(forms)
    assert len(failed) < 0.005 * total, failed


@examples(150, few=50)
@given(DAYS, st.sampled_from(KNOWN), st.sampled_from(["full", "long", "medium"]))
def test_a_date_is_a_line_of_the_head_in_main_languages(day: date, name: str, form: str) -> None:
    found = lines.read(format_date(day, form, name), name != "en", Locale.parse(name).language)

    assert [each.date.iso for each in found] == [day.isoformat()]


@examples(150, few=50)
@given(DAYS, st.sampled_from(KNOWN), st.sampled_from(["full", "long"]))
def test_the_language_need_not_be_known(day: date, name: str, form: str) -> None:
    text = format_date(day, form, name)

    assert printed.find(text) == (None if "listopada" in text else day.isoformat())  # October in Croatian


@examples(150, few=50)
@given(DAYS, st.sampled_from(KNOWN))
def test_short_dates_are_read_in_the_order_of_the_language(day: date, name: str) -> None:
    text = format_date(day, "short", name)
    century = day if re.search(r"\d{4}", text) else day.replace(year=2000 + day.year % 100 % 24)  # a leap year for one
    first = Locale.parse(name).date_formats["short"].pattern.lstrip("'")[:1] == "d"
    wanted = format_date(century, "short", name)

    found = printed.find(wanted, first)

    assert found in (century.isoformat(), None)  # None: the year comes first, and has two digits


@cases("name, language, month", [
    ("listopada", "hr", 10), ("listopada", "pl", 11), ("listopada", None, None), ("cervenec", "cs", 7),
    ("märz", "de", 3), ("Sept.", "en", 9), ("tháng 8", "vi", 8), ("out", "pt", 10), ("out", "en", 10),
    ("mai", "en", 5), ("8月", "zh", None),
])  # fmt: skip
def test_a_name_is_a_month_of_its_language(name: str, language: str | None, month: int | None) -> None:
    assert date_words.words(language).months.get(date_words.key(name)) == month


def test_the_table_is_small_to_read() -> None:
    assert date_words.words("de-AT") is date_words.words("de")
    assert date_words.words("tlh").months == date_words.words().months
