"""Who appears with whom: the pairs of a result as a graph, drawn as arcs next to a list of names, and as a table.

All pairs of the result are counted; the strongest are shown. Every count is a search, which it links to.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from search.engine import Engine
from search.measures.cooccurrence import MAX_PAIRS, MEASURES, Pairing, PairNode, Pairs
from service import params
from service.html.parts.filters import adding
from service.html.view import PageState
from service.wording import labels
from service.wording.messages import gettext, mark

Node = TypeVar("Node", bound=Hashable)

DRAWN = 24
"""The number of values drawn."""
ARCS = 60
"""The number of arcs drawn, the strongest."""
LISTED = 300
"""The number of pairs in the table."""
OFFERED = ("person,person", "person,country", "person,topic", "person,source", "country,country", "country,topic")
MINIMUMS = (1, 2, 5, 10)
ROW = 32
"""The distance between names in SVG units."""
NEAR, REACH = 14, 280
"""The width of the arc between neighbours, and of the widest arc, in SVG units."""
WIDEST = 9.0
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Value:
    """A value drawn: the number of articles of the result, and their URL."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Arc:
    """Two values in the same articles: the number of articles, their URL, and the arc between the names.

    Attributes:
        path: "" for a pair that is only in the table.
    """

    one: str
    other: str
    count: int
    npmi: float
    url: str
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Graph:
    """The graph of a result's pairs: a node for each value, an arc for each pair.

    Attributes:
        values: in the order in which they are listed.
        arcs: the listed pairs, the strongest first.
        drawn: the arcs drawn, the strongest last, so that they are on top.
        found: the number of pairs with the minimum count.
        fields, measures, minimums: label and URL of the available ones, True for the current one.
        files: name and URL of the formats in which programs get the pairs.
    """

    values: tuple[Value, ...]
    arcs: tuple[Arc, ...]
    drawn: tuple[Arc, ...]
    height: int
    found: int
    fields: tuple[tuple[str, str, bool], ...]
    measures: tuple[tuple[str, str, bool], ...]
    minimums: tuple[tuple[str, str, bool], ...]
    files: tuple[tuple[str, str], ...]


def graph(engine: Engine, state: PageState) -> Graph:
    """The graph of the strongest pairs of a result."""
    view = state.view
    one, _, other = view.pair.partition(",")
    found = engine.pairs(state.query, Pairing((one, other), view.measure, view.min, LISTED))
    nodes = {(node.field, node.value): node for node in found.nodes}
    pairs = {(nodes[one, edge.a], nodes[other, edge.b]): edge for edge in found.edges}
    order, paths = laid_out(found)
    most = max((edge.count for edge in found.edges), default=1)
    arcs = [
        Arc(
            labels.value(a.field, a.value, a.label),
            labels.value(b.field, b.value, b.label),
            edge.count,
            edge.npmi,
            state.to(adding(adding(state.query, a.field, a.value), b.field, b.value), show="articles"),
            paths.get((a, b), ""),
            width(edge.count, most),
        )
        for (a, b), edge in pairs.items()
    ]
    values = tuple(
        Value(
            labels.value(node.field, node.value, node.label),
            node.count,
            state.to(adding(state.query, node.field, node.value), show="articles"),
        )
        for node in order
    )
    return Graph(
        values,
        tuple(arcs),
        tuple(reversed([arc for arc in arcs if arc.path][:ARCS])),
        len(order) * ROW,
        found.found,
        tuple((_named(pair), state.to(pair=pair), pair == view.pair) for pair in dict.fromkeys((*OFFERED, view.pair))),
        tuple((gettext(_MEASURES[name]), state.to(measure=name), name == view.measure) for name in MEASURES),
        tuple((str(least), state.to(min=least), least == view.min) for least in sorted({*MINIMUMS, view.min})),
        tuple(
            (name, state.at(_file(state, form)))
            for name, form in (("CSV", "csv"), ("GraphML", "graphml"), ("SVG", "svg"))
        ),
    )


_FORMS = (("CSV", "csv"), ("GraphML", "graphml"), ("SVG", "svg"))
_MEASURES = {"count": mark("articles"), "npmi": mark("strength of link")}


