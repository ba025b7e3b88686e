"""Here are some terms, give me the articles in which they stand side by side, or near each other.

Articles that have all of them are found first, without positions; then the positions in these are read, and followed
from word to word. A position in the title is below the title's length; those of the text begin two above it, so that no
phrase reaches from one into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.local import kernels
from search.local.postings import Articles, Listed, Place, Posted, Weights
from search.local.scratch import Scratch
from search.local.segment import SegmentData
from search.local.snapshot import Snapshot

Found = tuple[Articles, Weights]

FIELDS = {None: 0, "title": 1, "text": 2}


def phrase(snapshot: Snapshot, words: Sequence[Posted], field: str | None, scratch: Scratch) -> Listed:
    """The articles in which words stand side by side, weighed by how often they do."""

    def side_by_side(segment: SegmentData, places: Sequence[Place]) -> Found:
        tables, totals = _located(segment, places, scratch)
        articles = _shared(tables, scratch)
        starts = segment.position_places[[place.number for place in places]]
        found, weights = scratch.take(len(articles), np.uint32), scratch.take(len(articles), np.uint32)
        size = kernels.weigh_phrases(
            segment.position_words, starts, totals, tables, articles, segment.titles, segment.lengths, FIELDS[field],
            found, weights,
        )  # fmt: skip
        return found[:size], weights[:size]

    return _by_segment(snapshot, words, side_by_side)


def near(snapshot: Snapshot, words: Sequence[Posted], distance: int, field: str | None, scratch: Scratch) -> Listed:
    """The articles that have words within a window of so many others, weighed by their minimal windows.

    Args:
        words: a word that must stand there twice is given twice, one after the other.
    """

    def close_by(segment: SegmentData, places: Sequence[Place]) -> Found:
        different = list({place.number: place for place in places}.values())
        needed = np.array([sum(place.number == one.number for place in places) for one in different], np.int64)
        tables, _ = _located(segment, different, scratch)
        articles = _shared(tables, scratch)
        read = [_positions(segment, place, articles) for place in different]
        word = np.repeat(np.arange(len(different)), [len(found) for found, _ in read])
        row = np.concatenate([np.repeat(np.arange(len(articles)), counts) for _, counts in read])
        position = np.concatenate([found for found, _ in read])
        order = np.lexsort((position, row))
        ends = np.cumsum(np.sum([counts for _, counts in read], axis=0, dtype=np.int64))
        found, weights = np.empty_like(articles), np.empty_like(articles)
        size = kernels.weigh_windows(
            position[order], word[order], ends, needed, distance, articles, segment.titles, FIELDS[field],
            found, weights,
        )  # fmt: skip
        return found[:size], weights[:size]

    return _by_segment(snapshot, words, close_by)


def _by_segment(
    snapshot: Snapshot, words: Sequence[Posted], find: Callable[[SegmentData, Sequence[Place]], Found]
) -> Listed:
    """What `find` gives of each segment that has all words."""
    none = np.empty(0, np.uint32)
    found = [(none, none)]
    for start, segment in snapshot.placed_segments:
        places = [place for word in words for place in word.places if place.segment is segment]
        if len(places) == len(words):
            articles, weights = find(segment, places)
            found.append((articles + np.uint32(start), weights))
    articles, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Listed(snapshot, articles, weights)


def _located(
    segment: SegmentData, places: Sequence[Place], scratch: Scratch
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the positions of some terms are in each article, and how many each term has; see `kernels.locate`."""
    tables = scratch.zeros(len(places) * segment.size, np.int64).reshape(len(places), segment.size)
    totals = np.empty(len(places), np.int64)
    for row, place in enumerate(places):
        totals[row] = kernels.locate(*segment.packed, place.first, place.last, tables[row])
    return tables, totals


def _shared(tables: NDArray[np.int64], scratch: Scratch) -> Articles:
    articles: Articles = scratch.take(tables.shape[1], np.uint32)
    return articles[: kernels.shared(tables, articles)]


def _positions(segment: SegmentData, place: Place, articles: Articles) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The positions of a term in some articles that have it, and how many each has."""
    found = segment.occurrences(place.number)
    return segment.positions(place.number, found.counts, np.searchsorted(found.articles, articles))
