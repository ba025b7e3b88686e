"""One directory that answers queries.

A `LocalEngine` follows an index: before each question it looks whether there is a newer generation, and opens it
beside the one in use, which is closed when its last question is answered. A question is answered from one generation.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import whoosh.index
from numpy.typing import NDArray
from whoosh.index import EmptyIndexError, FileIndex

from search.article import Article
from search.errors import ArticleMissing, IndexDamaged, IndexMissing, IndexProblem, NotAnIndex
from search.fields import FACET_NAMES
from search.local import cursor as cursors
from search.local.cursor import Cursor
from search.local.execute import Executor, Matches
from search.local.facets import Filtered
from search.local.schema import TEXTS, UNKNOWN_DAY
from search.local.snapshot import Snapshot, open_snapshot
from search.query import Query
from search.results import Hit, Reading, Results, Stats, TermCount
from search.snippets import Marker
from search.syntax import Leaf, Parsed, leaves, parse, write

_SCORE_DIGITS = 6
"""Scores are compared to this many digits, so that the order does not hang on the last bit of a sum."""
_LAST = np.iinfo(np.int64).max


class LocalEngine:
    """Answers from the last commit of the index in a directory.

    Raises:
        IndexMissing, NotAnIndex, IndexDamaged: when there is nothing to answer from.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._index = _open(path)
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._users: dict[Snapshot, int] = {}
        with self._lease():
            pass

    @property
    def generation(self) -> int:
        """The number of the commit that the next question would be answered from."""
        generation = int(self._index.latest_generation())
        if generation < 0:
            raise IndexMissing(f"The index “{self._path}” has been taken away. Index the archive again.")
        return generation

    def search(self, query: Query) -> Results:
        """Answer a question."""
        began = time.perf_counter()
        with self._lease() as snapshot:
            asked = _Asked(snapshot, query)
            page, more = asked.page()
            marked = tuple(leaves(asked.parsed.tree))
            hits = tuple(asked.hit(number, marked) for number in page.tolist())
            facets = {name: asked.filtered.facet(name) for name in query.facets}
            terms = tuple(TermCount(term, count) for term, count in asked.executor.counts(asked.parsed.tree))
            return Results(
                total=int(asked.filtered.mask.sum()),
                took_ms=round((time.perf_counter() - began) * 1000, 2),
                generation=snapshot.generation,
                query=Reading(query.text, write(asked.parsed.tree), asked.parsed.notes, terms),
                hits=hits,
                facets=facets,
                cursor=asked.cursor(int(page[-1])) if more else None,
            )

    def export(self, query: Query) -> Iterator[Article]:
        """Every article that matches, newest first, undated last, from one generation."""
        with self._lease() as snapshot:
            asked = _Asked(snapshot, query)
            for number in asked.ordered("newest").tolist():
                yield snapshot.article(number)

    def article(self, article_id: str) -> Article:
        """One article. Raises ArticleMissing where there is none of this id."""
        with self._lease() as snapshot:
            number = snapshot.number(article_id)
            if number is None:
                raise ArticleMissing(article_id)
            return snapshot.article(number)

    def stats(self) -> Stats:
        """What the index holds."""
        with self._lease() as snapshot:
            columns = snapshot.facets
            return Stats(
                articles=int(snapshot.live.sum()),
                terms=len({term for name in TEXTS for term in snapshot.postings.terms(name)}),
                segments=snapshot.segments,
                bytes=sum(file.stat().st_size for file in self._path.iterdir() if file.is_file()),
                generation=snapshot.generation,
                distinct={name: int((columns[name].counts(snapshot.live) > 0).sum()) for name in FACET_NAMES},
            )

    def close(self) -> None:
        """Close the snapshot in use; one that is still answering closes itself afterwards."""
        with self._lock:
            last, self._current = self._current, None
            if last is not None and not self._users[last]:
                del self._users[last]
                last.close()
        self._index.close()

    @contextmanager
    def _lease(self) -> Iterator[Snapshot]:
        snapshot = self._take()
        try:
            yield snapshot
        finally:
            with self._lock:
                self._users[snapshot] -= 1
                self._retire(snapshot)

    def _take(self) -> Snapshot:
        """The newest snapshot, opened if need be, counted as in use."""
        generation = self.generation
        with self._lock:
            current = self._current
            if current is None or current.generation < generation:
                self._current = open_snapshot(self._index, self._path)
                self._users[self._current] = 0
                if current is not None:
                    self._retire(current)
            assert self._current is not None
            self._users[self._current] += 1
            return self._current

    def _retire(self, snapshot: Snapshot) -> None:
        if snapshot is not self._current and not self._users[snapshot]:
            del self._users[snapshot]
            snapshot.close()


