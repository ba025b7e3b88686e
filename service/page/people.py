"""Persons who appear together: the persons of a result as a graph, drawn as arcs next to a list of names.

Every count is a search: an edge shows the number of articles of the result that name both persons, and links to them.
Cost: one query for each person drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search import budget
from search.engine import Engine
from search.query import Filter, Listing, Query
from search.results import ValueFacet
from search.syntax import askable, parse, write
from search.syntax.nodes import All, And, Or, Value
from service.page.filters import adding, put
from service.page.view import PageState

DRAWN = 24
"""The number of persons drawn."""
ARCS = 60
"""The number of arcs drawn, the strongest; the table has all."""
ROW = 32
"""The distance between names in SVG units."""
NEAR, REACH = 14, 280
"""The width of the arc between neighbours, and of the widest arc, in SVG units."""
WIDEST = 9.0
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Person:
    """A person drawn: the number of articles of the result, and their URL."""

    name: str
    count: int
    url: str
    together: int


@dataclass(frozen=True, slots=True)
class Arc:
    """Two persons in the same articles: the number of articles, their URL, and the arc between the names."""

    one: str
    other: str
    count: int
    url: str
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph.

    Attributes:
        persons: in the order in which they are listed.
        arcs: all arcs, the strongest first.
        drawn: the arcs drawn, the strongest last, so that they are on top.
        distinct: the number of persons in the result.
    """

    persons: tuple[Person, ...]
    arcs: tuple[Arc, ...]
    drawn: tuple[Arc, ...]
    height: int
    distinct: int


def graph(engine: Engine, state: PageState) -> Graph | None:
    """The graph of the most frequent persons of a result; None if it cannot be counted (see `within`)."""
    wanted = state.query.filter("person")
    if wanted.missing and not wanted.any:
        return Graph((), (), (), 0, 0)
    query = within(state.query)
    if query is None:
        return None
    facet = engine.facet(query, "person", Listing(limit=DRAWN))
    assert isinstance(facet, ValueFacet)
    counts = {entry.value: entry.count for entry in facet.values if entry.count}
    edges = _edges(engine, query, tuple(counts))
    order = ordered(tuple(counts), edges)
    place = {name: number for number, name in enumerate(order)}
    most = max(edges.values(), default=1)
    persons = tuple(
        Person(
            name,
            counts[name],
            state.to(adding(state.query, "person", name), show="articles"),
            sum(name in pair for pair in edges),
        )
        for name in order
    )
    longest = max((abs(place[one] - place[other]) for one, other in edges), default=1)
    arcs = [
        Arc(
            one,
            other,
            count,
            state.to(adding(adding(state.query, "person", one), "person", other), show="articles"),
            _path(place[one], place[other], longest),
            round(1.2 + (WIDEST - 1.2) * (count / most) ** 0.7, 1),
        )
        for (one, other), count in edges.items()
    ]
    arcs.sort(key=lambda arc: (-arc.count, arc.one, arc.other))
    return Graph(persons, tuple(arcs), tuple(reversed(arcs[:ARCS])), len(order) * ROW, facet.distinct)


def within(query: Query) -> Query | None:
    """A query with the same result, of which the facet of persons counts exactly the matches.

    A facet is counted without its own filter, so here that filter becomes part of the text; articles without persons
    can be omitted. None if the text cannot express it: there are too many names, they are too long, or contain quotes
    of all kinds.
    """
    wanted = query.filter("person")
    if len(wanted.any) == 1:
        wanted, text = Filter(all=(*wanted.any, *wanted.all), none=wanted.none), query.text
    elif wanted.any:
        either = Or(tuple(Value("person", " ".join(value.split())) for value in wanted.any))
        tree = parse(query.text).tree
        text = write(either if isinstance(tree, All) else And((tree, either)))
        if not askable(text) or parse(write(either)).tree != either:
            return None
        wanted = Filter(all=wanted.all, none=wanted.none)
    else:
        text = query.text
    return put(replace(query, text=text, page=1, cursor=None), "person", wanted)


def _edges(engine: Engine, query: Query, names: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """The number of articles that name both, for each two persons that any article names together.

    The names are selected values, which a facet always lists, and counts without filtering by them.
    """
    edges: dict[tuple[str, str], int] = {}
    for number, name in enumerate(names):
        others = names[number + 1 :]
        if not others:
            break
        wanted = query.filter("person")
        chosen = replace(wanted, any=tuple(others), all=(*wanted.all, name))
        answer = engine.search(replace(put(query, "person", chosen), facets=("person",), facet_size=0, size=0))
        facet = answer.facets.get("person")
        if facet is None:
            budget.current().check()
        assert isinstance(facet, ValueFacet)
        for entry in facet.values:
            if entry.count and entry.value in others:
                edges[name, entry.value] = entry.count
    return edges


def ordered(names: Sequence[str], edges: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """Order the names so that persons who appear together are near each other.

    Connected components stay together, the larger ones first; within one, each name moves half the way to the mean
    position of its neighbours, repeatedly.
    """
    near: dict[str, dict[str, int]] = {name: {} for name in names}
    for (one, other), count in edges.items():
        near[one][other] = near[other][one] = count
    groups: list[list[str]] = []
    for name in names:
        if not any(name in group for group in groups):
            groups.append(_joined(name, near))
    groups.sort(key=lambda group: -len(group))
    return tuple(name for group in groups for name in _settled(group, near))


def _joined(name: str, near: Mapping[str, Mapping[str, int]]) -> list[str]:
    found = [name]
    for each in found:
        found += [other for other in near[each] if other not in found]
    return found


def _settled(group: Sequence[str], near: Mapping[str, Mapping[str, int]]) -> list[str]:
    place = {name: float(number) for number, name in enumerate(group)}
    for _ in range(ROUNDS):
        means = {
            name: sum(place[other] * count for other, count in near[name].items()) / max(1, sum(near[name].values()))
            for name in group
        }
        order = sorted(group, key=lambda name: (place[name] + means[name], place[name]))
        place = {name: float(number) for number, name in enumerate(order)}
    return sorted(group, key=lambda name: place[name])


def _path(one: int, other: int, longest: int) -> str:
    """An arc between two rows, wider for a greater distance, relative to the longest one."""
    first, last = min(one, other), max(one, other)
    top, bottom = (first + 0.5) * ROW, (last + 0.5) * ROW
    reach = (NEAR + (REACH - NEAR) * (last - first - 1) / max(8, longest - 1)) * 4 / 3
    return f"M0 {top:g}C{reach:.0f} {top:g} {reach:.0f} {bottom:g} 0 {bottom:g}"
