"""The parameters of `/api/compare` and `/compare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES
from search.measures.comparison import COMPARING, MAX_DIFFERENCES, MAX_QUERIES, Comparing
from search.values.query import DENOMINATORS, INTERVALS, Filter, Query
from service.params.parameter import Pairs, Parameter, checked, decoded, encoded, made
from service.params.query import BY_PARAMETER, FILTERS, formats, made_query
from service.params.query_string import joined

TABLES = ("timeline", "overlaps", "differences")


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """A request to compare queries.

    Attributes:
        query: what they have in common: filters, dates, what is counted.
        texts: the words of each.
        strict: True if it is refused instead of repaired.
        table: what a file of CSV has.
    """

    query: Query
    comparing: Comparing = COMPARING
    texts: tuple[str, ...] = ()
    strict: bool = False
    format: str = "json"
    table: str = "timeline"

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries."""
        return tuple(replace(self.query, text=text) for text in self.texts)


PARAMETERS = (
    Parameter(
        "q",
        "string",
        f"Repeated, {MAX_QUERIES} times at most: the words of each query, in the query language.",
        CompareRequest,
        "texts",
        repeat=True,
        example="oil country:SA",
    ),
    *FILTERS,
    BY_PARAMETER["match"],
    BY_PARAMETER["group"],
    Parameter("strict", "boolean", BY_PARAMETER["strict"].help, CompareRequest, "strict"),
    Parameter("interval", "string", "Width of the timeline's buckets.", Comparing, "interval", choices=INTERVALS),
    Parameter(
        "denominator",
        "string",
        "Base of the shares: articles that pass the filters, the default, or all articles; both within the range.",
        Comparing,
        "denominator",
        choices=DENOMINATORS,
    ),
    Parameter(
        "fields",
        "list",
        "Facets whose values are compared, comma-separated; by default person,country,topic,source.",
        Comparing,
        "fields",
        choices=FACET_NAMES,
        blank=True,
    ),
    Parameter(
        "limit", "integer", "Number of values of each; 10 by default.", Comparing, "limit", bounds=(0, MAX_DIFFERENCES)
    ),
    formats(CompareRequest, "csv", "svg"),
    Parameter(
        "table", "string", "The table of a CSV; by default the timeline.", CompareRequest, "table", choices=TABLES
    ),
)


def read(pairs: Sequence[tuple[str, str]], allow_unknown: bool = False) -> CompareRequest:
    """The request to compare that parameters describe.

    Args:
        allow_unknown: True to ignore unknown names, and to accept no query at all, as a page does.

    Raises:
        BadQuery: naming every invalid parameter.
    """
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors, allow_unknown)
    if "table" in values and values.get("format") != "csv" and not allow_unknown:
        reason = f"table={values['table']} is a table of a CSV file, and format is {values.get('format', 'json')}."
        errors.append(BadValue("table", values["table"], reason, "Add format=csv, or omit it."))
    texts: tuple[str, ...] = values.get("q", ())
    if len(texts) > MAX_QUERIES or not (texts or allow_unknown):
        reason = f"q is given {len(texts)} times." if texts else "q is missing."
        errors.append(BadValue("q", "", reason, "Give it one to five times: a query each."))
    comparing = checked(Comparing, errors, made(values, PARAMETERS, Comparing))
    for text in texts[:MAX_QUERIES]:
        try:
            made_query(values, PARAMETERS, [], text=text, facets=(), size=0)
        except BadQuery as problem:
            errors += [error for error in problem.errors if error not in errors]
    own = made(values, PARAMETERS, CompareRequest)
    return CompareRequest(made_query(values, PARAMETERS, errors, facets=(), size=0), comparing, **own)


def write(request: CompareRequest) -> Pairs:
    """The parameters of a request, without defaults. `read(write(request)) == request`."""
    query = request.query
    return encoded(PARAMETERS, {CompareRequest: request, Filter: query, Query: query, Comparing: request.comparing})


def url(path: str, request: CompareRequest) -> str:
    """A path with the parameters of a request."""
    pairs = write(request)
    return f"{path}?{joined(pairs)}" if pairs else path
