"""URL parameters: `read` makes a question of them, `write` makes them of a question.

`PARAMETERS` is the table they all come from, one line a parameter; the facets' are derived from the table of fields.
Routes that ask something else of the same question have tables of their own, made of the same lines. The OpenAPI
description, the command line's options and the documentation are made from them too. State lives in the URL and nowhere
else: every link of the page is `write` of a changed question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from search.errors import BadParameter, BadQuery
from search.fields import BY_NAME, DEFAULT_FACETS, FACET_NAMES, FACETS
from search.query import (
    DENOMINATORS,
    HIT_FIELDS,
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
    as_denominator,
    as_grouping,
    as_interval,
    as_sort,
    as_value_sort,
    nearest,
)
from search.syntax import parse
from search.vocabulary import vocabulary

Kind = Literal["string", "integer", "boolean", "list"]

MAX_PARAMETERS = 1000
_DIGITS = 12
"""Digits of a number that are read; one with more is out of any range all the same."""
MAX_HINTS = 8
"""Names and values at fault that are told the nearest there is: each is compared with all of them."""
MAX_SHOWN = 2000
"""Characters of a refused query that are shown again."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the search.

    Attributes:
        kind: how its value is written; a `list` is separated by commas.
        help: a sentence.
        repeat: whether it may be given more than once.
        choices: the only values it has, if so.
        bounds: the least and the greatest value of an integer; None is open.
    """

    name: str
    kind: Kind
    help: str
    repeat: bool = False
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int | None] | None = None
    example: str = ""


def _facet_parameters() -> Iterable[Parameter]:
    for entry in FACETS:
        lower = entry.label.lower()
        yield Parameter(entry.name, "string", f"{entry.help} Repeated: any of them.", repeat=True)
        yield Parameter(f"{entry.name}.missing", "boolean", f"Articles without any {lower}; ORed with {entry.name}.")
        yield Parameter(f"{entry.name}.all", "string", f"Repeated: all of these {lower} values.", repeat=True)
        yield Parameter(f"{entry.name}.not", "string", f"None of these {lower} values.", repeat=True)


PARAMETERS = (
    Parameter("q", "string", "Words in the query language.", example="trade talks"),
    *_facet_parameters(),
    Parameter("from", "string", "First day, month or year, or -7d, -3m, -1y ago; included.", example="1998-05"),
    Parameter("to", "string", "Last day, month or year; included.", example="1999"),
    Parameter("date.missing", "boolean", "Articles without a date; ORed with the range."),
    Parameter("sort", "string", "Order; by default relevance with words, newest without.", choices=SORTS),
    Parameter("size", "integer", "Hits to give.", bounds=(0, MAX_SIZE)),
    Parameter("page", "integer", "Page of hits, from 1.", bounds=(1, None)),
    Parameter("cursor", "string", "Where to go on, from “next” of the answer before; not with page."),
    Parameter("facets", "list", "Facets to count, by comma; empty for none.", choices=(*FACET_NAMES, "date")),
    Parameter("facet_size", "integer", "Values to list in each facet.", bounds=(0, MAX_FACET_SIZE)),
    Parameter("interval", "string", "Width of the date histogram's buckets.", choices=INTERVALS),
    Parameter("group", "string", "“story” finds and counts each group of copies as one.", choices=("story",)),
    Parameter("strict", "boolean", "Refuse a query that had to be repaired, with the place."),
    Parameter("fields", "list", "Fields of a hit to give, by comma; all by default.", choices=HIT_FIELDS),
)
BY_PARAMETER = {parameter.name: parameter for parameter in PARAMETERS}
_PLACES = {parameter.name: place for place, parameter in enumerate(PARAMETERS)}
_FILTERS = tuple(
    parameter for parameter in PARAMETERS if parameter.name.split(".")[0] in (*FACET_NAMES, "from", "to", "date")
)
_QUESTION = (BY_PARAMETER["q"], *_FILTERS, BY_PARAMETER["group"], BY_PARAMETER["strict"])

FACET_PARAMETERS = (
    *_QUESTION,
    Parameter("prefix", "string", "Only values of which a word, or a word of an alias, begins so.", example="blin"),
    Parameter("sort", "string", "By count, the default, or by name.", choices=VALUE_SORTS),
    Parameter("offset", "integer", "Values to pass over.", bounds=(0, None)),
    Parameter("limit", "integer", "Values to give; 10 by default.", bounds=(0, MAX_FACET_SIZE)),
    Parameter("parent", "string", "Of topics: the children of this one, by code or label.", example="sport"),
    BY_PARAMETER["interval"],
)
"""Of `/api/facets/{field}`. A list of values has no interval, the histogram none of what is for lists."""
FACETS_AND_DATE = (*FACET_NAMES, "date")
_LISTING = ("prefix", "sort", "offset", "limit", "parent")

TREND_PARAMETERS = (
    *_QUESTION,
    BY_PARAMETER["interval"],
    Parameter(
        "denominator",
        "string",
        "What the share is of: articles that pass the filters, the default, or all of the archive; both in the range.",
        choices=DENOMINATORS,
    ),
)
SIMILAR_PARAMETERS = (*_FILTERS, *(BY_PARAMETER[name] for name in ("size", "page", "group", "fields")))
MAX_SUGGESTIONS = 100
SUGGEST_PARAMETERS = (
    Parameter("q", "string", "The beginning of a name, as far as it is typed.", example="blin"),
    Parameter("limit", "integer", "Suggestions to give; 10 by default.", bounds=(1, MAX_SUGGESTIONS)),
)


@dataclass(frozen=True, slots=True)
class Request:
    """A question, and whether it is refused when it has to be repaired."""

    query: Query
    strict: bool = False


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """A question to a facet: which, under which question, what of it."""

    field: str
    query: Query
    listing: Listing
    strict: bool = False


@dataclass(frozen=True, slots=True)
class TrendRequest:
    """A question to the trend."""

    query: Query
    denominator: Denominator


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """What was typed, and how many completions are wanted."""

    text: str
    limit: int


def split(query_string: str) -> list[tuple[str, str]]:
    """The name and value pairs of a URL's query string, in order."""
    try:
        return parse_qsl(query_string, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        problem = BadParameter("", "", f"More than {MAX_PARAMETERS} parameters.", "Give fewer.")
        raise BadQuery([problem]) from None


def read(pairs: Sequence[tuple[str, str]], strangers: bool = False) -> Request:
    """The question that parameters ask.

    Args:
        pairs: name and value, in the order given.
        strangers: whether unknown names are ignored, as a page does with `utm_…`; else they are errors.

    Raises:
        BadQuery: naming every parameter at fault.
    """
    errors: list[BadParameter] = []
    values = _values(pairs, PARAMETERS, errors, strangers)
    if strangers:
        values.pop("fields", None)  # a page shows what it shows
    if "cursor" in values and "page" in values:
        errors.append(
            BadParameter(
                "cursor", values["cursor"], "A page and a cursor are two ways to say where.", "Give one of them."
            )
        )
    return Request(_question(values, errors), bool(values.get("strict")))


def read_facet(pairs: Sequence[tuple[str, str]], field: str) -> FacetRequest:
    """The question that parameters ask a facet, or of `date` the histogram. Raises BadQuery."""
    errors: list[BadParameter] = []
    values = _values(pairs, FACET_PARAMETERS, errors)
    unfit = _LISTING if field == "date" else ("interval",) if field == "topic" else ("interval", "parent")
    for name in unfit:
        if name in values:
            reason = f"{name} says nothing about {field}."
            errors.append(BadParameter(name, str(values.pop(name)), reason, "Leave it out."))
    parents = _coded("topic", (values["parent"],), errors, "parent") if values.get("parent") else ()
    listing = Listing()
    try:
        listing = Listing(
            prefix=values.get("prefix", ""),
            sort=as_value_sort(values.pop("sort", None) or "count"),
            offset=values.get("offset", 0),
            limit=values.get("limit", 10),
            parent=parents[0] if parents else None,
        )
    except BadQuery as problem:
        errors += problem.errors
    query = _question({**values, "facets": (), "size": 0}, errors)
    return FacetRequest(field, query, listing, bool(values.get("strict")))


def read_trend(pairs: Sequence[tuple[str, str]]) -> TrendRequest:
    """The question that parameters ask the trend. Raises BadQuery."""
    errors: list[BadParameter] = []
    values = _values(pairs, TREND_PARAMETERS, errors)
    query = _question({**values, "facets": (), "size": 0}, errors)
    return TrendRequest(query, as_denominator(values.get("denominator") or "filters"))


def read_similar(pairs: Sequence[tuple[str, str]]) -> Request:
    """What articles that are like one must be, and what of them is shown. Raises BadQuery."""
    errors: list[BadParameter] = []
    return Request(_question(_values(pairs, SIMILAR_PARAMETERS, errors), errors))


def read_suggest(pairs: Sequence[tuple[str, str]]) -> SuggestRequest:
    """What was typed. Raises BadQuery."""
    errors: list[BadParameter] = []
    values = _values(pairs, SUGGEST_PARAMETERS, errors)
    text, limit = values.get("q", ""), values.get("limit", 10)
    if len(text) > MAX_NAME:
        reason = f"q has {len(text)} characters; the most is {MAX_NAME}."
        errors.append(BadParameter("q", text[:80] + "…", reason, "Give fewer letters."))
    if not 1 <= limit <= MAX_SUGGESTIONS:
        errors.append(BadParameter("limit", str(limit), f"limit is {limit}.", f"It goes from 1 to {MAX_SUGGESTIONS}."))
    if errors:
        raise BadQuery(errors)
    return SuggestRequest(text, limit)


def _values(
    pairs: Sequence[tuple[str, str]], table: Sequence[Parameter], errors: list[BadParameter], strangers: bool = False
) -> dict[str, Any]:
    """What the parameters of a table stand for, by name; what is wrong is added to the errors."""
    known = {parameter.name: parameter for parameter in table}
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in known:
            if value.strip() or name == "facets":
                given.setdefault(name, []).append(value.strip())
        elif not strangers:
            errors.append(BadParameter(name, value, f"No parameter “{name}”.", _hint(name, tuple(known), errors)))
    return {name: _value(known[name], found, errors) for name, found in given.items()}


def _hint(value: str, known: tuple[str, ...], errors: Sequence[BadParameter]) -> str:
    """The nearest of some names, as long as few have been told one."""
    return nearest(value, known) if len(errors) < MAX_HINTS else "Leave it out."


def _question(values: Mapping[str, Any], errors: list[BadParameter]) -> Query:
    """The question that values ask. Raises BadQuery where there are errors already, or more are found."""
    filters: dict[str, Filter] = {}
    for facet in FACET_NAMES:
        wanted = Filter(
            any=_coded(facet, values.get(facet, ()), errors, facet),
            all=_coded(facet, values.get(f"{facet}.all", ()), errors, f"{facet}.all"),
            none=_coded(facet, values.get(f"{facet}.not", ()), errors, f"{facet}.not"),
            missing=bool(values.get(f"{facet}.missing")),
        )
        if wanted:
            filters[facet] = wanted
    query = _query(values, filters, errors)
    if query is not None and values.get("strict"):
        errors += [
            BadParameter("q", query.text, note, "Mend it, or leave out strict.") for note in parse(query.text).notes
        ]
    if errors or query is None:
        raise BadQuery(errors)
    return query


def _query(values: Mapping[str, Any], filters: Mapping[str, Filter], errors: list[BadParameter]) -> Query | None:
    try:
        query = Query(
            text=values.get("q", ""),
            filters=filters,
            date_from=values.get("from"),
            date_to=values.get("to"),
            date_missing=bool(values.get("date.missing")),
            sort=as_sort(values["sort"]) if values.get("sort") else None,
            size=values.get("size", 10),
            page=values.get("page", 1),
            cursor=values.get("cursor"),
            facets=values.get("facets", DEFAULT_FACETS),
            facet_size=values.get("facet_size", 10),
            interval=as_interval(values.get("interval") or "auto"),
            group=as_grouping(values["group"]) if values.get("group") else None,
            fields=values.get("fields") or HIT_FIELDS,
        )
        parse(query.text)
    except BadQuery as problem:
        named = {error.parameter for error in errors}
        errors += [error for error in problem.errors if error.parameter not in named]
        return None
    return query


def _value(parameter: Parameter, found: list[str], errors: list[BadParameter]) -> Any:
    """What the values of a parameter stand for; what is wrong with them is added to the errors."""

    def wrong(value: str, reason: str, hint: str) -> None:
        errors.append(BadParameter(parameter.name, value, reason, hint))

    if parameter.repeat:
        return tuple(dict.fromkeys(found))
    if len(found) > 1:
        wrong(", ".join(found), f"{parameter.name} is given {len(found)} times.", "Give it once.")
    value = found[-1]
    match parameter.kind:
        case "boolean":
            if value not in ("true", "false"):
                wrong(value, f"{parameter.name} is “{value}”.", "It is true or false.")
            return value == "true"
        case "integer":
            if not (value.removeprefix("-").isascii() and value.removeprefix("-").isdecimal()):
                wrong(value, f"{parameter.name} is “{value}”.", "It is a whole number.")
                return parameter.bounds[0] if parameter.bounds else 0
            return int(value[:_DIGITS])
        case "list":
            listed = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
            for part in listed:
                if part not in parameter.choices:
                    wrong(part, f"{parameter.name} has no “{part}”.", _hint(part, parameter.choices, errors))
            return tuple(part for part in listed if part in parameter.choices)
        case "string":
            if parameter.choices and value not in parameter.choices:
                wrong(value, f"“{value}” is no {parameter.name}.", nearest(value, parameter.choices))
                return None
            return value


def _coded(facet: str, values: Sequence[str], errors: list[BadParameter], parameter: str) -> tuple[str, ...]:
    """Values as they stand in the index: of a vocabulary its codes, else as given."""
    known = BY_NAME[facet].vocabulary
    if known is None:
        return tuple(values)
    codes: list[str] = []
    for value in values:
        code = vocabulary(known).find(value)
        if code is None:
            close = vocabulary(known).nearest(value) if len(errors) < MAX_HINTS else None  # some milliseconds each
            hint = f"Nearest: {close}." if close else f"Give a code or a name, such as {_example(known)}."
            errors.append(BadParameter(parameter, value, f"No {facet} “{value}”.", hint))
        else:
            codes.append(code)
    return tuple(dict.fromkeys(codes))


def _example(known: Literal["country", "topic", "language"]) -> str:
    return {"country": "FR or France", "topic": "sport", "language": "fr or French"}[known]


def write(query: Query) -> list[tuple[str, str]]:
    """The parameters that ask a question, defaults left out, in the order of the table. `read(write(q)).query == q`."""
    pairs: list[tuple[str, str]] = []

    def put(name: str, value: object, default: object) -> None:
        if value != default:
            pairs.append((name, str(value)))

    put("q", query.text, "")
    for facet in FACET_NAMES:
        wanted = query.filter(facet)
        pairs += [(facet, value) for value in wanted.any]
        if wanted.missing:
            pairs.append((f"{facet}.missing", "true"))
        pairs += [(f"{facet}.all", value) for value in wanted.all]
        pairs += [(f"{facet}.not", value) for value in wanted.none]
    put("from", query.date_from, None)
    put("to", query.date_to, None)
    if query.date_missing:
        pairs.append(("date.missing", "true"))
    put("sort", query.sort, None)
    put("size", query.size, 10)
    put("page", query.page, 1)
    put("cursor", query.cursor, None)
    if query.facets != DEFAULT_FACETS:
        pairs.append(("facets", ",".join(query.facets)))
    put("facet_size", query.facet_size, 10)
    put("interval", query.interval, "auto")
    put("group", query.group, None)
    if query.fields != HIT_FIELDS:
        pairs.append(("fields", ",".join(query.fields)))
    return pairs


def url(path: str, asked: Query | Request) -> str:
    """A path with the parameters that ask a question."""
    pairs = write(asked) if isinstance(asked, Query) else write_request(asked)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def write_request(request: Request) -> list[tuple[str, str]]:
    """The parameters of a question, and whether it is refused when it has to be repaired, in the order of the table."""
    pairs = write(request.query)
    if request.strict:
        pairs.append(("strict", "true"))
    return sorted(pairs, key=lambda pair: _PLACES[pair[0]])


def write_facet(request: FacetRequest) -> list[tuple[str, str]]:
    """The parameters of a question to a facet."""
    pairs = [(n, v) for n, v in write_request(Request(request.query, request.strict)) if n not in ("facets", "size")]
    listing = request.listing
    for name, value, default in (
        ("prefix", listing.prefix, ""),
        ("sort", listing.sort, "count"),
        ("offset", listing.offset, 0),
        ("limit", listing.limit, 10),
        ("parent", listing.parent, None),
    ):
        if value != default:
            pairs.append((name, str(value)))
    return pairs


def none(pairs: Sequence[tuple[str, str]]) -> None:
    """Make sure that there are no parameters, where none are taken. Raises BadQuery."""
    if pairs:
        raise BadQuery([BadParameter(n, v, f"No parameter “{n}”.", "This address takes none.") for n, v in pairs])


def first_page(query: Query) -> Query:
    """The question asked from its first hit."""
    return query if query.page == 1 and query.cursor is None else replace(query, page=1, cursor=None)
