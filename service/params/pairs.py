"""The parameters of `/api/pairs`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadValue
from search.measures.cooccurrence import MAX_PAIRS, MEASURES, Pairing
from search.values.query import Query
from service.params.parameter import Parameter, checked, decoded, made
from service.params.query import QUERY, formats, made_query


@dataclass(frozen=True, slots=True)
class PairsRequest:
    """A request for the pairs of values in the articles of a result."""

    query: Query
    pairing: Pairing
    fields: str = "person,person"
    format: str = "json"


PARAMETERS = (
    *QUERY,
    Parameter(
        "fields",
        "string",
        "The facets of the two values of a pair, comma-separated; by default person,person.",
        PairsRequest,
        "fields",
        example="person,country",
    ),
    Parameter(
        "measure",
        "string",
        "The order of the pairs: by the articles that have both, the default, or by their association.",
        Pairing,
        "measure",
        choices=MEASURES,
    ),
    Parameter(
        "min", "integer", "Minimum number of articles that have both; 2 by default.", Pairing, "min", bounds=(1, None)
    ),
    Parameter("limit", "integer", "Number of pairs; 1,000 by default.", Pairing, "limit", bounds=(0, MAX_PAIRS)),
    formats(PairsRequest, "csv", "graphml", "svg"),
)


def read(pairs: Sequence[tuple[str, str]]) -> PairsRequest:
    """The request for pairs that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors)
    own, attributes = made(values, PARAMETERS, PairsRequest), made(values, PARAMETERS, Pairing)
    if "fields" in own:
        attributes["fields"] = tuple(name.strip() for name in own["fields"].split(","))
    pairing = checked(Pairing, errors, attributes)
    return PairsRequest(made_query(values, PARAMETERS, errors, facets=(), size=0), pairing, **own)
