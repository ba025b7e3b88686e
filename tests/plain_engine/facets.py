"""What a facet counts, one value after another; the list of one facet; and completions of what is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from search.names import completion, near_names
from search.names.vocabulary import vocabulary
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Listing, Query
from search.values.results import DateFacet, FacetCount, Suggestion, ValueFacet
from tests.plain_engine.filters import passes
from tests.plain_engine.finding import Finding
from tests.plain_engine.stories import stories_of
from tests.plain_engine.times import histogram
from tests.plain_engine.values import Values


def facet(
    values: Values, query: Query, name: str, found: Sequence[Article], parent: str | None = None
) -> ValueFacet | DateFacet:
    """The counts of one facet among what the text of a query finds, without the facet's own filter."""
    counted = [article for article in found if passes(values, query, article, name)]
    if name == "date":
        return histogram(counted, query.interval, query)
    stories = stories_of(counted, bool(query.group))
    held = query.counted(name)
    counts = Counter(value for story in stories for value in {v for a in story for v in values.spelled_of(a, held)})
    missing = sum(any(not values.of(a, held) for a in story) for story in stories)
    listed = dict(counts)
    if name == "topic":
        level = vocabulary("topic").children(parent) if parent else vocabulary("topic").tops
        listed = {value: count for value, count in counts.items() if value in level}
    chosen = _chosen(values, query, name)
    ranked = sorted(listed, key=lambda value: (-listed[value], values.label(name, value), value))
    top = [FacetCount(v, values.label(name, v), counts[v], fold(v) in chosen) for v in ranked[: query.facet_size]]
    there = {fold(entry.value) for entry in top}
    rest = [
        FacetCount(value, values.label(name, value), counts[value], True)
        for key, value in chosen.items()
        if key not in there
    ]  # fmt: skip
    return ValueFacet((*top, *sorted(rest, key=_most_first)), len(listed), missing)


def _chosen(values: Values, query: Query, name: str) -> dict[str, str]:
    """Folded value → value of those that are asked for, spelled as in the archive if it has them."""
    held = query.counted(name)
    spelling, under = values.spellings(held), values.shown(held)
    there = {key for a in values.archive.held.values() for key in values.of(a, held)}
    chosen = {under.get(fold(value)) or fold(value): value for value in reversed(query.filter(name).any)}
    return {key: spelling[key] if key in there else value for key, value in chosen.items()}


def _most_first(entry: FacetCount) -> tuple[int, str, str]:
    return -entry.count, entry.label, entry.value


def listing(finding: Finding, query: Query, name: str, asked: Listing) -> ValueFacet | DateFacet:
    """A page of the values of one facet."""
    values, found = finding.values, finding.found(query)
    if name == "date":
        return facet(values, query, name, found)
    plain = not (asked.prefix or asked.contains or asked.parent or asked.offset)
    everything = facet(values, replace(query, facet_size=1000), name, found, asked.parent)
    assert isinstance(everything, ValueFacet)
    held = query.counted(name)
    ranked = list(everything.values[: everything.distinct])
    if asked.prefix:
        typed = near_names.words(asked.prefix)
        ranked = [entry for entry in ranked if typed and values.begins(held, entry.value, typed)]
    parts = near_names.words(asked.contains)
    if asked.contains:
        ranked = [e for e in ranked if parts and values.begins(held, e.value, parts, completion.has)]
    if asked.sort == "name":
        ranked.sort(key=lambda entry: (entry.label, entry.value))
    if asked.contains:
        ranked.sort(key=lambda entry: not values.begins(held, entry.value, parts))
    page = ranked[asked.offset : asked.offset + asked.limit]
    rest = [e for e in everything.values if e.selected and e not in page] if plain else []
    return ValueFacet((*page, *sorted(rest, key=_most_first)), len(ranked), everything.missing)


def suggest(values: Values, text: str, size: int) -> tuple[Suggestion, ...]:
    """The values that begin as typed, of all facets that are completed."""
    typed = near_names.words(text)
    found: list[tuple[int, int, str, str]] = []
    for place, name in enumerate(completion.TYPES if typed else ()):
        counts = Counter(value for a in values.archive.held.values() for value in values.spelled_of(a, name))
        for value, count in counts.items():
            if values.begins(name, value, typed):
                found.append((-count, place, values.label(name, value), value))
    return tuple(Suggestion(completion.TYPES[p], value, label, -n) for n, p, label, value in sorted(found)[:size])
