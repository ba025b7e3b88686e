"""The engine for an index in one directory.

A `LocalEngine` follows an index: before each query it checks for a newer generation, and opens it next to the current
one, which stays open as long as a query needs it. A query is answered from one generation.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple, TypeVar

import numpy as np

from search.engine import CURSOR_SECONDS, MAX_COPIES, Engine
from search.errors import (
    IndexDamaged,
    IndexMissing,
    IndexProblem,
    NotAnIndex,
    OutOfTime,
)
from search.fields import FACET_NAMES
from search.kernels import counting
from search.local.ask import cursor as cursors
from search.local.ask import effort, readings
from search.local.ask.analyses.compare import compare
from search.local.ask.analyses.cross import cross
from search.local.ask.analyses.pairs import pairs
from search.local.ask.analyses.special import special
from search.local.ask.facts.columns import listing, names_under
from search.local.ask.former import FormerGenerations
from search.local.ask.narrowed import narrowed
from search.local.ask.search import Search, marker_of
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree import similar_words
from search.local.ask.tree.execute import Executor
from search.local.ask.tree.terms import Articles
from search.local.format import blocked, removed
from search.local.safe.catalog import Catalog, with_retries
from search.local.watch import Watch
from search.meaning.nearness import ToArticle
from search.measures import did_you_mean, gaps, similar
from search.measures.comparison import COMPARING, Comparing, Comparison
from search.measures.cooccurrence import Pairing, Pairs
from search.measures.cross_table import Crossing, CrossTable
from search.measures.keyness import Contrast, Special
from search.measures.reading import reading, required
from search.names import completion, near_names
from search.names.authority import Authority
from search.names.vocabulary import labelled
from search.snippets.marker import marked
from search.syntax import parse
from search.syntax.nodes import Condition, Fuzzy, Leaf, Misread, Word, leaves, sought
from search.system import collector
from search.system.budget import UNLIMITED, Budget, Parts, current, offering
from search.values.article import Article
from search.values.lists import Lists, no_lists
from search.values.query import Denominator, Listing, Query, Sort
from search.values.results import (
    DateFacet,
    Marked,
    NameCount,
    Outline,
    Reading,
    Results,
    Stats,
    Suggestion,
    Trend,
    ValueFacet,
)
from search.values.rights import Narrowing
from search.values.tombstones import Removals

T = TypeVar("T")

MOST_NARROWED = 32
"""Snapshots of some articles only that stay open: as many readers of different rights are as fast as one."""


class LocalEngine(Engine):
    """Answers from the last commit of the index in a directory.

    Args:
        lists: finds the articles on a list.

    Raises:
        IndexMissing, NotAnIndex, IndexDamaged: if there is no usable index.
    """

    def __init__(self, path: Path, cursor_seconds: float = CURSOR_SECONDS, lists: Lists = no_lists) -> None:
        self._path = path
        self._lists = lists
        self._formers = FormerGenerations(path, cursor_seconds)
        self._catalog = _open(path)
        self._watch = Watch(path)
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._thread = threading.local()
        self._narrowed = _Snapshots()
        self._snapshot()

    @property
    def generation(self) -> int:
        return self._snapshot().generation

    def search(self, query: Query) -> Results:
        began, budget = time.perf_counter(), current()
        snapshot = self._snapshot_for(query)
        while True:
            with self._start(snapshot, query, budget) as search:
                search.run()
                if not search.more or self._formers.keep(search.snapshot.origin):
                    return self._results(search, query.text, began, budget, offers=True)
            budget.check()
            snapshot = self._latest()  # a commit came in between: answer from a generation that can be retained

    def _snapshot_for(self, query: Query) -> Snapshot:
        """The generation to answer a query from."""
        snapshot = self._snapshot()
        if query.cursor is None:
            return snapshot
        if cursors.read(query.cursor).generation > snapshot.generation:
            snapshot = self._latest()  # another process has seen a commit before this one
        return self._formers.find(query.cursor, snapshot)

    def _results(self, search: Search, text: str, began: float, budget: Budget, offers: bool = False) -> Results:
        """The page, and the rest as far as time permits."""
        with labelled(search.snapshot.authority.given_labels):
            tree = parse(search.query.text).tree
        hits = tuple(search.hits())
        parts = Parts(("hits.snippets",) if search.bare else ())

        def counted(name: str) -> ValueFacet | DateFacet:
            budget.check()
            return search.facets.facet(name)

        made = {name: parts.part(f"facets.{name}", partial(counted, name), None) for name in search.query.facets}
        offered = None
        if offers:
            try:
                with offering() as allowed:
                    archive = _Archive(search, allowed)
                    if did_you_mean.may_offer(tree, search.total, archive.having):
                        offered = did_you_mean.offer(tree, search.total, archive)
            except OutOfTime:
                parts.omitted.append("did_you_mean")
        return Results(
            hits=hits,
            facets={name: facet for name, facet in made.items() if facet is not None},
            query=reading(
                text,
                search.parsed,
                search.executor.within(UNLIMITED).having,
                required(search.query, search.parsed, search.total, search.total_of, search.snapshot.languages),
                parts.part("query.forms", lambda: [*readings.counted(search)], []),
            ),
            total=search.total,
            cursor=search.cursor(),
            generation=search.snapshot.generation,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            incomplete=tuple(parts.omitted),
            did_you_mean=offered,
        )

    @contextmanager
    def batch(self) -> Iterator[None]:
        snapshot, before = self._snapshot(), getattr(self._thread, "shared", None)
        if before is not None:
            yield
            return
        with snapshot.scratches.lent() as scratch:
            self._thread.shared = _Shared(snapshot, Executor(snapshot, scratch))
            try:
                yield
            finally:
                self._thread.shared = None

    def _start(self, snapshot: Snapshot, query: Query, budget: Budget, within: Articles | None = None) -> Search:
        """A query, which may share what it reads with others."""
        shared: _Shared | None = getattr(self._thread, "shared", None)
        terms = shared.terms if shared is not None and shared.snapshot is snapshot else None
        return Search(snapshot, query, budget=budget, terms=terms, within=within)

    def totals(self, queries: Sequence[Query]) -> tuple[int, ...]:
        with self.batch():
            return tuple(self._each(queries, lambda search: search.total))

    def outlines(self, queries: Sequence[Query]) -> tuple[Outline, ...]:
        with self.batch():
            snapshot = self._snapshot()
            found = self._each(queries, lambda search: (search.total, search.ends()))
        numbers = sorted({number for _, ends in found for number in ends})  # read once, in the order of the file
        articles = {number: article for number in numbers if (article := snapshot.article(number)).published}
        return tuple(Outline(total, *(articles.get(number) for number in ends)) for total, ends in found)

    def _each(self, queries: Sequence[Query], take: Callable[[Search], T]) -> list[T]:
        """What is taken from the search of each query."""
        found, snapshot, budget = [], self._snapshot(), current()
        for query in queries:
            with self._start(snapshot, query.counting, budget) as search:
                search.run()
                found.append(take(search))
        return found

    def frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return _frequencies(self._snapshot(), words)

    def matching(self, queries: Sequence[Query], among: Collection[str] | None = None) -> tuple[frozenset[str], ...]:
        found = []
        with self.batch():
            snapshot, budget = self._snapshot(), current()
            ids = {} if among is None else snapshot.numbered(tuple(among))
            within = None if among is None else np.array(sorted(ids), np.uint32)
            for query in queries:
                with self._start(snapshot, replace(query.counting, group=None), budget, within) as search:
                    spelled = snapshot.id if within is None else ids.__getitem__
                    found.append(frozenset(map(spelled, search.articles.tolist())))
        return tuple(found)

    def authority(self) -> Authority:
        return self._snapshot().authority

    def names(self, field: str, value: str) -> tuple[NameCount, ...]:
        snapshot = self._snapshot()
        column = snapshot.facets[field]
        ordinal = column.ordinal(value)
        if ordinal is None:
            return ()
        return NameCount.arranged(names_under(field, column, ordinal, snapshot.segments, snapshot.live))

    def listing(self, field: str, names: Sequence[str]) -> int:
        snapshot = self._snapshot()
        return listing(field, snapshot.facets[field], names, snapshot.segments, snapshot.live)

    def effort(self, text: str) -> float:
        snapshot = self._current  # an index that is not open yet is not opened for this
        return 0.0 if snapshot is None else effort.milliseconds(snapshot, text)

    def facet(self, query: Query, name: str, listing: Listing) -> ValueFacet | DateFacet:
        with self._start(self._snapshot(), query, current()) as search:
            return search.facets.facet(name) if name == "date" else search.facets.listed(name, listing)

    def suggest(self, text: str, size: int) -> tuple[Suggestion, ...]:
        current().check()
        typed = near_names.words(text)
        snapshot = self._snapshot()
        found: list[tuple[int, int, str, str]] = []
        for place, name in enumerate(completion.TYPES if typed and size else ()):
            column = snapshot.facets[name]
            ordinals = snapshot.names.find(name, typed, column)
            ordinals = ordinals[column.totals[ordinals] > 0]
            top = np.empty(size, np.int64)
            filled = counting.most_frequent_of(ordinals, column.totals, column.spelled.order, size, top)
            for ordinal in top[:filled].tolist():
                found.append(
                    (
                        -int(column.totals[ordinal]),
                        place,
                        column.spelled.labels[ordinal],
                        column.spelled.values[ordinal],
                    )
                )
        return tuple(
            Suggestion(completion.TYPES[place], value, label, -count)
            for count, place, label, value in sorted(found)[:size]
        )

    def similar(self, article: str | Article, query: Query) -> Results:
        began, budget = time.perf_counter(), current()
        snapshot = self._snapshot()
        number = self._number(snapshot, article) if isinstance(article, str) else None
        source = article if isinstance(article, Article) else snapshot.article(self._number(snapshot, article))
        like = similar.query(source, partial(_frequencies, snapshot), snapshot.scored, indexed=number is not None)
        if like is None:
            return Results(0, 0.0, snapshot.generation, Reading("", "", (), ()), (), {})
        copies = None if number is None else _with_copies(snapshot, number)
        near = ToArticle(source.meaning)
        with Search(snapshot, replace(query, text=like, sort="relevance"), copies, budget, near=near) as search:
            search.run()
            return self._results(search, "", began, budget)

    def trend(self, query: Query, denominator: Denominator, matching: DateFacet | None = None) -> Trend:
        snapshot, budget = self._snapshot(), current()
        with Search(snapshot, query.reference(denominator), budget=budget) as base:
            of = base.facets.histogram(query.interval)
        if matching is None:
            with self._start(snapshot, query, budget) as search:
                matching = search.facets.histogram(of.interval)
        return gaps.trend(denominator, of, matching, snapshot.coverage.parts(gaps.selected(query)))

    def special(self, query: Query, contrast: Contrast) -> Special:
        query = replace(query.counting, group=None)
        snapshot, budget = self._snapshot(), current()
        with self._start(snapshot, query, budget) as search:
            if contrast.than is not None:
                with Search(snapshot, replace(query, text=contrast.than), budget=budget) as other:
                    either = np.union1d(search.articles, other.articles)
                with Search(snapshot, replace(query, text=""), budget=budget, within=either) as reference:
                    return special(search, reference, contrast)
            if contrast.against == "archive":
                return special(search, None, contrast)
            with Search(snapshot, replace(query, text=""), budget=budget) as reference:
                return special(search, reference, contrast)

    def pairs(self, query: Query, pairing: Pairing) -> Pairs:
        with self._start(self._snapshot(), query.counting, current()) as search:
            search.run()
            return pairs(search, pairing)

    def cross(self, query: Query, crossing: Crossing) -> CrossTable:
        with self._start(self._snapshot(), query.counting, current()) as search:
            search.run()
            return cross(search, crossing)

    def compare(self, queries: Sequence[Query], comparing: Comparing = COMPARING) -> Comparison:
        with self.batch():
            snapshot, budget = self._snapshot(), current()
            return compare(snapshot, queries, comparing, lambda query: self._start(snapshot, query, budget))

    def copies(self, article_id: str) -> tuple[Article, ...]:
        snapshot = self._snapshot()
        number = self._number(snapshot, article_id)
        members = snapshot.stories.members(number)
        instants = snapshot.instants["published"][members]
        ordered = members[np.lexsort((np.arange(len(members)), instants, instants == 0))].tolist()
        return tuple(snapshot.article(other) for other in [n for n in ordered if n != number][:MAX_COPIES])

    def marked(self, articles: Sequence[Article], text: str) -> list[Marked]:
        snapshot = self._snapshot()
        with labelled(snapshot.authority.given_labels):
            found = tuple(leaves(parse(text).tree))
        if any(isinstance(leaf, Fuzzy | Misread) for leaf in sought(found)):  # what is similar is looked up
            with self._start(snapshot, Query(text), UNLIMITED) as search:
                return marked(articles, search.marker)
        return marked(articles, lambda language: marker_of(snapshot, found, language, {}))

    def export(self, query: Query, as_added: bool = False, sort: Sort = "newest") -> Iterator[Article]:
        snapshot = self._snapshot()
        whole = replace(query, sort=sort, size=1, page=1, cursor=None)  # a size, or words would not be expanded
        with Search(snapshot, whole, budget=current()) as search:
            return map(snapshot.as_added if as_added else snapshot.article, search.ordered())

    def article(self, article_id: str) -> Article:
        snapshot = self._snapshot()
        return snapshot.article(self._number(snapshot, article_id))

    def _number(self, snapshot: Snapshot, article_id: str) -> int:
        number = snapshot.number(article_id)
        if number is None:
            raise self.removals().missing(article_id)
        return number

    def removals(self) -> Removals:
        return Removals(blocked.read(self._path), removed.read(self._path))

    def narrowed(self, narrowing: Narrowing) -> Engine:
        return _Narrowed(self, self._narrowed, narrowing) if narrowing.rules else self

    def stats(self) -> Stats:
        snapshot = self._snapshot()
        columns = snapshot.facets
        return Stats(
            articles=snapshot.count,
            terms=snapshot.terms,
            segments=len(snapshot.segments),
            bytes=_bytes(self._path),
            generation=snapshot.generation,
            distinct={name: columns[name].distinct for name in FACET_NAMES},
        )

    def close(self) -> None:
        """Close the index; running queries keep what they need."""
        self._current = None
        self._narrowed.forget()
        self._formers.close()
        self._watch.close()

    def _snapshot(self) -> Snapshot:
        """The last generation, opened if necessary, and verified to be unchanged; that of the batch of this thread."""
        shared: _Shared | None = getattr(self._thread, "shared", None)
        if shared is not None:
            return shared.snapshot
        current, events = self._current, self._watch.events()
        if current is not None and current.is_undamaged and self._watch.quiet(events):
            return current
        snapshot = self._latest()
        try:
            snapshot.check_unchanged()
        except IndexDamaged:
            self._current = None  # a restored index is opened again
            raise
        self._watch.checked(events)
        return snapshot

    def _latest(self) -> Snapshot:
        current = self._current
        stamp = self._catalog.stamp(current.stamp if current else None)
        if current is not None and current.stamp == stamp:
            return current
        with self._lock:
            current = self._current
            if current is None or current.stamp != stamp:
                before = current
                with collector.paused():
                    current = self._current = with_retries(
                        lambda: Snapshot(self._catalog, before, lists=self._lists), self._path
                    )
                if before is not None:
                    self._formers.replaced(before)
                    self._narrowed.forget(before)
            return current


class _Snapshots:
    """The last snapshots of some articles only, the most recently used `MOST_NARROWED`; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._known: OrderedDict[Narrowing, Snapshot] = OrderedDict()

    def of(self, snapshot: Snapshot, narrowing: Narrowing) -> Snapshot:
        """Those of the articles of a snapshot that a narrowing allows."""
        return self._found(snapshot, narrowing) or self._opened(snapshot, narrowing)

    def forget(self, origin: Snapshot | None = None) -> None:
        """Close those of a snapshot, or all."""
        with self._lock:
            for narrowing, known in list(self._known.items()):
                if origin is None or known.origin is origin:
                    del self._known[narrowing]

    def _found(self, snapshot: Snapshot, narrowing: Narrowing) -> Snapshot | None:
        with self._lock:
            known = self._known.get(narrowing)
            if known is None or known.origin is not snapshot:
                return None
            self._known.move_to_end(narrowing)
            return known

    def _opened(self, snapshot: Snapshot, narrowing: Narrowing) -> Snapshot:
        with self._opening:
            if (known := self._found(snapshot, narrowing)) is not None:
                return known
            with collector.paused():
                made = narrowed(snapshot, narrowing)
            with self._lock:
                self._known[narrowing] = made
                while len(self._known) > MOST_NARROWED:
                    self._known.popitem(last=False)
            return made


