"""Dates as news writes them in a language: `June 18, 2023`, `18 June`, `Sept. 3`, `2023-06-18`.

The pattern `day` of a language has the groups that `day_of` reads. Not for numbers such as 06/07/2023, which are
ambiguous, nor for words such as yesterday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping

from indexer.languages import Language
from search.text import date_words
from search.text.tokens import fold


def month_of(name: str, language: Language) -> int:
    """The number of a month by its name or abbreviation, in any case, or by its number."""
    return int(name) if name.isdecimal() else date_words.words(language.code).own[fold(name)]


def day_of(match: Mapping[str, str | None] | re.Match[str], language: Language) -> tuple[int | None, int, int] | None:
    """Year (if given), month and day of a match of a day; None if the calendar has no such day."""
    if isinstance(match, re.Match):
        match = match.groupdict()
    if iso := match["iso"]:
        year, month, day = map(int, iso.split("-"))
        return (year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None
    name, number, stated = (match.get(f"{part}2" if match.get("day2") else part) for part in ("month", "day", "year"))
    month, day = month_of(name or "", language), int(number or 0)
    known = int(stated) if stated else None
    return (known, month, day) if day <= monthrange(known or 2000, month)[1] else None


def written(year: int | None, month: int, day: int) -> str:
    """A day in ISO 8601; with the year left open, `--06-18`, if it is unknown."""
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
