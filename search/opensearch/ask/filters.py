"""The filters of a query, as clauses for the cluster.

A filter's `all` and `none`, the range of `added`, the list and excluded ids apply to every facet. Its `any` and
`missing`, and the date range, do not apply to the facet itself: if that is counted, they are in `post_filter` and in
the aggregations of the other facets, else in the query.
"""

from __future__ import annotations

from collections.abc import Collection

from search.fields import HAS, MEASURES, SCAN
from search.opensearch.ask.translate import (
    EVERYTHING,
    UNDATED,
    Clause,
    added,
    all_of,
    any_of,
    between,
    having,
    unscored,
    without_any,
)
from search.opensearch.shown.view import View
from search.values.query import Query


class Filters:
    """The filters of one query.

    Args:
        tree: the clause for the query's text.
        without: ids of articles to exclude.
        boost: a factor for all scores, if the cluster needs one.
        listed: ids of the only articles to find, if the query has a list.
    """

    def __init__(
        self,
        query: Query,
        seen: View,
        tree: Clause,
        without: frozenset[str],
        boost: float | None,
        listed: Collection[str] | None = None,
    ) -> None:
        self._query = query
        self._view = seen
        self._tree = tree
        self._boost = boost
        self._also: list[Clause] = []
        self._common = self._always()
        if without:
            self._common.append({"bool": {"must_not": [{"terms": {"id": sorted(without)}}]}})
        if listed is not None:
            self._common.append({"terms": {"id": sorted(listed)}})
        self._own = self._own_filters()

    def weigh(self, tree: Clause) -> None:
        """Score by this clause, which finds the same as that for the query's text."""
        self._tree = tree

    def score_by(self, more: list[Clause]) -> None:
        """Score what is found by these clauses, too."""
        self._also = more

    def body(self, counted: tuple[str, ...] = ()) -> Clause:
        """The query with those filters that apply to every counted facet, and the others as `post_filter`."""
        inside = [clause for name, clause in self._own.items() if name not in counted]
        query: Clause = {"bool": {"must": [self._tree], "filter": [*self._common, *inside], "should": self._also}}
        if self._boost is not None:
            query["bool"]["boost"] = self._boost
        outside = self.own(counted)
        return {"query": query} | ({"post_filter": outside} if outside else {})

    def of(self, tree: Clause) -> Clause:
        """All filters, and something else to find."""
        return all_of([tree, *self._common, *self._own.values()])

    def own(self, counted: tuple[str, ...]) -> Clause | None:
        """The filters of the counted facets; None if they have none."""
        clauses = [clause for name, clause in self._own.items() if name in counted]
        return all_of(clauses) if clauses else None

    def others(self, facet: str, counted: tuple[str, ...]) -> Clause | None:
        """The filters of the counted facets other than one; None if they have none."""
        clauses = [clause for name, clause in self._own.items() if name != facet and name in counted]
        return all_of(clauses) if clauses else None

    def all_but(self, facet: str) -> bool:
        """True if every article of the archive passes all filters but that of a facet."""
        return self._tree == unscored(EVERYTHING) and not self._common and self._own.keys() <= {facet}

    def in_range(self) -> Clause:
        """Articles dated in the requested range."""
        first, last = self._query.days()
        return between(first.toordinal() if first else None, last.toordinal() if last else None)

    def _always(self) -> list[Clause]:
        found: list[Clause] = [added(*when)] if (when := self._query.added_instants()) is not None else []
        if self._query.scan:
            found.append(having(HAS, [SCAN]))
        for name, least, missing in self._query.measured():
            field = MEASURES[name]
            clauses: list[Clause] = [] if least is None else [{"range": {field: {"gte": f"{least:03}"}}}]
            none: Clause = {"bool": {"must_not": [{"exists": {"field": field}}]}}
            found.append(any_of([*clauses, none] if missing else clauses))
        for name, wanted in self._query.filters.items():
            known = self._view.names[self._query.counted(name)]
            found += [having(known.name, known.behind([value])) for value in wanted.all]
            if wanted.none:
                found.append({"bool": {"must_not": [having(known.name, known.behind(wanted.none))]}})
        return found

    def _own_filters(self) -> dict[str, Clause]:
        found: dict[str, Clause] = {}
        for name, wanted in self._query.filters.items():
            known = self._view.names[self._query.counted(name)]
            if wanted.any or wanted.missing:
                clauses = [having(known.name, known.behind(wanted.any))] if wanted.any else []
                found[name] = any_of([*clauses, without_any(known)] if wanted.missing else clauses)
        first, last = self._query.days()
        if first or last or self._query.date_missing:
            clauses = [self.in_range()] if first or last else []
            found["date"] = any_of([*clauses, UNDATED] if self._query.date_missing else clauses)
        return found
