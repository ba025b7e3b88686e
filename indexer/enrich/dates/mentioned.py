"""Dates that a text mentions: days, months and years, in ISO 8601, in order of first mention.

A day without a year gets the year that puts it nearest to the day of publication; if that is unknown, the year is left
open (`--06-18`). The dateline, a line with the date of publication, and words such as yesterday or Tuesday do not
count. Dates in words are found in English, ISO 8601 in every language. Not for the date of publication: see
`published`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from string import digits

from indexer.enrich.shared.calendar_words import DAY, MONTH, MONTHS, YEAR, day_of, written
from indexer.enrich.shared.heading import date_lines, dateline
from search.text import dates
from search.values.article import Article, changed

MOST = 100
"""The greatest number of dates for one article."""

_UNITS = (
    "billion|cases|dollars|feet|jobs|men|metres|miles|million|people|per ?cent|points|pounds|soldiers|troops|votes|"
    "women|workers"
)
"""Words after a number of four digits that is a quantity, not a year."""

_BEFORE_YEAR = (
    r"(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Bb]efore|[Aa]fter|[Ff]rom|[Bb]etween|[Bb]y|(?<=\d{4} )(?:to|and|until)"
    r"|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|[Ee]nd|[Ss]tart|[Bb]eginning|[Mm]iddle)(?: of)?"
    r"|[Ee]arly|[Ll]ate) (?:early |late )?$"
)
_DATED = re.compile(_BEFORE_YEAR)
_LONGEST_BEFORE = 24
_NOT_AFTER = r"[\w.,:/$£€-]"
_IN_WORDS = re.compile(
    rf"(?<!{_NOT_AFTER})(?:{DAY}|{MONTH}"
    rf"|(?P<alone>{YEAR})(?![\w%°,.:/-]{{0,40}}\d|s\b| (?:{_UNITS})\b))(?!\w)"
)
_STARTS = frozenset(form[:3] for name in MONTHS for form in (name.capitalize(), name.upper()))
_BEGINNING = re.compile(
    rf"[1-9{''.join(sorted({start[0] for start in _STARTS}))}](?<!{_NOT_AFTER}.)(?:(?<=[1-9])|"
    rf"{'|'.join(f'(?<={start[0]}){start[1:]}' for start in sorted(_STARTS))})"
)
"""A digit, or the first letters of a month, where a date may begin: its characters come first, so that they are looked
for several times as fast as what looks around first.
"""
_IN_NUMBERS = re.compile(rf"(?<![\w.,:/-])(?P<iso>{YEAR}-\d\d-\d\d)(?![\d-])")


def enrich(article: Article) -> Article:
    """Return the article with the dates that its text mentions, unless the input stated them."""
    if article.mentioned or _has_no_digit(article.text):  # every date has one
        return article
    english = article.language in (None, "en")
    spans = date_lines(article.text, None, article.language)
    if dated := dateline(article.text, article.language):
        spans.append((dated.start, dated.end))
    near = dates.parse(article.published).first if article.published and len(article.published) > 4 else None
    found: dict[str, None] = {}
    last = max((end for _, end in spans), default=0)
    for match in _in_words(article.text) if english else _IN_NUMBERS.finditer(article.text):
        at = match.start()
        if at < last and any(start <= at < end for start, end in spans):
            continue
        if english and match["alone"] and not _DATED.search(article.text, max(0, at - _LONGEST_BEFORE), at):
            continue
        named = _named(match, near) if english else _iso(match)
        if named:
            found.setdefault(named)
            if len(found) == MOST:
                break
    return changed(article, mentioned=tuple(found)) if found else article


def _in_words(text: str) -> Iterator[re.Match[str]]:
    """The dates in words, without overlaps."""
    end = 0
    for begins in _BEGINNING.finditer(text):
        at = begins.start()
        if at >= end and (match := _IN_WORDS.match(text, at)):
            end = match.end()
            yield match


def _has_no_digit(text: str) -> bool:
    """True if there is plainly no digit in a text."""
    return text.isascii() and not any(map(text.__contains__, digits))


def _iso(match: re.Match[str]) -> str | None:
    try:
        dates.parse(match["iso"])
    except ValueError:
        return None
    return match["iso"]


def _named(match: re.Match[str], near: date | None) -> str | None:
    if match["alone"]:
        return match["alone"]
    if match["month3"]:
        return f"{match['year3']}-{MONTHS[match['month3'].lower()]:02}"
    day = day_of(match)
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
