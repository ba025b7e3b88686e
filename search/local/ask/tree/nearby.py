"""Here are some parts, give me the articles in which they are in one sentence, in one paragraph, or near each other.

Articles that have all parts are found first, without positions. Then the places of each part in these are read: the
positions of a word, of the words of a phrase, of any of the words that have a prefix, of the mentions of a name;
and where the sentences begin, which is a posting list like any other (`layout.SENTENCE`).

Cost: that of a phrase of the same words, and the positions of all sentences of the articles that have these words. Of a
part with more than `FEW` alternatives all positions are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.fields import TITLE_WEIGHT
from search.jit.arguments import I64, U32, Places
from search.kernels import nearby_places as kernels
from search.kernels import postings
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.terms import Articles, Listed, Weights
from search.local.format.layout import PARAGRAPH, SENTENCE
from search.local.format.postings import WordPositions
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData

FEW = 16
"""Alternatives of a part that are looked up in the articles in question; of more, all positions are read."""


class Alternative(NamedTuple):
    """The numbers of adjacent words in a segment, mostly of one, and the field they must be in, if any."""

    words: tuple[int, ...]
    field: str | None


Part = Callable[[SegmentData], Sequence[Alternative]]
"""Returns the alternatives that make a part in a segment."""


Within = Literal["s", "p", "next"] | int


def together(snapshot: Snapshot, parts: Sequence[Part], within: Within, scratch: Scratch) -> Listed:
    """The articles in which all parts are together, weighted as `nodes.Together` says."""
    none = np.empty(0, np.uint32)
    found = [(none, none)]
    for start, segment in snapshot.placed_segments:
        each = [part(segment) for part in parts]
        if all(each):
            articles, weights = _Segment(segment, scratch).together(each, within)
            found.append((articles + np.uint32(start), weights))
    articles, weights = (np.concatenate(some) for some in zip(*found, strict=True))
    return Listed(snapshot, articles, weights)


class _Segment:
    def __init__(self, segment: SegmentData, scratch: Scratch) -> None:
        self._segment = segment
        self._postings = segment.postings
        self._scratch = scratch
        self._extents = segment.columns.titles, segment.columns.lengths
        self._articles: Articles
        self._where: dict[int, I64] = {}

    def together(self, parts: Sequence[Sequence[Alternative]], within: Within) -> tuple[Articles, Weights]:
        """The articles, and their weights."""
        self._articles = self._having(parts)
        size = len(self._articles)
        if within == "next":
            return self._adjacent(list(map(self._places, parts)))
        places = self._all_places(parts)
        found: tuple[Articles, Weights] = self._scratch.take(size, np.uint32), self._scratch.take(size, np.uint32)
        if isinstance(within, int):
            words = places[0] is places[1] and within <= kernels.WINDOW
            weigh = kernels.weigh_near_words if words else kernels.weigh_near
            count = weigh(*places, within, self._articles, self._extents, *found)
        else:
            number = self._segment.landmark(SENTENCE if within == "s" else PARAGRAPH)
            bounds = np.empty(0, np.uint32), np.zeros(size, np.uint32)
            if number is not None:
                read = self._positions([number])
                bounds = read.positions, read.counts[0]
            count = kernels.weigh_shared(*places, *bounds, self._articles, self._extents, *found)
        return found[0][:count], found[1][:count]

    def _adjacent(self, each: Sequence[Places]) -> tuple[Articles, Weights]:
        """The articles in which each part begins where the one before it ends, and their weights."""
        first: I64 = np.empty(0, np.int64)
        reached: I64 | None = None
        for places in each:
            rows = np.repeat(np.arange(len(self._articles), dtype=np.int64) << 32, places.counts)
            first, after = np.unique(np.stack((rows + places.starts, rows + places.ends + 1)), axis=1)
            if reached is not None:
                follows = np.isin(first, reached)
                first, after = first[follows], after[follows]
            reached = after
        rows, starts = first >> 32, first & 0xFFFFFFFF
        weights = np.where(starts < self._extents[0][self._articles][rows], TITLE_WEIGHT, 1)
        total = np.bincount(rows, weights, len(self._articles)).astype(np.uint32)
        return self._articles[total > 0], total[total > 0]

    def _having(self, parts: Sequence[Sequence[Alternative]]) -> Articles:
        """The articles that have all words of a part's only alternative, or those of one of its alternatives."""
        needed = list(dict.fromkeys(word for part in parts if len(part) == 1 for word in part[0].words))
        articles: Articles | None = None
        if needed:
            located = self._postings.located(needed, self._scratch)
            articles = located.articles
            self._where = {
                word: located.where[row, : len(articles)] for word, row in zip(needed, located.rows, strict=True)
            }
        for part in parts:
            if len(part) == 1:
                continue
            table = self._scratch.zeros(self._segment.size, np.uint32)
            numbers = np.array([self._rarest(alternative) for alternative in part], np.int64)
            postings.add_many(self._postings.packed, self._postings.blocks, numbers, 0, table)
            if articles is None:
                articles = np.flatnonzero(table).astype(np.uint32)
            else:
                included = table[articles] > 0
                articles = articles[included]
                self._where = {word: where[included] for word, where in self._where.items()}
        assert articles is not None
        return np.ascontiguousarray(articles)

    def _rarest(self, alternative: Alternative) -> int:
        return min(alternative.words, key=lambda word: int(self._postings.frequency[word]))

    def _all_places(self, parts: Sequence[Sequence[Alternative]]) -> tuple[U32, U32, I64, U32]:
        """The places of all parts, as `kernels.weigh_shared` takes them; starts and ends are one array for words."""
        if all(len(part) == 1 and len(part[0].words) == 1 and part[0].field is None for part in parts):
            positions, begins, counts = self._positions([part[0].words[0] for part in parts])
            return positions, positions, begins, counts
        each = [self._places(part) for part in parts]
        starts, ends = (np.concatenate(some) for some in ([one.starts for one in each], [one.ends for one in each]))
        begins = np.cumsum([0, *(len(one.starts) for one in each[:-1])])
        return starts, ends, begins, np.stack([one.counts for one in each])

    def _places(self, part: Sequence[Alternative]) -> Places:
        """The places of a part: of each article in ascending order."""
        if len(part) == 1:
            return self._of_one(part[0])
        if len(part) > FEW and all(len(one.words) == 1 and one.field is None for one in part):
            return self._of_all([one.words[0] for one in part])
        return _joined([self._of_one(one) for one in part])

    def _positions(self, words: Sequence[int]) -> WordPositions:
        """The positions of words in the articles."""
        size = len(self._articles)
        where: NDArray[np.int64] = self._scratch.take(len(words) * size, np.int64).reshape(len(words), size)
        for row, word in zip(where, words, strict=True):
            known = self._where.get(word)
            if known is None:
                self._postings.locate(word, self._articles, row, self._scratch)
            else:
                row[:] = known
        return self._postings.positions(words, where, self._scratch)

    def _of_one(self, alternative: Alternative) -> Places:
        words = list(dict.fromkeys(alternative.words))
        read = self._positions(words)
        if len(alternative.words) == 1:
            places = Places(read.counts[0], read.positions, read.positions)
        else:
            room = int(read.begins[1]) if len(words) > 1 else len(read.positions)
            places = Places(*(np.empty(size, np.uint32) for size in (len(self._articles), room, room)))
            each = np.array([words.index(word) for word in alternative.words], np.int64)
            found = kernels.phrases(*read, each, self._extents, self._articles, (*places,))
            places = Places(places.counts, places.starts[:found], places.ends[:found])
        return places if alternative.field is None else self._in_field(places, alternative.field)

    def _in_field(self, places: Places, field: str) -> Places:
        rows = np.repeat(np.arange(len(self._articles)), places.counts)
        in_title = places.starts < self._extents[0][self._articles][rows]
        included = in_title == (field == "title")
        counts = np.bincount(rows[included], minlength=len(self._articles)).astype(np.uint32)
        return Places(counts, places.starts[included], places.ends[included])

    def _of_all(self, words: Sequence[int]) -> Places:
        """The places of many words: each has few, so that all of them are read."""
        read = self._postings.occurrences_of(np.array(words, np.int64))
        row_of = np.full(self._segment.size, -1, np.int64)
        row_of[self._articles] = np.arange(len(self._articles))
        rows = np.repeat(row_of[read.docs], read.counts)
        included = rows >= 0
        return _sorted(rows[included], read.positions[included], read.positions[included], len(self._articles))


def _joined(places: Sequence[Places]) -> Places:
    """The places of several alternatives as one."""
    articles = len(places[0].counts)
    rows = np.concatenate([np.repeat(np.arange(articles), one.counts) for one in places])
    starts, ends = (np.concatenate(some) for some in ([one.starts for one in places], [one.ends for one in places]))
    return _sorted(rows, starts, ends, articles)


def _sorted(rows: I64, starts: U32, ends: U32, articles: int) -> Places:
    order = np.lexsort((ends, starts, rows))
    return Places(np.bincount(rows, minlength=articles).astype(np.uint32), starts[order], ends[order])


def numbered(
    found: Iterator[tuple[Sequence[int | None], str | None]],
) -> list[Alternative]:
    """The alternatives whose words are all there."""
    return [
        Alternative(tuple(word for word in words if word is not None), field)
        for words, field in found
        if None not in words
    ]
