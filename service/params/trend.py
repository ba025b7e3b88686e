"""The parameters of `/api/trend`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadValue
from search.values.bad_values import SHARE, share_errors
from search.values.query import DENOMINATORS, Denominator, Query
from service.params.parameter import Parameter, decoded, made
from service.params.query import BY_PARAMETER, QUERY, formats, made_query


@dataclass(frozen=True, slots=True)
class TrendRequest:
    """A request for the trend of a query."""

    query: Query
    denominator: Denominator = "filters"
    legible: str | None = None
    format: str = "json"


PARAMETERS = (
    *QUERY,
    BY_PARAMETER["interval"],
    Parameter(
        "denominator",
        "string",
        "Base of the share: articles that pass the filters, the default, or all articles; both within the range.",
        TrendRequest,
        "denominator",
        choices=DENOMINATORS,
    ),
    Parameter(
        "legible",
        "string",
        "A share from 0 to 1: adds the trend of the articles of whose words at least this share is known.",
        TrendRequest,
        "legible",
        pattern=SHARE,
        example="0.8",
    ),
    formats(TrendRequest, "csv", "svg"),
)


def read(pairs: Sequence[tuple[str, str]]) -> TrendRequest:
    """The request for a trend that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors)
    if (least := values.get("legible")) is not None:
        errors += share_errors("legible", least)
    query = made_query(values, PARAMETERS, errors, facets=(), size=0)
    return TrendRequest(query, **made(values, PARAMETERS, TrendRequest))
