"""A query as the parameters of a URL, from which those of others like it are written quickly.

A page has some fifty links to its own query with one thing changed. `Written` writes each attribute of the query once,
and for a link only what is different there. Not for parameters of another table.

Cost: a few microseconds a link; writing a query as a whole takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from search.values.query import Filter, Query
from service.params.parameter import Parameter, described
from service.params.query import PARAMETERS, first_page
from service.params.query_string import joined


def _pieces() -> tuple[tuple[str | None, str, tuple[Parameter, ...]], ...]:
    """The parameters of a query in runs: those of a facet's filter, or one, and the attribute that they describe."""
    table = (each for each in PARAMETERS if each.target in (Query, Filter))
    runs = groupby(table, key=lambda each: (each.facet, "filters" if each.facet else each.attribute))
    return tuple((facet, attribute, tuple(some)) for (facet, attribute), some in runs)


_PIECES = _pieces()


class Written:
    """The parameters of a query, from its first hit.

    Args:
        query: the query; others are compared with it.
    """

    def __init__(self, query: Query) -> None:
        self._query = query = first_page(query)
        self._parts = [_part(piece, query) for piece in _PIECES]
        self.whole = _put_together(self._parts)

    def of(self, other: Query) -> str:
        """The parameters of another query, as `joined(write(first_page(other)))` writes them."""
        query, other, parts = self._query, first_page(other), self._parts.copy()
        if other is query:
            return self.whole
        for number, piece in enumerate(_PIECES):
            facet, attribute, _ = piece
            if facet is None:
                same = getattr(other, attribute) is getattr(query, attribute)
            else:
                same = other.filters.get(facet) is query.filters.get(facet)
            if not same:
                parts[number] = _part(piece, other)
        return _put_together(parts)

    def changed(self, attributes: Mapping[str, Any]) -> str:
        """The parameters of the query with other values of some attributes, which are valid together; no filters."""
        parts, changed = self._parts.copy(), SimpleNamespace(**attributes)
        for number, (facet, attribute, some) in enumerate(_PIECES):
            if facet is None and attribute in attributes:
                parts[number] = joined(described(some, changed))
        return _put_together(parts)


def _part(piece: tuple[str | None, str, tuple[Parameter, ...]], query: Query) -> str:
    facet, _, some = piece
    thing = query if facet is None else query.filters.get(facet)
    return "" if thing is None else joined(described(some, thing))


def _put_together(parts: Sequence[str]) -> str:
    return "&".join(filter(None, parts))
