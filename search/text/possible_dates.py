"""The days on which something can have been published: since print, and not in the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from search.said import said
from search.text import dates

EARLIEST = date(1450, 1, 1)
"""The earliest date accepted: nothing printed before it was news."""
_PAST = date(2026, 1, 1)
"""A day that is past: nearly all articles are older, and no clock is asked for those."""


def problem(days: dates.Days, today: date | None = None) -> str | None:
    """Why nothing can have been published on a date; None if it is possible.

    A day after tomorrow is in the future everywhere on Earth.
    """
    if EARLIEST <= days.first <= _PAST and today is None:
        return None
    latest = (today or datetime.now(UTC).date()) + timedelta(days=1)
    if days.first < EARLIEST:
        day, year = days.first.isoformat(), str(EARLIEST.year)
        return said("“{day}” is before {year}, when there was no news in print.", day=day, year=year)
    if days.first > latest:
        return said("“{day}” is in the future.", day=days.first.isoformat())
    return None


def plausible(value: str) -> bool:
    """True if something can have been published on an ISO 8601 date."""
    try:
        return problem(dates.parse(value)) is None
    except ValueError:
        return False
