"""The postings and positions of a segment's terms: files `.pst` and `.pos`, written and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.files.array_file import Array, ArrayFile, ArrayFileWriter
from search.jit.arguments import Blocks, Packed, Postings, Span
from search.kernels import inversion, matching, packing, phrases
from search.kernels import postings as kernels
from search.local.format.layout import BIGRAM
from search.local.format.scratch import SPARSE, Scratch
from search.scoring import FLAT, slope


class Occurrences(NamedTuple):
    """The occurrences of a term: ascending article numbers, its frequency in each, and that in its title (uint32)."""

    articles: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    titles: NDArray[np.uint32]


class LocatedWords(NamedTuple):
    """Articles that have all the given words, with the locations of their positions.

    Attributes:
        articles: uint32, ascending.
        where: int64, words × articles or more: the number of a word's positions before the article's, and of the
            article's; see `phrases.SHIFT`.
        rows: int64, the row of each word in `where`.
        totals: int64, the number of each word's positions.
    """

    articles: NDArray[np.uint32]
    where: NDArray[np.int64]
    rows: NDArray[np.int64]
    totals: NDArray[np.int64]


class WordPositions(NamedTuple):
    """The positions of words in some articles.

    Attributes:
        positions: uint32, one word after the other, of each by article: those in the title, a gap, those in the text.
        begins: int64, the start of each word's.
        counts: uint32, words × articles.
    """

    positions: NDArray[np.uint32]
    begins: NDArray[np.int64]
    counts: NDArray[np.uint32]


class PostingsWriter:
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
        self._small: dict[str, list[Array]] = {
            n: [] for n in ("frequency", "blocks", "lasts", "offsets", "shapes", "impacts", "befores")
        }
        self._places: list[Array] = []
        self._columns: dict[str, int] = {}
        self._terms = self._blocks = self._words = self._position_words = 0
        postings.begin("words", np.dtype(np.uint32))
        positions.begin("words", np.dtype(np.uint32))

    def add_words(self, postings: Postings) -> None:
        """Add the postings of the next words, which come before all other terms and have positions."""
        self._pack(postings, self._lengths)
        words = self._scratch.take(5 * len(postings.positions) // 4 + 2 * len(postings.term_ends) + 1, np.uint32)
        places = np.empty(len(postings.term_ends), np.int64)
        size = packing.encode_positions((*postings,), words, places)
        self._positions.append(words[:size])
        self._places.append(_narrow(places + self._position_words))
        self._position_words += size

    def add_bigrams(self, postings: Postings) -> None:
        """Add the postings of the next bigrams, which come between words and values; their positions are not stored."""
        self._columns.setdefault(BIGRAM, self._terms)
        self._pack(postings, self._lengths)

    def frequency(self, terms: int) -> NDArray[np.uint32]:
        """The number of articles that have each of the first terms."""
        parts: list[NDArray[np.uint32]] = self._small["frequency"]
        return np.concatenate([np.empty(0, np.uint32), *parts])[:terms]

    def add_values(self, postings: Postings, column: str) -> None:
        """Add the postings of all values of a column."""
        self._columns[column] = self._terms
        self._pack(postings, np.empty(0, np.uint32))

    def _pack(self, postings: Postings, lengths: NDArray[np.uint32]) -> None:
        terms, count = len(postings.term_ends), len(postings.docs)
        most = count // packing.BLOCK + terms + 1
        self._scratch.clear()
        blocks = Blocks(
            starts=np.empty(terms + 1, np.int64),
            words=self._scratch.take(3 * count + 3 * most, np.uint32),
            lasts=np.empty(most, np.uint32),
            offsets=np.empty(most, np.int64),
            shapes=np.empty(most, np.uint32),
            impacts=np.empty(most if len(lengths) else 0, np.float32),
            befores=np.empty(most if len(lengths) else 0, np.int64),
        )
        used, length = packing.encode((*postings,), lengths, FLAT, slope(self._mean), (*blocks,))
        self._postings.append(blocks.words[:length])
        made: dict[str, Array] = {
            "frequency": np.diff(postings.term_ends, prepend=0).astype(np.uint32),
            "blocks": blocks.starts[:-1] + self._blocks,
            "lasts": blocks.lasts[:used],
            "offsets": blocks.offsets[:used] + self._words,
            "shapes": blocks.shapes[:used],
            "impacts": blocks.impacts[:used],
            "befores": blocks.befores[:used],
        }
        for name, part in made.items():
            narrow = _narrow(part)
            self._small[name].append(part.copy() if narrow is part else narrow)
        self._terms += terms
        self._blocks += used
        self._words += length

    def finish(self) -> None:
        """Write the arrays that had to wait until the end."""
        for file in (self._postings, self._positions):
            file.append(np.zeros(packing.SPARE, np.uint32))
        self._small["blocks"].append(_narrow(np.array([self._blocks])))
        for name, parts in self._small.items():
            self._postings.add_parts(name, parts)
        self._postings.add("mean", np.array([self._mean]))
        for name, first in self._columns.items():
            self._postings.add(f"{name}.first", np.array([first]))
        self._positions.add_parts("places", [_narrow(np.empty(0, np.int64)), *self._places])


def _narrow(array: Array) -> Array:
    """Integers as four bytes each, if they fit."""
    return array.astype(np.uint32) if array.dtype == np.int64 and array.max(initial=0) < 1 << 32 else array


class PostingsReader:
    """The postings of a segment's terms, and the positions of its words; terms are identified by number.

    Args:
        articles: the number of articles of the segment.

    Attributes:
        frequency: the number of articles that have each term.
        blocks: the start of each term's blocks, and the end of the last.
        packed: the packed words of all blocks, the start of each block in them, and its shape; see `packing.encode`.
        lasts, impacts, befores: of each block; see `packing.encode`.
        mean_length: of the segment's articles.
        position_words, position_places: the packed positions of all words, and the start of each word's.
    """

    def __init__(self, postings: ArrayFile, positions: ArrayFile, articles: int) -> None:
        self._file = postings
        self._articles = articles
        self.frequency: NDArray[np.uint32] = postings["frequency"]
        self.blocks: NDArray[np.int64] = postings["blocks"]
        self.lasts: NDArray[np.uint32] = postings["lasts"]
        self.packed: Packed = (postings["words"], postings["offsets"], postings["shapes"])
        self.impacts: NDArray[np.float32] = postings["impacts"]
        self.befores: NDArray[np.int64] = postings["befores"]
        self.mean_length = float(postings["mean"][0])
        self.position_places = positions["places"]
        self.position_words = positions["words"]

    @property
    def positioned(self) -> int:
        """The number of terms that have positions; they come before all others."""
        return len(self.position_places)

    def first(self, column: str) -> int:
        """The number of the first value of a column of names, or of the first bigram; 0 if there are none."""
        name = f"{column}.first"
        return int(self._file[name][0]) if name in self._file else 0

    def span(self, number: int, base: int = 0) -> Span:
        """The blocks of a term's postings, by its number: that of a stem, of a form or of a value.

        Args:
            base: what is added to the numbers of articles.
        """
        return int(self.blocks[number]), int(self.blocks[number + 1]), base

    def total(self, number: int) -> int:
        """The number of a word's positions in all articles."""
        return phrases.occurrences(self.packed, self.lasts, self.befores, self.span(number))

    def articles(self, number: int) -> NDArray[np.uint32]:
        """The articles that have a term."""
        articles = np.empty(int(self.frequency[number]), np.uint32)
        kernels.read_articles(self.packed, self.span(number), articles, 0)
        return articles

    def occurrences(self, number: int) -> Occurrences:
        """The postings of a term."""
        articles, counts, titles = (np.empty(int(self.frequency[number]), np.uint32) for _ in range(3))
        packing.decode(self.packed, self.span(number), articles, counts, titles)
        return Occurrences(articles, counts, titles)

    def occurrences_of(self, numbers: NDArray[np.int64]) -> Postings:
        """The postings of several words, one after the other; none for a number below 0."""
        count = int(self.frequency[numbers[numbers >= 0]].sum())
        articles, counts, titles = (np.empty(count, np.uint32) for _ in range(3))
        postings = Postings(np.empty(len(numbers), np.int64), articles, counts, titles, np.empty(0, np.uint32))
        inversion.decode_many(self.packed, self.blocks, numbers, (*postings,))
        postings = postings._replace(positions=np.empty(int(counts.sum(dtype=np.int64)), np.uint32))
        inversion.decode_positions_many(self.position_words, self.position_places, numbers, (*postings,))
        return postings

    def located(self, numbers: Sequence[int], scratch: Scratch, bigrams: Sequence[int] = ()) -> LocatedWords:
        """The articles that have all the given words, and the locations of the positions of each.

        Args:
            numbers: different words.
            bigrams: those that the articles have, too.
        """
        order = sorted(range(len(numbers)), key=lambda n: int(self.frequency[numbers[n]]))
        rarest = min([numbers[order[0]], *bigrams], key=lambda n: int(self.frequency[n]))
        count = int(self.frequency[rarest])
        articles: NDArray[np.uint32] = scratch.take(count, np.uint32)
        where: NDArray[np.int64] = scratch.take(len(numbers) * count, np.int64).reshape(len(numbers), count)
        if rarest in bigrams:
            kernels.read_articles(self.packed, self.span(rarest), articles, 0)
        else:
            phrases.locate(self.packed, self.span(rarest), articles, where[0])
        for row, at in enumerate(order):
            if numbers[at] == rarest:
                continue
            self.locate(numbers[at], articles, where[row, : len(articles)], scratch)
            articles = articles[: phrases.keep_located(articles, where, row)]
        rows = np.empty(len(order), np.int64)
        rows[order] = np.arange(len(order))
        totals = [self.total(n) for n in numbers]
        return LocatedWords(articles, where, rows, np.array(totals, np.int64))

    def locate(
        self, number: int, articles: NDArray[np.uint32], where: NDArray[np.int64], scratch: Scratch
    ) -> None:  # fmt: skip
        """The locations of a word's positions in some ascending articles, 0 in those without it; see `LocatedWords`."""
        span = self.span(number)
        if len(articles) * SPARSE >= int(self.frequency[number]):
            table: NDArray[np.int64] = scratch.zeros(self._articles, np.int64)
            phrases.locate_over(self.packed, span, table)
            matching.gather(articles, table, where)
        else:
            phrases.locate_in(self.packed, self.lasts, self.befores, span, articles, where)

    def positions(self, numbers: Sequence[int], where: NDArray[np.int64], scratch: Scratch) -> WordPositions:
        """The positions of words in some articles.

        Args:
            where: int64, words × articles; see `LocatedWords`.
        """
        words, articles = where.shape
        counts: NDArray[np.uint32] = scratch.take(words * articles, np.uint32).reshape(words, articles)
        np.bitwise_and(where, (1 << phrases.SHIFT) - 1, out=counts, casting="unsafe")
        ends = np.cumsum(counts.sum(axis=1, dtype=np.int64), dtype=np.int64)
        out: NDArray[np.uint32] = scratch.take(int(ends[-1]), np.uint32)
        starts: NDArray[np.int64] = scratch.take(articles, np.int64)
        at = 0
        for number, places, own in zip(numbers, where, counts, strict=True):
            np.right_shift(places, phrases.SHIFT, out=starts)
            first = int(self.position_places[number])
            at = packing.decode_positions(self.position_words, first, starts, own, self.total(number), out, at)
        return WordPositions(out, np.concatenate([np.zeros(1, np.int64), ends[:-1]]), counts)
