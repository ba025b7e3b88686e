"""Counts by two dimensions, by definition: each article is in the rows and columns of all its values, once a story."""

from __future__ import annotations

from collections.abc import Sequence

from search.measures.cross_table import SPANS, Axis, Crossing, CrossTable, CrossValue, span_label
from search.text.calendar import end_of
from search.values.article import Article
from search.values.query import INTERVALS, Query
from search.values.results import ValueFacet
from tests.plain_engine.facets import facet
from tests.plain_engine.finding import Finding
from tests.plain_engine.stories import stories_of
from tests.plain_engine.times import day_of, histogram
from tests.plain_engine.values import Values


def cross(finding: Finding, query: Query, crossing: Crossing) -> CrossTable:
    values, kept, group = finding.values, finding.kept(query), bool(query.group)
    axes = [_axis(values, query, kept, name, crossing.limit) for name in crossing.by]

    def belongs(article: Article, axis: Axis, value: CrossValue) -> bool:
        if axis.by in INTERVALS:
            day = day_of(article)
            if day is None or value.value is None:
                return day is None and value.value is None
            return value.value <= day.isoformat() <= end_of(value.value, axis.by)
        own = values.spelled_of(article, query.counted(axis.by))
        return not own if value.value is None else value.value in own

    cells = tuple(
        tuple(
            len(stories_of([a for a in kept if belongs(a, axes[0], row) and belongs(a, axes[1], column)], group))
            for column in axes[1].values
        )
        for row in (axes[0].values if len(axes) == 2 else ())
    )
    return CrossTable(len(stories_of(kept, group)), tuple(axes), cells)


def _axis(values: Values, query: Query, kept: Sequence[Article], name: str, limit: int) -> Axis:
    if name in SPANS:
        found = histogram(kept, "auto" if name == "date" else name, query)
        spans = [CrossValue(one.start, span_label(one.start, found.interval), one.count) for one in found.buckets]
        filled, by, missing = sum(span.count > 0 for span in spans), found.interval, found.missing
    else:
        counting = Query(country_main=query.country_main, group=query.group, facet_size=1000)
        counted = facet(values, counting, name, kept)
        assert isinstance(counted, ValueFacet)
        spans = [CrossValue(one.value, one.label, one.count) for one in counted.values[:limit]]
        filled, by, missing = counted.distinct, name, counted.missing
    none = [CrossValue(None, "none", missing)] if missing else []
    return Axis(by, filled, (*spans, *none))