def _named(pair: str) -> str:
    one, other = map(labels.within, pair.split(","))
    return gettext("{one} and {other}").format(one=one, other=other)


def _file(state: PageState, form: str) -> str:
    """The address of the pairs, in a format, with all parameters that they depend on."""
    view = state.view
    taken = {parameter.name for parameter in params.pairs.PARAMETERS}
    pairs = [(name, value) for name, value in params.write(state.query) if name in taken]
    own = (
        ("fields", view.pair),
        ("measure", view.measure),
        ("min", str(view.min)),
        ("limit", str(LISTED if form == "svg" else MAX_PAIRS)),
        ("format", form),
    )
    return f"/api/pairs?{params.joined([*pairs, *own])}"


def laid_out(found: Pairs) -> tuple[tuple[PairNode, ...], dict[tuple[PairNode, PairNode], str]]:
    """The values of the strongest pairs, in the order in which they are listed, and the arcs between them."""
    nodes = {(node.field, node.value): node for node in found.nodes}
    one, other = found.pairing.fields
    pairs = {(nodes[one, edge.a], nodes[other, edge.b]): edge.count for edge in found.edges}
    shown = _first(tuple(pairs))
    edges = {pair: count for pair, count in pairs.items() if shown.issuperset(pair)}
    order = ordered([node for node in found.nodes if node in shown], edges)
    place = {node: number for number, node in enumerate(order)}
    longest = max((abs(place[a] - place[b]) for a, b in edges), default=1)
    return order, {(a, b): _path(place[a], place[b], longest) for a, b in edges}


def width(count: int, most: int) -> float:
    """The width of an arc."""
    return round(1.2 + (WIDEST - 1.2) * math.pow(count / most, 0.7), 1)


def _first(pairs: Sequence[tuple[PairNode, PairNode]]) -> frozenset[PairNode]:
    """The values of the strongest pairs, as many as are drawn."""
    shown: set[PairNode] = set()
    for pair in pairs:
        if len(shown.union(pair)) <= DRAWN:
            shown.update(pair)
    return frozenset(shown)


def ordered(names: Sequence[Node], edges: Mapping[tuple[Node, Node], int]) -> tuple[Node, ...]:
    """Order the names so that those that appear together are near each other.

    Connected components stay together, the larger ones first; within one, each name moves half the way to the mean
    position of its neighbours, repeatedly.
    """
    near: dict[Node, dict[Node, int]] = {name: {} for name in names}
    for (one, other), count in edges.items():
        near[one][other] = near[other][one] = count
    groups: list[list[Node]] = []
    for name in names:
        if not any(name in group for group in groups):
            groups.append(_joined(name, near))
    groups.sort(key=lambda group: -len(group))
    return tuple(name for group in groups for name in _settled(group, near))


def _joined(name: Node, near: Mapping[Node, Mapping[Node, int]]) -> list[Node]:
    found = [name]
    for each in found:
        found += [other for other in near[each] if other not in found]
    return found


def _settled(group: Sequence[Node], near: Mapping[Node, Mapping[Node, int]]) -> list[Node]:
    place = {name: float(number) for number, name in enumerate(group)}
    for _ in range(ROUNDS):
        means = {
            name: sum(place[other] * count for other, count in near[name].items()) / max(1, sum(near[name].values()))
            for name in group
        }
        first = {name: number for number, name in enumerate(group)}
        order = sorted(group, key=lambda name: (place[name] + means[name], first[name]))
        place = {name: float(number) for number, name in enumerate(order)}
    return sorted(group, key=lambda name: place[name])


def _path(one: int, other: int, longest: int) -> str:
    """An arc between two rows, wider for a greater distance, relative to the longest one."""
    first, last = min(one, other), max(one, other)
    top, bottom = (first + 0.5) * ROW, (last + 0.5) * ROW
    reach = (NEAR + (REACH - NEAR) * (last - first - 1) / max(8, longest - 1)) * 4 / 3
    return f"M0 {top:g}C{reach:.0f} {top:g} {reach:.0f} {bottom:g} 0 {bottom:g}"
