"""One directory that answers queries.

A `LocalEngine` follows an index: before each question it looks whether there is a newer generation, and opens it
beside the one in use, which lasts as long as a question needs it. A question is answered from one generation.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from search.article import Article
from search.errors import ArticleMissing, IndexMissing, IndexProblem, NotAnIndex
from search.fields import FACET_NAMES
from search.local.catalog import Catalog, patiently
from search.local.question import Question
from search.local.snapshot import Snapshot
from search.query import Query
from search.results import Reading, Results, Stats, TermCount
from search.syntax import write


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
        with Question(snapshot, query) as asked:
            asked.run()
            counts = asked.executor.counts(asked.parsed.tree)
            return Results(
                hits=tuple(asked.hits()),
                facets={name: asked.filtered.facet(name) for name in query.facets},
                query=Reading(
                    query.text,
                    write(asked.parsed.tree),
                    asked.parsed.notes,
                    tuple(TermCount(term, count) for term, count in counts),
                ),
                total=asked.total,
                cursor=asked.cursor(),
                generation=snapshot.generation,
                took_ms=round((time.perf_counter() - began) * 1000, 2),
            )

    def export(self, query: Query) -> Iterator[Article]:
        """Every article that matches, newest first, undated last, from one generation."""
        snapshot = self._snapshot()
        with Question(snapshot, replace(query, sort="newest", cursor=None)) as asked:
            numbers = asked.ordered()
        for number in numbers:
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
            articles=snapshot.count,
            terms=snapshot.terms(),
            segments=len(snapshot.segments),
            bytes=sum(file.stat().st_size for file in self._path.iterdir() if file.is_file()),
            generation=snapshot.generation,
            distinct={name: columns[name].distinct for name in FACET_NAMES},
        )

    def close(self) -> None:
        """Let go of the index; what is still answering keeps what it needs."""
        self._current = None
        self._catalog.close()

    def _snapshot(self) -> Snapshot:
        """The last generation, opened if need be."""
        current = self._current
        stamp = self._catalog.stamp(current.stamp if current else None)
        if current is not None and current.stamp == stamp:
            return current
        with self._lock:
            current = self._current
            if current is None or current.stamp != stamp:
                before = current
                current = self._current = patiently(lambda: Snapshot(self._catalog, before), self._path)
            return current


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
