"""Here is an article number, give me its near-duplicate group, over all articles of one generation.

Built at first use: some tenths of a second for a hundred thousand grouped articles, nothing if there are none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.kernels import matching, stories
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData
from search.values.results import Copies

FIELD = "group"


class Stories:
    """The groups of a generation.

    Attributes:
        numbers: int32, shape (articles,); the number of each article's group, −1 for one in none or deleted.
        order: uint32; the live articles in a group, by group, then by id.
    """

    def __init__(self, segments: Sequence[tuple[int, SegmentData]], live: NDArray[np.bool_]) -> None:
        known: dict[bytes, int] = {}
        self.numbers: NDArray[np.int32] = np.full(len(live), -1, np.int32)
        ids: list[bytes] = []
        grouped: list[NDArray[np.int64]] = []
        for start, segment in segments:
            column = segment.values(FIELD)
            if not len(column.values):
                continue
            own = np.array([known.setdefault(value, len(known)) for value in column.values], np.int32)
            numbers = self.numbers[start : start + segment.size]
            has = (column.offsets[1:] > column.offsets[:-1])[column.sets] & live[start : start + segment.size]
            numbers[has] = own[column.ordinals[column.offsets[:-1][column.sets[has]]]]
            here = np.flatnonzero(has)
            ids += [segment.columns.ids[number] for number in here.tolist()]
            grouped.append(here + start)
        articles = np.concatenate([np.empty(0, np.int64), *grouped]).tolist()
        self._names = [name.decode() for name in known]
        self._sizes = np.bincount(self.numbers[articles], minlength=len(known)) if articles else np.zeros(0, np.int64)
        placed = sorted(zip(self.numbers[articles].tolist(), ids, articles, strict=True)) if articles else []
        self.order: NDArray[np.uint32] = np.array([article for _, _, article in placed], np.uint32)
        self._starts = np.cumsum(self._sizes) - self._sizes

    def of(self, number: int) -> Copies | None:
        """The group of an article; None if no other article is in it."""
        story = int(self.numbers[number])
        return None if story < 0 else Copies.of(self._names[story], int(self._sizes[story]))

    def members(self, number: int) -> NDArray[np.uint32]:
        """The articles of an article's group, including itself; empty if it is in no group."""
        story = int(self.numbers[number])
        if story < 0:
            return self.order[:0]
        start = int(self._starts[story])
        return self.order[start : start + int(self._sizes[story])]

    def apart(self, articles: NDArray[np.uint32], scratch: Scratch) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Separate articles that are in a group from those that are not.

        Returns:
            The articles in no group, ascending; and uint8, shape (articles,), 1 for those in a group.
        """
        flags: NDArray[np.uint8] = scratch.zeros(len(self.numbers), np.uint8)
        flags[articles] = 1
        flags &= self.numbers >= 0
        alone = scratch.take(len(articles), np.uint32)
        return alone[: matching.drop(articles, flags, 1, alone)], flags

    def best(self, articles: NDArray[np.uint32], keys: NDArray[np.int64], scratch: Scratch) -> NDArray[np.int64]:
        """The indices of the articles that represent their stories: the first of each by key, ties by id; ascending."""
        alone = np.flatnonzero(self.numbers[articles] < 0)
        places = scratch.zeros(len(self.numbers), np.uint32)
        places[articles] = np.arange(1, len(articles) + 1, dtype=np.uint32)
        chosen = np.empty(len(self._sizes), np.int64)
        size = stories.best_of_stories(self.order, self.numbers, places, keys, chosen)
        firsts = np.concatenate([alone, chosen[:size]])
        firsts.sort()
        return firsts
