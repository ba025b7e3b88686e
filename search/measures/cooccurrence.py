"""Co-occurrence: which values appear in the same articles, and how closely they are associated.

NPMI is the normalized pointwise mutual information of two values in a result: 1 if neither appears without the other, 0
if they are independent, −1 if they never meet. It is high for rare values that meet by chance, so it needs a minimum.

Source: G. Bouma, “Normalized (pointwise) mutual information in collocation extraction”, 2009.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Annotated, Literal, NamedTuple, get_args

from msgspec import Meta, Struct

from search.errors import BadQuery, BadValue
from search.fields import FACET_NAMES
from search.values.bad_values import choice, nearest, within
from search.values.results import Count

Measure = Literal["count", "npmi"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
MAX_PAIRS = 100_000
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which pairs are counted, and which of them are listed.

    Attributes:
        fields: the facet of the first value of a pair, and that of the second; may be the same.
        measure: what the pairs are ordered by, the greatest first.
        min: the minimum number of articles that have both, from 1.
        limit: the maximum number of pairs, from 0.

    Raises:
        BadQuery: on construction, naming every invalid value.
    """

    fields: tuple[str, ...] = ("person", "person")
    measure: Measure = "count"
    min: int = 2
    limit: int = 1000

    def __post_init__(self) -> None:
        errors = [
            *(
                BadValue("fields", name, f"No facet “{name}”.", nearest(name, FACET_NAMES))
                for name in self.fields
                if name not in FACET_NAMES
            ),
            *choice("measure", self.measure, MEASURES),
            *within("min", self.min, 1, None),
            *within("limit", self.limit, 0, MAX_PAIRS),
        ]
        if len(self.fields) != 2:
            reason = f"A pair has two facets, not {len(self.fields)}."
            errors.append(BadValue("fields", ",".join(self.fields), reason, "Give two, such as person,country."))
        if errors:
            raise BadQuery(errors)


class PairNode(Struct, frozen=True):
    """A value of a pair, and the number of articles of the result that have it."""

    field: str
    value: str
    label: str
    count: Count


class PairEdge(Struct, frozen=True):
    """A pair of values. Of two values of one facet, `a` is the first by label.

    Attributes:
        a: a value of the first facet.
        b: a value of the second.
        count: articles of the result that have both.
    """

    a: str
    b: str
    count: Count
    npmi: Annotated[float, Meta(ge=-1, le=1)]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a result.

    Attributes:
        total: the articles of the result.
        found: the pairs with the minimum count, of which the first are listed.
        nodes: the values of the listed pairs: by count, ties by label.
        edges: the pairs by measure, ties by count, then by labels.
    """

    pairing: Pairing
    total: int
    found: int
    nodes: tuple[PairNode, ...]
    edges: tuple[PairEdge, ...]


class Pair(NamedTuple):
    """A pair as counted: two values, and the number of articles that have both."""

    a: PairNode
    b: PairNode
    together: int


def npmi(count: int, a: int, b: int, total: int) -> float:
    """NPMI of two values, to six digits.

    Args:
        count: articles that have both, from 1.
        a, b: articles that have each.
        total: all articles of the result.
    """
    if count == total:
        return 1.0
    return round(log(count * total / (a * b)) / log(total / count), DIGITS)


def arranged(pairing: Pairing, total: int, found: int, pairs: Iterable[Pair]) -> Pairs:
    """Order pairs, among which are the first ones, and list them.

    Args:
        found: the number of all pairs with the minimum count.
    """
    by_npmi = pairing.measure == "npmi"
    measured = [(npmi(pair.together, pair.a.count, pair.b.count, total), pair) for pair in pairs]
    measured.sort(
        key=lambda one: (
            -one[0] if by_npmi else 0, -one[1].together,
            one[1].a.label, one[1].a.value, one[1].b.label, one[1].b.value,
        )
    )  # fmt: skip
    listed = measured[: pairing.limit]
    nodes = {(node.field, node.value): node for _, pair in listed for node in (pair.a, pair.b)}
    return Pairs(
        pairing,
        total,
        found,
        tuple(sorted(nodes.values(), key=lambda node: (-node.count, node.label, node.field, node.value))),
        tuple(PairEdge(pair.a.value, pair.b.value, pair.together, measure) for measure, pair in listed),
    )
