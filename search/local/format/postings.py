"""Packs and writes the postings and positions of a segment's terms, some terms at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.local import kernels
from search.local.format.array_file import ArrayFileWriter
from search.local.format.scoring import FLAT, slope
from search.local.format.scratch import Scratch


class Postings:
    """Postings of many terms, before they are packed; see `kernels.group` and `kernels.encode_positions`."""

    def __init__(
        self, term_ends: NDArray[Any], docs: NDArray[Any], counts: NDArray[Any], title_counts: NDArray[Any],
        positions: NDArray[Any],
    ) -> None:  # fmt: skip
        self.term_ends = term_ends
        self.docs = docs
        self.counts = counts
        self.title_counts = title_counts
        self.positions = positions


class Packer:
    """Packs postings, some terms at a time, and writes them.

    Args:
        lengths: uint32, of all articles of the segment.
        scratch: working memory.
    """

    def __init__(
        self, postings: ArrayFileWriter, positions: ArrayFileWriter, lengths: NDArray[np.uint32], scratch: Scratch
    ) -> None:
        self._scratch = scratch
        self._postings = postings
        self._positions = positions
        self._lengths = lengths
        self._mean = float(lengths.mean()) if len(lengths) else 0.0
        self._small: dict[str, list[NDArray[Any]]] = {
            n: [] for n in ("frequency", "blocks", "lasts", "offsets", "shapes", "impacts", "befores")
        }
        self._places: list[NDArray[np.int64]] = []
        self._columns: dict[str, int] = {}
        self._terms = self._blocks = self._words = self._position_words = 0
        postings.begin("words", np.dtype(np.uint32))
        positions.begin("words", np.dtype(np.uint32))

    def add_words(self, postings: Postings) -> None:
        """Add the postings of the next words, which come before all other terms and have positions."""
        self._pack(postings, self._lengths)
        words = self._scratch.take(5 * len(postings.positions) // 4 + 2 * len(postings.term_ends) + 1, np.uint32)
        places = np.empty(len(postings.term_ends), np.int64)
        size = kernels.encode_positions(postings.positions, postings.counts, postings.term_ends, words, places)
        self._positions.append(words[:size])
        self._places.append(places + self._position_words)
        self._position_words += size

    def add_values(self, postings: Postings, column: str) -> None:
        """Add the postings of all values of a column."""
        self._columns[column] = self._terms
        self._pack(postings, np.empty(0, np.uint32))

    def _pack(self, postings: Postings, lengths: NDArray[np.uint32]) -> None:
        terms, count = len(postings.term_ends), len(postings.docs)
        most = count // kernels.BLOCK + terms + 1
        self._scratch.clear()
        blocks, offsets = np.empty(terms + 1, np.int64), np.empty(most, np.int64)
        words = self._scratch.take(3 * count + 3 * most, np.uint32)
        lasts, shapes = np.empty(most, np.uint32), np.empty(most, np.uint32)
        impacts = np.empty(most if len(lengths) else 0, np.float32)
        befores = np.empty(len(impacts), np.int64)
        used, length = kernels.encode(
            postings.docs, postings.counts, postings.title_counts, postings.term_ends, lengths, FLAT, slope(self._mean),
            blocks, words, lasts, offsets, shapes, impacts, befores,
        )  # fmt: skip
        self._postings.append(words[:length])
        made: dict[str, NDArray[Any]] = {
            "frequency": np.diff(postings.term_ends, prepend=0).astype(np.uint32),
            "blocks": blocks[:-1] + self._blocks,
            "lasts": lasts[:used],
            "offsets": offsets[:used] + self._words,
            "shapes": shapes[:used],
            "impacts": impacts[:used],
            "befores": befores[:used],
        }
        for name, part in made.items():
            self._small[name].append(part.copy())
        self._terms += terms
        self._blocks += used
        self._words += length

    def finish(self) -> None:
        """Write the arrays that had to wait until the end."""
        for file in (self._postings, self._positions):
            file.append(np.zeros(kernels.SPARE, np.uint32))
        self._small["blocks"].append(np.array([self._blocks]))
        for name, parts in self._small.items():
            self._postings.add(name, _narrow(np.concatenate(parts)))
        self._postings.add("mean", np.array([self._mean]))
        for name, first in self._columns.items():
            self._postings.add(f"{name}.first", np.array([first]))
        self._positions.add("places", _narrow(np.concatenate([np.empty(0, np.int64), *self._places])))


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    """Integers as four bytes each, if they fit."""
    return array.astype(np.uint32) if array.dtype == np.int64 and array.max(initial=0) < 1 << 32 else array
