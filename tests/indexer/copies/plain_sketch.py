"""Sketches in plain steps: the oracle of the compiled ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.copies.dedupe import FACTS, LENGTH, MARKERS, SIZE
from indexer.copies.kernels.sketching import NAME, NUMBER

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\d(?:[\d.,/:-]*\d)?|[^\W\d_]+")
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_ALL = (1 << 64) - 1


def shingles(text: str, most: int) -> list[int]:
    numbers = [_number(word.casefold()) for word in _WORD.findall(text)[:most]]
    return _smallest(zip(numbers, numbers[1:], numbers[2:], strict=False))


def sequence(text: str, most: int, nouns: bool = False) -> list[int]:
    written = _WORD.findall(text)[:most]
    names = sum(word[0].isupper() for word in written) <= 0.6 * len(written)
    first = written[:LENGTH]
    plain = {word.casefold() for word in first if not word[0].isupper() and kind(word) != NUMBER}
    kinds = [
        kind(word) or (NAME if names and word[0].isupper() and word.casefold() not in plain else 0) for word in first
    ]
    kinds = [0 if word.casefold() in MARKERS else found for word, found in zip(first, kinds, strict=True)]
    if nouns:
        around = zip([0, *kinds], kinds, [*kinds[1:], 0], strict=False)
        kinds = [0 if found == NAME and not (before or behind) else found for before, found, behind in around]
    return [_mixed([_number(word.casefold())]) >> 18 << 2 | found for word, found in zip(first, kinds, strict=True)]


def kind(word: str) -> int:
    return NUMBER if word.casefold() in FACTS or word[0].isdigit() else 0


def longest(one: Sequence[int], other: Sequence[int]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for a in one:
        before = row
        row = [0]
        for place, b in enumerate(other):
            row.append(before[place] + 1 if a == b else max(before[place + 1], row[place]))
    return row[-1]


def headline(title: str) -> tuple[list[int], bool]:
    words = [word.casefold() for word in _WORD.findall(title)]
    return sorted({_mixed([_number(word)]) for word in words if word not in MARKERS}), not MARKERS.isdisjoint(words)


def compare(one: Sequence[int], other: Sequence[int], without: Iterable[int]) -> tuple[int, int, int, float]:
    bound = min(hashes[-1] + 1 if len(hashes) == SIZE else 1 << 32 for hashes in (one, other))
    a, b = ({value for value in hashes if value < bound}.difference(without) for hashes in (one, other))
    return len(a), len(b), len(a & b), bound / (1 << 32)


def _smallest(rows: Iterable[Sequence[int]]) -> list[int]:
    return sorted(set(map(_mixed, rows)))[:SIZE]


def _mixed(row: Sequence[int]) -> int:
    mixed = 0
    for part, odd in zip(row, _ODD, strict=False):
        mixed = (mixed ^ part) * odd & _ALL
        mixed ^= mixed >> 29
    return mixed >> 32


def _number(word: str) -> int:
    value = 0xCBF29CE484222325
    for byte in word.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 0x100000001B3 & _ALL
    return value
