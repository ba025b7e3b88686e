"""URL parameters: `read` turns them into a query, `write` turns a query into parameters.

`PARAMETERS` is the only place where they are defined: an entry has the name of the parameter, the attribute of the
query it sets, and its format (see `service.parameter`). The facets' entries are derived from the table of fields. Other
routes have tables of their own, made of the same entries. The OpenAPI description, the options of the command line and
the documentation are derived from them too. The URL is the only state: every link of the page is `write` of a changed
query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from search.cooccurrence import MAX_PAIRS, MEASURES, Pairing
from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES, FACETS
from search.keyness import MAX_SPECIAL, REPRESENTATIONS, SPECIAL_FIELDS, Contrast
from search.query import (
    ALL_HIT_FIELDS,
    DENOMINATORS,
    INTERVALS,
    MAX_FACET_SIZE,
    MAX_NAME,
    MAX_SIZE,
    SORTS,
    VALUE_SORTS,
    Denominator,
    Filter,
    Listing,
    Query,
)
from search.syntax import parse
from service.parameter import Pairs, Parameter, decoded, described, encoded, made

MAX_PARAMETERS = 1000
MAX_SHOWN = 2000
"""Characters of a refused query that are shown."""
MAX_SUGGESTIONS = 100


@dataclass(frozen=True, slots=True)
class Request:
    """A query; if `strict`, it is refused instead of repaired."""

    query: Query
    strict: bool = False


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """A request for the values of a facet over the matches of a query."""

    field: str
    query: Query
    listing: Listing
    strict: bool = False


@dataclass(frozen=True, slots=True)
class TrendRequest:
    """A request for the trend of a query."""

    query: Query
    denominator: Denominator = "filters"


@dataclass(frozen=True, slots=True)
class SpecialRequest:
    """A request for what is special about the result of a query."""

    query: Query
    contrast: Contrast


@dataclass(frozen=True, slots=True)
class PairsRequest:
    """A request for the pairs of values in the articles of a result."""

    query: Query
    pairing: Pairing
    fields: str = "person,person"
    format: str = "json"


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """A request for completions of a typed text."""

    text: str = ""
    limit: int = 10


def _facet_parameters() -> Iterable[Parameter]:
    for entry in FACETS:
        name, lower = entry.name, entry.label.lower()
        about: Any = {"target": Filter, "facet": name}
        values: Any = {**about, "repeat": True}
        yield Parameter(name, "string", f"{entry.help} Repeat to match any.", attribute="any", **values)
        yield Parameter(
            f"{name}.missing",
            "boolean",
            f"Articles without any {lower}; ORed with {name}.",
            attribute="missing",
            **about,
        )
        yield Parameter(
            f"{name}.all", "string", f"Repeat to match all of these {lower} values.", attribute="all", **values
        )
        yield Parameter(f"{name}.not", "string", f"None of these {lower} values.", attribute="none", **values)


PARAMETERS = (
    Parameter("q", "string", "Words in the query language.", Query, "text", example="trade talks"),
    *_facet_parameters(),
    Parameter(
        "country.main",
        "boolean",
        "Filters and counts of countries are for main ones only: those that an article is mainly about.",
        Query,
        "country_main",
    ),
    Parameter(
        "from",
        "string",
        "First day, month or year, inclusive; also -7d, -3m, -1y, or in words: May 1998, yesterday.",
        Query,
        "date_from",
        example="1998-05",
    ),
    Parameter("to", "string", "Last day, month or year, inclusive.", Query, "date_to", example="1999"),
    Parameter("date.missing", "boolean", "Articles without a date; ORed with the range.", Query, "date_missing"),
    Parameter(
        "added.from",
        "string",
        "First day, in UTC, on which an article was added to the index; written like from.",
        Query,
        "added_from",
        example="-7d",
    ),
    Parameter("added.to", "string", "Last day on which it was added, inclusive.", Query, "added_to", example="today"),
    Parameter("sort", "string", "Order; by default relevance with words, else newest.", Query, "sort", choices=SORTS),
    Parameter("size", "integer", "Number of hits per page.", Query, "size", bounds=(0, MAX_SIZE)),
    Parameter("page", "integer", "Page number, from 1.", Query, "page", bounds=(1, None)),
    Parameter("cursor", "string", "Position from “next” of the previous page; not with page.", Query, "cursor"),
    Parameter(
        "facets",
        "list",
        "Facets to count, comma-separated; empty for none.",
        Query,
        "facets",
        choices=(*FACET_NAMES, "date"),
        blank=True,
    ),
    Parameter("facet_size", "integer", "Number of values per facet.", Query, "facet_size", bounds=(0, MAX_FACET_SIZE)),
    Parameter("interval", "string", "Width of the date histogram's buckets.", Query, "interval", choices=INTERVALS),
    Parameter(
        "group", "string", "“story” finds and counts near-duplicates as one.", Query, "group", choices=("story",)
    ),
    Parameter("strict", "boolean", "Refuse a query that needs repair, with the position.", Request, "strict"),
    Parameter(
        "fields",
        "list",
        "Fields of a hit, comma-separated; by default all except added and changed.",
        Query,
        "fields",
        choices=ALL_HIT_FIELDS,
    ),
    Parameter("snippets", "boolean", "False for hits without snippets.", Query, "snippets"),
)
BY_PARAMETER = {parameter.name: parameter for parameter in PARAMETERS}
_BY_ATTRIBUTE = {
    f"{parameter.facet}.{parameter.attribute}" if parameter.facet else parameter.attribute: parameter.name
    for parameter in PARAMETERS
}
_BY_FACET = {name: tuple(p for p in PARAMETERS if p.facet == name) for name in FACET_NAMES}
_RANGES = ("from", "to", "date", "added")
_FILTERS = tuple(parameter for parameter in PARAMETERS if parameter.name.split(".")[0] in (*FACET_NAMES, *_RANGES))
_QUERY = (BY_PARAMETER["q"], *_FILTERS, BY_PARAMETER["group"], BY_PARAMETER["strict"])

FACET_PARAMETERS = (
    *_QUERY,
    Parameter(
        "prefix",
        "string",
        "Only values with a word, or an alias with a word, that begins with this.",
        Listing,
        "prefix",
        example="blin",
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
)
"""The parameters of `/api/facets/{field}`. `interval` is only for the histogram, those of `Listing` only for values."""
FACETS_AND_DATE = (*FACET_NAMES, "date")
_LISTING = tuple(parameter.name for parameter in FACET_PARAMETERS if parameter.target is Listing)

TREND_PARAMETERS = (
    *_QUERY,
    BY_PARAMETER["interval"],
    Parameter(
        "denominator",
        "string",
        "Base of the share: articles that pass the filters, the default, or all articles; both within the range.",
        TrendRequest,
        "denominator",
        choices=DENOMINATORS,
    ),
)
SPECIAL_PARAMETERS = (
    BY_PARAMETER["q"],
    *_FILTERS,
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
        "sort",
        "string",
        "Over-represented values, the default, or under-represented ones, the most so first.",
        Contrast,
        "sort",
        choices=REPRESENTATIONS,
    ),
    Parameter("limit", "integer", "Number of values; 20 by default.", Contrast, "limit", bounds=(1, MAX_SPECIAL)),
)
PAIRS_PARAMETERS = (
    *_QUERY,
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
    Parameter(
        "format", "string", "Format; by default json.", PairsRequest, "format", choices=("json", "csv", "graphml")
    ),
)
SIMILAR_PARAMETERS = (*_FILTERS, *(BY_PARAMETER[name] for name in ("size", "page", "group", "fields", "snippets")))
SUGGEST_PARAMETERS = (
    Parameter("q", "string", "The beginning of a name.", SuggestRequest, "text", example="blin"),
    Parameter(
        "limit",
        "integer",
        "Number of suggestions; 10 by default.",
        SuggestRequest,
        "limit",
        bounds=(1, MAX_SUGGESTIONS),
    ),
)


def split(query_string: str) -> list[tuple[str, str]]:
    """The name and value pairs of a URL's query string, in order."""
    try:
        return parse_qsl(query_string, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        problem = BadValue("", "", f"More than {MAX_PARAMETERS} parameters.", "Send fewer.")
        raise BadQuery([problem]) from None


def read(pairs: Sequence[tuple[str, str]], allow_unknown: bool = False) -> Request:
    """The request that parameters describe.

    Args:
        pairs: name and value, in the order given.
        allow_unknown: True to ignore unknown names, such as `utm_…` on a page; otherwise they are errors.

    Raises:
        BadQuery: naming every invalid parameter.
    """
    errors: list[BadValue] = []
    values = decoded(pairs, PARAMETERS, errors, allow_unknown)
    if allow_unknown:
        values.pop("fields", None)  # a page has a fixed set
    if "cursor" in values and "page" in values:
        errors.append(
            BadValue("cursor", values["cursor"], "A page and a cursor cannot be combined.", "Send one of them.")
        )
    return Request(_query(values, PARAMETERS, errors), **made(values, PARAMETERS, Request))


def read_facet(pairs: Sequence[tuple[str, str]], field: str) -> FacetRequest:
    """The request for a facet, or for `date` the histogram, that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, FACET_PARAMETERS, errors)
    unfit = _LISTING if field == "date" else ("interval",) if field == "topic" else ("interval", "parent")
    for name in unfit:
        if name in values:
            reason = f"{name} does not apply to {field}."
            errors.append(BadValue(name, str(values.pop(name)), reason, "Omit it."))
    listing = Listing()
    try:
        listing = Listing(**made(values, FACET_PARAMETERS, Listing))
    except BadQuery as problem:
        errors += problem.errors
    query = _query(values, FACET_PARAMETERS, errors, facets=(), size=0)
    return FacetRequest(field, query, listing, **made(values, FACET_PARAMETERS, Request))


def read_trend(pairs: Sequence[tuple[str, str]]) -> TrendRequest:
    """The request for a trend that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, TREND_PARAMETERS, errors)
    query = _query(values, TREND_PARAMETERS, errors, facets=(), size=0)
    return TrendRequest(query, **made(values, TREND_PARAMETERS, TrendRequest))