class _Narrowed(LocalEngine):
    """The same index, as if it had only some of its articles. It has nothing open of its own, and needs no closing."""

    def __init__(self, whole: LocalEngine, known: _Snapshots, narrowing: Narrowing) -> None:
        self._path, self._lists, self._formers = whole._path, whole._lists, whole._formers
        self._whole, self._known, self._narrowing = whole, known, narrowing
        self._thread = threading.local()

    @property
    def generation(self) -> int:
        return self._whole.generation

    def effort(self, text: str) -> float:
        return self._whole.effort(text)

    def narrowed(self, narrowing: Narrowing) -> Engine:
        return self._whole.narrowed(self._narrowing & narrowing)

    def removals(self) -> Removals:
        """None: what was removed may have been none of these articles."""
        return Removals(frozenset(), {})

    def close(self) -> None:
        """Do nothing."""

    def _snapshot(self) -> Snapshot:
        shared: _Shared | None = getattr(self._thread, "shared", None)
        return shared.snapshot if shared is not None else self._seen(self._whole._snapshot())

    def _latest(self) -> Snapshot:
        return self._seen(self._whole._latest())

    def _snapshot_for(self, query: Query) -> Snapshot:
        return self._seen(self._whole._snapshot_for(query)) if query.cursor is not None else self._snapshot()

    def _seen(self, snapshot: Snapshot) -> Snapshot:
        return self._known.of(snapshot, self._narrowing)


