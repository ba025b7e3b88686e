"""What would a trend be if only legible articles counted? A scanner's errors hide words, most in the worst years.

Legible are the articles of whose words at least a share is known, or, by their quality, was read so surely. In an
interval their matches are a share of its legible articles: so a word that is not rarer, but worse read, keeps its
share. An article of which the share is unknown is not among them, and is counted.
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from search.engine import Engine
from search.values.query import INTERVALS, Denominator, Query
from search.values.results import DateFacet, Legible, Share, Trend


def only(query: Query, least: str, name: str = "known") -> Query:
    """A query for its legible articles alone.

    Args:
        least: the least share, or quality, as `Query` takes it; the query's own applies if it is greater.
        name: the field of `search.fields.MEASURES` that decides.
    """
    asked, _ = query.measure(name)
    return query.measuring(name, max(least, asked or "0", key=float))


def trend(
    engine: Engine, query: Query, denominator: Denominator, found: Trend, least: str, name: str = "known"
) -> Legible:
    """The same trend of legible articles alone, in its intervals. Exact if the engine is.

    Args:
        found: the trend of all.
        least, name: see `only`.
    """
    query = replace(query, interval=next(each for each in INTERVALS if each == found.interval))
    asked, missing = query.measure(name)
    if missing and asked is None:
        counted = structs.replace(found, buckets=(), missing=0)  # none of those that are unknown is among them
    else:
        counted = engine.trend(only(query, least, name), "filters")
    whole = counted
    if denominator != "filters":  # with the words, since a reader may see more articles exist than he may read
        every = replace(query.reference(denominator), text=query.text)
        whole = engine.trend(only(every, least, name), "filters", DateFacet(query.interval, (), 0))
    counts = {bucket.start: bucket.count for bucket in counted.buckets}
    of = {bucket.start: bucket.of for bucket in whole.buckets}
    shares = [Share.of_counts(one.start, counts.get(one.start, 0), of.get(one.start, 0)) for one in found.buckets]
    unknown = 0
    if asked is None or missing:
        (unknown,) = engine.totals([query.measuring(name, None, True)])
    return Legible(float(least), tuple(shares), counted.missing, unknown)
