"""Changes one filter of a query, and labels its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.fields import BY_NAME
from search.names.authority import NO_RULES, NameRules
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Filter, Query
from service.wording import labels


def values(article: Article, name: str) -> tuple[str, ...]:
    """An article's values of a field, as a tuple also for a single-valued field."""
    value = getattr(article, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def several(name: str) -> bool:
    """True if an article may have several values of a field, so that all of some can be required."""
    return BY_NAME[name].kind == "values"


def put(query: Query, name: str, wanted: Filter) -> Query:
    """The query with another filter on a field, or none."""
    filters = {**query.filters, name: wanted}
    return replace(query, filters={field: chosen for field, chosen in filters.items() if chosen})


def without(wanted: Filter, value: str) -> Filter:
    """A filter without a value, in any spelling."""
    if not wanted:
        return wanted
    key = fold(value)

    def rest(chosen: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(v for v in chosen if fold(v) != key)

    return replace(wanted, any=rest(wanted.any), all=rest(wanted.all), none=rest(wanted.none))


def adding(query: Query, name: str, value: str) -> Query:
    """The query narrowed to articles that also have a value."""
    return put(query, name, narrowed(query.filter(name), name, value))


def narrowed(before: Filter, name: str, value: str) -> Filter:
    """The filter on a field that also requires a value.

    If an article may have both, two selected values are both required; a selection of any of several is not changed,
    unless the value is one of them.
    """
    if not before:
        return Filter(any=(value,))
    wanted = without(before, value)
    if not several(name) or fold(value) in {fold(one) for one in before.any}:
        return replace(wanted, any=(value,), missing=False)
    if not (wanted.any or wanted.all or wanted.missing):
        return replace(wanted, any=(value,))
    if len(wanted.any) == 1 and not wanted.missing:
        return replace(wanted, any=(), all=(*wanted.any, *wanted.all, value))
    return replace(wanted, all=(*wanted.all, value))


def undated(query: Query) -> Query:
    """The query narrowed to articles without a date."""
    return replace(query, date_from=None, date_to=None, date_missing=True)


def ticked(query: Query, name: str, value: str) -> Query:
    """The query after a click on the value's checkbox."""
    before = query.filter(name)
    wanted = without(before, value)
    if wanted != before and fold(value) not in {fold(v) for v in before.none}:
        return put(query, name, wanted)
    if is_all(before):
        return put(query, name, replace(wanted, all=(*wanted.all, value)))
    return put(query, name, replace(wanted, any=(*wanted.any, value)))


def excluding(query: Query, name: str, value: str) -> Query:
    """The query without the articles that have a value."""
    wanted = without(query.filter(name), value)
    return put(query, name, replace(wanted, none=(*wanted.none, value)))


def is_all(wanted: Filter) -> bool:
    """True if selecting one more value requires all of them, rather than any."""
    return bool(wanted.all) and not wanted.any


def switched(wanted: Filter) -> Filter:
    """The filter with “any” of its values changed to “all”, or the reverse."""
    chosen = tuple(dict.fromkeys((*wanted.any, *wanted.all)))
    return replace(wanted, any=chosen, all=()) if is_all(wanted) else replace(wanted, any=(), all=chosen)


def links(article: Article, name: str, rules: NameRules = NO_RULES) -> Iterator[tuple[str, str]]:
    """Each value of a field and its label."""
    return ((value, labels.named(name, value, rules)) for value in values(article, name))
