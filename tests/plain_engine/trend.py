"""The result over time, as a share of a reference, and the times of which the archive has nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.text.calendar import end_of
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Denominator, Query
from search.values.results import DateFacet, Gap, Part, Share, Trend
from tests.plain_engine.finding import Finding
from tests.plain_engine.times import day_of, histogram
from tests.plain_engine.values import Values


def trend(finding: Finding, query: Query, denominator: Denominator) -> Trend:
    of = histogram(finding.kept(query.reference(denominator)), query.interval, query)
    matching = histogram(finding.kept(query), of.interval, query)
    counts = {b.start: b.count for b in matching.buckets}
    shares = tuple(Share.of_counts(b.start, counts.get(b.start, 0), b.count) for b in of.buckets)
    gaps = tuple(_gaps(finding.values, query, of))
    return Trend(of.interval, denominator, shares, gaps, matching.missing, of.missing)


def _gaps(values: Values, query: Query, of: DateFacet) -> Iterator[Gap]:
    """By definition: runs of buckets without an article of a part, which has some before and after."""
    for part, name, articles in _parts(values, query):
        days = [day.isoformat() for a in articles if (day := day_of(a))]
        run: list[str] = []
        for start in (*(bucket.start for bucket in of.buckets), None):
            end = end_of(start, of.interval) if start else ""
            if start and days and min(days) < start <= end < max(days) and not any(start <= d <= end for d in days):
                run.append(start)
            elif run:
                yield Gap(part, name, run[0], end_of(run[-1], of.interval))
                run = []


def _parts(values: Values, query: Query) -> Iterator[tuple[Part, str, Sequence[Article]]]:
    """The archive, its collections, and the sources that are asked for."""
    everything = list(values.archive.held.values())
    yield "archive", "", everything
    for name in sorted({a.collection for a in everything} - {""}):
        yield "collection", name, [a for a in everything if a.collection == name]
    spelled, under = values.spellings("source"), values.shown("source")
    sources = {value for a in everything for value in values.spelled_of(a, "source")}
    asked = query.filter("source")
    if asked.any and not asked.missing:
        sources &= {spelled[key] for value in asked.any if (key := under.get(fold(value)))}
    for name in sorted(sources):
        yield "source", name, [a for a in everything if fold(name) in values.of(a, "source")]
