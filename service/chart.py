"""The timeline: a histogram as bars that can be clicked, in numbers that an SVG attribute takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from search.calendar import end_of
from search.query import Query
from search.results import DateFacet
from service import params

HEIGHT = 60.0
BAR = 10.0
"""Units a bar takes, gap included; the drawing is stretched to the width of the page."""
GAP = 1.5
FULL = 30
"""Buckets that fill the width of the page; fewer are drawn no wider."""
LEAST = 1.5
"""Height of the lowest bar that is not empty, so that a single article is seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bucket as it is drawn: place and size in units, what it stands for, where a click leads."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the drawing: its text, its place in per cent of the page's width, and its anchor there."""

    text: str
    place: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A histogram as it is drawn.

    Attributes:
        ticks: labels under the drawing, with their place in per cent of its width and how they are anchored.
        share: the part of the page's width it takes, in per cent: a few buckets are not drawn as walls.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: float
    height: float
    share: float
    interval: str
    missing: int
    most: int


def timeline(facet: DateFacet, query: Query, path: str) -> Timeline:
    """Lay a histogram out; each bar leads to the same question within its days."""
    most = max((bucket.count for bucket in facet.buckets), default=0)
    first, last = query.days()
    bars = []
    for number, bucket in enumerate(facet.buckets):
        height = max(LEAST, bucket.count / most * HEIGHT) if bucket.count else 0.0
        start, end = date.fromisoformat(bucket.start), date.fromisoformat(end_of(bucket.start, facet.interval))
        narrowed = params.first_page(
            replace(
                query, date_from=_short(bucket.start, facet.interval), date_to=_end(end.isoformat(), facet.interval)
            )
        )
        bars.append(
            Bar(
                x=round(number * BAR + GAP / 2, 2),
                y=round(HEIGHT - height, 2),
                width=BAR - GAP,
                height=round(height, 2),
                label=label(bucket.start, facet.interval),
                count=bucket.count,
                url=params.url(path, narrowed),
                chosen=(first is None or end >= first) and (last is None or start <= last),
            )
        )
    share = round(min(1.0, len(bars) / FULL) * 100, 2)
    return Timeline(
        tuple(bars), _ticks(bars, share), len(bars) * BAR, HEIGHT, share, facet.interval, facet.missing, most
    )


def _ticks(bars: Sequence[Bar], share: float) -> tuple[Tick, ...]:
    """The first, the middle and the last bucket, as far as there is room for their labels."""
    if not bars:
        return ()
    ticks = [Tick(bars[0].label, 0.0, "start")]
    if share > 50:
        middle = len(bars) // 2
        ticks.append(Tick(bars[middle].label, round((middle + 0.5) / len(bars) * share, 2), "middle"))
    if share > 15:
        ticks.append(Tick(bars[-1].label, share, "end"))
    return tuple(ticks)


def _short(start: str, interval: str) -> str:
    return {"year": start[:4], "month": start[:7]}.get(interval, start)


def _end(end: str, interval: str) -> str:
    return {"year": end[:4], "decade": end[:4], "month": end[:7], "quarter": end[:7]}.get(interval, end)


def label(start: str, interval: str) -> str:
    """What a bucket is called: `1989`, `1980s`, `Nov 1989`, `Q4 1989`, `week of 6 Nov 1989`, `9 Nov 1989`."""
    day = date.fromisoformat(start)
    match interval:
        case "decade":
            return f"{day.year // 10 * 10}s"
        case "year":
            return str(day.year)
        case "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        case "month":
            return f"{MONTHS[day.month - 1][:3]} {day.year}"
        case "week":
            return f"week of {day.day} {MONTHS[day.month - 1][:3]} {day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def spoken(published: str | None) -> str:
    """A date of publication for people: `18 June 2023`, `May 2023`, `1998`, or `undated`."""
    if published is None:
        return "undated"
    parts = published[:10].split("-")
    if len(parts) == 3:
        return f"{int(parts[2])} {MONTHS[int(parts[1]) - 1]} {parts[0]}"
    if len(parts) == 2:
        return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return parts[0]
