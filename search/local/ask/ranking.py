"""The order of the matches: a sort key each, ascending, ties by id.

The key of relevance is the negative score in fixed point (see `counting.score_keys`), that of time the instant. A page
near the beginning is picked without sorting all matches. With `group=story`, only the first article of each story in
this order is listed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search.kernels import counting
from search.local.ask.cursor import Cursor
from search.local.ask.facts.stories import Stories
from search.local.ask.matching import Matching
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.terms import Articles
from search.local.format.scratch import Scratch

SCORE_DIGITS = 6
"""Decimal places of a score in a key of relevance."""
_PICKED = 200
"""The number of articles up to which the first are picked in one pass; for more, all matches are sorted."""

Keys = NDArray[np.int64]
Ranked = list[tuple[int, int]]
"""(sort key, article) pairs in order."""


class Ranking:
    """The list of one query.

    Args:
        order: `relevance`, `newest`, `oldest`, `added` or `changed`.
        stories: the near-duplicate groups, if only one article of each is listed.
    """

    def __init__(
        self, snapshot: Snapshot, matching: Matching, order: str, stories: Stories | None, scratch: Scratch
    ) -> None:
        self._snapshot = snapshot
        self._matching = matching
        self._order = order
        self._stories = stories
        self._scratch = scratch

    def first(self, size: int) -> tuple[int, Ranked]:
        """The length of the list, and its first entries."""
        word = self._matching.word if self._order == "relevance" and not self._stories and size <= _PICKED else None
        if word is not None:
            term, idf = word
            total = term.count if self._snapshot.whole else len(self._matching.articles)
            found = term.best(size, idf) if size else []
        elif self._stories or size > _PICKED:
            articles, keys = self._listed()
            total = len(articles)
            found = _smallest(articles, keys, size)
        else:
            articles = self._matching.articles
            total = len(articles)
            found = self._picked(articles, size) if size else []
        return total, self._by_key_and_id(found, size)

    def after(self, place: Cursor, size: int) -> tuple[int, Ranked]:
        """The length of the list, and the entries that follow a cursor."""
        articles, keys = self._listed()
        total = len(articles)
        left = keys > place.key
        tied = np.flatnonzero(keys == place.key).tolist()
        left[[n for n in tied if self._snapshot.id(int(articles[n])) > place.id]] = True
        articles, keys = articles[left], keys[left]
        numbers = self._sorted(articles, keys)[:size]
        places = np.searchsorted(articles, np.array(numbers, np.uint32))
        return total, list(zip(keys[places].tolist(), numbers, strict=True))

    def all(self) -> list[int]:
        """The articles of the whole list, in order."""
        return self._sorted(*self._listed())

    @property
    def _time(self) -> tuple[NDArray[np.int64], bool]:
        """The instants to sort by, and True if the latest come first."""
        name = self._order if self._order in ("added", "changed") else "published"
        return self._snapshot.instants[name], self._order != "oldest"

    def _listed(self) -> tuple[Articles, Keys]:
        """The articles of the whole list, ascending, and their sort keys."""
        articles = self._matching.articles
        keys = np.empty(len(articles), np.int64)
        if self._order == "relevance":
            counting.score_keys(self._matching.scores, keys)
        else:
            counting.instant_keys(articles, *self._time, keys)
        if self._stories:
            best = self._stories.best(articles, keys, self._scratch)
            articles, keys = articles[best], keys[best]
        return articles, keys

    def _sorted(self, articles: Articles, keys: Keys) -> list[int]:
        """Articles by key, ties by id."""
        snapshot = self._snapshot
        order = np.lexsort((snapshot.ranks[articles], keys))
        found: list[int] = articles[order].tolist()
        if len(snapshot.segments) > 1:  # ranks are within a segment
            for begin, end in _ties(keys[order].tolist()):
                found[begin:end] = sorted(found[begin:end], key=snapshot.id)
        return found

    def _picked(self, articles: Articles, size: int) -> Ranked:
        """The first articles of each segment."""
        snapshot = self._snapshot
        segments = len(snapshot.segments)
        sizes = np.zeros(segments, np.int64)
        keys, best = np.empty((segments, size), np.int64), np.empty((segments, size), np.uint32)
        if self._order == "relevance":
            counting.best_by_score(articles, self._matching.scores, snapshot.starts, snapshot.ranks, sizes, keys, best)
        else:
            counting.best_by_instant(articles, *self._time, snapshot.starts, snapshot.ranks, sizes, keys, best)
        found: Ranked = []
        for n, row_keys, row in zip(sizes.tolist(), keys.tolist(), best.tolist(), strict=True):
            found += zip(row_keys[:n], row[:n], strict=True)
        return found

    def _by_key_and_id(self, found: Ranked, size: int) -> Ranked:
        """The first entries of an unsorted list."""
        if len(found) < 2:
            return found[:size]
        found.sort()
        if len(found) > size > 0:
            bar = found[size - 1][0]
            found = [entry for entry in found if entry[0] <= bar]
        for begin, end in _ties([key for key, _ in found]):
            found[begin:end] = sorted(found[begin:end], key=lambda entry: self._snapshot.id(entry[1]))
        return found[:size]


def _smallest(articles: Articles, keys: Keys, size: int) -> Ranked:
    """The articles with the smallest keys, including all that tie with the last of them, unsorted."""
    if 0 < size < len(keys):
        chosen = keys <= np.partition(keys, size - 1)[size - 1]
        articles, keys = articles[chosen], keys[chosen]
    return list(zip(keys.tolist(), articles.tolist(), strict=True)) if size else []


def _ties(keys: list[int]) -> Iterator[tuple[int, int]]:
    """The ranges of equal keys among ascending ones, if longer than 1."""
    begin = 0
    for end in range(1, len(keys) + 1):
        if end == len(keys) or keys[end] != keys[begin]:
            if end - begin > 1:
                yield begin, end
            begin = end
