"""Query and Filter: requests as plain, validated values.

They do not depend on where a query came from: programs, commands and requests get the same checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import reduce
from math import ceil
from typing import Any, Literal, get_args

from search.errors import BadQuery, BadValue
from search.fields import BY_NAME, DEFAULT_FACETS, FACET_NAMES, MEASURES
from search.said import said
from search.text import dates
from search.values.bad_values import choice, codes, name_errors, nearest, share_errors, text_errors, within

Sort = Literal["relevance", "newest", "oldest", "added", "changed"]
Interval = Literal["auto", "day", "week", "month", "quarter", "year", "decade"]
SORTS: tuple[Sort, ...] = get_args(Sort)
INTERVALS: tuple[Interval, ...] = get_args(Interval)
Grouping = Literal["story"]
Match = Literal["all", "most", "any", "auto"]
MATCHES: tuple[Match, ...] = get_args(Match)
Rank = Literal["best", "words"]
RANKS: tuple[Rank, ...] = get_args(Rank)
Denominator = Literal["filters", "archive"]
DENOMINATORS: tuple[Denominator, ...] = get_args(Denominator)
ValueSort = Literal["count", "name"]
VALUE_SORTS: tuple[ValueSort, ...] = get_args(ValueSort)
HIT_FIELDS = (
    "id", "title", "title_marks", "published", "source", "url", "score",
    "person", "country", "topic", "group", "snippets",
)  # fmt: skip
"""The fields of a hit, unless others are requested."""
ALL_HIT_FIELDS = (*HIT_FIELDS, "added", "changed")
"""All fields that a hit can have."""
UNSTORED = frozenset(("id", "score", "group"))
"""Fields of a hit that do not require reading the article."""

MAX_SIZE = 100
MAX_FACET_SIZE = 1000
MAX_DEPTH = 10_000
"""Maximum number of hits that can be paged through by number; beyond, use the cursor."""
_FACETS = (*FACET_NAMES, "date")
VALUE_LISTS = ("any", "all", "none")
"""The lists of a filter."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The values of one field that an article must have.

    Attributes:
        any: at least one of these (or, with `missing`, none at all).
        all: every one of these.
        none: not one of these.
        missing: articles without any value; ORed with `any`.

    Raises:
        BadQuery: on construction, if a string is given instead of a tuple of strings.
    """

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    missing: bool = False

    def __post_init__(self) -> None:
        for name in VALUE_LISTS:
            if isinstance(value := getattr(self, name), str):
                reason = said("“{value}” is a string, but {name} must be a tuple of strings.", value=value, name=name)
                raise BadQuery(
                    [BadValue(name, value, reason, said("Write {name}=({value},).", name=name, value=value))]
                )

    def __bool__(self) -> bool:
        return bool(self.any or self.all or self.none or self.missing)


@dataclass(frozen=True, slots=True)
class Query:
    """One query to an engine.

    Attributes:
        text: words in the query language; "" matches every article.
        match: how many of the text's words, phrases and groups an article must have: `all`; `most`, more than half;
            `any`; or `auto`, which is `most` if few articles of the archive have all (see `search.syntax.partial`).
        filters: by field name. Values of a vocabulary may be codes, labels or aliases, in any case; they are replaced
            by their codes.
        date_from, date_to: dates as `search.text.dates.parse_bound` reads them, both ends included: ISO, possibly
            partial, relative (`-7d`, `yesterday`) or in words (`May 1998`).
        date_missing: articles without a date; ORed with the range.
        added_from, added_to: when an article was first indexed: days in UTC, in the same form as `date_from`, or
            seconds, as `search.text.dates.now` writes them; both inclusive.
        sort: None is `relevance` with text, `newest` without; `added` and `changed` have the latest first.
        size: hits to return, 0 to 100.
        page: from 1; a page past the end is empty.
        cursor: continues a list, from `Results.cursor`; not together with a page.
        facets: names of the facets to count, `date` among them.
        facet_size: values to list in each, 0 to 1000.
        scan: only articles with a scan: a picture of a page that they are on, or one next to them.
        quality_from: only articles that a program read from a scan and was as sure of: a number from 0 to 1;
            `quality_missing`: those without such a number, or these too.
        known_from, known_missing: the same of the share of their words that are known.
        list: the name of a list of the index (as the engine is given it): only articles that are on it.
        country_main: filters and counts of countries are for main ones only: those that an article is mainly about.
        rank: the order of relevance if not all words are required: `words` is by the text's own words, `best` also by
            those of the first articles if none of these has all (see `search.meaning.feedback`).
        explain: True for hits with what their scores are made of.
        group: `story` finds one article of each near-duplicate group, the first in order, and counts groups; an article
            in no group counts by itself.
        fields: the required fields of a hit; others may be omitted.
        snippets: False for hits without snippets, which take longer than the rest of a page.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    text: str = ""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    date_from: str | None = None
    date_to: str | None = None
    date_missing: bool = False
    added_from: str | None = None
    added_to: str | None = None
    scan: bool = False
    quality_from: str | None = None
    quality_missing: bool = False
    known_from: str | None = None
    known_missing: bool = False
    list: str | None = None
    sort: Sort | None = None
    size: int = 10
    page: int = 1
    cursor: str | None = None
    facets: tuple[str, ...] = DEFAULT_FACETS
    facet_size: int = 10
    interval: Interval = "auto"
    country_main: bool = False
    match: Match = "all"
    rank: Rank = "best"
    explain: bool = False
    group: Grouping | None = None
    fields: tuple[str, ...] = HIT_FIELDS
    snippets: bool = True

    def __post_init__(self) -> None:
        errors = list(_errors(self))
        filters = {name: _coded(name, wanted, errors) for name, wanted in self.filters.items()}
        if errors:
            raise BadQuery(errors)
        if filters:
            object.__setattr__(self, "filters", filters)

    @property
    def order(self) -> Sort:
        """The order of the hits. Without text there is no relevance, and the newest come first."""
        if not self.text.strip():
            return "newest" if self.sort in (None, "relevance") else self.sort
        return self.sort or "relevance"

    @property
    def listing(self) -> str:
        """What decides which articles are listed, besides the text; equal for the pages of one list."""
        chosen = [(name, getattr(self, name)) for name in (*_DECIDING, "country_main", "group")]
        filters = sorted((name, wanted) for name, wanted in self.filters.items() if wanted)
        return repr([*((name, value) for name, value in chosen if value and name != "filters"), *filters])

    @property
    def wanted(self) -> frozenset[str]:
        """The fields to find of each hit: `fields`, without the snippets if those are not wanted."""
        return frozenset(self.fields) if self.snippets else frozenset(self.fields) - {"snippets"}

    @property
    def counting(self) -> Query:
        """The query as it is asked for counts of its matches: without hits or facets, in an order without scores."""
        if not self.size and not self.facets and self.page == 1 and self.cursor is None and self.sort == "newest":
            return self
        return replace(self, size=0, facets=(), page=1, cursor=None, sort="newest")

    @property
    def filtered(self) -> bool:
        """True if more than the text decides which articles match."""
        return any([getattr(self, name) for name in _DECIDING])

    def days(self, today: date | None = None) -> tuple[date | None, date | None]:
        """The first and the last requested day, None if the range is open."""
        return _days(self.date_from, self.date_to, today)

    def added(self, today: date | None = None) -> tuple[date | None, date | None]:
        """The first and the last day on which an article may have been added, None if the range is open."""
        return _days(self.added_from, self.added_to, today)

    def added_instants(self) -> tuple[int, int] | None:
        """The range of `dates.instant_of` in which an article may have been added, end exclusive; None if any may."""
        if not (self.added_from or self.added_to):
            return None
        first, end = dates.instants(*self.added())
        if dates.is_moment(self.added_from):
            first = dates.instant_of(self.added_from)
        if dates.is_moment(self.added_to):
            end = dates.instant_of(self.added_to) + dates.SECOND
        return first, end

    def measured(self) -> Iterator[tuple[str, int | None, bool]]:
        """What is asked of the fields of `MEASURES`: the field, the least value in hundredths, None if none is enough,
        and True if articles without a value are found.
        """
        for name in MEASURES:
            least, missing = self.measure(name)
            if least is not None or missing:
                yield name, None if least is None else ceil(round(100 * float(least), 6)), missing

    def measure(self, name: str) -> tuple[str | None, bool]:
        """What is asked of one of them: the least value, and if articles without one are found."""
        return getattr(self, f"{name}_from"), getattr(self, f"{name}_missing")

    def measuring(self, name: str, least: str | None, missing: bool = False) -> Query:
        """The query that asks this of one of them."""
        asked: Mapping[str, Any] = {f"{name}_from": least, f"{name}_missing": missing}
        return replace(self, **asked)

    def counted(self, facet: str) -> str:
        """The attribute of an article whose values a facet filters and counts: `country_main` for main countries."""
        return "country_main" if facet == "country" and self.country_main else facet

    def filter(self, name: str) -> Filter:
        """The filter on a field; an empty one if there is none."""
        return self.filters.get(name, _NO_FILTER)

    def reference(self, denominator: Denominator) -> Query:
        """The query without its text, for all articles that its filters leave, or for those of the archive."""
        if denominator == "filters":
            return replace(self, text="")
        every = replace(self, text="", filters={}, scan=False, list=None)  # not the dates: shares are of the same days
        return reduce(lambda query, name: query.measuring(name, None), MEASURES, every)


