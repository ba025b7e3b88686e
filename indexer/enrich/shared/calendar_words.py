"""Dates as English news writes them: `June 18, 2023`, `18 June`, `Sept. 3`, `2023-06-18`.

`DAY` is a pattern with the groups that `day_of` reads, `MONTH` one of a month and its year. Not for numbers such as
06/07/2023, which are ambiguous, nor for words such as yesterday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping

from search.text import date_words

_OTHER_SCRIPTS = re.compile(r"[^a-z]")
MONTHS = {name: month for name, month in date_words.words("en").own.items() if not _OTHER_SCRIPTS.search(name)}
"""Name or abbreviation of a month, in lower case → its number."""

_MONTH = "|".join(sorted({*map(str.capitalize, MONTHS), *map(str.upper, MONTHS)}, key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"

DAY = (
    rf"(?:(?P<month>{_MONTH})\b\.? (?:the )?(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d:]|,\d)(?:,? (?P<year>{_YEAR})\b)?"
    rf"|(?P<day2>{_DAY})(?:st|nd|rd|th)?(?: of)?[ -](?P<month2>{_MONTH})\b\.?(?:(?:,? |-)(?P<year2>{_YEAR})\b)?"
    rf"|(?P<iso>{_YEAR}-\d\d-\d\d)(?!\d))"
)
MONTH = rf"(?P<month3>{_MONTH})\b\.?,?(?: of)? (?P<year3>{_YEAR})\b"
YEAR = _YEAR


def day_of(match: Mapping[str, str | None] | re.Match[str]) -> tuple[int | None, int, int] | None:
    """Year (if given), month and day of a match of `DAY`; None if the calendar has no such day."""
    if iso := match["iso"]:
        year, month, day = map(int, iso.split("-"))
        return (year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None
    name, number, stated = (match[f"{part}2" if match["day2"] else part] for part in ("month", "day", "year"))
    month, day = MONTHS[(name or "").lower()], int(number or 0)
    known = int(stated) if stated else None
    return (known, month, day) if day <= monthrange(known or 2000, month)[1] else None


def written(year: int | None, month: int, day: int) -> str:
    """A day in ISO 8601; with the year left open, `--06-18`, if it is unknown."""
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
