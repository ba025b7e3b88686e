"""Here is an article number, give me its values: what segments have for each article, joined over a generation.

Part of a column (see `columns`): it is joined when a query first needs it. None of it is a kernel, so that opening an
index needs no Numba.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.files.array_file import Array
from search.local.format.columns import ValueList

Mask = NDArray[np.bool_]
"""bool, shape (articles,) or (values,)."""

SHARED = 2
"""How many articles must share a set, on average, for sets to be counted instead of articles."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a column from one segment.

    Attributes:
        name, deleted: the segment, and its number of deleted articles: together they identify its state.
        sets: its number of sets of values.
        forms: int32; the form of each of its own ordinals.
        counts: int64; live articles of each.
        days: of persons, of each form the first and the last day, and whether an article has none (see
            `search.names.company`); of other fields none.
    """

    name: str
    deleted: int
    sets: int
    forms: NDArray[np.int32]
    counts: NDArray[np.int64]
    days: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """The values of each article, as numbers.

    Attributes:
        sets: uint16 or uint32, shape (articles,); the number of each article's set of values. Empty if few articles
            share a set: then each article has a row of its own.
        offsets: uint32; where each set or row begins in `ordinals`, and the length of that.
        ordinals: of the same type; the values of all sets or rows.
    """

    sets: Array
    offsets: NDArray[np.uint32]
    ordinals: Array


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows that have been joined, the names of their segments, and the values that each was shown under then."""

    rows: Rows
    segments: tuple[str, ...]
    shown: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Placed:
    """The column of one segment, what it contributes, and flags of its live articles."""

    own: ValueList
    part: Part
    live: Mask


class Joining:
    """Joins what the segments of a generation have for each article.

    Args:
        placed: the segments.
        form_ordinals: uint32; the value that each form is counted under, the number of values if it is not shown.
        shown: see `Naming`.
        before: the rows of an earlier generation; what both have in common is copied.

    Attributes:
        before: those rows, until they have been copied; None if nothing is in common.
    """

    def __init__(
        self, placed: list[Placed], form_ordinals: NDArray[np.uint32], shown: NDArray[np.int64], before: Joined | None
    ) -> None:
        self._placed = placed
        self._form_ordinals = form_ordinals
        self._shown = shown
        self._same = self._in_common(before) if before else 0
        self.before = before if self._same else None

    def rows(self) -> Rows:
        """The rows of all segments. Releases those of before."""
        before, same = self.before, self._same
        none = np.empty(0, np.uint32)
        shared = sum(one.part.sets for one in self._placed) * SHARED <= sum(len(one.own.sets) for one in self._placed)
        if before is None or bool(len(before.rows.sets)) != shared:
            same = 0
        article_start = sum(len(one.own.sets) for one in self._placed[:same])
        row_start = sum(one.part.sets for one in self._placed[:same]) if shared else article_start
        pair_start = int(before.rows.offsets[row_start]) if before else 0
        sets = [before.rows.sets[:article_start] if before and shared else none]
        offsets = [before.rows.offsets[:row_start] if before else none]
        ordinals = [before.rows.ordinals[:pair_start] if before else none]
        dropped = len(self._shown)
        for one in self._placed[same:]:
            column, own = one.own, self._form_ordinals[one.part.forms]
            rows, row_ordinals = column.offsets, own[column.ordinals] if len(own) else none
            several = self._several(own)
            if several.any():
                rows, row_ordinals = retained_values(rows, row_ordinals, first_in_row(rows, row_ordinals, several))
            if (own == dropped).any():
                rows, row_ordinals = retained_values(rows, row_ordinals, row_ordinals != dropped)
            if shared:
                sets.append(column.sets + np.uint32(row_start))
            else:
                rows, row_ordinals = rows_of_articles(column.sets, rows, row_ordinals)
            offsets.append(rows[:-1] + np.uint32(pair_start))
            ordinals.append(row_ordinals)
            row_start += len(rows) - 1
            pair_start += len(row_ordinals)
        self.before = None
        # one type for both, so that kernels have two forms, not four
        numbers = narrow(max(row_start, dropped) if shared else dropped)
        return Rows(
            np.concatenate(sets, dtype=numbers, casting="same_kind"),
            np.concatenate([*offsets, np.array([pair_start], np.uint32)]),
            np.concatenate(ordinals, dtype=numbers, casting="same_kind"),
        )

    def totals(self) -> NDArray[np.uint32]:
        """Live articles that have each value: uint32, shape (values,)."""
        size = len(self._shown)
        totals = np.zeros(size + 1, np.int64)
        for one in self._placed:
            own = self._form_ordinals[one.part.forms]
            totals += np.bincount(own, one.part.counts, size + 1).astype(np.int64)
            several = self._several(own)
            if several.any():  # an article counts once, in however many spellings it has a value
                column, ordinals = one.own, own[one.own.ordinals]
                again = np.flatnonzero(~first_in_row(column.offsets, ordinals, several))
                sets = np.bincount(column.sets[one.live], minlength=one.part.sets)
                articles = sets[np.searchsorted(column.offsets, again, "right") - 1]
                totals -= np.bincount(ordinals[again], articles, size + 1).astype(np.int64)
        return totals[:size].astype(np.uint32)

    def missing(self) -> int:
        """Live articles that have no value."""
        count, dropped = 0, len(self._shown)
        for one in self._placed:
            column, own = one.own, self._form_ordinals[one.part.forms]
            offsets = column.offsets
            if (own == dropped).any():
                offsets, _ = retained_values(offsets, column.ordinals, (own != dropped)[column.ordinals])
            empty = offsets[1:] == offsets[:-1]
            count += int(np.count_nonzero(empty[column.sets] & one.live))
        return count

    def _several(self, own: NDArray[np.uint32]) -> Mask:
        """The values of which a segment has several spellings, some of which one article may have."""
        return np.bincount(own, minlength=len(self._shown) + 1) > 1

    def _in_common(self, before: Joined) -> int:
        """The number of segments that begin the rows of an earlier generation, and have the same ordinals there."""
        if not np.array_equal(self._shown[: len(before.shown)], before.shown):
            return 0
        same = 0
        for one, name in zip(self._placed, before.segments, strict=False):
            if one.part.name != name:
                break
            same += 1
        return same


