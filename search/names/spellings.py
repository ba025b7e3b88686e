"""Merges the spellings of each person's name, by the evidence of all articles of an archive.

`People` collects the names that articles have, folded, and `groups` finds those that belong together, from the number
of articles that have each: names that differ in spaces, hyphens and apostrophes; a name with and without its middle
initials, if only one set of initials is known; and a surname alone, if one full name dominates. A surname is merged
into the full name that ends with it if `ENOUGH` articles have that name, and it has a `SHARE` of all articles with
full names of this surname; a first word (the family name of Xi Jinping) needs more. The full name is shown, in its most
frequent spelling.

The result depends only on the articles, not on their order or on how they were added. Not for names within an article,
which `indexer.enrich` has unified. Cost: two microseconds a name once, then some array operations a generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

ENOUGH, SHARE = 3, 0.8
ENOUGH_FIRST, SHARE_FIRST = 5, 0.9
"""The same for the first word of a full name, which may be a given name."""

PARTICLES = frozenset(
    ("al", "ben", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "ter",
     "van", "vander", "vom", "von", "zu")
)  # fmt: skip
"""Words before a surname that do not make it a full name: de Gaulle."""

_FULL, _INITIALS, _LED = 1, 2, 4
"""Flags of a name: more than a surname; with middle initials; a surname after initials."""

_MARKS = str.maketrans("", "", " .-‐‑'’ʼ")
_STOPS = str.maketrans({".": " "})


class People:
    """Analysed names, numbered in the order in which they are added.

    Args:
        before: the names of the previous generation, which are included.
    """

    def __init__(self, before: People | None = None) -> None:
        self._words: dict[str, int] = dict(before._words) if before else {}
        self._tight: dict[str, int] = dict(before._tight) if before else {}
        self._loose: dict[str, int] = dict(before._loose) if before else {}
        self._rows: list[int] = []
        self._taken: Ints = before._table if before else np.empty((0, 6), np.int64)

    def __len__(self) -> int:
        return len(self._taken) + len(self._rows) // 6

    def add(self, keys: Iterable[str]) -> None:
        """Add folded names."""
        tights, looses, words = self._tight, self._loose, self._words
        for key in keys:
            tight, loose, first, last, kind = _apart(key)
            self._rows += (
                tights.setdefault(tight, len(tights)),
                looses.setdefault(loose, len(looses)),
                words.setdefault(first, len(words)),
                words.setdefault(last, len(words)),
                kind,
                ord(first[:1] or "\0"),
            )

    @property
    def _table(self) -> Ints:
        """A row for each name: spelling, spelling without initials, first and last word, flags, first letter."""
        if self._rows:
            self._taken = np.concatenate([self._taken, np.array(self._rows, np.int64).reshape(-1, 6)])
            self._rows = []
        return self._taken

    def groups(self, counts: Ints, values: Sequence[str], apart: NDArray[np.bool_]) -> Ints:
        """For each name the number of the name it is shown under, its own if it is not merged.

        Args:
            counts: articles that have each name, counted for each of its spellings; 0 if it is not evidence.
            values: the spelling of each, which decides ties.
            apart: names that are neither merged nor merged into.
        """
        table = self._table
        size = len(table)
        shown: Ints = np.arange(size)
        if not size:
            return shown
        tight, loose, first, last, kind, letter = table.T
        live = (counts > 0) & ~apart
        group = self._group(tight, loose, (kind & _INITIALS > 0) & live)
        shown[live] = self._heads(group, counts, values, live)[live]
        totals = np.bincount(shown[live], counts[live], size).astype(np.int64)
        heads = np.flatnonzero((totals > 0) & (kind & _FULL > 0))
        rest = np.flatnonzero(live & (kind & _FULL == 0))
        words = len(self._words)
        among = np.bincount(last[heads], totals[heads], words)
        other = heads[first[heads] != last[heads]]
        among += np.bincount(first[other], totals[other], words)
        word, led = last[rest], kind[rest] & _LED > 0
        left = np.ones(len(rest), np.bool_)
        for ends, enough, share in ((last, ENOUGH, SHARE), (first, ENOUGH_FIRST, SHARE_FIRST)):
            best = _most(ends[heads], heads, totals, words)[word]
            having = np.where(best >= 0, totals[best], 0)
            fits = left & (having >= enough) & (having >= share * among[word])
            fits &= ~led | ((letter[best] == letter[rest]) if ends is last else False)
            shown[rest[fits]] = best[fits]
            left &= ~fits
        return shown[shown]

    def _group(self, tight: Ints, loose: Ints, initials: NDArray[np.bool_]) -> Ints:
        """Groups names spelled alike, ignoring middle initials unless two sets of them are known."""
        known = np.unique(np.stack([loose[initials], tight[initials]], axis=1), axis=0)
        several = np.bincount(known[:, 0], minlength=len(self._loose)) > 1
        grouped: Ints = np.where(several[loose], tight + len(self._loose), loose)
        return grouped

    def _heads(self, group: Ints, counts: Ints, values: Sequence[str], live: NDArray[np.bool_]) -> Ints:
        """For each name the one of its group that most articles have, ties by spelling."""
        heads: Ints = np.arange(len(group))
        numbers = np.flatnonzero(live)
        sizes = np.bincount(group[numbers], minlength=int(group.max()) + 1)
        several = numbers[sizes[group[numbers]] > 1]
        best: dict[int, tuple[tuple[int, str], int]] = {}
        for number, of in zip(several.tolist(), group[several].tolist(), strict=True):
            rank = (-int(counts[number]), values[number])
            if of not in best or rank < best[of][0]:
                best[of] = rank, number
        for number, of in zip(several.tolist(), group[several].tolist(), strict=True):
            heads[number] = best[of][1]
        return heads


class Relatives:
    """Finds the names that may decide under which name some others are shown, so that the rest need not be looked at.

    Names are compared by hashes, so a few may be found that have nothing to do with these. Cost: two microseconds a
    name once, and 56 bytes; then a copy of what is stored of them for each addition, and bisections for each question.
    """

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._known: set[str] = set()
        self._loose, self._first, self._last = _Places(), _Places(), _Places()
        self._full: NDArray[np.bool_] = np.empty(0, np.bool_)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: Iterable[str]) -> None:
        """Add folded names, unless they are there."""
        added = [key for key in dict.fromkeys(keys) if key not in self._known]
        rows: list[int] = []
        for key in added:
            _, loose, first, last, kind = _apart(key)
            rows += hash(loose), hash(first), hash(last), kind & _FULL
        self._keys += added
        self._known.update(added)
        table = np.array(rows, np.int64).reshape(-1, 4)
        for number, places in enumerate((self._loose, self._first, self._last)):
            places.add(table[:, number])
        self._full = np.concatenate([self._full, table[:, 3] > 0])

    def of(self, keys: Iterable[str]) -> tuple[set[str], set[str]]:
        """The names that may be shown under another one once the articles of some names have changed, and the names
        that decide on that; both include those names, if they were added, and all that are spelled alike.
        """
        mates = self._loose.having(np.array([hash(_apart(key)[1]) for key in keys], np.int64))
        parts = np.concatenate([self._first.values[mates], self._last.values[mates]])
        alone = self._alone(self._last.having(parts))
        moved = self._alike(np.concatenate([mates, alone]))
        words = np.concatenate([self._last.values[alone], self._last.values[self._alone(moved)]])
        deciding = self._alike(np.concatenate([moved, self._first.having(words), self._last.having(words)]))
        return self._named(moved), self._named(deciding)

    def _alone(self, rows: Ints) -> Ints:
        """Those of some names that are no more than a surname."""
        return rows[~self._full[rows]]

    def _alike(self, rows: Ints) -> Ints:
        """The names that are spelled like some of them, save initials."""
        return self._loose.having(self._loose.values[rows])

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
        if len(self.values) - len(self._order) > _UNSORTED + len(self._order) // 8:
            self._order = np.argsort(self.values)
            self._sorted = self.values[self._order]
        wanted = np.unique(values)
        begins, ends = (np.searchsorted(self._sorted, wanted, side) for side in ("left", "right"))
        sizes = ends - begins
        at = np.arange(sizes.sum()) + np.repeat(begins - np.cumsum(sizes) + sizes, sizes)
        later = np.flatnonzero(np.isin(self.values[len(self._order) :], wanted)) + len(self._order)
        return np.concatenate([self._order[at], later])


_UNSORTED = 1000
"""Values that are looked at one by one, at least, before all are sorted."""


def _apart(key: str) -> tuple[str, str, str, str, int]:
    """A name's spelling, the same without initials, its first and last word, and its flags."""
    given, _, family = key.partition(" ")
    if key.isascii() and given.isalnum() and family.isalnum() and len(given) > 1 and given not in PARTICLES:
        both = given + family  # fast path for two plain words, as most names are
        return both, both, given, family, _FULL
    words = key.translate(_STOPS).split() or [key]
    while len(words) > 1 and words[0] in PARTICLES:
        words = words[1:]
    initials = any(len(word) == 1 for word in words[1:-1])
    full = len(words) > 1 and len(words[0]) > 1
    tight = "".join(words).translate(_MARKS)
    loose = [words[0], *(word for word in words[1:-1] if len(word) > 1), *words[1:][-1:]]
    kind = _FULL * full | _INITIALS * (initials and full) | _LED * (len(words) > 1 and not full)
    return tight, "".join(loose).translate(_MARKS) if full else tight, words[0], words[-1], kind


def _most(word: Ints, heads: Ints, totals: Ints, words: int) -> Ints:
    """For each word the most frequent name with it, −1 if there is none; equals have no great share."""
    order = np.lexsort((totals[heads], word))
    best: Ints = np.full(words, -1)
    best[word[order]] = heads[order]
    return best
