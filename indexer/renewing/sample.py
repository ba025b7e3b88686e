"""Some articles of an index, chosen so that each year has as large a part in them as in all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from search.engine import Engine
from search.values.article import Article
from search.values.query import Listing, Query
from search.values.results import DateFacet


def spread(engine: Engine, count: int, total: int) -> Iterator[Article]:
    """A sample of articles, newest first: of each year as large a part as of all, and of those without a date."""
    years = engine.facet(Query(interval="year"), "date", Listing())
    assert isinstance(years, DateFacet)
    parts = [(Query(date_from=bucket.start[:4], date_to=bucket.start[:4]), bucket.count) for bucket in years.buckets]
    parts = [*reversed(parts), (Query(date_missing=True), years.missing)]
    seen = taken = 0
    for query, articles in parts:
        seen += articles
        wanted = round(count * seen / total) - taken
        taken += wanted
        yield from islice(engine.export(query, as_added=True), wanted)
