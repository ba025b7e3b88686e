"""The sorted terms of several segments as one sorted list, and which of them each segment has.

All are arrays, so that a term takes its bytes and some 20 more for each segment that has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.local.format.lexicon import Lexicon, joined
from search.local.format.string_arrays import Strings


class Having(NamedTuple):
    """Terms of the union that a segment has: uint32; the number of each there, ascending, and in the segment."""

    terms: NDArray[np.uint32]
    numbers: NDArray[np.uint32]

    def between(self, first: int, last: int) -> NDArray[np.int64]:
        """The segment's number of each of some successive terms, −1 if it does not have it."""
        begin, end = np.searchsorted(self.terms, np.array([first, last], np.uint32)).tolist()
        found = np.full(last - first, -1, np.int64)
        found[self.terms[begin:end] - np.uint32(first)] = self.numbers[begin:end]
        return found

    def of(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The segment's number of each of some terms, −1 if it does not have it."""
        if not len(self.terms):
            return np.full(len(terms), -1, np.int64)
        wanted = terms.astype(np.uint32)
        places = np.minimum(np.searchsorted(self.terms, wanted), len(self.terms) - 1)
        return np.where(self.terms[places] == wanted, self.numbers[places].astype(np.int64), -1)


def union(lexicons: Sequence[Lexicon]) -> tuple[Strings, list[Having]]:
    """All terms, sorted, and which of them each lexicon has."""
    terms, entries, places = joined(lexicons)
    having = [Having(terms, np.arange(len(terms), dtype=np.uint32)) for terms in places]
    return terms.some(entries), having


def own_forms(
    stems: Sequence[Having], forms: Sequence[Having], form_numbers: Sequence[NDArray[np.uint32]], size: int
) -> tuple[list[Having], NDArray[np.int64]]:
    """The forms that have postings of their own, numbered by themselves; and of each form the stem whose postings it
    shares in all segments, −1 if there is none.

    Args:
        form_numbers: of each form of a segment, the number of its postings there.
        size: the number of all forms.
    """
    shared = np.full(size, -2, np.int64)
    for having, found, numbers in zip(stems, forms, form_numbers, strict=True):
        here = found.terms
        stem = np.full(len(here), -1, np.int64)
        sharing = numbers < len(having.terms)
        stem[sharing] = having.terms[numbers[sharing]]
        shared[here] = np.where((shared[here] == -2) | (shared[here] == stem), stem, -1)
    for having, found in zip(stems, forms, strict=True):  # a stem whose postings are those of another form here
        known = np.flatnonzero(shared >= 0)
        there = np.zeros(size, np.bool_)
        there[found.terms] = True
        elsewhere = known[~there[known] & (having.of(shared[known]) >= 0)]
        shared[elsewhere] = -1
    shared = np.maximum(shared, -1)
    own = shared < 0
    places = np.cumsum(own, dtype=np.uint32) - np.uint32(1)
    owning = []
    for found, numbers in zip(forms, form_numbers, strict=True):
        mask = own[found.terms]
        owning.append(Having(places[found.terms[mask]], numbers[mask]))
    return owning, shared
