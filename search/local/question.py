"""One query on one snapshot: what matches, in which order, and which of it is the page that was asked for.

`run` finds page and total; hits, facets and the cursor are made of them when they are asked for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.local import cursor as cursors
from search.local import kernels
from search.local.cursor import Cursor
from search.local.execute import Executor
from search.local.facets import Filtered
from search.local.snapshot import Snapshot
from search.query import Query
from search.results import Hit
from search.snippets import Marker
from search.syntax import Parsed, leaves, parse

_SCORE_DIGITS = 6
_HEAP = 200
"""Hits up to which the best are picked in one pass; beyond, all matches are sorted."""


class Question:
    """One query on one snapshot.

    Attributes:
        total: how many articles match.
        page: where the articles of the page asked for stand among the matches, in order.
        more: whether others follow them.
    """

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        self.snapshot = snapshot
        self.query = query
        self.parsed: Parsed = parse(query.text)
        self.executor = Executor(snapshot)
        self.matches = self.executor.matches(self.parsed.tree)
        self.filtered = Filtered(snapshot, query, self.matches)
        self.leaves = tuple(leaves(self.parsed.tree))
        self._markers: dict[str | None, Marker] = {}
        order = query.order
        self.order = "newest" if order == "relevance" and not self.leaves else order
        self.total = 0
        self.page: list[int] = []
        self.more = False

    def _keys(self, order: str) -> NDArray[np.int64]:
        """The sort key of every match, ascending."""
        keys = np.empty(len(self.matches.articles), np.int64)
        if order == "relevance":
            kernels.score_keys(self.matches.scores, keys)
        else:
            kernels.day_keys(self.matches.articles, self.snapshot.days, order == "newest", keys)
        return keys

    def ordered(self, order: str) -> NDArray[np.uint32]:
        """The numbers of all matching articles in an order, ties by id."""
        passing = np.flatnonzero(self.filtered.codes == 0)
        articles = self.matches.articles[passing]
        return articles[np.lexsort((self.snapshot.rank[articles], self._keys(order)[passing]))]

    def run(self) -> None:
        """Find the page asked for, whether more follows, and how many match in all."""
        keys, codes = self._keys(self.order), self.filtered.codes
        if self.query.cursor is not None:
            place = cursors.read(self.query.cursor, self.snapshot.generation, self.order)
            self.total = int(np.count_nonzero(codes == 0))
            tied = np.flatnonzero(keys == place.key)
            seen = keys < place.key
            seen[[n for n in tied.tolist() if self.snapshot.id(int(self.matches.articles[n])) <= place.id]] = True
            codes = np.where(seen, kernels.OUT, codes).astype(np.uint8)
        start = (self.query.page - 1) * self.query.size
        end = start + self.query.size
        if end <= _HEAP:
            out = np.empty(max(end + 1, 1), np.int64)
            wanted = end + 1 if self.query.size else 0
            kept, passing = kernels.best(self.matches.articles, codes, keys, self.snapshot.rank, wanted, out)
            places = out[:kept]
        else:
            found = np.flatnonzero(codes == 0)
            places = found[np.lexsort((self.snapshot.rank[self.matches.articles[found]], keys[found]))]
            passing = len(found)
        self.total = passing if self.query.cursor is None else self.total
        self.page = places[start:end].tolist()
        self.more = self.query.size > 0 and passing > end

    def cursor(self) -> str | None:
        """The cursor that goes on after the page; None when nothing follows."""
        if not self.more:
            return None
        last = self.page[-1]
        key = int(self._keys(self.order)[last])
        return cursors.write(Cursor(self.snapshot.generation, self.order, key, self.id(last)))

    def id(self, place: int) -> str:
        """The id of a match."""
        return self.snapshot.id(int(self.matches.articles[place]))

    def hit(self, place: int) -> Hit:
        """A match as a hit, with its snippets."""
        article = self.snapshot.article(int(self.matches.articles[place]))
        marker = self._markers.get(article.language)
        if marker is None:
            marker = self._markers[article.language] = Marker(self.leaves, article.language)
        score = round(float(self.matches.scores[place]), _SCORE_DIGITS) if self.leaves else None
        return Hit(article, score, marker.snippets(article.text), marker.marks(article.title, "title"))
