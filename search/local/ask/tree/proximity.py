"""Here are some terms, give me the articles in which they are adjacent, or near each other.

Articles that have all of them are found first, without positions; then the positions in these are read, and compared
from word to word. Two very frequent words have postings as a bigram, and no position is read.

A position in the title is below the title's length; those of the text begin two above it, so that no phrase extends
from one into the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from search.kernels import matching, phrases
from search.kernels.packing import EXTRA
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.terms import Articles, Listed, Posted, Term, Weights
from search.local.format.bigrams import NOWHERE
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData

Weighed = tuple[Articles, Weights]

FIELDS = {None: 0, "title": 1, "text": 2}
_NOTHING: Weighed = (np.empty(0, np.uint32), np.empty(0, np.uint32))


def phrase(snapshot: Snapshot, words: Sequence[Posted], field: str | None, scratch: Scratch) -> Term:
    """The articles in which words are adjacent, weighted by how often they are."""

    def side_by_side(segment: SegmentData, numbers: Sequence[int]) -> Weighed:
        known = segment.bigrams.find(numbers)
        if known is not None:
            return _in_field(segment, known, field)
        different = list(dict.fromkeys(numbers))
        adjacent = [segment.bigrams.find(two) for two in pairwise(numbers)]
        if NOWHERE in adjacent:
            return _NOTHING
        located = segment.postings.located(different, scratch, [number for number in adjacent if number is not None])
        articles = located.articles
        each = np.array([different.index(number) for number in numbers])
        starts = segment.postings.position_places[list(numbers)]
        found, weights = scratch.take(len(articles), np.uint32), scratch.take(len(articles), np.uint32)
        weigh = phrases.weigh_pairs if len(numbers) == 2 else phrases.weigh_phrases
        words_of = articles, located.where, located.rows[each], located.totals[each]
        extents = segment.columns.titles, segment.columns.lengths
        size = weigh(segment.postings.position_words, starts, words_of, extents, FIELDS[field], found, weights)
        return found[:size], weights[:size]

    return (_posted(snapshot, words) if field is None else None) or _by_segment(snapshot, words, side_by_side, scratch)


def _posted(snapshot: Snapshot, words: Sequence[Posted]) -> Posted | None:
    """Adjacent words as a term, None unless it has postings of its own in each segment that has all the words."""
    found = [
        segment.bigrams.find(numbers) if len(numbers) == len(words) else NOWHERE
        for (_, segment), numbers in zip(snapshot.placed_segments, _numbers(snapshot, words), strict=True)
    ]
    if None in found:
        return None
    return Posted(snapshot, [None if number == NOWHERE else number for number in found])


def _in_field(segment: SegmentData, bigram: int, field: str | None) -> Weighed:
    """The articles that have a bigram in a field, and its weights."""
    if bigram == NOWHERE:
        return _NOTHING
    found = segment.postings.occurrences(bigram)
    if field is None:
        return found.articles, found.counts + np.uint32(EXTRA) * found.titles
    size = matching.weigh(*found, field == "title")
    return found.articles[:size], found.counts[:size]


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

    return _by_segment(snapshot, words, close_by, scratch)


def _by_segment(
    snapshot: Snapshot, words: Sequence[Posted], find: Callable[[SegmentData, Sequence[int]], Weighed], scratch: Scratch
) -> Listed:
    """The results of `find` for the segments that have all words, combined."""
    found = [_NOTHING]
    for (start, segment), numbers in zip(snapshot.placed_segments, _numbers(snapshot, words), strict=True):
        if len(numbers) == len(words):
            with scratch.aside():
                articles, weights = find(segment, numbers)
                found.append((articles + np.uint32(start), weights.copy()))
    articles, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Listed(snapshot, articles, weights)


def _numbers(snapshot: Snapshot, words: Sequence[Posted]) -> list[list[int]]:
    """The numbers of words in each segment; fewer than there are words if it does not have them all."""
    numbers: dict[int, list[int]] = {start: [] for start, _ in snapshot.placed_segments}
    for word in words:
        for place in word.places:
            numbers[place.start].append(place.number)
    return list(numbers.values())
