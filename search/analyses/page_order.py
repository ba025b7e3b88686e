"""The order in which people read what is printed on a page: down a column and then the next one.

What is printed across several columns divides them: those above it are read first, then it, then those below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

DEPTH = 40
"""How often a page is divided; what is left is read by lines."""
_SLANT = 0.02
"""The share of a box's width by which it may reach into the column next to it, as on a page that is not straight."""


class Spot(NamedTuple):
    """Where something is on a page: its left, top, right and bottom."""

    left: int
    top: int
    right: int
    bottom: int


def in_order(spots: Sequence[Spot]) -> list[int]:
    """The numbers of some boxes, in the order of reading.

    Cost: n log n for each level of division, of which there are at most `DEPTH`.
    """
    return _ordered(sorted(range(len(spots)), key=lambda at: (spots[at].top, spots[at].left, at)), spots, DEPTH)


def _ordered(some: list[int], spots: Sequence[Spot], depth: int) -> list[int]:
    """The order of some boxes, given from above."""
    if len(some) < 2 or not depth:
        return some
    columns = _columns(some, spots)
    if len(columns) > 1:
        return [at for column in columns for at in _ordered(column, spots, depth - 1)]
    widest = max(range(len(some)), key=lambda place: (_width(spots[some[place]]), -abs(2 * place - len(some))))
    above, below = some[:widest], some[widest + 1 :]
    return [*_ordered(above, spots, depth - 1), some[widest], *_ordered(below, spots, depth - 1)]


def _columns(some: Sequence[int], spots: Sequence[Spot]) -> list[list[int]]:
    """The boxes from left to right, divided where nothing is printed from the top to the bottom; each from above."""
    column_of: dict[int, int] = {}
    number, reached = -1, 0.0
    for at in sorted(some, key=lambda at: spots[at].left):
        slant = _SLANT * _width(spots[at])
        if number < 0 or spots[at].left + slant >= reached:
            number, reached = number + 1, spots[at].right - slant
        reached = max(reached, spots[at].right - slant)
        column_of[at] = number
    columns: list[list[int]] = [[] for _ in range(number + 1)]
    for at in some:
        columns[column_of[at]].append(at)
    return columns


def _width(spot: Spot) -> int:
    return spot.right - spot.left
