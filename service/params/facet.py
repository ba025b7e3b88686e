"""The parameters of `/api/facets/{field}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import BadValue
from search.fields import FACET_NAMES
from search.values.query import MAX_FACET_SIZE, VALUE_SORTS, Filter, Listing, Query
from service.params.parameter import Pairs, Parameter, checked, decoded, encoded, made
from service.params.query import BY_PARAMETER, QUERY, Request, formats, made_query


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """A request for the values of a facet over the matches of a query."""

    field: str
    query: Query
    listing: Listing
    strict: bool = False
    format: str = "json"


PARAMETERS = (
    *QUERY,
    Parameter(
        "prefix",
        "string",
        "Only values with a word, or an alias with a word, that begins with this.",
        Listing,
        "prefix",
        example="blin",
    ),
    Parameter(
        "contains",
        "string",
        "Only values with a word, or an alias with a word, that has this in it; those that begin with it come first.",
        Listing,
        "contains",
        example="eagan",
    ),
    Parameter("sort", "string", "Order: by count, the default, or by name.", Listing, "sort", choices=VALUE_SORTS),
    Parameter("offset", "integer", "Values to skip.", Listing, "offset", bounds=(0, None)),
    Parameter("limit", "integer", "Number of values; 10 by default.", Listing, "limit", bounds=(0, MAX_FACET_SIZE)),
    Parameter(
        "parent",
        "string",
        "For topics: only children of this one, by code or label.",
        Listing,
        "parent",
        example="sport",
    ),
    BY_PARAMETER["interval"],
    formats(FacetRequest, "csv", "svg"),
)
"""`interval` is only for the histogram, those of `Listing` only for values."""
FACETS_AND_DATE = (*FACET_NAMES, "date")
_LISTING = tuple(parameter.name for parameter in PARAMETERS if parameter.target is Listing)


def read(pairs: Sequence[tuple[str, str]], field: str) -> FacetRequest:
    """The request for a facet, or for `date` the histogram, that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors)
    unfit = _LISTING if field == "date" else ("interval",) if field == "topic" else ("interval", "parent")
    for name in unfit:
        if name in values:
            reason = f"{name} does not apply to {field}."
            errors.append(BadValue(name, str(values.pop(name)), reason, "Omit it."))
    if values.get("format") == "svg":
        values.setdefault("limit", MAX_FACET_SIZE)
        if field != "country":
            reason, hint = f"{field} has no map.", f"Ask /api/count?by={field}&format=svg, or for format=csv."
            errors.append(BadValue("format", "svg", reason, hint))
    listing = checked(Listing, errors, made(values, PARAMETERS, Listing))
    query = made_query(values, PARAMETERS, errors, facets=(), size=0)
    own = made(values, PARAMETERS, Request) | made(values, PARAMETERS, FacetRequest)
    return FacetRequest(field, query, listing, **own)


def write(request: FacetRequest) -> Pairs:
    """The parameters of a request for a facet."""
    query = request.query
    about = {Query: query, Filter: query, Request: request, Listing: request.listing, FacetRequest: request}
    return encoded(PARAMETERS, about)
