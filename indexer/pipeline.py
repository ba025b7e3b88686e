"""Here is an archive, give me an index: read, enrich, write.

The flow is a chain of generators, a few hundred articles in memory at a time; only the enrichment in its middle runs
in several processes. An article that is in the index as it is in the archive is passed over before it is enriched, so
running the same command again costs reading. Every `COMMIT_EVERY` articles become visible together.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

import orjson

from indexer import readers
from indexer.enrich import VERSION, enrich
from indexer.walk import SourceFile, collection_of, walk
from search.article import Article
from search.engine import Writer
from search.errors import ArticleBlocked, BadRecord

BATCH = 64
"""Articles enriched at once, and looked up in the index at once."""
COMMIT_EVERY = 5000

Progress = Callable[[int, int], None]
"""Told how many bytes of the archive and how many articles have been read."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was set aside: its file, the line it starts on (None where lines mean nothing), and why."""

    path: str
    line: int | None
    reason: str


@dataclass(slots=True)
class Report:
    """What became of an archive. `read` counts articles: those added, updated and unchanged together."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    embargoed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    seconds: float = 0.0
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Options:
    """How an archive is read.

    Attributes:
        collection: the name it goes by; None gives each path its own.
        names: field → what the archive calls it.
        workers: processes that enrich.
        delete_missing: remove the articles of these collections that are no longer in the archive.
        dry_run: count what would be done, and change nothing.
        apart: a directory not to read, the index itself.
    """

    collection: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    workers: int = 1
    delete_missing: bool = False
    dry_run: bool = False
    apart: Path | None = None


def index(
    writer: Writer | None, paths: Sequence[Path], options: Options, progress: Progress = lambda _bytes, _articles: None
) -> Report:
    """Bring an index up to date with an archive.

    Args:
        writer: where it goes; None, for a dry run, is an index that is empty.

    Raises:
        NothingThere: when a path does not exist.
        IndexProblem: when the index cannot be written.
    """
    began = time.monotonic()
    run = _Run(writer, options, progress)
    files = list(walk(paths, options.collection, options.apart))
    for article in enriched(run.changed(files), options.workers):
        run.add(article)
    if options.delete_missing:
        run.delete_missing({file.origin.collection for file in files} | _named(paths, options))
    if writer is not None:
        if options.dry_run:
            writer.rollback()
        run.report.generation = writer.commit()
    run.report.seconds = round(time.monotonic() - began, 2)
    return run.report


class _Run:
    """One run over an archive: what was seen, and what came of it."""

    def __init__(self, writer: Writer | None, options: Options, progress: Progress) -> None:
        self.report = Report()
        self._writer = writer
        self._options = options
        self._progress = progress
        self._digests: dict[str, str] = {}
        self._damaged: set[str] = set()
        self._blocked = writer.blocked() if writer else frozenset()
        self._waiting = 0

    def changed(self, files: Sequence[SourceFile]) -> Iterator[Article]:
        """The articles of these files that the index does not have as they are."""
        for batch in batches(self._read(files), BATCH):
            committed = self._writer.digests(article.id for article in batch) if self._writer else {}
            for article in batch:
                known = self._digests.get(article.id, committed.get(article.id))
                self._digests[article.id] = article.digest
                self.report.read += 1
                if known == article.digest:
                    self.report.unchanged += 1
                    continue
                if known is None:
                    self.report.added += 1
                else:
                    self.report.updated += 1
                yield article

    def _read(self, files: Sequence[SourceFile]) -> Iterator[Article]:
        done = articles = 0
        for file in files:
            for found in _records(file, self._options.names):
                if isinstance(found, BadRecord):
                    self._skip(file.origin.path, found.line, found.reason)
                    self._damaged.add(file.origin.collection)
                else:
                    articles += 1
                    self._progress(done, articles)
                    if found.id in self._blocked:
                        self._skip(file.origin.path, None, str(ArticleBlocked(found.id)))
                        continue
                    yield replace(found, digest=digest(found))
            done += file.size
            self._progress(done, articles)

    def add(self, article: Article) -> None:
        """Hand an article to the writer; commit when enough wait."""
        if self._writer is None or self._options.dry_run:
            return
        self._writer.add(article)
        self._waiting += 1
        if self._waiting >= COMMIT_EVERY:
            self._writer.commit()
            self._waiting = 0

    def _skip(self, path: str, line: int | None, reason: str) -> None:
        self.report.skipped.append(Skipped(path, line, reason))

    def delete_missing(self, collections: Iterable[str]) -> None:
        """Remove what these collections no longer have; not from one that could not be read whole."""
        if self._writer is None:
            return
        for collection in sorted(collections):
            missing = [article_id for article_id in self._writer.ids(collection) if article_id not in self._digests]
            if missing and (collection in self._damaged or not self.report.read):
                why = "not all of it could be read" if collection in self._damaged else "nothing at all was found in it"
                self._skip(collection, None, f"{len(missing)} articles are not in it, but {why}: none was removed.")
                continue
            for article_id in missing:
                self._writer.delete(article_id)
                self.report.removed += 1


def digest(article: Article) -> str:
    """Hexadecimal SHA-256 of an article as read, and of the version of the enrichment it will go through."""
    content = {
        f.name: getattr(article, f.name) for f in fields(article) if f.name not in ("digest", "given", "evidence")
    }
    content["given"] = sorted(article.given)
    return sha256(VERSION.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def enriched(articles: Iterable[Article], workers: int) -> Iterator[Article]:
    """Articles with their facts, in order; by several processes where there is work for them."""
    waiting: list[Future[list[Article]]] = []
    with ExitStack() as stack:
        pool: ProcessPoolExecutor | None = None
        for number, batch in enumerate(batches(articles, BATCH)):
            if workers <= 1 or number < workers:  # starting a process costs as much as enriching a batch or two
                yield from map(enrich, batch)
                continue
            if pool is None:
                pool = stack.enter_context(ProcessPoolExecutor(workers, get_context("spawn"), _end_with_parent))
            waiting.append(pool.submit(_enrich_batch, batch))
            if len(waiting) > 2 * workers:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


def _end_with_parent() -> None:
    """End this process when its parent ends, however that does."""
    parent = parent_process()
    if parent is not None:

        def watch(sentinel: int) -> None:
            wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


def _enrich_batch(batch: list[Article]) -> list[Article]:
    return [enrich(article) for article in batch]


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Items in lists of a size, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _named(paths: Sequence[Path], options: Options) -> set[str]:
    """The collections of paths that may have no file left."""
    return {options.collection or collection_of(path) for path in paths if path.is_dir()}


def _records(file: SourceFile, names: Mapping[str, str]) -> Iterator[Article | BadRecord]:
    if file.problem is not None:
        return iter([BadRecord(file.problem)])
    return readers.read(file.path, file.origin, names)
