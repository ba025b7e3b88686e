"""One run over an index, or over a sample of it.

    engine.export      → Article      newest first, from one generation
    as_read            → AsRead       those that are by these rules already are skipped
    workers.crew.facts → Enriched     only by the steps whose rules have changed (`enrich.since`)
    Writer.add, commit                for a moment, every few seconds: others write in between
    ledger

When all are done, unchanged files count as read by these rules, so that no run over the archive reads them for that.
An index that has no ledger, as one in a cluster, has all articles written, with the new digest.

Cost: that of the steps, and a tenth of a millisecond for an article; what is written costs what a run over the archive
takes for it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import search
from desk.corrections.correction import Correction
from desk.corrections.overlay import as_found
from desk.corrections.store import Store
from indexer.copies import near
from indexer.digest import digest
from indexer.enrich import ROOMS, since
from indexer.enrich.shared import limit
from indexer.ledger import Ledger
from indexer.renewing import facts, sample
from indexer.renewing.as_read import AsRead, Undoing
from indexer.renewing.report import Renewal
from indexer.run.reading import by_these_rules
from indexer.workers import crew
from indexer.workers.work import BATCH, Enriched
from search import backends
from search.engine import Engine, Writer, article_count
from search.errors import IndexLocked
from search.system.forks import may_fork
from search.values.article import Article, changed
from search.values.query import Query

T = TypeVar("T")

COMMIT_ARTICLES = 2000
COMMIT_SECONDS = 10.0
COMMIT_CHARACTERS = 16 * 1024 * 1024
"""Of articles with other facts that wait to be written."""
TOGETHER = 200
"""Articles that are looked up together."""
MOST_UNTOLD = 50_000
"""Ids that wait until their files are to be read again."""
RETRY_S = 0.5

Opens = Callable[[], AbstractContextManager[Writer]]
Progress = Callable[[int, int, int, int], None]
"""Called with the articles that are done for good, of all; those that were looked at, and those that are done."""


@dataclass(frozen=True, slots=True)
class Options:
    """How facts are renewed.

    Attributes:
        workers: the number of processes that enrich; 1 is this process alone.
        sample: look at that many articles, spread over the years, and write nothing; None renews all.
        again: also articles whose facts are by these rules already.
        stop: polled; once it returns True, what is found is written, and the rest is left to the next run.
    """

    workers: int = 1
    sample: int | None = None
    again: bool = False
    stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class _Item:
    """An article to enrich.

    Attributes:
        stored: as it is in the index; `found`: without its corrections.
        begun: without the facts that are looked for, and with the digest by these rules.
        rooms: whose facts are looked for.
        whole: False if its enrichment was not finished before.
    """

    stored: Article
    found: Article
    begun: Article
    rooms: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """An article with other facts than are stored, and the one that is stored."""

    stored: Article
    new: Article


def renew(
    place: str | Path,
    writer: Opens,
    options: Options = Options(),
    progress: Progress = lambda _done, _all, _read, _safe: None,
) -> Renewal:
    """Renew the facts of an index. Questions are answered, and others may write, meanwhile.

    Args:
        writer: opens the index for writing; while another process writes, this waits, and raises nothing. What is
            open already may be given by `nullcontext`: then nobody else writes meanwhile.

    Raises:
        IndexMissing, IndexProblem: if it cannot be read or written.
        WorkersLost: if processes crash again and again.
    """
    began = time.monotonic()
    run = _Run(place, writer, options, progress)
    run.all()
    run.report.seconds = round(time.monotonic() - began, 2)
    return run.report


class _Run:
    """One run over an index."""

    def __init__(self, place: str | Path, writer: Opens, options: Options, progress: Progress) -> None:
        self.report = Renewal(dry_run=options.sample is not None)
        self._place = place
        self._open = writer
        self._options = options
        self._progress = progress
        folder = backends.folder(place)
        self._folder = folder if folder is not None and Ledger.is_in(folder) else None
        self._undo = Undoing()
        self._given: deque[list[_Item]] = deque()
        self._changed: list[_Found] = []
        self._same: dict[str, str] = {}
        self._untold: list[str] = []
        self._characters = 0
        self._committed = time.monotonic()
        self._safe = self._total = 0

    def all(self) -> None:
        """Look at all articles, or at a sample."""
        with search.open(self._place) as engine:
            self.report.generation = engine.generation
            articles, self._total = self._chosen(engine)
            with closing(self._enriched(articles)) as enriched:
                for done in enriched:
                    self._take(self._given.popleft(), done)
                    if self._is_due:
                        self._write()
        self._write()
        self.report.read = self.report.done  # when it is stopped, some were only looked up
        if self.report.dry_run or self._options.stop():
            return
        self._finish()
        self.report.complete = True

    def _chosen(self, engine: Engine) -> tuple[Iterator[Article], int]:
        """The articles to look at, newest first, and their number."""
        total = article_count(engine)
        if self._options.sample is None or self._options.sample >= total:
            return engine.export(Query(), as_added=True), total
        return sample.spread(engine, self._options.sample, total), self._options.sample

    def _enriched(self, articles: Iterator[Article]) -> Generator[list[Enriched], None, None]:
        return crew.facts(self._groups(articles), self._options.workers, may_fork())

    def _groups(self, articles: Iterator[Article]) -> Iterator[crew.Wanted]:
        """The articles to enrich, in groups of which the same facts are looked for; `_given` gets each group."""
        group: list[_Item] = []
        size = 0
        for item in self._items(articles):
            if group and (item.rooms != group[0].rooms or len(group) >= BATCH or size > crew.PART_CHARACTERS):
                yield self._give(group)
                group, size = [], 0
                if self._options.stop():
                    return
            group.append(item)
            size += len(item.begun.text)
        if group:
            yield self._give(group)

    def _give(self, group: list[_Item]) -> crew.Wanted:
        self._given.append(group)
        return [item.begun for item in group], group[0].rooms

    def _items(self, articles: Iterator[Article]) -> Iterator[_Item]:
        """Those of some articles that are to be enriched."""
        while not self._options.stop() and (some := list(islice(articles, TOGETHER))):
            yield from self._to_enrich(some, self._known([article.digest for article in some]))

    def _to_enrich(self, stored: Sequence[Article], known: Mapping[str, str]) -> Iterator[_Item]:
        for article in stored:
            self.report.read += 1
            found = as_found(article)
            read = self._undo(found, known.get(article.digest, article.digest))
            if read is None:
                self.report.untold += 1
                self._untold.append(article.id)
                continue
            rooms = since(read.version)
            if not rooms and not self._options.again:
                self._pass(article, read)
                continue
            wanted = ROOMS if self._options.again or not read.whole else rooms
            begun = read.article if wanted >= ROOMS else facts.without(found, read.article, wanted)
            bare = changed(begun, digest=digest(read.article))
            yield _Item(article, found, bare, wanted, read.whole)

    def _pass(self, stored: Article, read: AsRead) -> None:
        """Count an article in which nothing has to be looked for."""
        now = digest(read.article)
        if now == read.article.digest:
            self.report.current += 1
        else:
            self._has_same(stored, changed(as_found(stored), digest=now))

    def _has_same(self, stored: Article, new: Article) -> None:
        """Count an article with the facts that it had."""
        self.report.unchanged += 1
        if new.digest == stored.digest:
            return
        if self._folder is None:
            self._changed.append(_Found(stored, new))
        else:
            self._same[stored.digest] = new.digest

    def _known(self, digests: Sequence[str]) -> Mapping[str, str]:
        """Of some stored digests those that are others by rules that have found the same facts."""
        if self._folder is None:
            return {}
        folder = self._folder

        def known() -> Mapping[str, str]:
            with Ledger(folder) as ledger:
                return ledger.renewed(digests)

        return _patiently(known)

    def _take(self, items: Sequence[_Item], done: Sequence[Enriched]) -> None:
        """Compare the facts that were found with those that are stored."""
        articles = [article for some in done for article in some.articles]
        summaries = [summary for some in done for summary in some.summaries]
        for item, new, summary in zip(items, articles, summaries, strict=True):
            if summary.faults or (item.whole and limit.met(new)):
                self.report.failed += 1
                self.report.warn(item.stored.id, "; ".join(map(str, summary.faults)) or limit.met(new))
            elif facts.is_same(item.found, new):
                self._has_same(item.stored, new)
            else:
                self._changed.append(_Found(item.stored, new))
                self._characters += len(new.text)
        self._tell()

    def _tell(self) -> None:
        self._progress(self._safe, self._total, self.report.read, self._safe)

    @property
    def _is_due(self) -> bool:
        waiting = len(self._changed) >= COMMIT_ARTICLES or self._characters > COMMIT_CHARACTERS
        is_time = time.monotonic() - self._committed > COMMIT_SECONDS
        return waiting or (is_time and bool(self._changed or self._same)) or len(self._untold) >= MOST_UNTOLD

    def _write(self) -> None:
        """Write what was found, and make it durable: the index first, then what the ledger knows of it."""
        if self.report.dry_run:
            self._count()
        elif self._changed or self._same or self._untold:
            with _patiently(self._open) as writer, ExitStack() as opened:
                ledger = opened.enter_context(Ledger(self._folder)) if self._folder is not None else None
                redated = self._add(writer)
                self.report.generation = writer.commit()
                if ledger is not None:
                    for article in redated:
                        near.redate(ledger, article)
                    ledger.renew(self._same)
                    if self._untold:
                        ledger.unread(self._untold)
                    ledger.commit()
        self._changed, self._same, self._untold, self._characters = [], {}, [], 0
        self._safe = self.report.done
        self._committed = time.monotonic()
        self._tell()

    def _add(self, writer: Writer) -> list[Article]:
        """Add the articles that have other facts, as they are by now. Returns those with another date."""
        redated = []
        blocked = writer.blocked()
        for found, corrections in self._corrected():
            now = writer.stored(found.stored.id)
            if now is None or now.digest != found.stored.digest or now.id in blocked:
                self.report.passed += 1
                continue
            after = facts.written(now, found.new, corrections)
            if not facts.is_same(now, after):
                self.report.move(now, after)
            writer.add(after)
            if after.published != now.published:
                redated.append(after)
        return redated

    def _count(self) -> None:
        """Count what would be written."""
        for found, corrections in self._corrected():
            after = facts.written(found.stored, found.new, corrections)
            if not facts.is_same(found.stored, after):
                self.report.move(found.stored, after)

    def _corrected(self) -> Iterator[tuple[_Found, Collection[Correction]]]:
        """The articles that have other facts, each with its corrections."""
        with ExitStack() as opened:
            store = opened.enter_context(Store(self._place)) if Store.is_in(self._place) else None
            ids = store.articles() if store is not None else frozenset[str]()
            for found in self._changed:
                yield found, store.of(found.stored.id) if store is not None and found.stored.id in ids else ()

    def _finish(self) -> None:
        """Have unchanged files count as read by these rules, and the statistics of scores without replaced articles."""
        if self._folder is not None:
            with _patiently(self._open) as writer, Ledger(self._folder) as ledger:
                for reading in ledger.readings():
                    ledger.reread(reading, by_these_rules(reading, renewed=True))
                ledger.commit()
                if self.report.renewed:
                    self.report.generation = writer.compact(self.report.renewed)


def _patiently(do: Callable[[], T]) -> T:
    """Do something as soon as nobody else writes."""
    while True:
        try:
            return do()
        except IndexLocked:
            time.sleep(RETRY_S)
