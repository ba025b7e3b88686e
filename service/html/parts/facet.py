"""A facet as shown: its values as checkboxes, with the links of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from string import ascii_uppercase
from typing import NamedTuple, TypedDict

from search.engine import Engine
from search.fields import BY_NAME
from search.names.authority import NameRules
from search.names.vocabulary import vocabulary
from search.text.tokens import fold, is_letter
from search.values.query import VALUE_SORTS, Listing, Query, ValueSort
from search.values.results import DateFacet, FacetCount, ValueFacet
from service import params
from service.html.parts.filters import adding, is_all, put, several, switched, ticked, without
from service.html.view import PageState, facet_file, url
from service.wording import labels
from service.wording.messages import gettext

LISTED = 50
"""The number of values of an expanded facet, so that its page weighs no more than others may."""
NARROWER = 100
"""The number of topics below one."""


class FacetRow(NamedTuple):
    """A value as a checkbox.

    Attributes:
        parameter: the URL parameter that it sets.
        depth: its depth in a hierarchy.
        widens: the number of articles that ticking it adds, where others of the facet are ticked and any is enough.
        narrower: there, the number of articles that have it too, and the URL of these; None if none has several.
        wikidata: its Wikidata item, if the authority file has one.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # shadows tuple.count, which nobody needs here
    parameter: str
    chosen: bool
    depth: int = 0
    wikidata: str | None = None
    widens: int | None = None
    narrower: tuple[int, str] | None = None


