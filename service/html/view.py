"""The presentation of a result: which view, which scale, which facet is expanded, what is highlighted.

These URL parameters belong to the pages alone and are added to those of the query, so that a copied URL shows the same
page. The API does not accept them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from search.analyses.concordance import ORDERS, Order
from search.analyses.periods import PERIODS
from search.errors import BadQuery, BadValue
from search.fields import ENRICHED, FACET_NAMES
from search.measures.cooccurrence import MEASURES, Measure
from search.measures.keyness import SPECIAL_FIELDS, WORDS
from search.said import said
from search.system.lazy import cached_property
from search.text.numbers import whole_number
from search.values.bad_values import nearest
from search.values.query import (
    DENOMINATORS,
    MAX_FACET_SIZE,
    VALUE_SORTS,
    Denominator,
    Filter,
    Grouping,
    Query,
    Rank,
    Sort,
    ValueSort,
)
from service import params
from service.params.parameter import Pairs

SHOWS = ("articles", "map", "people", "over-time", "special", "concordance")
SCALES = ("count", "archive", "filters")
DRAWINGS = ("shapes", "tiles")
PAGES = ("whole", "large")
_CHOICES = (
    ("view", SHOWS), ("scale", SCALES), ("more", FACET_NAMES), ("order", VALUE_SORTS),
    ("field", SPECIAL_FIELDS), ("against", DENOMINATORS),
    ("pair", tuple(f"{one},{other}" for one in FACET_NAMES for other in FACET_NAMES)), ("measure", MEASURES),
    ("draw", DRAWINGS), ("by", PERIODS), ("context", ORDERS), ("pages", PAGES),
)  # fmt: skip
_ONCE = tuple(name for name in params.presentation.NAMES if name != "mark")
NAMES = frozenset((*params.presentation.NAMES, *(parameter.name for parameter in params.PARAMETERS)))
"""The parameters of a query and its view."""
PERSONS = "person,person"
EVERYTHING = "q="
"""The parameters of a result without any: what an empty box sends. Without it, `/` is the front page."""
MAX_SKIP = 10**6
MAX_FIND = 100
"""The greatest length of a search within a facet."""


@dataclass(frozen=True, slots=True)
class View:
    """How a result is shown.

    Attributes:
        draw: the map as `shapes` or as `tiles`.
        show: `articles`, the countries on a `map`, the `people` of the result, values `over-time`, what is `special`
            about it, or the `concordance` of its words.
        scale: what a bar of the timeline measures: a `count`, its share of the whole `archive`, or its share of what
            the `filters` leave without the words.
        more: the expanded facet.
        find: the prefix that its values must have.
        order, skip: how its values are sorted, and how many come before those listed.
        field, against: of `special`, which values are compared, and with which reference; `field` of `over-time` too,
            where `words` means persons.
        by: of `special`, the periods that are compared, too; "" for none.
        pair, measure, min: of `people`, the two facets of a pair, what pairs are ordered by, and their minimum count.
        context, row: of `concordance`, what rows are sorted by, and a cursor to the first of them.
        mark: the facets whose evidence is highlighted in an article's text.
        pages: its scanned pages, each as a `whole` or so `large` that it can be read.
    """

    show: str = "articles"
    scale: str = "count"
    more: str | None = None
    find: str = ""
    order: ValueSort = "count"
    skip: int = 0
    field: str = WORDS
    against: Denominator = "archive"
    pair: str = PERSONS
    measure: Measure = "count"
    min: int = 2
    mark: tuple[str, ...] = ()
    draw: str = "shapes"
    by: str = ""
    context: Order = "date"
    row: str = ""
    pages: str = "whole"


class Changes(TypedDict, total=False):
    """The changes of a view by a link."""

    show: str
    scale: str
    more: str
    field: str
    against: Denominator
    pair: str
    measure: Measure
    min: int
    draw: str
    by: str
    context: Order
    row: str


class Attributes(TypedDict, total=False):
    """The attributes of a query that links change."""

    sort: Sort | None
    size: int
    rank: Rank
    group: Grouping | None
    interval: str
    date_from: str | None
    date_to: str | None
    country_main: bool


@dataclass(frozen=True)
class PageState:
    """A query and its presentation: everything in the URL.

    Attributes:
        root: the path at which another application or a proxy mounts this service; "" if it does not.
    """

    query: Query
    view: View = View()
    root: str = ""

    @cached_property
    def _asked(self) -> params.Written:
        """The parameters of the query, from its first hit, as they begin most links."""
        return params.Written(self.query)

    @cached_property
    def _shown(self) -> str:
        """The parameters of the view, as they end most links."""
        return _parameters(self._seen({}))

    def at(self, path: str) -> str:
        """The URL of a path of this service."""
        return self.root + path

    def to(self, query: Query | None = None, **changes: Unpack[Changes]) -> str:
        """The URL of another query in the same view, or of the same query in another view."""
        if query is None:
            return url("/", PageState(self.query, self._seen(changes), self.root))
        return self._link(self._asked.of(query), _parameters(self._seen(changes)) if changes else self._shown)

    def changed(self, **attributes: Unpack[Attributes]) -> str:
        """The URL of the same query with some other attributes, in the same view: as `to(replace(query, …))`."""
        return self._link(self._asked.changed(attributes), self._shown)

    def page(self, number: int) -> str:
        """The URL of another page of the same list, in the same view."""
        return self._link(self._asked.changed({"page": number}), params.joined(_written(self.view)))

    def _link(self, asked: str, shown: str) -> str:
        together = f"{asked}&{shown}" if asked and shown else asked or shown
        return self.at(f"/?{together or EVERYTHING}")

    def _seen(self, changes: Changes) -> View:
        """The view to which a link with some changes leads: what belongs to another view is as it is by default."""
        view = self.view
        if changes or view.more or view.find or view.mark or view.row or view.pages != "whole":
            plain = replace(view, more=None, find="", order="count", skip=0, row="", mark=(), pages="whole")
            view = replace(plain, **changes)
        if view.show != "special":
            field = view.field if view.show == self.view.show == "over-time" else WORDS
            if (view.field, view.against, view.by) != (field, "archive", ""):
                view = replace(view, field=field, against="archive", by="")
        if view.show != "map" and view.draw != "shapes":
            view = replace(view, draw="shapes")
        if not (view.show == self.view.show == "concordance") and (view.context, view.row) != ("date", ""):
            view = replace(view, context="date", row="")
        if view.show != "people" and (view.pair, view.measure, view.min) != (PERSONS, "count", 2):
            view = replace(view, pair=PERSONS, measure="count", min=2)
        return view

    def filtering(self, name: str) -> Callable[[Filter], str]:
        """The URLs of the same query with other filters on a field, none of them empty; the rest is written once."""
        some = Filter(missing=True)
        begun, found, rest = self.to(replace(self.query, filters={**self.query.filters, name: some})).partition(
            params.joined(params.write_filter(name, some))
        )
        assert found
        return lambda wanted: f"{begun}{params.joined(_filter(name, wanted))}{rest}"


_PLAIN = View()


def _parameters(view: View) -> str:
    return "" if view == _PLAIN else params.joined(_written(view))


def _filter(name: str, wanted: Filter) -> Pairs:
    """The parameters of a filter on a field."""
    if wanted.all or wanted.none or wanted.missing:
        return params.write_filter(name, wanted)
    return [(name, value) for value in wanted.any]


def read(pairs: Sequence[tuple[str, str]], root: str = "") -> PageState:
    """Read a query and a view from URL parameters; others are ignored.

    Raises:
        BadQuery: naming every parameter at fault.
    """
    given = {name: value.strip() for name, value in pairs if value.strip()}
    errors = [
        BadValue(
            name,
            given[name],
            said("{name} cannot be “{value}”.", name=name, value=given[name]),
            nearest(given[name], choices),
        )
        for name, choices in _CHOICES
        if name in given and given[name] not in choices
    ]
    once = said("Give it once.")
    often = Counter(name for name, value in pairs if value.strip())
    errors += [
        BadValue(name, given[name], said("{name} is given {length} times.", name=name, length=str(often[name])), once)
        for name in _ONCE
        if often[name] > 1
    ]
    if len(given.get("find", "")) > MAX_FIND:
        errors.append(
            BadValue(
                "find",
                given["find"][:MAX_FIND],
                said("It goes up to {max_find} letters.", max_find=str(MAX_FIND)),
                said("Give fewer."),
            )
        )
    least = given.get("min", "2")
    if not whole_number(least):
        errors.append(
            BadValue(
                "min",
                least[:80],
                said("min is “{least}”.", least=least[:80]),
                said("It must be a whole number from 1."),
            )
        )
    skipped = given.get("skip", "0")
    skip = whole_number(skipped)
    if skip is None or skip > MAX_SKIP:
        errors.append(
            BadValue(
                "skip",
                skipped[:80],
                said("skip is “{skipped}”.", skipped=skipped[:80]),
                said("It must be a whole number."),
            )
        )
    if errors:
        raise BadQuery(errors)
    marked = tuple(name for name in ENRICHED if ("mark", name) in pairs)
    view = View(
        given.get("view", "articles"),
        given.get("scale", "count"),
        given.get("more"),
        given.get("find", ""),
        "name" if given.get("order") == "name" else "count",
        int(skipped[:12]),
        given.get("field", WORDS),
        "filters" if given.get("against") == "filters" else "archive",
        given.get("pair", PERSONS),
        "npmi" if given.get("measure") == "npmi" else "count",
        int(least[:12]),
        marked,
        "tiles" if given.get("draw") == "tiles" else "shapes",
        given.get("by", ""),
        next((one for one in ORDERS if one == given.get("context")), "date"),
        given.get("row", ""),
        given.get("pages", "whole"),
    )
    return PageState(params.read(pairs, allow_unknown=True).query, view, root)


def write(state: PageState) -> list[tuple[str, str]]:
    """The parameters of a query and its view, without defaults. `read(write(state)) == state`."""
    return [*params.write(state.query), *_written(state.view)]


def _written(view: View) -> Pairs:
    """The parameters of a view, without defaults."""
    named = (
        ("view", view.show, "articles"), ("field", view.field, WORDS), ("against", view.against, "archive"),
        ("draw", view.draw, "shapes"), ("pair", view.pair, PERSONS), ("measure", view.measure, "count"),
        ("min", view.min, 2), ("scale", view.scale, "count"), ("more", view.more, None),
        ("order", view.order, "count"), ("skip", view.skip, 0), ("by", view.by, ""),
        ("context", view.context, "date"), ("row", view.row, ""),
        ("pages", view.pages, "whole"),
    )  # fmt: skip
    pairs = [(name, str(value)) for name, value, default in named if value is not None and value != default]
    if view.find:
        pairs.append(("find", view.find))
    return [*pairs, *(("mark", name) for name in view.mark)]


def url(path: str, state: PageState) -> str:
    """The URL of a path of this service, with the parameters of a query and its view."""
    pairs = write(state)
    if not pairs:
        return state.at(f"/?{EVERYTHING}" if path == "/" else path)
    return state.at(f"{path}?{params.joined(pairs)}")


def facet_file(name: str, state: PageState, form: str = "csv") -> str:
    """The URL of the values of a facet as a file."""
    known = {parameter.name for parameter in params.facet.PARAMETERS} - {"sort", "interval"}
    pairs = [pair for pair in params.write(state.query) if pair[0] in known]
    return state.at(f"/api/facets/{name}?{params.joined([*pairs, ('limit', str(MAX_FACET_SIZE)), ('format', form)])}")
