"""The parameters of `/api/concordance`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analyses.concordance import MAX_COLLOCATES, MAX_ROWS, MAX_WIDTH, ORDERS, Window
from search.errors import BadValue
from search.values.query import Query
from service.params.parameter import Pairs, Parameter, checked, decoded, encoded, made
from service.params.query import QUERY, formats, made_query


@dataclass(frozen=True, slots=True)
class ConcordanceRequest:
    """A request for the occurrences of a query's words."""

    query: Query
    window: Window
    format: str = "json"


PARAMETERS = (
    *QUERY,
    Parameter(
        "sort",
        "string",
        "By date, the default: oldest first; or by the words to the left, the nearest first, or to the right.",
        Window,
        "sort",
        choices=ORDERS,
    ),
    Parameter(
        "width", "integer", "Characters before and after, at most; 60 by default.", Window, "width",
        bounds=(1, MAX_WIDTH),
    ),
    Parameter(
        "limit", "integer", "Number of rows; 100 by default, of a CSV file all.", Window, "limit", bounds=(0, MAX_ROWS)
    ),
    Parameter("cursor", "string", "Position from “next” of the previous page.", Window, "cursor"),
    Parameter(
        "collocates",
        "integer",
        "Number of words listed that stand near, the strongest first; 0 by default.",
        Window,
        "collocates",
        bounds=(0, MAX_COLLOCATES),
    ),
    formats(ConcordanceRequest, "csv"),
)  # fmt: skip


def read(pairs: Sequence[tuple[str, str]]) -> ConcordanceRequest:
    """The request for a concordance that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors)
    own = made(values, PARAMETERS, ConcordanceRequest)
    attributes = made(values, PARAMETERS, Window)
    if own.get("format") == "csv":
        attributes.setdefault("limit", None)
    window = checked(Window, errors, attributes)
    return ConcordanceRequest(made_query(values, PARAMETERS, errors, facets=(), size=0), window, **own)


def write(request: ConcordanceRequest) -> Pairs:
    """The parameters of a request without defaults."""
    about = {Query: request.query, Window: request.window, ConcordanceRequest: request}
    return encoded(PARAMETERS, about)
