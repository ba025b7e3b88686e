"""Dates that a text mentions: days, months and years, in ISO 8601, in order of first mention.

A day without a year gets the year that puts it nearest to the day of publication; if that is unknown, the year is left
open (`--06-18`). The dateline, a line with the date of publication, and words such as yesterday or Tuesday do not
count. Dates in words are found in the languages that have a pattern for them, ISO 8601 in every language. Not for the
date of publication: see `published`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from string import digits

from indexer import languages
from indexer.enrich.shared.calendar_words import day_of, month_of, written
from indexer.enrich.shared.heading import date_lines, dateline
from indexer.languages import MONTH, Language, accented
from search.text import dates
from search.values.article import Article, changed

MOST = 100
"""The greatest number of dates for one article."""

_LONGEST_BEFORE = 24
IN_WORDS = "date-in-words"
"""The pattern of a date in words; in a language without one, only those in ISO 8601 are found."""
_YEAR = r"(?:1[5-9]|20)\d\d"
_IN_NUMBERS = re.compile(rf"(?<![\w.,:/-])(?P<iso>{_YEAR}-\d\d-\d\d)(?![\d-])")


def enrich(article: Article) -> Article:
    """Return the article with the dates that its text mentions, unless the input stated them."""
    if article.mentioned or _has_no_digit(article.text):  # every date has one
        return article
    language = languages.named(article.language or languages.DEFAULT)
    if language is not None and not language.has_pattern(IN_WORDS):
        language = None
    spans = date_lines(article.text, None, article.language)
    if dated := dateline(article.text, article.language):
        spans.append((dated.start, dated.end))
    near = dates.parse(article.published).first if article.published and len(article.published) > 4 else None
    found: dict[str, None] = {}
    last = max((end for _, end in spans), default=0)
    for match in _in_words(article.text, language) if language else _IN_NUMBERS.finditer(article.text):
        at = match.start()
        if at < last and any(start <= at < end for start, end in spans):
            continue
        if language and match["alone"] and not _is_year(article.text, at, language):
            continue
        named = _named(match, near, language) if language else _iso(match)
        if named:
            found.setdefault(named)
            if len(found) == MOST:
                break
    return changed(article, mentioned=tuple(found)) if found else article


def _in_words(text: str, language: Language) -> Iterator[re.Match[str]]:
    """The dates in words, without overlaps."""
    end, pattern = 0, language.pattern(IN_WORDS)
    for begins in _beginning(language).finditer(text):
        at = begins.start()
        if at >= end and (match := pattern.match(text, at)):
            end = match.end()
            yield match


@cache
def _beginning(language: Language) -> re.Pattern[str]:
    """A digit, or the first letters of a month, where a date may begin: its characters come first, so that they are
    looked for several times as fast as what looks around first.
    """
    starts = sorted({form[:3] for form in language.listed(MONTH)})
    months = "|".join(f"(?<={start[0]}){accented(start[1:])}" for start in starts)
    firsts = "".join(sorted({start[0] for start in starts}))
    return re.compile(rf"[1-9{firsts}](?<![\w.,:/$£€-].)(?:(?<=[1-9])|{months})")


def _is_year(text: str, at: int, language: Language) -> bool:
    """True if what is before a number alone shows that it is a year."""
    return language.pattern("before-year").search(text, max(0, at - _LONGEST_BEFORE), at) is not None


def _has_no_digit(text: str) -> bool:
    """True if there is plainly no digit in a text."""
    return text.isascii() and not any(map(text.__contains__, digits))


def _iso(match: re.Match[str]) -> str | None:
    try:
        dates.parse(match["iso"])
    except ValueError:
        return None
    return match["iso"]


def _named(match: re.Match[str], near: date | None, language: Language) -> str | None:
    if match["alone"]:
        return match["alone"]
    if match["month3"]:
        return f"{match['year3']}-{month_of(match['month3'], language):02}"
    day = day_of(match, language)
    if day is None:
        return None
    year, month, number = day
    if year is None and near is not None:
        year = _nearest(near, month, number)
    return written(year, month, number)


def _nearest(near: date, month: int, day: int) -> int | None:
    """The year in which a day of the calendar is nearest to another day; None if no year around it has the day."""
    years = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            years.append((abs((date(year, month, day) - near).days), year))
        except ValueError:  # 29 February, or beyond the calendar
            continue
    return min(years)[1] if years else None