_NOT_DECIDING = (
    "text", "match", "rank", "explain", "sort", "size", "page", "cursor", "facets", "facet_size", "interval",
    "country_main", "group", "fields", "snippets",
)  # fmt: skip
_DECIDING = tuple(one.name for one in fields(Query) if one.name not in _NOT_DECIDING)
"""The attributes of a query that decide which articles match, besides its text; a new one is among them."""


def _days(first: str | None, last: str | None, today: date | None) -> tuple[date | None, date | None]:
    if not (first or last):
        return None, None
    today = today or date.today()
    return (
        dates.parse_bound(first, today).first if first else None,
        dates.parse_bound(last, today).last if last else None,
    )


_NO_FILTER = Filter()


@dataclass(frozen=True, slots=True)
class Listing:
    """The values of one facet to list.

    Attributes:
        prefix: only those with a name in which each of these words begins a word (see `search.names.completion`).
        sort: by `count`, ties by label; or by `name`, which is by label.
        offset, limit: how many are skipped, and the maximum number returned.
        parent: for topics, the one whose children are listed, by code, label or alias; None lists the top level.
        contains: only those with a name in which each of these words is a part of a word; those in which each begins
            one come first.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    prefix: str = ""
    sort: ValueSort = "count"
    offset: int = 0
    limit: int = 10
    parent: str | None = None
    contains: str = ""

    def __post_init__(self) -> None:
        errors = [
            *choice("sort", self.sort, VALUE_SORTS),
            *within("offset", self.offset, 0, None),
            *within("limit", self.limit, 0, MAX_FACET_SIZE),
            *name_errors("prefix", self.prefix),
            *name_errors("contains", self.contains),
        ]
        above = () if self.parent is None else codes("topic", (self.parent,), "parent", errors)
        if errors:
            raise BadQuery(errors)
        object.__setattr__(self, "parent", next(iter(above), None))

    @property
    def whole(self) -> bool:
        """True for the beginning of the list of all values."""
        return not (self.prefix or self.contains or self.parent or self.offset)


def _coded(name: str, wanted: Filter, errors: list[BadValue]) -> Filter:
    """A filter with the codes of its values, if its field has a vocabulary."""
    known = BY_NAME[name].vocabulary if name in BY_NAME else None
    if known is None:
        return wanted
    values = {part: codes(known, getattr(wanted, part), f"{name}.{part}", errors) for part in VALUE_LISTS}
    return Filter(**values, missing=wanted.missing)


def _errors(query: Query) -> Iterator[BadValue]:
    yield from text_errors("text", query.text)
    for name in query.filters:
        if name not in FACET_NAMES:
            yield BadValue(name, "", said("No field “{name}” to filter by.", name=name), nearest(name, FACET_NAMES))
    for name in query.facets:
        if name not in _FACETS:
            yield BadValue("facets", name, said("No facet “{name}”.", name=name), nearest(name, _FACETS))
    for name in query.fields if query.fields is not HIT_FIELDS else ():
        if name not in ALL_HIT_FIELDS:
            yield BadValue(
                "fields", name, said("A hit has no field “{name}”.", name=name), nearest(name, ALL_HIT_FIELDS)
            )
    yield from (
        *choice("match", query.match, MATCHES),
        *choice("rank", query.rank, RANKS),
        *choice("group", query.group or "story", ("story",)),
        *choice("sort", query.sort or "relevance", SORTS),
        *choice("interval", query.interval, INTERVALS),
        *within("size", query.size, 0, MAX_SIZE),
        *within("facet_size", query.facet_size, 0, MAX_FACET_SIZE),
        *within("page", query.page, 1, None),
    )
    if query.cursor is not None and query.page != 1:
        yield BadValue(
            "cursor", query.cursor, said("A page and a cursor cannot be combined."), said("Give one of them.")
        )
    elif query.page >= 1 and (query.page - 1) * query.size >= MAX_DEPTH:
        yield BadValue(
            "page",
            str(query.page),
            said("Page {page} is beyond {max_depth} hits.", page=str(query.page), max_depth=MAX_DEPTH),
            said("Follow “next” from an earlier page (its cursor has no such limit), or export."),
        )
    yield from name_errors("list", query.list or "")
    for name in MEASURES:
        yield from share_errors(f"{name}_from", query.measure(name)[0])
    if query.date_from or query.date_to:
        yield from _range_errors("date_from", query.date_from, "date_to", query.date_to)
    if query.added_from or query.added_to:
        yield from _range_errors("added_from", query.added_from, "added_to", query.added_to)


def _range_errors(begin: str, first: str | None, end: str, last: str | None) -> Iterator[BadValue]:
    """Invalid bounds of a range, and a first day after the last."""
    sound = True
    for name, value in ((begin, first), (end, last)):
        if value:
            try:
                dates.parse_bound(value, date.today())
                continue
            except ValueError as error:
                yield BadValue(name, value, dates.sentence(error), dates.hint(error))
            sound = False
    days = _days(first, last, None) if sound else (None, None)
    if days[0] and days[1] and days[0] > days[1]:
        reason = said(
            "The range ends before it begins: from “{first}” to “{last}”.", first=first or "", last=last or ""
        )
        yield BadValue(begin, first or "", reason, said("Swap the two."))