def first_in_row(
    offsets: NDArray[np.uint32], ordinals: NDArray[np.uint32], several: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """False for values that are in their row for a second time; `several` has the values that may be."""
    places = np.flatnonzero(several[ordinals])
    rows = np.searchsorted(offsets, places, "right")
    pairs = rows * len(several) + ordinals[places]
    order = np.argsort(pairs, kind="stable")
    again = np.diff(pairs[order], prepend=-1) == 0
    retained = np.ones(len(ordinals), np.bool_)
    retained[places[order[again]]] = False
    return retained


def retained_values(
    offsets: NDArray[np.uint32], ordinals: NDArray[np.uint32], retained: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The rows with some of their values."""
    return np.concatenate([[0], np.cumsum(retained)]).astype(np.uint32)[offsets], ordinals[retained]


def rows_of_articles(
    sets: NDArray[np.uint32], offsets: NDArray[np.uint32], ordinals: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Give each article a row of its own: the offsets and values of its set, one article after the other."""
    starts = offsets[:-1][sets]
    own = np.zeros(len(sets) + 1, np.uint32)
    np.cumsum(np.diff(offsets)[sets], out=own[1:])
    places = np.repeat(starts - own[:-1], np.diff(own)) + np.arange(own[-1], dtype=np.uint32)  # differences may wrap
    return own, ordinals[places]


_most_narrow = 1 << 16


def narrow(size: int) -> type[np.uint16] | type[np.uint32]:
    """The narrowest type for numbers below a size: half the width fits twice as many in the processor's cache."""
    return np.uint16 if size <= _most_narrow else np.uint32


@contextmanager
def narrow_up_to(size: int) -> Iterator[None]:
    """Have only numbers below this size be narrow, as if an index were larger: to compile kernels for both types."""
    global _most_narrow
    before, _most_narrow = _most_narrow, size
    try:
        yield
    finally:
        _most_narrow = before
