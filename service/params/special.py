"""The parameters of `/api/special`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analyses.periods import PERIODS, By
from search.errors import BadQuery, BadValue
from search.measures.keyness import MAX_SPECIAL, REPRESENTATIONS, SPECIAL_FIELDS, Contrast
from search.said import said
from search.values.query import DENOMINATORS, Query
from service.params.parameter import Parameter, checked, decoded, made
from service.params.query import BY_PARAMETER, FILTERS, formats, made_query


@dataclass(frozen=True, slots=True)
class SpecialRequest:
    """A request for what is special about the result of a query."""

    query: Query
    contrast: Contrast
    by: By | None = None
    format: str = "json"


PARAMETERS = (
    BY_PARAMETER["q"],
    *FILTERS,
    BY_PARAMETER["match"],
    BY_PARAMETER["strict"],
    Parameter(
        "field",
        "string",
        "What is compared: a facet, or words, the default.",
        Contrast,
        "field",
        choices=SPECIAL_FIELDS,
    ),
    Parameter(
        "against",
        "string",
        "The reference: the archive, the default, or the articles that pass the same filters, whatever their words.",
        Contrast,
        "against",
        choices=DENOMINATORS,
    ),
    Parameter(
        "than",
        "string",
        "Words of another query, in place of `against`: values more frequent in what `q` finds than in the rest of it.",
        Contrast,
        "than",
        example="published:1987-02",
    ),
    Parameter(
        "sort",
        "string",
        "Over-represented values, the default, or under-represented ones, the most so first.",
        Contrast,
        "sort",
        choices=REPRESENTATIONS,
    ),
    Parameter("limit", "integer", "Number of values; 20 by default.", Contrast, "limit", bounds=(1, MAX_SPECIAL)),
    Parameter(
        "by",
        "string",
        "Compared within each period; the reference is then `filters`.",
        SpecialRequest,
        "by",
        choices=PERIODS,
    ),
    formats(SpecialRequest, "csv", "svg"),
)


def read(pairs: Sequence[tuple[str, str]]) -> SpecialRequest:
    """The request for what is special that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors)
    contrast = checked(Contrast, errors, made(values, PARAMETERS, Contrast))
    query = made_query(values, PARAMETERS, errors, facets=(), size=0)
    request = SpecialRequest(query, contrast, **made(values, PARAMETERS, SpecialRequest))
    if request.by and request.format == "svg":
        raise BadQuery(
            [
                BadValue(
                    "format", "svg", said("There is no drawing of periods."), said("Use csv or json, or leave by out.")
                )
            ]
        )
    return request
