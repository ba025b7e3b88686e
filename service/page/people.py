"""Who appears with whom: the persons of a result as a graph, drawn as arcs beside a list of names.

Every count is a search: an edge shows how many articles of the result name both, and opens them. Cost: one question
for each person drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search import budget
from search.engine import Engine
from search.query import Filter, Listing, Query
from search.results import ValueFacet
from search.syntax import All, And, Or, Value, askable, parse, write
from service.page.filters import adding, put
from service.page.view import Asked

DRAWN = 24
"""Persons in the drawing."""
ARCS = 60
"""Arcs in the drawing, the strongest; the table has all."""
ROW = 32
"""Units of the drawing from one name to the next."""
NEAR, REACH = 14, 280
"""Units that the arc between neighbours, and the widest, reach from the names."""
WIDEST = 9.0
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the drawing: in how many articles of the result, and the URL of those."""

    name: str
    count: int
    url: str
    together: int


@dataclass(frozen=True, slots=True)
class Arc:
    """Two persons in the same articles: how many, the URL of those, and the arc between their names."""

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
        persons: in the order they are listed.
        arcs: all of them, the strongest first.
        drawn: those of the drawing, the strongest last, so that they are on top.
        distinct: how many persons the result has in all.
    """

    persons: tuple[Person, ...]
    arcs: tuple[Arc, ...]
    drawn: tuple[Arc, ...]
    height: int
    distinct: int


def graph(engine: Engine, asked: Asked) -> Graph | None:
    """The most frequent persons of the result, and who of them appears with whom.

    None where the result cannot be asked so (see `within`).
    """
    wanted = asked.query.filter("person")
    if wanted.missing and not wanted.any:
        return Graph((), (), (), 0, 0)
    query = within(asked.query)
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
            asked.to(adding(asked.query, "person", name), show="articles"),
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
            asked.to(adding(adding(asked.query, "person", one), "person", other), show="articles"),
            _path(place[one], place[other], longest),
            round(1.2 + (WIDEST - 1.2) * (count / most) ** 0.7, 1),
        )
        for (one, other), count in edges.items()
    ]
    arcs.sort(key=lambda arc: (-arc.count, arc.one, arc.other))
    return Graph(persons, tuple(arcs), tuple(reversed(arcs[:ARCS])), len(order) * ROW, facet.distinct)


def within(query: Query) -> Query | None:
    """The same result, asked so that the facet of persons counts it and nothing beyond.

    A facet is counted without its own filter. Here that filter is asked for as part of the text; articles without
    persons can be left out. None where the text cannot hold it: the names are too many or too long, or have quotes of
    all kinds in them.
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
    """How many articles name both, for each two that any article names together.

    The names are asked for as selected values, which a facet lists always, and counts without selecting by them.
    """
    edges: dict[tuple[str, str], int] = {}
    for number, name in enumerate(names):
        others = names[number + 1 :]
        if not others:
            break
        wanted = query.filter("person")
        asked = replace(wanted, any=tuple(others), all=(*wanted.all, name))
        answer = engine.search(replace(put(query, "person", asked), facets=("person",), facet_size=0, size=0))
        facet = answer.facets.get("person")
        if facet is None:
            budget.current().check()
        assert isinstance(facet, ValueFacet)
        for entry in facet.values:
            if entry.count and entry.value in others:
                edges[name, entry.value] = entry.count
    return edges


def ordered(names: Sequence[str], edges: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """The names so that those who appear together stand near each other.

    Those who are joined, be it through others, stay together, the larger groups first; within a group each moves half
    the way to the mean of its neighbours, again and again.
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
    """An arc from one row to another, further out the further they are apart, compared with the longest one."""
    first, last = min(one, other), max(one, other)
    top, bottom = (first + 0.5) * ROW, (last + 0.5) * ROW
    reach = (NEAR + (REACH - NEAR) * (last - first - 1) / max(8, longest - 1)) * 4 / 3
    return f"M0 {top:g}C{reach:.0f} {top:g} {reach:.0f} {bottom:g} 0 {bottom:g}"
