"""Copies of one text are one group, and none of them is dropped.

A text is seen as its shingles, all runs of three words, and kept as a sketch: the 64 smallest of their hashes. Of two
sketches, the share of the smallest 64 of both together that is in both estimates how much of the two texts is the
same (Broder 1997, bottom-k sketches); one fifth makes them copies. A fifth of the words of a story rewritten, one
here and one there, leaves about a third; two reporters on one event share a few quotations, a twentieth.

Copies are looked for among the texts that share one of their twelve smallest hashes, so the cost of a text does not
grow with the archive: a tenth of a millisecond for the sketch, as much for the search. The headline has no part in
it, which every paper writes anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

SHINGLE = 3
SIZE = 64
KEYS = 12
"""How many of a sketch's hashes, the smallest, lead to it."""
SAME = 0.2
SAME_SHORT = 0.5
SHORT = 40
"""Texts of fewer words are forms filled in, as often as not: half must be the same."""
LEAST = 8
"""Texts of fewer words are in no group."""
MAX_WORDS = 20_000

Sketch = NDArray[np.uint32]
"""Ascending hashes, without repetition; fewer than `SIZE` for a short text."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
"""A word; of Chinese and Japanese, which have no spaces, a character."""
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


def sketch(text: str) -> Sketch:
    """The sketch of a text; empty where it is too short to have copies."""
    words = _WORD.findall(text.casefold())[:MAX_WORDS]
    if len(words) < LEAST:
        return np.empty(0, np.uint32)
    numbers = np.fromiter(map(_number, words), np.uint64, len(words))
    count = len(numbers) - SHINGLE + 1
    mixed = np.zeros(count, np.uint64)
    for place in range(SHINGLE):
        mixed = (mixed ^ numbers[place : place + count]) * _ODD[place]
        mixed ^= mixed >> np.uint64(29)
    hashes = np.unique((mixed >> np.uint64(32)).astype(np.uint32))
    return hashes[:SIZE]


def keys(of: Sketch) -> list[int]:
    """The hashes under which a sketch is found again."""
    return [int(value) for value in of[:KEYS]]


def likeness(one: Sketch, other: Sketch) -> float:
    """How much of two texts is the same, 0 to 1."""
    if not len(one) or not len(other):
        return 0.0
    full = SIZE if len(one) == SIZE or len(other) == SIZE else len(one) + len(other)
    together = np.sort(np.concatenate((one, other)))
    twice = together[1:] == together[:-1]
    places = np.flatnonzero(~twice) + 1  # where the second, third … of the different hashes begin
    end = int(places[full - 1]) if len(places) >= full else len(together)
    return int(np.count_nonzero(twice[: end - 1])) / min(full, len(places) + 1)


def alike(of: Sketch, others: Iterable[tuple[str, Sketch]]) -> list[str]:
    """The names of the sketches that are copies of one, the most like it first, else in their order."""
    found = []
    for place, (name, other) in enumerate(others):
        least = SAME if min(len(of), len(other)) >= SHORT else SAME_SHORT
        if (how := likeness(of, other)) >= least:
            found.append((-how, place, name))
    return [name for _, _, name in sorted(found)]


def _number(word: str) -> int:
    """A number for a word, the same in every process."""
    known = _numbers.get(word)
    if known is None:
        known = _fnv(word)
        if len(word) <= _LONGEST_KEPT:
            if len(_numbers) > _MOST_NUMBERS:
                _numbers.clear()
            _numbers[word] = known
    return known


_MOST_NUMBERS = 200_000
_LONGEST_KEPT = 64
"""Letters of a word whose number is cached; longer ones are rarely met again."""
_numbers: dict[str, int] = {}


def _fnv(word: str) -> int:
    """FNV-1a of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in word.encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value
