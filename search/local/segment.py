"""One segment, opened: its lexicon, postings, positions, columns and store, mapped into memory.

Immutable, and shared by all threads. Opening reads five tables of contents; everything else is read where it is used.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.fields import TITLE_WEIGHT
from search.local import kernels, record
from search.local.files import ArrayFile
from search.local.inverter import COLUMNS, LEXICON, POSITIONS, POSTINGS, STORE, Postings
from search.local.lexicon import Lexicon
from search.local.store import Store

ENDINGS = (LEXICON, POSTINGS, POSITIONS, COLUMNS, STORE)


class Occurrences(NamedTuple):
    """Where a term occurs: ascending article numbers, and for each (uint32) its occurrences and what they weigh.

    Attributes:
        counts, titles: occurrences in all, and those in the title.
        weights: occurrences, one in the title counting thrice.
    """

    articles: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    titles: NDArray[np.uint32]
    weights: NDArray[np.uint32]


class ValueList:
    """The values of one name column: CSR of articles and ordinals over a sorted list."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.values = Lexicon(file, name)
        self.offsets: NDArray[np.uint32] = file[f"{name}.offsets"]
        self.ordinals: NDArray[np.uint32] = file[f"{name}.ordinals"]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many values each article has."""
        return np.subtract(self.offsets[1:], self.offsets[:-1], dtype=np.int64)

    @cached_property
    def by_value(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The articles of all values, by value, and where each value's end."""
        articles = np.repeat(np.arange(len(self.offsets) - 1, dtype=np.uint32), self.lengths)
        order = np.argsort(self.ordinals, kind="stable")
        return articles[order], np.cumsum(np.bincount(self.ordinals, minlength=len(self.values)))

    def articles(self, ordinal: int) -> NDArray[np.uint32]:
        """The articles that have a value, ascending."""
        articles, ends = self.by_value
        return articles[int(ends[ordinal - 1]) if ordinal else 0 : int(ends[ordinal])]


class SegmentData:
    """The files of one segment."""

    def __init__(self, folder: Path, name: str) -> None:
        self.files = {ending: ArrayFile(folder / f"{name}{ending}") for ending in ENDINGS}
        lexicon, postings, positions, columns = (self.files[e] for e in (LEXICON, POSTINGS, POSITIONS, COLUMNS))
        self.stems = Lexicon(lexicon, "stem")
        self.forms = Lexicon(lexicon, "form")
        self.form_number: NDArray[np.uint32] = lexicon["form.number"]
        self.frequency: NDArray[np.uint32] = postings["frequency"]
        self._blocks = postings["blocks"]
        self._packed = (postings["words"], postings["lasts"], postings["offsets"], postings["shapes"])
        self._places = positions["places"]
        self._positions = positions["data"]
        self.days: NDArray[np.int32] = columns["day"]
        self.titles: NDArray[np.uint32] = columns["title"]
        self.texts: NDArray[np.uint32] = columns["text"]
        self.size = len(self.days)
        self.ids = Lexicon(columns, "id")
        self.id_order: NDArray[np.uint32] = columns["id.order"]
        self.digests = Lexicon(columns, "digest")
        self._columns = columns
        self._values: dict[str, ValueList] = {}
        self.store = Store(self.files[STORE])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Words of each article, a title word counting thrice."""
        return self.titles.astype(np.int64) * TITLE_WEIGHT + self.texts

    def values(self, name: str) -> ValueList:
        """The column of a facet, or of the collection."""
        if name not in self._values:
            self._values[name] = ValueList(self._columns, name)
        return self._values[name]

    def occurrences(self, number: int) -> Occurrences:
        """The postings of a term by its number: that of a stem, or of a form (see `form_number`)."""
        count = int(self.frequency[number])
        articles, counts, titles = (np.empty(count, np.uint32) for _ in range(3))
        first, last = int(self._blocks[number]), int(self._blocks[number + 1])
        kernels.decode(*self._packed, first, last, -1, articles, counts, titles)
        return Occurrences(articles, counts, titles, counts + np.uint32(TITLE_WEIGHT - 1) * titles)

    def occurrences_of(self, numbers: NDArray[np.int64], with_positions: bool) -> Postings:
        """The postings of several terms, one after the other; a number below 0 has none."""
        count = int(self.frequency[numbers[numbers >= 0]].sum())
        articles, counts, titles = (np.empty(count, np.uint32) for _ in range(3))
        ends = np.empty(len(numbers), np.int64)
        kernels.decode_many(*self._packed, self._blocks, numbers, articles, counts, titles, ends)
        positions = np.empty(int(counts.sum(dtype=np.int64)) if with_positions else 0, np.uint32)
        if with_positions:
            kernels.decode_positions_many(self._positions, self._places, self._blocks, numbers, counts, ends, positions)
        return Postings(ends, articles, counts, titles, positions)

    def positions(self, number: int, counts: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The positions of all occurrences of a stem, by posting: those in the title, a gap, those in the text."""
        out = np.empty(int(counts.sum()), np.uint32)
        place = int(self._places[self._blocks[number]])
        kernels.decode_positions(self._positions, place, counts, len(counts), out)
        return out

    def positions_in(
        self, number: int, found: Occurrences, articles: NDArray[np.uint32]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The positions of a stem in some of the articles that have it, and where those of each article end."""
        wanted = np.empty(len(articles), np.int64)
        kernels.places_of(found.articles, articles, wanted)
        out = np.empty(int(found.counts[wanted].sum()), np.uint32)
        ends = np.empty(len(articles), np.int64)
        first, last = int(self._blocks[number]), int(self._blocks[number + 1])
        kernels.positions_at(self._positions, self._places[first:last], found.counts, wanted, ends, out)
        return out, ends

    def number(self, article_id: str) -> int | None:
        """The number of the last article of an id, live or not; those of it before have been replaced."""
        wanted = article_id.encode()
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            if self.ids[int(self.id_order[middle])] <= wanted:
                low = middle + 1
            else:
                high = middle
        if low and self.ids[found := int(self.id_order[low - 1])] == wanted:
            return found
        return None

    def article(self, number: int) -> Article:
        """An article, as it was added."""
        return record.decode(self.store[number])
