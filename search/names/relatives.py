"""The names that decide how some names are shown: which to look at again when a few articles have changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.names.name_keys import FULL, taken_apart

Ints = NDArray[np.int64]


class Relatives:
    """Finds the names that may decide under which name some others are shown, so that the rest need not be looked at.

    Names are compared by hashes, so a few may be found that have nothing to do with these. Cost: two microseconds a
    name once, and 72 bytes; then a copy of what is stored of them for each addition, and bisections for each question.
    """

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._known: set[str] = set()
        self._tight, self._given, self._first, self._last = _Places(), _Places(), _Places(), _Places()
        self._full: NDArray[np.bool_] = np.empty(0, np.bool_)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: Iterable[str]) -> None:
        """Add folded names, unless they are there."""
        added = [key for key in dict.fromkeys(keys) if key not in self._known]
        rows: list[int] = []
        for key in added:
            tight, given, first, last, kind = taken_apart(key)
            rows += hash(tight), hash(given), hash(first), hash(last), kind & FULL
        self._keys += added
        self._known.update(added)
        table = np.array(rows, np.int64).reshape(-1, 5)
        for number, places in enumerate((self._tight, self._given, self._first, self._last)):
            places.add(table[:, number])
        self._full = np.concatenate([self._full, table[:, 4] > 0])

    def of(self, keys: Iterable[str]) -> tuple[set[str], set[str]]:
        """The names that may be shown under another one once the articles of some names have changed, and the names
        that decide on that; both include those names, if they were added, and all that are spelled alike.

        They are those of the same surnames; and of the words alone with which such a name begins, if it is the only one
        that begins so, all names with that word.
        """
        mates = self._tight.having(np.array([hash(taken_apart(key)[0]) for key in keys], np.int64))
        firsts = self._first.values[self._given.having(self._given.values[mates])]
        begun = self._family(self._alone(self._last.having(np.concatenate([firsts, self._first.values[mates]]))))
        moved = np.concatenate([self._family(mates), self._alone(begun)])
        words = self._last.values[self._alone(moved)]
        beginning = self._alike(self._first.having(words))
        like = self._alike(self._given.having(self._given.values[beginning]))
        return self._named(moved), self._named(np.concatenate([moved, begun, beginning, like]))

    def _alone(self, rows: Ints) -> Ints:
        """Those of some names that are no more than a surname."""
        return rows[~self._full[rows]]

    def _alike(self, rows: Ints) -> Ints:
        """The names that are spelled like some of them."""
        return self._tight.having(self._tight.values[rows])

    def _family(self, rows: Ints) -> Ints:
        """The names that have the surname of some of them, or are spelled like one that has."""
        while len(more := self._alike(self._last.having(self._last.values[rows]))) > len(rows):
            rows = more
        return more

    def _named(self, rows: Ints) -> set[str]:
        return {self._keys[number] for number in rows.tolist()}


class _Places:
    """Finds the places of values in a growing array: by bisection, and those added last by a look at each.

    Attributes:
        values: int64.
    """

    def __init__(self) -> None:
        self.values: Ints = np.empty(0, np.int64)
        self._order: Ints = np.empty(0, np.int64)
        self._sorted: Ints = np.empty(0, np.int64)

    def add(self, values: Ints) -> None:
        """Append some values."""
        self.values = np.concatenate([self.values, values])

    def having(self, values: Ints) -> Ints:
        """The places that have one of some values, each once."""
        # sorted again only when an eighth is new: so many small additions cost n log n in all
        if len(self.values) - len(self._order) > _UNSORTED + len(self._order) // 8:
            self._order = np.argsort(self.values)
            self._sorted = self.values[self._order]
        wanted = np.unique(values)
        begins, ends = (np.searchsorted(self._sorted, wanted, side) for side in ("left", "right"))
        sizes = ends - begins
        # range(begin, end) of each value, one after the other, without a loop
        at = np.arange(sizes.sum()) + np.repeat(begins - np.cumsum(sizes) + sizes, sizes)
        later = np.flatnonzero(np.isin(self.values[len(self._order) :], wanted)) + len(self._order)
        return np.concatenate([self._order[at], later])


_UNSORTED = 1000
"""Values that are looked at one by one, at least, before all are sorted."""
