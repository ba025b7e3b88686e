"""Chips: every active filter, each with a link that removes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from search.fields import MEASURES
from search.names.authority import NameRules
from search.text import dates
from search.values.query import Query
from service import seeing
from service.html.parts import partly
from service.html.parts.filters import excluding, put, several, switched, without
from service.html.view import PageState
from service.params.entity_path import address
from service.wording import labels
from service.wording.messages import current, gettext, pgettext


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter.

    Attributes:
        kind: the field, e.g. `Person`.
        joint: the word before it: "" for the first of its kind, then `or`, `and`; `not`.
        without: the query without it, and `remove` the URL of that.
        flip: the URL with its value excluded; None if it has no value, or is excluded already.
        about: the URL of the page of its value; None if it has none.
        switch: for a value joined to another, the URL that requires all of them instead of any, or the reverse.
    """

    kind: str
    joint: str
    text: str
    without: Query
    remove: str
    flip: str | None = None
    switch: str | None = None
    about: str | None = None


def filters_in_words(query: Query, rules: Callable[[str], NameRules]) -> list[str]:
    """What narrows a query in words of the page’s language, as “not Country: France”."""
    said = [_in_words(chip) for chip in chips(PageState(query), rules)]
    return [*said, gettext("near-duplicates as one story")] if query.group else said


def joints() -> Mapping[str, str]:
    """The words before a chip in the language of the page."""
    return {"": "", "or": pgettext("filter", "or"), "and": pgettext("filter", "and"), "not": pgettext("filter", "not")}


def _in_words(chip: Chip) -> str:
    named = {"field": chip.kind, "value": chip.text}
    match chip.joint:
        case "or":
            return gettext("or {field}: {value}").format_map(named)
        case "and":
            return gettext("and {field}: {value}").format_map(named)
        case "not":
            return gettext("not {field}: {value}").format_map(named)
    return gettext("{field}: {value}").format_map(named)


def chips(state: PageState, rules: Callable[[str], NameRules]) -> Iterator[Chip]:
    """All active filters, in the order of the fields."""
    query = state.query
    for name, wanted in query.filters.items():
        kind = labels.field(name)
        for joint, chosen in (("or", wanted.any), ("and", wanted.all), ("not", wanted.none)):
            for number, value in enumerate(chosen):
                first = number == 0 and (joint == "or" or (joint == "and" and not wanted.any))
                flip = None if joint == "not" else state.to(excluding(query, name, value))
                rest = put(query, name, without(wanted, value))
                switch = state.to(put(query, name, switched(wanted))) if several(name) and not first else None
                yield _chip(
                    state,
                    rest,
                    kind,
                    "" if first else joint,
                    labels.named(name, value, rules(name)),
                    flip,
                    None if joint == "not" else switch,
                    address(name, value, state.root),
                )
        if wanted.missing:
            joint = "or" if wanted.any else ""
            yield _chip(
                state, put(query, name, replace(wanted, missing=False)), kind, joint, pgettext("filter", "none")
            )
    if query.country_main:
        yield _chip(state, replace(query, country_main=False), labels.field("country"), "", gettext("mainly about"))
    if query.date_from or query.date_to:
        rest = replace(query, date_from=None, date_to=None)
        yield _chip(state, rest, gettext("Date"), "", dates_in_words(query.date_from, query.date_to))
    if query.date_missing:
        joint = "or" if query.date_from or query.date_to else ""
        yield _chip(state, replace(query, date_missing=False), gettext("Date"), joint, pgettext("filter", "none"))
    if query.added_from or query.added_to:
        rest = replace(query, added_from=None, added_to=None)
        yield _chip(state, rest, gettext("Added"), "", dates_in_words(query.added_from, query.added_to))
    if query.match != "all":
        said = gettext(partly.IN_WORDS[query.match])
        yield _chip(state, replace(query, match="all"), gettext("Required"), "", said)
    if query.scan:
        yield _chip(state, replace(query, scan=False), gettext("Scan"), "", gettext("with a scan"))
    for name in MEASURES:
        least, missing = query.measure(name)
        if least is not None:
            share = f"{current().thousands(100 * float(least), ',g')} %" if name == "known" else least
            said = gettext("at least {number}").format(number=share)
            yield _chip(state, query.measuring(name, None, missing), labels.field(name), "", said)
        if missing:
            joint, rest = "or" if least is not None else "", query.measuring(name, least)
            yield _chip(state, rest, labels.field(name), joint, gettext("unknown"))
    if query.list:
        about = None if seeing.has_limits() else f"{state.root}/lists/{quote(query.list, safe='')}"
        yield _chip(state, replace(query, list=None), gettext("List"), "", query.list, about=about)


def dates_in_words(first: str | None, last: str | None) -> str:
    """A range of dates as a chip has it: `17 May 1957 – 1991`; "" for none."""
    one, other = (_bound_in_words(value) if value else value for value in (first, last))
    return one or "" if one == other else f"{one or '…'} – {other or '…'}"


def _bound_in_words(value: str) -> str:
    """A bound as dates are written everywhere: `17 May 1998`; one that is relative to today as it was given."""
    try:
        absolute = dates.written(value, date.today())
        dates.parse(absolute)
    except ValueError:
        return value
    return current().in_words(absolute)


def _chip(
    state: PageState, rest: Query, kind: str, joint: str, text: str, flip: str | None = None,
    switch: str | None = None, about: str | None = None,
) -> Chip:  # fmt: skip
    return Chip(kind, joint, text, rest, state.to(rest), flip, switch, about)
