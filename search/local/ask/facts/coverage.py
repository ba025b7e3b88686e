"""The days of which there are articles: of the whole archive, and by collection and source.

Built at first use of a generation, in some milliseconds for a hundred thousand articles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.local.ask.facts.columns import ValueColumn
from search.local.format.segment import SegmentData
from search.measures.gaps import MAX_NAMES, Covered
from search.values.results import Part

FIELD = "collection"
Numbers = NDArray[np.int64]
"""int64, shape (articles,); −1 for articles without a value."""


class Coverage:
    """The coverage of a generation.

    Args:
        placed: the segments, each with its first article number.
        sources: the column of sources.
        live: bool, shape (articles,).
        days: int32, shape (articles,); see `Snapshot.days`.
    """

    def __init__(
        self, placed: Sequence[tuple[int, SegmentData]], sources: ValueColumn, live: NDArray[np.bool_],
        days: NDArray[np.int32],
    ) -> None:  # fmt: skip
        self._sources = sources
        self._dated = np.flatnonzero(live & (days > 0))
        self._days = days[self._dated].astype(np.int64)
        self._source_numbers = _first_values(sources)
        names, collections = _collections(placed, len(live))
        counts = np.bincount(collections[live & (collections >= 0)], minlength=len(names))
        top = sorted((n for n in range(len(names)) if counts[n]), key=lambda n: (-int(counts[n]), names[n]))[:MAX_NAMES]
        self._fixed = [Covered.of_days("archive", "", np.unique(self._days))]
        self._fixed += self._covered("collection", [(names[n], n) for n in top], collections)
        totals, order = sources.totals, sources.spelled.order
        most = sorted(np.flatnonzero(totals).tolist(), key=lambda n: (-int(totals[n]), int(order[n])))[:MAX_NAMES]
        self._most = self._covered("source", self._named(most), self._source_numbers)

    def parts(self, sources: Sequence[str]) -> list[Covered]:
        """The archive, its collections, and these sources; without any, those with most articles."""
        if not sources:
            return [*self._fixed, *self._most]
        known = {self._sources.ordinal(source) for source in sources} - {None}
        listed = [number for number in known if number is not None and self._sources.totals[number]]
        return [*self._fixed, *self._covered("source", self._named(listed), self._source_numbers)]

    def _named(self, ordinals: Sequence[int]) -> list[tuple[str, int]]:
        return [(self._sources.spelled.values[number], number) for number in ordinals]

    def _covered(self, part: Part, named: Sequence[tuple[str, int]], numbers: Numbers) -> list[Covered]:
        """The days of each of some names.

        Args:
            named: names and their numbers.
            numbers: the number of each article.
        """
        if not named:
            return []
        places = np.full(max(int(numbers.max(initial=0)), *(number for _, number in named)) + 2, -1, np.int64)
        places[[number for _, number in named]] = np.arange(len(named))
        own = places[numbers[self._dated]]
        pairs = np.unique((own * _DAYS + self._days)[own >= 0])
        bounds = np.searchsorted(pairs, np.arange(len(named) + 1) * _DAYS).tolist()
        return [
            Covered.of_days(part, name, pairs[begin:end] - place * _DAYS)
            for place, ((name, _), begin, end) in enumerate(zip(named, bounds, bounds[1:], strict=False))
        ]


_DAYS = 1 << 22
"""More than the days of the calendar."""


def _first_values(column: ValueColumn) -> Numbers:
    """The first value of each article."""
    rows = column.rows
    has = rows.offsets[1:] > rows.offsets[:-1]
    first = np.full(len(has), -1, np.int64)
    first[has] = rows.ordinals[rows.offsets[:-1][has]]
    return first[rows.sets] if len(rows.sets) else first


def _collections(placed: Sequence[tuple[int, SegmentData]], size: int) -> tuple[list[str], Numbers]:
    """The names of all collections, and the number of each article's."""
    known: dict[bytes, int] = {}
    numbers = np.full(size, -1, np.int64)
    for start, segment in placed:
        column = segment.values(FIELD)
        own = np.array([known.setdefault(value, len(known)) for value in column.values], np.int64)
        has = (column.offsets[1:] > column.offsets[:-1])[column.sets]
        here = numbers[start : start + segment.size]
        here[has] = own[column.ordinals[column.offsets[:-1][column.sets[has]]]]
    return [name.decode() for name in known], numbers