def read_special(pairs: Sequence[tuple[str, str]]) -> SpecialRequest:
    """The request for what is special that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, SPECIAL_PARAMETERS, errors)
    contrast = Contrast()
    try:
        contrast = Contrast(**made(values, SPECIAL_PARAMETERS, Contrast))
    except BadQuery as problem:
        errors += problem.errors
    return SpecialRequest(_query(values, SPECIAL_PARAMETERS, errors, facets=(), size=0), contrast)


def read_pairs(pairs: Sequence[tuple[str, str]]) -> PairsRequest:
    """The request for pairs that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    values = decoded(pairs, PAIRS_PARAMETERS, errors)
    own = made(values, PAIRS_PARAMETERS, PairsRequest)
    pairing = Pairing()
    try:
        fields = tuple(name.strip() for name in own["fields"].split(",")) if "fields" in own else pairing.fields
        pairing = Pairing(fields, **made(values, PAIRS_PARAMETERS, Pairing))
    except BadQuery as problem:
        errors += problem.errors
    return PairsRequest(_query(values, PAIRS_PARAMETERS, errors, facets=(), size=0), pairing, **own)


def read_similar(pairs: Sequence[tuple[str, str]]) -> Request:
    """The filters and the page of a request for similar articles. Raises BadQuery."""
    errors: list[BadValue] = []
    return Request(_query(decoded(pairs, SIMILAR_PARAMETERS, errors), SIMILAR_PARAMETERS, errors))


