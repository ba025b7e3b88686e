"""One segment, opened: its lexicon, postings, positions, columns and store, mapped into memory.

Immutable, and shared by all threads. Opening reads five tables of contents; everything else is read on use, or by
`check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search import record
from search.article import Article
from search.local import kernels
from search.local.format.array_file import ArrayFile
from search.local.format.layout import COLUMNS, ENDINGS, INSTANTS, LEXICON, POSITIONS, POSTINGS, STORE
from search.local.format.lexicon import Lexicon
from search.local.format.postings import Postings
from search.local.format.scratch import SPARSE, Scratch
from search.local.format.store import Store


class Occurrences(NamedTuple):
    """The occurrences of a term: ascending article numbers, its frequency in each, and that in its title (uint32)."""

    articles: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    titles: NDArray[np.uint32]


class Located(NamedTuple):
    """Articles that have all of some words, with the locations of their positions.

    Attributes:
        articles: uint32, ascending.
        where: int64, words × articles or more: the number of a word's positions before the article's, and of the
            article's; see `kernels.SHIFT`.
        rows: int64, the row of each word in `where`.
        totals: int64, the number of each word's positions.
    """

    articles: NDArray[np.uint32]
    where: NDArray[np.int64]
    rows: NDArray[np.int64]
    totals: NDArray[np.int64]


class ValueList:
    """The values of one column of names.

    Attributes:
        values: sorted; a value's index is its ordinal here.
        sets: uint32, shape (articles,); the number of each article's set of values, 0 the empty one.
        offsets, ordinals: uint32; the start of each set, and the values of all sets.
        first: the number of the first value among the segment's terms: values have postings as words have.
    """

    def __init__(self, columns: ArrayFile, postings: ArrayFile, name: str, size: int) -> None:
        there = f"{name}.sets" in columns  # else the field is newer than the segment, and no article has a value
        file = columns if there else _no_values(name, size)
        self.values = Lexicon(file, name)
        self.sets: NDArray[np.uint32] = file[f"{name}.sets"]
        self.offsets: NDArray[np.uint32] = file[f"{name}.offsets"]
        self.ordinals: NDArray[np.uint32] = file[f"{name}.ordinals"]
        self.first = int(postings[f"{name}.first"][0]) if there else 0


def _no_values(name: str, size: int) -> dict[str, NDArray[Any]]:
    """The arrays of a column without values."""
    lengths = {"sets": size, "offsets": 2, "ordinals": 0}
    return {
        f"{name}.bytes": np.empty(0, np.uint8),
        f"{name}.ends": np.empty(0, np.uint64),
        **{f"{name}.{part}": np.zeros(length, np.uint32) for part, length in lengths.items()},
    }


class SegmentData:
    """The files of one segment."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.files = {ending: ArrayFile(folder / f"{name}{ending}") for ending in ENDINGS}
        lexicon, postings, positions, columns = (self.files[e] for e in (LEXICON, POSTINGS, POSITIONS, COLUMNS))
        self.stems = Lexicon(lexicon, "stem")
        self.forms = Lexicon(lexicon, "form")
        self.form_number: NDArray[np.uint32] = lexicon["form.number"]
        self.frequency: NDArray[np.uint32] = postings["frequency"]
        self.blocks: NDArray[np.int64] = postings["blocks"]
        self.lasts: NDArray[np.uint32] = postings["lasts"]
        self.packed: tuple[NDArray[Any], ...] = (postings["words"], postings["offsets"], postings["shapes"])
        self.impacts: NDArray[np.float32] = postings["impacts"]
        self.befores: NDArray[np.int64] = postings["befores"]
        self.mean_length = float(postings["mean"][0])
        self.position_places = positions["places"]
        self.position_words = positions["words"]
        self.days: NDArray[np.int32] = columns["day"]
        self.instants: dict[str, NDArray[np.int64]] = {name: columns[f"{name}.instant"] for name in INSTANTS}
        self.titles: NDArray[np.uint32] = columns["title"]
        self.texts: NDArray[np.uint32] = columns["text"]
        self.lengths: NDArray[np.uint32] = columns["length"]
        self.size = len(self.days)
        self.ids = Lexicon(columns, "id")
        self.id_order: NDArray[np.uint32] = columns["id.order"]
        self.id_ranks: NDArray[np.uint32] = columns["id.rank"]
        self.digests = Lexicon(columns, "digest")
        self._values: dict[str, ValueList] = {}
        self.store = Store(self.files[STORE])

    @property
    def named(self) -> bool:
        """True if its files are still those with their names in the directory."""
        return all([file.named for file in self.files.values()])

    def values(self, name: str) -> ValueList:
        """The column of a facet, or of the collection."""
        if name not in self._values:
            self._values[name] = ValueList(self.files[COLUMNS], self.files[POSTINGS], name, self.size)
        return self._values[name]

    def span(self, number: int) -> tuple[int, int]:
        """The blocks of a term's postings, by its number: that of a stem, of a form or of a value."""
        return int(self.blocks[number]), int(self.blocks[number + 1])

    def articles(self, number: int) -> NDArray[np.uint32]:
        """The articles that have a term."""
        articles = np.empty(int(self.frequency[number]), np.uint32)
        kernels.read_articles(*self.packed, *self.span(number), 0, articles, 0)
        return articles

    def occurrences(self, number: int) -> Occurrences:
        """The postings of a term."""
        articles, counts, titles = (np.empty(int(self.frequency[number]), np.uint32) for _ in range(3))
        kernels.decode(*self.packed, *self.span(number), articles, counts, titles)
        return Occurrences(articles, counts, titles)

    def occurrences_of(self, numbers: NDArray[np.int64]) -> Postings:
        """The postings of several words, one after the other; none for a number below 0."""
        count = int(self.frequency[numbers[numbers >= 0]].sum())
        articles, counts, titles = (np.empty(count, np.uint32) for _ in range(3))
        ends = np.empty(len(numbers), np.int64)
        kernels.decode_many(*self.packed, self.blocks, numbers, articles, counts, titles, ends)
        positions = np.empty(int(counts.sum(dtype=np.int64)), np.uint32)
        kernels.decode_positions_many(self.position_words, self.position_places, numbers, counts, ends, positions)
        return Postings(ends, articles, counts, titles, positions)

    def located(self, numbers: Sequence[int], scratch: Scratch) -> Located:
        """The articles that have all of some words, and the locations of the positions of each.

        Args:
            numbers: different words.
        """
        order = sorted(range(len(numbers)), key=lambda n: int(self.frequency[numbers[n]]))
        count = int(self.frequency[numbers[order[0]]])
        articles: NDArray[np.uint32] = scratch.take(count, np.uint32)
        where: NDArray[np.int64] = scratch.take(len(numbers) * count, np.int64).reshape(len(numbers), count)
        words, offsets, shapes = self.packed
        kernels.locate(*self.packed, *self.span(numbers[order[0]]), articles, where[0])
        for row, at in enumerate(order[1:], 1):
            span = self.span(numbers[at])
            if len(articles) * SPARSE >= int(self.frequency[numbers[at]]):
                table = scratch.zeros(self.size, np.int64)
                kernels.locate_over(*self.packed, *span, table)
                kernels.gather(articles, table, where[row])
            else:
                kernels.locate_in(words, self.lasts, offsets, shapes, self.befores, *span, articles, where[row])
            articles = articles[: kernels.keep_located(articles, where, row)]
        rows = np.empty(len(order), np.int64)
        rows[order] = np.arange(len(order))
        totals = [kernels.occurrences(words, self.lasts, offsets, shapes, self.befores, *self.span(n)) for n in numbers]
        return Located(articles, where, rows, np.array(totals, np.int64))

    def positions(self, number: int, total: int, where: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The positions of a word in some articles: those in the title, a gap, those in the text.

        Args:
            total: the number of the word's positions.
            where: see `Located`.
        """
        counts = (where & ((1 << kernels.SHIFT) - 1)).astype(np.uint32)
        out = np.empty(int(counts.sum(dtype=np.int64)), np.uint32)
        starts = where >> kernels.SHIFT
        kernels.decode_positions(self.position_words, int(self.position_places[number]), starts, counts, total, out, 0)
        return out

    def number(self, article_id: str) -> int | None:
        """The number of the last article with an id, live or not; earlier ones have been replaced."""
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
        """An article, as it was added, with its group."""
        column = self.values("group")
        group = int(column.sets[number])
        article = record.decode(self.store[number])
        if not group:
            return article
        return replace(article, group=column.values[int(column.ordinals[column.offsets[group]])].decode())
