"""One directory that answers queries.

A `LocalEngine` follows an index: before each question it looks whether there is a newer generation, and opens it
beside the one in use, which is closed when its last question is answered. A question is answered from one generation.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.article import Article
from search.errors import ArticleMissing, IndexMissing, IndexProblem, NotAnIndex
from search.fields import FACET_NAMES
from search.local import cursor as cursors
from search.local import kernels
from search.local.catalog import Catalog, patiently
from search.local.cursor import Cursor
from search.local.execute import Executor
from search.local.facets import Filtered
from search.local.snapshot import Snapshot
from search.query import Query
from search.results import Hit, Reading, Results, Stats, TermCount
from search.snippets import Marker
from search.syntax import Parsed, leaves, parse, write

_SCORE_DIGITS = 6
_HEAP = 200
"""Hits up to which the best are picked in one pass; beyond, all matches are sorted."""


class LocalEngine:
    """Answers from the last commit of the index in a directory.

    Raises:
        IndexMissing, NotAnIndex, IndexDamaged: when there is nothing to answer from.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._catalog = _open(path)
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._snapshot()

    @property
    def generation(self) -> int:
        """The number of the commit that the next question would be answered from."""
        return self._snapshot().generation

    def search(self, query: Query) -> Results:
        """Answer a question."""
        began = time.perf_counter()
        snapshot = self._snapshot()
        asked = _Asked(snapshot, query)
        asked.run()
        return Results(
            hits=tuple(map(asked.hit, asked.page)),
            facets={name: asked.filtered.facet(name) for name in query.facets},
            query=Reading(
                query.text,
                write(asked.parsed.tree),
                asked.parsed.notes,
                tuple(TermCount(term, count) for term, count in asked.executor.counts(asked.parsed.tree)),
            ),
            total=asked.total,
            cursor=asked.cursor(),
            generation=snapshot.generation,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
        )

    def export(self, query: Query) -> Iterator[Article]:
        """Every article that matches, newest first, undated last, from one generation."""
        snapshot = self._snapshot()
        asked = _Asked(snapshot, query)
        for number in asked.ordered("newest").tolist():
            yield snapshot.article(number)

    def article(self, article_id: str) -> Article:
        """One article. Raises ArticleMissing where there is none of this id."""
        snapshot = self._snapshot()
        number = snapshot.number(article_id)
        if number is None:
            raise ArticleMissing(article_id)
        return snapshot.article(number)

    def stats(self) -> Stats:
        """What the index holds."""
        snapshot = self._snapshot()
        columns = snapshot.facets
        return Stats(
            articles=int(snapshot.live.sum()),
            terms=snapshot.terms(),
            segments=len(snapshot.segments),
            bytes=sum(file.stat().st_size for file in self._path.iterdir() if file.is_file()),
            generation=snapshot.generation,
            distinct={name: len(columns[name].values) for name in FACET_NAMES},
        )

    def close(self) -> None:
        """Let go of the index; what is still answering keeps what it needs."""
        self._current = None
        self._catalog.close()

    def _snapshot(self) -> Snapshot:
        """The last generation, opened if need be."""
        stamp = self._catalog.stamp()
        current = self._current
        if current is not None and current.stamp == stamp:
            return current
        with self._lock:
            current = self._current
            if current is None or current.stamp != stamp:
                known = current.segments if current else {}
                current = self._current = patiently(lambda: Snapshot(self._catalog, known), self._path)
            return current


class _Asked:
    """One query on one snapshot: what matches, and in which order."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        self.snapshot = snapshot
        self.query = query
        self.parsed: Parsed = parse(query.text)
        self.executor = Executor(snapshot)
        self.matches = self.executor.matches(self.parsed.tree)
        self.filtered = Filtered(snapshot, query, self.matches)
        self.leaves = tuple(leaves(self.parsed.tree))
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
        article = self.snapshot.id(int(self.matches.articles[last]))
        return cursors.write(Cursor(self.snapshot.generation, self.order, key, article))

    def hit(self, place: int) -> Hit:
        """A match as a hit, with its snippets."""
        article = self.snapshot.article(int(self.matches.articles[place]))
        marker = Marker(self.leaves, article.language)
        score = round(float(self.matches.scores[place]), _SCORE_DIGITS) if self.leaves else None
        return Hit(article, score, marker.snippets(article.text), marker.marks(article.title, "title"))


def _open(path: Path) -> Catalog:
    try:
        there, folder = path.exists(), path.is_dir()
    except OSError as error:
        raise IndexProblem(f"The index “{path}” cannot be opened: {error.strerror or error}.") from error
    if not there:
        raise IndexMissing(f"There is no index at “{path}”. Make one: dateline index {path} FOLDER.")
    if not folder:
        raise NotAnIndex(f"“{path}” is a file, not an index. Name the index's directory.")
    return Catalog(path)
