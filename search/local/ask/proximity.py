"""Here are some terms, give me the articles in which they are adjacent, or near each other.

Articles that have all of them are found first, without positions; then the positions in these are read, and compared
from word to word. A position in the title is below the title's length; those of the text begin two above it, so that no
phrase extends from one into the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from search.local.ask.snapshot import Snapshot
from search.local.ask.terms import Articles, Listed, Posted, Weights
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData
from search.local.kernels import phrases

Weighed = tuple[Articles, Weights]

FIELDS = {None: 0, "title": 1, "text": 2}


def phrase(snapshot: Snapshot, words: Sequence[Posted], field: str | None, scratch: Scratch) -> Listed:
    """The articles in which words are adjacent, weighted by how often they are."""

    def side_by_side(segment: SegmentData, numbers: Sequence[int]) -> Weighed:
        different = list(dict.fromkeys(numbers))
        located = segment.postings.located(different, scratch)
        articles = located.articles
        each = np.array([different.index(number) for number in numbers])
        starts = segment.postings.position_places[list(numbers)]
        found, weights = scratch.take(len(articles), np.uint32), scratch.take(len(articles), np.uint32)
        weigh = phrases.weigh_pairs if len(numbers) == 2 else phrases.weigh_phrases
        words_of = articles, located.where, located.rows[each], located.totals[each]
        extents = segment.columns.titles, segment.columns.lengths
        size = weigh(segment.postings.position_words, starts, words_of, extents, FIELDS[field], found, weights)
        return found[:size], weights[:size]

    return _by_segment(snapshot, words, side_by_side)


def near(snapshot: Snapshot, words: Sequence[Posted], distance: int, field: str | None, scratch: Scratch) -> Listed:
    """The articles that have words within a distance, weighted by their minimal windows.

    Args:
        words: a word that must occur twice is listed twice in succession.
    """

    def close_by(segment: SegmentData, numbers: Sequence[int]) -> Weighed:
        needed = Counter(numbers)
        different = list(needed)
        located = segment.postings.located(different, scratch)
        articles = located.articles
        where = np.ascontiguousarray(located.where[located.rows, : len(articles)])
        read = segment.postings.positions(different, where, scratch)
        found, weights = scratch.take(len(articles), np.uint32), scratch.take(len(articles), np.uint32)
        positions = read.positions, read.begins, where, np.array(list(needed.values()), np.int64)
        extents = segment.columns.titles, segment.columns.lengths
        size = phrases.weigh_windows(positions, distance, articles, extents, FIELDS[field], found, weights)
        return found[:size], weights[:size]

    return _by_segment(snapshot, words, close_by)


def _by_segment(
    snapshot: Snapshot, words: Sequence[Posted], find: Callable[[SegmentData, Sequence[int]], Weighed]
) -> Listed:
    """The results of `find` for the segments that have all words, combined."""
    none = np.empty(0, np.uint32)
    found = [(none, none)]
    for start, segment in snapshot.placed_segments:
        numbers = [place.number for word in words for place in word.places if place.segment is segment]
        if len(numbers) == len(words):
            articles, weights = find(segment, numbers)
            found.append((articles + np.uint32(start), weights))
    articles, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Listed(snapshot, articles, weights)
