"""Queries side by side: their overlaps by one request, their timelines and values by one each and for each facet.

All counts are exact, except that stories are estimated, as everywhere on a cluster (see `facets`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from search.measures.comparison import (
    Comparing,
    Comparison,
    Difference,
    Overlap,
    bases,
    comparable,
    compared,
    difference,
    key,
    moments,
    subsets,
)
from search.opensearch.ask.facets import SURE_OF_ALL, count_of, counting
from search.opensearch.ask.search import Search
from search.opensearch.ask.special import by_value
from search.opensearch.ask.translate import Clause, any_of
from search.opensearch.shown.shown_names import FacetNames
from search.values.query import Query
from search.values.results import DateFacet

Start = Callable[[Query, Clause | None], Search]
"""Prepares a search; with a clause, for what it finds instead of the query's text."""


def compare(queries: Sequence[Query], comparing: Comparing, start: Start) -> Comparison:
    """Compare queries."""
    queries = comparable(queries)
    searches = [start(query, None) for query in queries]
    of = _denominator(bases(queries, comparing.denominator), comparing.interval, start)
    histograms = [search.histogram(of.interval) for search in searches]
    overlaps = _overlaps(searches, start)
    totals = [overlap.count for overlap in overlaps[: len(queries)]]
    names = {name: searches[0].view.names[queries[0].counted(name)] for name in comparing.fields}
    return Comparison(
        comparing,
        tuple(
            map(compared, queries, [search.parsed for search in searches], totals, [one.missing for one in histograms])
        ),
        of.interval,
        moments(of.buckets, [one.buckets for one in histograms]),
        of.missing,
        overlaps,
        {
            name: _differences(known, [by_value(search, known) for search in searches], totals, comparing.limit)
            for name, known in names.items()
        },
        exact=not searches[0].stories,
    )


def _denominator(found_by: Sequence[Query], interval: str, start: Start) -> DateFacet:
    """The histogram of the articles that any of these queries finds."""
    if len(found_by) == 1:
        return start(found_by[0], None).histogram(interval)
    found = any_of(start(query, None).clause for query in found_by)
    return start(Query(group=found_by[0].group, facets=(), size=0), found).histogram(interval)


def _overlaps(searches: Sequence[Search], start: Start) -> tuple[Overlap, ...]:
    clauses = [search.clause for search in searches]
    filters: dict[str, Clause] = {}
    for of in subsets(len(clauses)):
        common = [clauses[number] for number in of]
        others = [clause for number, clause in enumerate(clauses) if number not in of]
        filters[f"all {of}"] = {"bool": {"filter": common}}
        filters[f"only {of}"] = {"bool": {"filter": common, "must_not": others}}
    stories = searches[0].stories
    inner = {"aggs": counting(True, SURE_OF_ALL)} if stories else {}
    whole = start(Query(group=searches[0].query.group, facets=(), size=0), any_of(clauses))
    found = whole.aggregations({"each": {"filters": {"filters": filters}} | inner})["each"]["buckets"]
    return tuple(
        Overlap(of, count_of(found[f"all {of}"], stories), count_of(found[f"only {of}"], stories))
        for of in subsets(len(clauses))
    )


def _differences(
    names: FacetNames, counts: Sequence[Mapping[str, int]], totals: Sequence[int], limit: int
) -> tuple[Difference, ...]:
    """The values in which the queries differ most."""
    found = [
        difference(names.spelled[head], names.label(head), [own.get(head, 0) for own in counts], totals)
        for head in {head for own in counts for head, count in own.items() if count}
    ]
    found = [one for one in found if key(one.counts, totals) > 0]
    return tuple(sorted(found, key=lambda one: (-key(one.counts, totals), one.label, one.value))[:limit])
