"""The timeline: a histogram as clickable bars, in numbers for SVG attributes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from search.measures.gaps import selected
from search.text.calendar import end_of, start_of
from search.text.tokens import fold
from search.values.query import Query
from search.values.results import Bucket, DateFacet, Gap, Share, Trend
from service import params
from service.wording.messages import current, words

HEIGHT = 60.0
BAR = 10.0
"""The width of a bar with its gap, in units; the drawing fills the width of the page, however few bars it has."""
GAP = 1.5
LEAST = 1.5
"""The minimum height of a bar that is not empty, so that a single article is visible."""


class Bar(NamedTuple):
    """A bucket as drawn: position and height in units, its label, and the URL of a click.

    Attributes:
        of: the number of articles that its count is a share of; None if shares are not requested.
        share: that share; None if `of` is 0.
        chosen: True if it is within the range of the query; then `part`, if only a part of it is.
        legible: the same of its legible articles alone; None if that is not drawn.
    """

    x: float
    height: float
    label: str
    count: int  # type: ignore[assignment]  # shadows tuple.count, which nobody needs here
    of: int | None
    share: float | None
    url: str
    chosen: bool
    part: bool = False
    legible: Share | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the drawing: its text, its position in percent of the page's width, and its anchor there."""

    text: str
    place: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A histogram as drawn.

    Attributes:
        gaps: position and width of the ranges of which the archive, or each selected source, has nothing.
        behind: the outline of the whole archive's histogram, as the data of an SVG path, on its own scale.
        ticks: labels under the drawing.
        top: the value at the full height of the drawing, e.g. `34` or `12 %`.
        told: the gaps in words, by part and name; those of the archive first.
        days: the first and the last day shown; None if it has no bars.
        legible: a stepped line of the legible articles alone, as the data of an SVG path on the scale of the bars.
    """

    bars: tuple[Bar, ...]
    gaps: tuple[tuple[float, float], ...]
    behind: str
    ticks: tuple[Tick, ...]
    width: float
    height: float
    interval: str
    missing: int
    top: str
    told: tuple[tuple[str, str, str], ...]
    days: tuple[date, date] | None
    legible: str = ""


def timeline(
    facet: DateFacet, query: Query, address: Callable[[Query], str], trend: Trend | None = None, share: bool = False
) -> Timeline:
    """Lay out a histogram; each bar links to the same query within its days.

    Args:
        address: returns the URL of a query.
        trend: the number of all articles by time: drawn in the background, or the base of shares.
        share: True if the height of a bar is its share of those.
    """
    whole = {bucket.start: bucket.of for bucket in trend.buckets} if trend else {}
    values = [_value(bucket, whole, share) for bucket in facet.buckets]
    among = {one.start: one for one in trend.legible.buckets} if trend and trend.legible else {}
    lines = [_height(among.get(bucket.start), share) for bucket in facet.buckets] if among else []
    most = max((value for value in (*values, *lines) if value), default=0)
    first, last = query.days()
    leads = _leads(query, address)
    language = current().language
    unbound = first is None and last is None
    bars = []
    for number, (bucket, value) in enumerate(zip(facet.buckets, values, strict=True)):
        start, end, days, said = _interval(bucket.start, facet.interval, language)
        of = whole.get(bucket.start, 0) if share else None
        height = round(max(LEAST, value / most * HEIGHT), 2) if value else 0.0
        chosen, part = (True, False) if unbound else _within(start, end, first, last)
        shown = value if share and of else None
        x, legible = number * BAR + GAP / 2, among.get(bucket.start)
        bars.append(Bar(x, height, said, bucket.count, of, shown, leads(*days), chosen, part, legible))
    return Timeline(
        bars=tuple(bars),
        gaps=bands((bucket.start for bucket in facet.buckets), empty(trend, query) if trend else ()),
        behind="" if share else _outline(facet.buckets, whole),
        ticks=_ticks(bars),
        width=len(bars) * BAR,
        height=HEIGHT,
        interval=facet.interval,
        missing=facet.missing,
        top=percent(most) if share else current().thousands(most, ",.0f"),
        told=_told(trend) if trend else (),
        days=_days(facet),
        legible=_steps(lines, most),
    )


def _height(legible: Share | None, share: bool) -> float:
    return 0.0 if legible is None else (legible.share or 0.0) if share else float(legible.count)


def _steps(values: Sequence[float], most: float) -> str:
    """A stepped line, "" of nothing."""
    if not most or not values:
        return ""
    tops = [f"{HEIGHT * (1 - value / most):.4g}" for value in values]
    return f"M0 {tops[0]}h{BAR:g}" + "".join(f"V{top}h{BAR:g}" for top in tops[1:])


def _within(start: date, end: date, first: date | None, last: date | None) -> tuple[bool, bool]:
    """If an interval has days of a range, and if it has others too."""
    part = (first is not None and start < first <= end) or (last is not None and start <= last < end)
    return (first is None or end >= first) and (last is None or start <= last), part


@lru_cache(maxsize=1 << 12)
def _interval(start: str, interval: str, language: str) -> tuple[date, date, tuple[str, str], str]:
    """The first and the last day of a bucket, both as parameters, and its label in the language of the page."""
    first, end = date.fromisoformat(start), end_of(start, interval)
    said = words(language).interval(start, interval)
    return first, date.fromisoformat(end), (_short(start, interval), _end(end, interval)), said


def empty(trend: Trend, query: Query) -> frozenset[str]:
    """The intervals, by first day, of which the archive, or each source that is asked for, has nothing."""
    sources = {fold(name) for name in selected(query)}
    starts = [bucket.start for bucket in trend.buckets]
    named: dict[str, set[str]] = {}
    found: set[str] = set()
    for gap in trend.gaps:
        within = starts[bisect_left(starts, gap.start) : bisect_right(starts, gap.end)]
        if gap.part == "archive":
            found.update(within)
        elif gap.part == "source" and sources:
            for start in within:
                named.setdefault(start, set()).add(fold(gap.name))
    return frozenset(found | {start for start, names in named.items() if names == sources})


def bands(starts: Iterable[str], nothing: Container[str]) -> tuple[tuple[float, float], ...]:
    """The intervals in which there is nothing, as position and width in units; neighbours are one range."""
    bands: list[tuple[float, float]] = []
    for number, start in enumerate(starts):
        if start not in nothing:
            continue
        if bands and bands[-1][0] + bands[-1][1] == number * BAR:
            bands[-1] = (bands[-1][0], bands[-1][1] + BAR)
        else:
            bands.append((number * BAR, BAR))
    return tuple(bands)


def _told(trend: Trend) -> tuple[tuple[str, str, str], ...]:
    """Part, name and gaps; without parts whose gaps are only those of the archive."""
    said = gaps_in_words(trend.gaps, trend.interval)
    whole = said.get(("archive", ""))
    return tuple((part, name, text) for (part, name), text in said.items() if part == "archive" or text != whole)


def gaps_in_words(gaps: Iterable[Gap], interval: str) -> dict[tuple[str, str], str]:
    """The gaps of each part of an archive by its name: `1946–1947, 1951`."""
    found: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        first, last = (
            label(gap.start, interval),
            label(start_of(date.fromisoformat(gap.end), interval).isoformat(), interval),
        )
        found.setdefault((gap.part, gap.name), []).append(first if first == last else f"{first} – {last}")
    return {key: ", ".join(said) for key, said in found.items()}


_ANY = ("0001-01-01", "9999-12-31")


def _leads(query: Query, address: Callable[[Query], str]) -> Callable[[str, str], str]:
    """The URLs of a query within any days; all but the days is written once for the hundreds of bars."""
    begun, found, rest = address(
        params.first_page(replace(query, date_from=_ANY[0], date_to=_ANY[1], date_missing=False))
    ).partition(params.joined((("from", _ANY[0]), ("to", _ANY[1]))))
    assert found
    return lambda start, end: f"{begun}from={start}&to={end}{rest}"


def _value(bucket: Bucket, whole: Mapping[str, int], share: bool) -> float:
    of = whole.get(bucket.start, 0)
    return (bucket.count / of if of else 0.0) if share else float(bucket.count)


def _outline(buckets: Sequence[Bucket], whole: Mapping[str, int]) -> str:
    """A stepped area of the archive's counts, relative to the greatest; "" if the bars show the same."""
    counts = [whole.get(bucket.start, 0) for bucket in buckets]
    most = max(counts, default=0)
    if not most or counts == [bucket.count for bucket in buckets]:
        return ""
    tops = [round(HEIGHT * (1 - count / most), 1) for count in counts]
    return f"M0 {HEIGHT:g}" + "".join(f"V{top:g}h{BAR:g}" for top in tops) + f"V{HEIGHT:g}z"


