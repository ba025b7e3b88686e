"""The local day of a moment that a page's metadata give in universal time.

A report of ten in the evening in New York is of the next day in Greenwich, which is what many systems write into the
head of a page; the reader sees the local day. The page shows it by the same moment with its own offset, or by a line
near the heading with day or time. A line that differs from the metadata by more than a time zone is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from search.text.possible_dates import plausible

_UNIVERSAL = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d\S*?(?:Z|[+-]00:?00)")
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*[+-](?!00:?00)\d\d:?\d\d")
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
"""The range of time zones."""
_STEP = timedelta(minutes=15)
"""The smallest difference between time zones."""
_ROUNDED = timedelta(minutes=1)


def as_printed(value: str, stated: Iterable[str], lines: Iterable[str]) -> str:
    """A date as its page prints it; unchanged if it is not in universal time.

    Args:
        value: ISO 8601.
        stated: the dates that the page states, ISO 8601.
        lines: the dates in lines near its heading, ISO 8601, the most explicit first.
    """
    universal = _UNIVERSAL.fullmatch(value)
    moment = _moment(value) if universal else None
    if universal is None or moment is None:
        return value
    for other in stated:
        if _WITH_OFFSET.fullmatch(other) and (same := _moment(other)) and abs(same - moment) < _ROUNDED:
            return other
    for line in lines:
        if line[:10] == universal[1]:
            return value
        if (local := _local(line, moment)) is not None:
            return local
    return value


def same_day(value: str, shown: str) -> bool:
    """True if a date may be the shown one, in any time zone."""
    if value[:10] == shown[:10]:
        return True
    moment, here = _moment(value), _moment(shown[:10])
    if "T" not in value or moment is None or here is None or not _UNIVERSAL.fullmatch(value):
        return False
    return WEST - timedelta(days=1) < here - moment <= EAST


def _local(line: str, moment: datetime) -> str | None:
    """The moment as a line prints it, with its offset if the line has the time; None if they contradict each other."""
    here = _moment(line)
    if here is None:
        return None
    if _WITH_OFFSET.fullmatch(line):
        return line if abs(here - moment) < _ROUNDED else None
    offset = here.replace(tzinfo=UTC) - moment
    if "T" not in line:
        return line if WEST - timedelta(days=1) < offset <= EAST else None
    steps = round(offset / _STEP)
    if abs(offset - steps * _STEP) > _ROUNDED or not WEST <= offset <= EAST:
        return None
    hours, minutes = divmod(abs(steps) * 15, 60)
    return f"{here:%Y-%m-%dT%H:%M:%S}{'-' if steps < 0 else '+'}{hours:02}:{minutes:02}"


def _moment(value: str) -> datetime | None:
    """A date as a moment, in universal time if it has no zone."""
    if not plausible(value):
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value))
    except ValueError:  # a month, or a form of ISO 8601 that Python lacks
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