class _Shared(NamedTuple):
    """Shared by the queries of one request: terms looked up in one generation."""

    snapshot: Snapshot
    terms: Executor


class _Archive:
    """The archive as `did_you_mean` sees it, under the filters of a query."""

    def __init__(self, search: Search, budget: Budget) -> None:
        self._search = search
        self._budget = budget
        self._executor = search.executor.within(budget)

    def having(self, term: Leaf | Condition) -> int:
        return self._executor.having(term)

    def nearest(self, word: str, edits: int) -> list[str]:
        self._budget.check()
        return similar_words.nearest(self._search.snapshot, word, edits)

    def named(self, facet: str, name: str) -> str | None:
        self._budget.check()
        snapshot = self._search.snapshot
        return snapshot.names.nearest(facet, name, snapshot.facets[facet])

    def total(self, text: str) -> int:
        query = replace(self._search.query.counting, text=text)
        with Search(self._search.snapshot, query, budget=self._budget, terms=self._executor) as search:
            search.run()
            return search.total


def _frequencies(snapshot: Snapshot, words: Sequence[str]) -> tuple[int, ...]:
    with snapshot.scratches.lent() as scratch:
        executor = Executor(snapshot, scratch)
        return tuple(executor.counted(executor.term(Word(word))) for word in words)


def _with_copies(snapshot: Snapshot, number: int) -> Articles:
    """An article and all of its group."""
    members = snapshot.stories.members(number)
    return members if len(members) else np.array([number], np.uint32)


def _bytes(folder: Path) -> int:
    """Bytes of the files in a folder, without those that a commit removes meanwhile."""
    total = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            about = path.stat()
            total += about.st_size if S_ISREG(about.st_mode) else 0
    return total


def _open(path: Path) -> Catalog:
    try:
        there, folder = path.exists(), path.is_dir()
    except OSError as error:
        raise IndexProblem(f"The index “{path}” cannot be opened: {error.strerror or error}.") from error
    if not there:
        raise IndexMissing.at(path)
    if not folder:
        raise NotAnIndex(f"“{path}” is a file, not an index. Give the index's directory.")
    return Catalog(path)