def percent(share: float | None) -> str:
    """A share for people: `12 %`, `1.2 %`, `0.03 %`; a dash if it is None."""
    return current().percent(share)


def _days(facet: DateFacet) -> tuple[date, date] | None:
    if not facet.buckets:
        return None
    return date.fromisoformat(facet.buckets[0].start), date.fromisoformat(
        end_of(facet.buckets[-1].start, facet.interval)
    )


def _ticks(bars: Sequence[Bar]) -> tuple[Tick, ...]:
    """The first, the middle and the last bucket."""
    if not bars:
        return ()
    ticks = [Tick(_brief(bars[0]), 0.0, "start")]
    if len(bars) > 2:
        middle = len(bars) // 2
        ticks.append(Tick(_brief(bars[middle]), round((middle + 0.5) / len(bars) * 100, 2), "middle"))
    if len(bars) > 1:
        ticks.append(Tick(_brief(bars[-1]), 100.0, "end"))
    return tuple(ticks)


def _brief(bar: Bar) -> str:
    return current().brief(bar.label)


def _short(start: str, interval: str) -> str:
    """The first day of a bucket as a parameter, as short as possible."""
    return {"year": start[:4], "month": start[:7]}.get(interval, start)


def _end(end: str, interval: str) -> str:
    return {"year": end[:4], "decade": end[:4], "month": end[:7], "quarter": end[:7]}.get(interval, end)


def label(start: str, interval: str) -> str:
    """The label of a bucket: `1989`, `1980s`, `Nov 1989`, `Q4 1989`, `week of 6 Nov 1989`, `9 Nov 1989`."""
    return current().interval(start, interval)


def in_words(published: str | None) -> str:
    """A date of publication for people: `18 June 2023, 14:05 UTC+2`, `18 June 2023`, `May 2023`, `1998`, `undated`."""
    return current().in_words(published)


def day_in_words(published: str | None) -> str:
    """As `in_words`, without a time."""
    return in_words(published and published[:10])