class _Page(NamedTuple):
    numbers: NDArray[np.int64]
    more: bool


class _Asked:
    """One query on one snapshot: what matches, and in which order."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        self.snapshot = snapshot
        self.query = query
        self.parsed: Parsed = parse(query.text)
        self.executor = Executor(snapshot)
        self.matches: Matches = self.executor.matches(self.parsed.tree)
        self.filtered = Filtered(snapshot, query, self.matches.mask)
        self.scored = any(leaves(self.parsed.tree))
        order = query.order
        self.order = "newest" if order == "relevance" and not self.scored else order

    def keys(self, order: str) -> NDArray[np.float64] | NDArray[np.int64]:
        """The sort key of every article, ascending."""
        if order == "relevance":
            return -np.round(self.matches.scores, _SCORE_DIGITS)
        days = self.snapshot.days
        return np.where(days == UNKNOWN_DAY, _LAST, -days if order == "newest" else days)

    def ordered(self, order: str) -> NDArray[np.int64]:
        """The numbers of all matching articles in an order, ties by id."""
        numbers = np.flatnonzero(self.filtered.mask)
        return numbers[np.lexsort((self.snapshot.rank[numbers], self.keys(order)[numbers]))]

    def page(self) -> _Page:
        """The articles of the page asked for, and whether more follow."""
        numbers = self.ordered(self.order)
        if self.query.cursor is not None:
            place = cursors.read(self.query.cursor, self.snapshot.generation, self.order)
            keys = self.keys(self.order)[numbers]
            later = np.array([name > place.id for name in self.snapshot.ids[numbers].tolist()], np.bool_)
            after = (keys > place.key) | ((keys == place.key) & later)
            numbers = numbers[after]
        start = (self.query.page - 1) * self.query.size
        end = start + self.query.size
        return _Page(numbers[start:end], self.query.size > 0 and end < len(numbers))

    def cursor(self, number: int) -> str:
        """The cursor that goes on after an article."""
        key = float(self.keys(self.order)[number])
        return cursors.write(Cursor(self.snapshot.generation, self.order, key, str(self.snapshot.ids[number])))

    def hit(self, number: int, marked: tuple[Leaf, ...]) -> Hit:
        """An article as a hit, with its snippets."""
        article = self.snapshot.article(number)
        marker = Marker(marked, article.language)
        score = round(float(self.matches.scores[number]), _SCORE_DIGITS) if self.scored else None
        return Hit(article, score, marker.snippets(article.text), marker.marks(article.title, "title"))


def _open(path: Path) -> FileIndex:
    if not path.exists():
        raise IndexMissing(f"There is no index at “{path}”. Make one: dateline index {path} FOLDER.")
    if not path.is_dir():
        raise NotAnIndex(f"“{path}” is a file, not an index. Name the index's directory.")
    try:
        return whoosh.index.open_dir(str(path))
    except EmptyIndexError:
        raise NotAnIndex(f"“{path}” is not an index. Make one: dateline index NAME FOLDER.") from None
    except OSError as error:
        raise IndexProblem(f"The index “{path}” cannot be opened: {error.strerror or error}.") from error
    except Exception as error:  # a torn table of contents makes pickle raise nearly anything
        raise IndexDamaged(f"The index “{path}” cannot be read: {error!r}. Index the archive again.") from error
