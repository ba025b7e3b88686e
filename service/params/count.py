"""The parameters of `/api/count`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadValue
from search.measures.cross_table import DIMENSIONS, MAX_VALUES, Crossing
from search.values.query import Query
from service.params.parameter import Parameter, checked, decoded, made
from service.params.query import QUERY, formats, made_query


@dataclass(frozen=True, slots=True)
class CountRequest:
    """A request for a cross table of the result of a query."""

    query: Query
    crossing: Crossing
    format: str = "json"


PARAMETERS = (
    *QUERY,
    Parameter(
        "by",
        "string",
        "Repeated for a second dimension: a facet, or an interval; date for a suitable one. By default country, year.",
        Crossing,
        "by",
        repeat=True,
        distinct=False,
        choices=DIMENSIONS,
        example="country",
    ),
    Parameter(
        "limit", "integer", "Number of values of a facet; 1,000 by default.", Crossing, "limit", bounds=(1, MAX_VALUES)
    ),
    formats(CountRequest, "csv", "svg"),
)


def read(pairs: Sequence[tuple[str, str]]) -> CountRequest:
    """The request for a cross table that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors)
    crossing = checked(Crossing, errors, made(values, PARAMETERS, Crossing))
    query = made_query(values, PARAMETERS, errors, facets=(), size=0)
    return CountRequest(query, crossing, **made(values, PARAMETERS, CountRequest))
