"""Here is a term, give me its articles: the packed postings are read only as far as the query needs.

A `Posted` term refers to postings on disk; a `Listed` one has been read, or combined from several terms. Both have the
same methods: all articles, all scores, the weights in some articles. So a rare word AND a frequent one unpacks only the
blocks of the frequent one that can have its articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import Packed, Span
from search.kernels import matching
from search.kernels import postings as kernels
from search.local.ask.snapshot import Snapshot
from search.local.format.scratch import SPARSE, Scratch, tabled
from search.local.format.segment import SegmentData

Articles = NDArray[np.uint32]
Weights = NDArray[np.uint32]
Scores = NDArray[np.float64]


class Matches(NamedTuple):
    """Articles that match, including deleted ones: ascending numbers, and their scores."""

    articles: Articles
    scores: Scores


@dataclass(frozen=True, slots=True)
class SegmentTerm:
    """A term in one segment: the segment, its first article number, the number of the term, and its blocks."""

    segment: SegmentData
    start: int
    number: int
    blocks: Span

    @property
    def packed(self) -> Packed:
        """The packed arrays that contain its blocks."""
        return self.segment.postings.packed


class Posted:
    """A term whose postings are on disk.

    Attributes:
        count: the number of articles that have it, including deleted ones.
        places: its places in the segments, in order.
    """

    def __init__(self, snapshot: Snapshot, numbers: Sequence[int | None]) -> None:
        """Args: numbers: the number of the term in each segment, None for a segment without it."""
        self._snapshot = snapshot
        self.places = [
            SegmentTerm(segment, start, number, segment.postings.span(number, start))
            for (start, segment), number in zip(snapshot.placed_segments, numbers, strict=True)
            if number is not None
        ]
        self.count = sum(int(place.segment.postings.frequency[place.number]) for place in self.places)

    def articles(self, scratch: Scratch) -> Articles:
        """All articles that have it."""
        articles = scratch.take(self.count, np.uint32)
        at = 0
        for place in self.places:
            at = kernels.read_articles(place.packed, place.blocks, articles, at)
        return articles

    def listed(self, scratch: Scratch) -> tuple[Articles, Weights]:
        """All articles that have it, and its weights in them."""
        articles, weights = scratch.take(self.count, np.uint32), scratch.take(self.count, np.uint32)
        at = 0
        for place in self.places:
            at = kernels.read_weights(place.packed, place.blocks, articles, weights, at)
        return articles, weights

    def scored(self, scratch: Scratch, idf: float) -> Matches:
        """All articles and their scores."""
        articles, scores = scratch.take(self.count, np.uint32), scratch.take(self.count, np.float64)
        formula, at = self._snapshot.formula(idf), 0
        for place in self.places:
            at = kernels.read_scores(place.packed, place.blocks, formula, articles, scores, at)
        return Matches(articles, scores)

    def add_scores(self, idf: float, table: Scores) -> None:
        """Add its scores to a table over all articles."""
        formula = self._snapshot.formula(idf)
        for place in self.places:
            kernels.add_scores(place.packed, place.blocks, formula, table)

    def weights_in(self, articles: Articles, scratch: Scratch) -> Weights:
        """Its weights in some articles, 0 for those without it."""
        snapshot = self._snapshot
        if tabled(len(articles), self.count, snapshot.size):
            weights: Weights = scratch.take(len(articles), np.uint32)
            with scratch.aside():
                table = scratch.zeros(snapshot.size, np.uint32)
                for place in self.places:
                    kernels.add_weights(place.packed, place.blocks, table)
                matching.gather(articles, table, weights)
            return weights
        weights = scratch.zeros(len(articles), np.uint32)
        for place in self.places:
            begin, end = np.searchsorted(articles, (place.start, place.start + place.segment.size)).tolist()
            if begin < end:
                lasts = place.segment.postings.lasts
                kernels.look_up(place.packed, lasts, place.blocks, articles, begin, end, weights)
        return weights

    def mark(self, flags: NDArray[np.uint8], bit: int) -> None:
        """Set a bit in a table over all articles that have it."""
        for place in self.places:
            kernels.mark(place.packed, place.blocks, bit, flags)

    def best(self, size: int, idf: float) -> list[tuple[int, int]]:
        """The best live articles and their sort keys, up to `size` of each segment, without reading all of them."""
        snapshot, formula = self._snapshot, self._snapshot.formula(idf)
        found: list[tuple[int, int]] = []
        bar = 0
        for place in self.places:
            postings = place.segment.postings
            bounds = postings.lasts, postings.impacts
            keys, articles = best = np.empty(size, np.int64), np.empty(size, np.uint32)
            scale = max(1.0, snapshot.mean_length / (postings.mean_length or 1.0))
            live, ranks = snapshot.living, snapshot.ranks
            count = kernels.top(place.packed, bounds, place.blocks, formula, scale, live, ranks, bar, best)
            found += zip(keys[:count].tolist(), articles[:count].tolist(), strict=True)
            if len(found) >= size:
                bar = min(bar, sorted(found)[size - 1][0])
        return found


class Listed:
    """A term whose postings have been read, or a combination of several."""

    def __init__(self, snapshot: Snapshot, articles: Articles, weights: Weights) -> None:
        self._snapshot = snapshot
        self._articles = articles
        self._weights = weights
        self.count = len(articles)

    def articles(self, _scratch: Scratch) -> Articles:
        """All articles that have it."""
        return self._articles

    def listed(self, _scratch: Scratch) -> tuple[Articles, Weights]:
        """All articles that have it, and its weights in them."""
        return self._articles, self._weights

    @property
    def weights(self) -> Weights:
        """Its weight in each of its articles."""
        return self._weights

    def scored(self, scratch: Scratch, idf: float) -> Matches:
        """All articles and their scores."""
        articles = scratch.take(self.count, np.uint32)
        articles[:] = self._articles
        return Matches(articles, self._scores(scratch, idf))

    def _scores(self, scratch: Scratch, idf: float) -> Scores:
        scores: Scores = scratch.take(self.count, np.float64)
        matching.score(self._articles, self._weights, self._snapshot.formula(idf), scores)
        return scores

    def add_scores(self, idf: float, table: Scores) -> None:
        """Add its scores to a table over all articles."""
        scores = np.empty(self.count)
        matching.score(self._articles, self._weights, self._snapshot.formula(idf), scores)
        matching.add(self._articles, scores, table)

    def weights_in(self, articles: Articles, scratch: Scratch) -> Weights:
        """Its weights in some articles, 0 for those without it."""
        weights: Weights = scratch.take(len(articles), np.uint32)
        if tabled(len(articles), self.count, self._snapshot.size):
            with scratch.aside():
                table = scratch.zeros(self._snapshot.size, np.uint32)
                matching.put(self._articles, self._weights, table)
                matching.gather(articles, table, weights)
        else:
            matching.look_among(self._articles, self._weights, articles, weights)
        return weights

    def mark(self, flags: NDArray[np.uint8], bit: int) -> None:
        """Set a bit in a table over all articles that have it."""
        flags[self._articles] |= np.uint8(bit)


Term = Posted | Listed


def united(snapshot: Snapshot, terms: Sequence[Term], scratch: Scratch) -> Term:
    """Combine several terms, adding their weights."""
    terms = [term for term in terms if term.count]
    if len(terms) == 1:
        return terms[0]
    numbers: dict[int, list[int]] = {}
    for term in terms:
        for place in term.places if isinstance(term, Posted) else ():
            numbers.setdefault(place.start, []).append(place.number)
    rows = [np.array(numbers.get(start, []), np.int64) for start, _ in snapshot.placed_segments]
    return gathered(snapshot, rows, [term for term in terms if isinstance(term, Listed)], scratch)


def gathered(
    snapshot: Snapshot, numbers: Sequence[NDArray[np.int64]], lists: Sequence[Listed], scratch: Scratch
) -> Listed:
    """Combine many terms.

    Args:
        numbers: those of each segment that are on disk.
        lists: those that have been read.
    """
    placed = [
        (start, seg, own) for (start, seg), own in zip(snapshot.placed_segments, numbers, strict=True) if len(own)
    ]
    count = sum(int(segment.postings.frequency[own].sum(dtype=np.int64)) for _, segment, own in placed)
    count += sum(one.count for one in lists)
    if count * SPARSE < snapshot.size:
        together, weights = scratch.take(count, np.uint32), scratch.take(count, np.uint32)
        at = 0
        for start, segment, own in placed:
            at = kernels.read_many(segment.postings.packed, segment.postings.blocks, own, start, together, weights, at)
        for one in lists:
            together[at : at + one.count], weights[at : at + one.count] = one.articles(scratch), one.weights
            at += one.count
        articles, places = np.unique(together, return_inverse=True)
        summed = np.bincount(places, weights=weights, minlength=len(articles)).astype(np.uint32)
        return Listed(snapshot, articles, summed)
    articles, weights = scratch.take(snapshot.size, np.uint32), scratch.take(snapshot.size, np.uint32)
    with scratch.aside():
        table = scratch.zeros(snapshot.size, np.uint32)
        for start, segment, own in placed:
            kernels.add_many(segment.postings.packed, segment.postings.blocks, own, start, table)
        for one in lists:
            table[one.articles(scratch)] += one.weights
        size = matching.collect(table, articles, weights)
    return Listed(snapshot, articles[:size], weights[:size])
