"""Here is a part of a name, give me the values with such a name (see `search.names.completion`).

An index contains the words of all names of a facet, sorted, each with the ordinals of its values, so that words with a
common prefix are adjacent. A value that is counted under another is a name of that one. As a column's ordinals change
only with the authority file, an index is built once and extended as the archive grows; it is built at first use, at
some three microseconds a value, which is a second for 300,000 persons. What is inside words is found by a pass over the
letters of all of them.
"""

from __future__ import annotations

import threading
from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from search.fields import BY_NAME, facet_of
from search.local.ask.facts.columns import ValueColumn
from search.names import completion, near_names
from search.text.edits import within

_LAST = "\U0010ffff"
"""No word of a name contains it."""


class NameIndex:
    """The words in the names of a facet's values, for completion.

    Attributes:
        size: the number of values included: those with smaller ordinals.
        authority: the authority file's rules for the facet when the ordinals were assigned.
    """

    def __init__(self, field: str, column: ValueColumn, before: NameIndex | None = None) -> None:
        self._field = facet_of(field)
        self.size = len(column.spelled.values)
        self.authority = column.naming.assigned
        self._words: list[str] = before._words if before else []
        self._starts: NDArray[np.int64] = before._starts if before else np.zeros(1, np.int64)
        self._ordinals: NDArray[np.uint32] = before._ordinals if before else np.empty(0, np.uint32)
        self._letters: NDArray[np.uint8] = before._letters if before else np.empty(0, np.uint8)
        self._begins: NDArray[np.int64] = before._begins if before else np.empty(0, np.int64)
        found: dict[str, list[int]] = {}
        for ordinal in range(before.size if before else 0, self.size):
            own = {
                word
                for name in completion.names(self._field, column.spelled.values[ordinal], column.naming.rules)
                for word in near_names.words(name)
            }
            for word in own:
                found.setdefault(word, []).append(ordinal)
        if found:
            self._add(found)

    def _add(self, found: dict[str, list[int]]) -> None:
        old = self._words
        self._words = sorted({*old, *found})
        place = {word: number for number, word in enumerate(self._words)}
        ranks = np.concatenate(
            [
                np.repeat(np.array([place[word] for word in old], np.int64), np.diff(self._starts)),
                np.repeat([place[word] for word in found], [len(ordinals) for ordinals in found.values()]),
            ]
        )
        ordinals = np.concatenate([self._ordinals, *(np.array(row, np.uint32) for row in found.values())])
        self._ordinals = ordinals[np.argsort(ranks, kind="stable")].astype(np.uint32)
        self._starts = np.concatenate(
            [np.zeros(1, np.int64), np.cumsum(np.bincount(ranks, minlength=len(self._words)))]
        )
        encoded = [f"{word}\n".encode("utf-8", "surrogatepass") for word in self._words]
        self._letters = np.frombuffer(b"".join(encoded), np.uint8)
        self._begins = np.cumsum([0, *map(len, encoded[:-1])], dtype=np.int64)

    def find(self, typed: tuple[str, ...], column: ValueColumn, inside: bool = False) -> NDArray[np.uint32]:
        """The ordinals of the shown values that have a name with words of all these prefixes, ascending.

        Args:
            inside: True for names with words that contain these letters anywhere.
        """
        like, has = (self._containing, completion.has) if inside else (self._beginning, completion.begins)
        found = like(typed[0])
        for letters in typed[1:]:
            found &= like(letters)
        ordinals = np.flatnonzero(found)
        if len(typed) > 1 and BY_NAME[self._field].vocabulary:  # else a value has one name
            named = [
                n for n in ordinals.tolist() if has(self._field, column.spelled.values[n], typed, column.naming.rules)
            ]
            ordinals = np.array(named, np.int64)
        shown = column.naming.shown[ordinals]
        mask = np.zeros(len(column.spelled.values), np.bool_)
        mask[shown[shown >= 0]] = True
        return np.flatnonzero(mask).astype(np.uint32)

    def nearest(self, typed: str, column: ValueColumn) -> str | None:
        """The shown value that is nearest to a name (see `near_names`)."""
        near = np.ones(self.size, np.bool_)
        for word in near_names.words(typed):
            near &= self._like(word, near_names.edits_of(word))
        ordinals = np.flatnonzero(near[: len(column.spelled.values)])
        ordinals = ordinals[column.naming.shown[ordinals] == ordinals].tolist()
        return near_names.nearest(typed, ((column.spelled.values[n], int(column.totals[n])) for n in ordinals))

    def _like(self, word: str, edits: int) -> NDArray[np.bool_]:
        """Flags of the values that have a word with the same first letter, at most this many edits away."""
        first, last = bisect_left(self._words, word[0]), bisect_left(self._words, word[0] + _LAST)
        mask = np.zeros(self.size, np.bool_)
        for place in range(first, last):
            if within(word, self._words[place], edits):
                mask[self._ordinals[self._starts[place] : self._starts[place + 1]]] = True
        return mask

    def _beginning(self, letters: str) -> NDArray[np.bool_]:
        """Flags of the values that have a word with this prefix."""
        first, last = bisect_left(self._words, letters), bisect_left(self._words, letters + _LAST)
        mask = np.zeros(self.size, np.bool_)
        mask[self._ordinals[self._starts[first] : self._starts[last]]] = True
        return mask

    def _containing(self, letters: str) -> NDArray[np.bool_]:
        """Flags of the values that have a word with these letters in it."""
        mask = np.zeros(self.size, np.bool_)
        sought, text = letters.encode("utf-8", "surrogatepass"), self._letters
        if len(text) < len(sought):
            return mask
        there = text[: len(text) - len(sought) + 1] == sought[0]
        for place, letter in enumerate(sought[1:], 1):
            there &= text[place : len(text) - len(sought) + 1 + place] == letter
        at = np.zeros(len(text), np.bool_)
        at[: len(there)] = there
        words = np.logical_or.reduceat(at, self._begins)
        mask[self._ordinals[np.repeat(words, np.diff(self._starts))]] = True
        return mask


class NameIndexes:
    """The name indexes of a generation, built at first use."""

    def __init__(self, before: NameIndexes | None = None) -> None:
        self._indexes: dict[str, NameIndex] = dict(before._indexes) if before else {}
        self._lock = threading.Lock()

    def find(self, field: str, typed: tuple[str, ...], column: ValueColumn, inside: bool = False) -> NDArray[np.uint32]:
        """The ordinals of the values of a column that have a name with words of all these prefixes; or `inside`, with
        words that have these letters in them.
        """
        return self._index(field, column).find(typed, column, inside)

    def nearest(self, field: str, typed: str, column: ValueColumn) -> str | None:
        """The value of a column that is nearest to a name."""
        return self._index(field, column).nearest(typed, column)

    def _index(self, field: str, column: ValueColumn) -> NameIndex:
        with self._lock:
            index = self._indexes.get(field)
            if index is not None and index.authority != column.naming.assigned:
                index = None
            if index is None or index.size < len(column.spelled.values):
                index = self._indexes[field] = NameIndex(field, column, index)
        return index
