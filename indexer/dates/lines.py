"""Lines that have a date and nothing else, as at the head of a text.

    Tue 27 Aug 2019 21.38 BST
    First published on Tue 27 Aug 2019 | Last modified on Wed 28 Aug 2019 09.02 BST
    Von Erika Mustermann, 27. August 2019, 21.38 Uhr

Parts of a line between bars and dots are apart: one of them may be a byline. A range of days is not a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.dates import clock, labels, printed
from indexer.dates.printed import Printed
from search.text import date_words

LONGEST = 160
"""The greatest length of such a line."""
_LONGEST_LABEL = 60
_BARS = re.compile(r"[|•·]|\s[–—-]\s")
_BY = r"(?i:by|von|par|por|di|de|door|av|af|от|od)\s[^\W\d_a-z][^\n\d!?:|]{2,60}[^\W\d_]"
_BYLINE = re.compile(_BY + r"[,;.]?\s(?i:(?:on|le|el|il|am)\s)?")
_BYLINE_AFTER = re.compile(rf"[,;]?\s?{_BY}")
_ZONE = re.compile(r"\s?\(?[A-Z]{2,5}\)?(?=\W|$)")
_READING = re.compile(
    r"(?:reading time:?\s*)?\d{1,2}[\s-]*min(?:ute)?s?\.?(?:[\s-]*(?:read|lesezeit|de lecture|de lectura))?", re.I
)


@dataclass(frozen=True, slots=True)
class LineDate:
    """A date of a line of dates.

    Attributes:
        said: `published`, `changed`, or "" if the line says neither.
        clear: True if the zone of its time is known, or not given.
    """

    date: Printed
    said: str
    clear: bool


def read(line: str, day_first: bool | None = None, language: str | None = None, said: str = "") -> list[LineDate]:
    """The dates of a line that has nothing else; empty if it has.

    Args:
        day_first: True if 4/5/2023 is in May; None if unknown.
        language: in which the names of months are; None if unknown.
        said: what a line before says of its date (see `label`).
    """
    if len(line) > LONGEST:
        return []
    line = printed.unmarked(line)
    found = list(printed.all_in(line, day_first, language, open_year=True))
    words = date_words.words(language)
    dates: list[LineDate] = []
    end = 0
    for number, date in enumerate(found):
        between = line[end : date.start]
        if number:
            dates[-1], between = _zoned(dates[-1], between)
            if not between.strip(" |•·,;()–—-/"):
                return []
        own = _label(between, words, first=not number)
        if own is None:
            return []
        dates.append(LineDate(date, own or (said if not number else ""), date.zone not in clock.UNCLEAR))
        end = date.end
    if dates:
        dates[-1], rest = _zoned(dates[-1], line[end:])
        rest = _READING.sub("", _BARS.split(rest)[0] if _BARS.search(rest) else rest)
        if labels.label(rest, words) != "" and not _BYLINE_AFTER.fullmatch(rest.rstrip()):
            return []
    return dates


def label(line: str, language: str | None = None) -> str:
    """The kind of date that a line such as “Published on” announces for the next line.

    Returns:
        `published` or `changed`; "" if it announces none.
    """
    if len(line) > _LONGEST_LABEL or not line.strip(" |•·:"):
        return ""
    return labels.label(line, date_words.words(language)) or ""


def _zoned(date: LineDate, rest: str) -> tuple[LineDate, str]:
    """A date, and the text after it without the abbreviation of an unknown zone."""
    match = _ZONE.match(rest) if date.date.time and not date.date.zone and not date.date.offset else None
    return (LineDate(date.date, date.said, False), rest[match.end() :]) if match else (date, rest)


def _label(text: str, words: date_words.DateWords, first: bool) -> str | None:
    """The kind of date that the text before it announces, as in `label`; None if it has other words."""
    if first and _BYLINE.fullmatch(text.lstrip()):
        return "published"
    parts = _BARS.split(text)
    said = [labels.label(part, words) for part in parts]
    if said[-1] is None:
        return None
    return next((each for each in reversed(said) if each), "")