def read_suggest(pairs: Sequence[tuple[str, str]]) -> SuggestRequest:
    """The request for completions that parameters describe. Raises BadQuery."""
    errors: list[BadValue] = []
    asked = SuggestRequest(**made(decoded(pairs, SUGGEST_PARAMETERS, errors), SUGGEST_PARAMETERS, SuggestRequest))
    if len(asked.text) > MAX_NAME:
        reason = f"q has {len(asked.text)} characters; the maximum is {MAX_NAME}."
        errors.append(BadValue("q", asked.text[:80] + "…", reason, "Shorten it."))
    if not 1 <= asked.limit <= MAX_SUGGESTIONS:
        reason = f"limit is {asked.limit}."
        errors.append(BadValue("limit", str(asked.limit), reason, f"It must be from 1 to {MAX_SUGGESTIONS}."))
    if errors:
        raise BadQuery(errors)
    return asked


def _query(values: Mapping[str, Any], table: Sequence[Parameter], errors: list[BadValue], **given: Any) -> Query:
    """The query that values describe. Raises BadQuery if there are errors already, or more are found.

    Args:
        given: attributes that the table does not set.
    """
    chosen = {facet: Filter(**made(values, table, Filter, facet)) for facet in FACET_NAMES}
    filters = {facet: wanted for facet, wanted in chosen.items() if wanted}
    try:
        query = Query(filters=filters, **made(values, table, Query), **given)
        notes = parse(query.text).notes
    except BadQuery as problem:
        known = {error.name for error in errors}
        raise BadQuery(
            [*errors, *(error for error in invalid_parameters(problem) if error.name not in known)]
        ) from None
    if values.get("strict"):
        errors += [BadValue("q", query.text, note, "Correct it, or omit strict.") for note in notes]
    if errors:
        raise BadQuery(errors)
    return query


def invalid_parameters(problem: BadQuery) -> tuple[BadValue, ...]:
    """The errors of a query, named by the parameters that set its attributes."""
    return tuple(replace(error, name=_BY_ATTRIBUTE.get(error.name, error.name)) for error in problem.errors)


def write(query: Query) -> Pairs:
    """The parameters of a query without defaults, in the order of the table. `read(write(q)).query == q`."""
    return encoded(PARAMETERS, {Query: query, Filter: query})


def write_filter(facet: str, wanted: Filter) -> Pairs:
    """The parameters of the filter on a facet."""
    return described(_BY_FACET[facet], wanted)


def url(path: str, asked: Query | Request) -> str:
    """A path with the parameters of a query."""
    pairs = write(asked) if isinstance(asked, Query) else write_request(asked)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def write_request(request: Request) -> Pairs:
    """The parameters of a request, including `strict`, in the order of the table."""
    return encoded(PARAMETERS, {Query: request.query, Filter: request.query, Request: request})


def write_facet(request: FacetRequest) -> Pairs:
    """The parameters of a request for a facet."""
    objects = {Query: request.query, Filter: request.query, Request: request, Listing: request.listing}
    return encoded(FACET_PARAMETERS, objects)


def none(pairs: Sequence[tuple[str, str]]) -> None:
    """Check that there are no parameters. Raises BadQuery."""
    if pairs:
        raise BadQuery([BadValue(n, v, f"No parameter “{n}”.", "This address has no parameters.") for n, v in pairs])


def first_page(query: Query) -> Query:
    """The query from its first hit."""
    return query if query.page == 1 and query.cursor is None else replace(query, page=1, cursor=None)