class _Navigation(TypedDict, total=False):
    """The links within an expanded facet, as attributes of its view."""

    orders: tuple[tuple[str, str | None], ...]
    letters: tuple[tuple[str, str], ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet with its controls.

    Attributes:
        none: the label of the absence of a value.
        excluded: the label of each excluded value, and the URL that includes it again.
        mode: `any` or `all` of the selected values; None if an article has only one.
        switch: the URL with the other mode; None while nothing is selected.
        main_only: True if only main values are counted, and `main` the URL that changes this; None for a facet that
            does not distinguish them.
        more: the URL that expands it; None if all values are shown.
        less: the URL that collapses it; None if it is not expanded.
        rest: the number of values that follow, among those that match the search within the facet.
        orders: of an expanded facet, the ways to sort it, each with its URL; None for the current one.
        letters: of an expanded facet, letters and the URLs of names with a word that begins with each.
        before, after: the URLs of the values before and after those listed; None if there are none.
        file: the URL of its values as CSV; None if it is not expanded.
    """

    name: str
    label: str
    none: str
    entries: tuple[FacetRow, ...]
    excluded: tuple[tuple[str, str], ...]
    distinct: int
    missing: int
    missing_chosen: bool
    mode: str | None
    switch: str | None
    main_only: bool
    main: str | None
    more: str | None
    less: str | None
    rest: int
    file: str | None = None
    orders: tuple[tuple[str, str | None], ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    before: str | None = None
    after: str | None = None

    @property
    def widening(self) -> bool:
        """True if any of the ticked values is enough, so that ticking another one adds articles."""
        return self.mode != "all" and (self.missing_chosen or any(entry.chosen for entry in self.entries))

    @property
    def in_force(self) -> bool:
        """True if it restricts the result."""
        return bool(self.excluded or self.missing_chosen or any(entry.chosen for entry in self.entries))


def facet(name: str, engine: Engine, counted: ValueFacet | DateFacet, state: PageState, total: int) -> FacetView:
    """Lay out one facet of a result, which has a total; for the expanded one, all values are requested."""
    assert isinstance(counted, ValueFacet)
    wanted = state.query.filter(name)
    opened = state.view.more == name
    listed: Sequence[FacetCount] = counted.values
    rest = 0
    if opened:
        view = state.view
        found = _listing(engine, state.query, name, replace(_sought(view.find), sort=view.order, offset=view.skip))
        listed, rest = found.values, max(0, found.distinct - view.skip - len(found.values))
    if name == "topic":
        listed = [*listed, *_narrower(engine, state.query, listed)]
    chosen = {fold(value) for value in (*wanted.any, *wanted.all)}
    together = {fold(value) for value in wanted.all}
    rules = engine.authority().names(name)
    tick = f"{name}.all" if is_all(wanted) else name
    entries = [
        FacetRow(
            entry.value,
            labels.value(name, entry.value, entry.label),
            entry.count,
            f"{name}.all" if fold(entry.value) in together else tick,
            fold(entry.value) in chosen,
            wikidata=rules.items.get(fold(entry.value)),
        )
        for entry in listed
    ]
    entries += _unlisted(name, rules, wanted.all, entries, counted)
    if (wanted.any or wanted.missing) and not is_all(wanted):
        entries = list(_told(name, engine, entries, state, total))
    return FacetView(
        name=name,
        label=labels.field(name),
        none=labels.none(name),
        entries=tuple(_tree(name, entries)),
        excluded=tuple(
            (labels.named(name, value, rules), state.to(put(state.query, name, without(wanted, value))))
            for value in wanted.none
        ),
        distinct=counted.distinct,
        missing=counted.missing,
        missing_chosen=wanted.missing,
        mode=("all" if is_all(wanted) else "any") if several(name) else None,
        switch=state.to(put(state.query, name, switched(wanted))) if chosen and several(name) else None,
        main_only=state.query.counted(name) != name,
        main=state.changed(country_main=not state.query.country_main) if name == "country" else None,
        more=None if opened or counted.distinct <= len(counted.values) else state.to(state.query, more=name),
        less=state.to(state.query) if opened else None,
        rest=rest,
        file=facet_file(name, state) if opened else None,
        **(_navigation(name, state, rest) if opened else {}),
    )


def _told(name: str, engine: Engine, entries: Sequence[FacetRow], state: PageState, total: int) -> Iterator[FacetRow]:
    """The same, with what ticking each adds to a result of any of some values, and how many of that have it too."""
    query = params.first_page(state.query)
    others = [entry.value for entry in entries if not entry.chosen]
    wider = engine.totals([ticked(query, name, value) for value in others])
    both = [adding(query, name, value) for value in others] if several(name) else []
    told = {
        value: (added - total, (count, state.to(narrower)) if narrower is not None else None)
        for value, added, narrower, count in zip_longest(others, wider, both, engine.totals(both))
    }
    for entry in entries:
        widens, narrower = told.get(entry.value, (None, None))
        yield entry._replace(widens=widens, narrower=narrower)


def _navigation(name: str, state: PageState, rest: int) -> _Navigation:
    """The links within an expanded facet."""
    query, view = params.first_page(state.query), state.view

    def at(order: ValueSort, find: str, skip: int = 0) -> str:
        shown = replace(view, order=order, find=find, skip=skip)
        return f"{url('/', replace(state, query=query, view=shown))}#facet-{name}"

    orders = tuple(
        (text, None if order == view.order else at(order, view.find))
        for order, text in zip(VALUE_SORTS, (gettext("by count"), gettext("A–Z")), strict=True)
    )
    return {
        "orders": orders,
        "letters": tuple((letter, at("name", letter.lower())) for letter in ascii_uppercase),
        "before": at(view.order, view.find, max(0, view.skip - LISTED)) if view.skip else None,
        "after": at(view.order, view.find, view.skip + LISTED) if rest else None,
    }


def _sought(text: str) -> Listing:
    """The values with a name that has a text in it; a letter alone begins a word, as those above the list do."""
    return Listing(prefix=text, limit=LISTED) if is_letter(fold(text)) else Listing(contains=text, limit=LISTED)


def _listing(engine: Engine, query: Query, name: str, listing: Listing) -> ValueFacet:
    found = engine.facet(query, name, listing)
    assert isinstance(found, ValueFacet)
    return found


def _narrower(engine: Engine, query: Query, listed: Sequence[FacetCount]) -> Iterator[FacetCount]:
    """The topics below the selected ones and below their ancestors, if an article has them."""
    topics = vocabulary("topic")
    wanted = query.filter("topic")
    chosen = (*wanted.any, *wanted.all)
    parents = dict.fromkeys(code for value in chosen for code in (*reversed(topics.ancestors(value)), value))
    seen = {entry.value for entry in listed}
    for parent in parents:
        if topics.children(parent):
            for entry in _listing(engine, query, "topic", Listing(limit=NARROWER, parent=parent)).values:
                if entry.value not in seen:
                    seen.add(entry.value)
                    yield entry


def _unlisted(
    name: str, rules: NameRules, values: Sequence[str], entries: Sequence[FacetRow], counted: ValueFacet
) -> list[FacetRow]:
    """The values that all articles must have, if the list lacks them; all articles have them."""
    listed = {fold(entry.value) for entry in entries}
    count = counted.values[0].count if counted.values else 0
    return [
        FacetRow(value, labels.named(name, value, rules), count, f"{name}.all", True)
        for value in values
        if fold(value) not in listed
    ]


def _tree(name: str, entries: Sequence[FacetRow]) -> list[FacetRow]:
    """The entries; in a hierarchy, each under its nearest listed ancestor."""
    known = BY_NAME[name].vocabulary
    if known is None:
        return list(entries)
    by_value = {entry.value: entry for entry in entries}
    below: dict[str | None, list[FacetRow]] = {}
    for entry in entries:
        above = (code for code in vocabulary(known).ancestors(entry.value) if code in by_value)
        below.setdefault(next(above, None), []).append(entry)

    def grown(parent: str | None, depth: int) -> list[FacetRow]:
        return [
            laid
            for entry in below.get(parent, ())
            for laid in (entry._replace(depth=depth) if depth else entry, *grown(entry.value, depth + 1))
        ]

    return grown(None, 0)
