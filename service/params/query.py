"""The parameters of a query: `read` turns them into one, `write` turns a query into parameters.

An entry of `PARAMETERS` has the name of the parameter, the attribute of the query it sets, and its format (see
`service.params.parameter`). The facets' entries are derived from the table of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES, FACETS, MEASURES
from search.said import said
from search.syntax import parse
from search.values.bad_values import SHARE
from search.values.query import (
    ALL_HIT_FIELDS,
    INTERVALS,
    MATCHES,
    MAX_FACET_SIZE,
    MAX_SIZE,
    RANKS,
    SORTS,
    Filter,
    Query,
)
from service.params.parameter import Pairs, Parameter, decoded, described, encoded, made
from service.params.query_string import joined


@dataclass(frozen=True, slots=True)
class Request:
    """A query; if `strict`, it is refused instead of repaired."""

    query: Query
    strict: bool = False


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
    Parameter(
        "scan",
        "boolean",
        "Only articles with a picture of a page that they are on, or one next to them.",
        Query,
        "scan",
    ),
    Parameter(
        "quality.from",
        "string",
        "Only articles that were read from a scan by a program that was as sure of their words, from 0 to 1.",
        Query,
        "quality_from",
        pattern=SHARE,
        example="0.7",
    ),
    Parameter(
        "quality.missing",
        "boolean",
        "Articles without a quality; ORed with quality.from.",
        Query,
        "quality_missing",
    ),
    Parameter(
        "known.from",
        "string",
        "Only articles of whose words at least this share are words of their language, from 0 to 1.",
        Query,
        "known_from",
        pattern=SHARE,
        example="0.8",
    ),
    Parameter(
        "known.missing",
        "boolean",
        "Articles of which that share is unknown; ORed with known.from.",
        Query,
        "known_missing",
    ),
    Parameter("list", "string", "Name of a list: only articles that are on it.", Query, "list"),
    Parameter(
        "match",
        "string",
        "How many of the words, phrases and groups of q an article must have; “most” is more than half, “auto” is "
        "“most” if few articles have all.",
        Query,
        "match",
        choices=MATCHES,
    ),
    Parameter(
        "rank",
        "string",
        "Order of relevance if match leaves words out: “words” is by those of q, “best” also by those of the first "
        "articles if none of them has all.",
        Query,
        "rank",
        choices=RANKS,
    ),
    Parameter("explain", "boolean", "Hits with what their scores are made of.", Query, "explain"),
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
_OTHERS = ("from", "to", "date", "added", "scan", *MEASURES, "list")
"""The filters that are not of a facet: the names of their parameters, up to a dot."""
FILTERS = tuple(parameter for parameter in PARAMETERS if parameter.name.split(".")[0] in (*FACET_NAMES, *_OTHERS))
"""The filters, which other routes take too."""
QUERY = (BY_PARAMETER["q"], *FILTERS, *(BY_PARAMETER[name] for name in ("match", "group", "strict")))
"""What the routes take that count the matches of a query."""


def formats(target: type, *others: str) -> Parameter:
    """The parameter for the format of an answer: JSON, or another."""
    return Parameter("format", "string", "Format; by default json.", target, "format", choices=("json", *others))


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
            BadValue(
                "cursor", values["cursor"], said("A page and a cursor cannot be combined."), said("Send one of them.")
            )
        )
    return Request(made_query(values, PARAMETERS, errors), **made(values, PARAMETERS, Request))


def made_query(values: Mapping[str, Any], table: Sequence[Parameter], errors: list[BadValue], **given: Any) -> Query:
    """The query that values describe. Raises BadQuery if there are errors already, or more are found.

    Args:
        given: attributes that the table does not set.
    """
    table = [parameter for parameter in table if parameter.name in values]
    asked = {parameter.facet for parameter in table}
    chosen = {facet: Filter(**made(values, table, Filter, facet)) for facet in FACET_NAMES if facet in asked}
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
        errors += [BadValue("q", query.text, note, said("Correct it, or omit strict.")) for note in notes]
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
    return f"{path}?{joined(pairs)}" if pairs else path


def write_request(request: Request) -> Pairs:
    """The parameters of a request, including `strict`, in the order of the table."""
    return encoded(PARAMETERS, {Query: request.query, Filter: request.query, Request: request})


def first_page(query: Query) -> Query:
    """The query from its first hit."""
    return query if query.page == 1 and query.cursor is None else replace(query, page=1, cursor=None)
