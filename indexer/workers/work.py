"""The two tasks that may run in any process: reading files into batches, and enriching articles.

Each is a plain function of plain values, so that the result is the same in one process or several.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple, assert_never

from desk.corrections.overlay import corrected
from indexer import enrich, readers
from indexer.archive.opening import Interruption, Opened
from indexer.archive.walk import SourceFile
from indexer.copies.dedupe import EMPTY, Sketch, sketch
from indexer.digest import digest
from indexer.enrich import Reading, learn, meaning
from indexer.enrich.shared import limit
from indexer.readers.shared.pictures import NO_INDEX, Album
from indexer.readers.shared.record import Deferred, Embargoed, Item, Origin, Rescued, Whole, Withdrawal
from indexer.report import MOST_REASONS, MOST_SKIPPED, OTHER, kind_of
from indexer.safe.faults import Fault, InternalError, fault
from indexer.safe.limits import TooMuch, Transient, watch, within
from indexer.withheld.pictures import names_of
from indexer.workers.found import (
    ArticleRead,
    Batch,
    DeferredRead,
    EmbargoedRead,
    FileEnd,
    Found,
    NotAnArticle,
    PartsRead,
    RawBatch,
    Unreadable,
    WithdrawalRead,
)
from search.engine import Prepare
from search.errors import BadRecord, IndexProblem, NoArticle
from search.meaning.model import is_chosen
from search.said import said
from search.system import collector
from search.values.article import Article, changed

BATCH = 64
"""Records per batch."""
BATCH_CHARACTERS = 1_000_000
BATCH_SECONDS = 1.0
MOST_NAMED = MOST_SKIPPED
"""Rejected records of a file that are reported individually; the others are counted by kind."""

ENRICH_SECONDS = 60.0
"""CPU seconds for an article in a part of the chain: ten times what the longest text takes on a slow machine."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Files to read, one after another, each with its number in the run, and the archive's names of fields.

    Attributes:
        pictures: where the pictures next to them are stored.
    """

    files: tuple[tuple[int, SourceFile], ...]
    names: Mapping[str, str]
    pictures: Album = NO_INDEX


class EnrichedSummary(NamedTuple):
    """The data about an article that a run needs to decide about it.

    Attributes:
        sketch: for finding near-duplicates.
        pictures: the names of the pictures that it is on.
        limit: what was skipped in enrichment, and why; "" if nothing was.
        faults: internal errors because of which facts are missing.
    """

    id: str
    digest: str
    characters: int
    sketch: Sketch
    limit: str = ""
    faults: tuple[Fault, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enriched:
    """Some articles with their facts.

    Attributes:
        summaries: data about each.
        articles: the articles, if they are not prepared.
        prepared: the articles in their writer's form (`search.engine.Writer.add_prepared`).
    """

    summaries: tuple[EnrichedSummary, ...]
    articles: tuple[Article, ...] = ()
    prepared: Any = None


class Late(NamedTuple):
    """A record that was deferred.

    Attributes:
        fruitless: the CPU seconds that it took if it is no article.
    """

    found: Found
    fruitless: float


Mark = Callable[[int, int, int], None]
"""Called before each step with the numbers of the file, the file in it, and the record that is read next."""
Deaths = Mapping[tuple[int, int], Interruption]
"""(file, file in it) → the crashes it has caused."""


def read(unit: Unit) -> Iterator[Batch]:
    """Yield the items of the files of a unit, in batches, in order."""
    for batch in read_on(unit, defer=False):
        yield [found for found in batch if not isinstance(found, DeferredRead)]


def read_on(
    unit: Unit,
    fatal: bool = False,
    mark: Mark = lambda *_: None,
    deaths: Deaths | None = None,
    defer: bool = True,
) -> Iterator[RawBatch]:
    """Yield the items of the files of a unit, in batches, in order; some records are still to be read (`deferred`).

    Args:
        fatal: end the process if code that cannot be interrupted takes too long.
        deaths: of processes that read it before.
        defer: read all of them if False.
    """
    batch: RawBatch = []
    characters, began = 0, time.monotonic()
    for found in _found(unit, fatal, mark, deaths or {}, defer):
        if found is not None:
            batch.append(found)
            characters += _characters(found)
        if len(batch) >= BATCH or characters > BATCH_CHARACTERS or time.monotonic() - began > BATCH_SECONDS:
            yield batch
            batch, characters, began = [], 0, time.monotonic()
    yield batch


def _characters(found: Found | DeferredRead) -> int:
    match found:
        case ArticleRead() | EmbargoedRead():
            return len(found.article.text)
        case DeferredRead():
            return found.record.length
        case _:
            return 100


def _found(unit: Unit, fatal: bool, mark: Mark, deaths: Deaths, defer: bool) -> Iterator[Found | DeferredRead | None]:
    """Yield the items of the files of a unit; None for a record that is only counted."""
    for number, file in unit.files:
        here = {inner: ended for (of, inner), ended in deaths.items() if of == number}
        opened = Opened(file, unit.names, fatal, partial(mark, number), here, unit.pictures, defer)
        others = Others(file.origin.path)
        for origin, item in opened.items():
            if isinstance(item, Deferred):
                yield DeferredRead(number, item, origin, opened.place)
            else:
                found = _record_of(number, origin, item, opened.place)
                yield None if others.takes(found) else found
        yield from others.found()
        yield FileEnd(number, dict(opened.asked))


class Others:
    """The rejected records of a file beyond those that are listed, counted by kind."""

    def __init__(self, path: str) -> None:
        self._named = 0
        self._path = path
        self._counts: dict[Unreadable | NotAnArticle, int] = {}

    def takes(self, found: Found) -> bool:
        """Count a record if it is one of them. Returns True if it is."""
        if not isinstance(found, Unreadable | NotAnArticle) or _fault_of(found) is not None:
            return False
        self._named += 1
        if self._named <= MOST_NAMED:
            return False
        kind = replace(found, path=self._path, reason=kind_of(found.reason), line=None, place=0)
        if kind not in self._counts and len(self._counts) >= MOST_REASONS:
            kind = replace(kind, reason=OTHER)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return True

    def found(self) -> Iterator[Found]:
        """One item for each kind."""
        for kind, times in self._counts.items():
            yield replace(kind, times=times)


def _refused(
    file: int, path: str, problem: BadRecord, reason: str, line: int | None = None, place: int = 0
) -> Unreadable | NotAnArticle:
    if isinstance(problem, NoArticle):
        return NotAnArticle(file, path, reason, line, place=place)
    met = problem.fault if isinstance(problem, InternalError) else None
    return Unreadable(file, path, reason, line, isinstance(problem, Transient), place=place, fault=met)


def _record_of(file: int, origin: Origin, item: Item, place: int) -> Found:
    match item:
        case Article():
            return ArticleRead(file, _with_digest(item), origin.path, place)
        case BadRecord():
            return _refused(file, origin.path, item, item.reason, item.line, place)
        case Withdrawal():
            return WithdrawalRead(file, item.id, item.version, item.reason, place)
        case Whole():
            return PartsRead(file, item.id, item.version, item.parts, place)
        case Embargoed(article, until) if until:
            return EmbargoedRead(file, _with_digest(article), origin.path, until, place)
        case Embargoed():
            return ArticleRead(file, _with_digest(item.article), origin.path, place)
        case Rescued():
            return ArticleRead(file, _with_digest(item.article), origin.path, place, item.fault)
        case _:
            assert_never(item)


def _fault_of(found: Unreadable | NotAnArticle) -> Fault | None:
    return found.fault if isinstance(found, Unreadable) else None


def deferred(
    records: Sequence[DeferredRead], mark: Mark = lambda *_: None, fatal: bool = False, again: Container[int] = ()
) -> tuple[Late, ...]:
    """Read records that were deferred.

    Args:
        mark: called before each with its number.
        fatal: as in `read_on`.
        again: the numbers of those that are read for the second time, since the first ended a process.
    """
    done = []
    for number, record in enumerate(records):
        mark(number, 0, 0)
        began = time.thread_time()
        try:
            item = within(record.record.read, record.record.size, fatal, number in again)
        except BadRecord as problem:
            item = problem
        except (RecursionError, MemoryError) as error:
            item = TooMuch(said("It cannot be read: {reason}.", reason=type(error).__name__))
        except Exception as error:  # an internal error of a reader must not cost the rest
            item = InternalError(fault(error))
        done.append(late(record, item, time.thread_time() - began))
    return tuple(done)


def late(deferred: DeferredRead, item: Item, seconds: float) -> Late:
    """What a deferred record turned out to be, after so many seconds."""
    found = _record_of(deferred.file, deferred.origin, item, deferred.place)
    return Late(found, seconds if isinstance(item, BadRecord) else 0.0)


def _with_digest(article: Article) -> Article:
    """An article with its digest."""
    return changed(article, digest=digest(article))


def enriched(
    articles: Sequence[Article],
    mark: Mark = lambda *_: None,
    prepare: Prepare | None = None,
    fatal: bool = False,
    ahead: bool = True,
    vectors: bool = True,
    rooms: Collection[str] | None = None,
) -> Enriched:
    """Enrich articles.

    Args:
        mark: called with the number of the article, and 1 while words of all articles are learned, 0 otherwise.
        prepare: prepares them for their writer.
        fatal: as in `read`.
        ahead: learn the words of all articles before they are read.
        vectors: have the model of meaning read them, if one is chosen.
        rooms: see `Reading`; with some, facts are renewed, and near-duplicates stay as they are.
    """
    done: dict[int, Article] = {}
    summaries: dict[int, EnrichedSummary] = {}
    met: list[list[Fault]] = [[] for _ in articles]
    failed: Fault | None = None
    left = {number: Reading(article, met=met[number], rooms=rooms) for number, article in enumerate(articles)}
    with watch(fatal) as allow, collector.paused():
        while left:
            if ahead and len(left) > 1:
                mark(min(left), 1, 0)
                allow(ENRICH_SECONDS)
                try:
                    learn(left.values())
                except TooMuch:  # the articles are read one by one, each with its own time
                    ahead = False
                except Exception as error:  # usually that of an article, which meets it again
                    ahead, failed = False, fault(error)
                allow(0)
            for number, reading in list(left.items()):
                mark(number, 0, 0)
                allow(ENRICH_SECONDS)
                reading.go_on()
                allow(0)
                if reading.done:
                    done[number] = corrected(left.pop(number).article)
                    if vectors and is_chosen():
                        allow(ENRICH_SECONDS)
                        done[number] = _with_meaning(done[number], met[number])
                        allow(0)
                    if failed is not None and not left and not any(met):
                        met[number].append(failed)
                    summaries[number] = summarize(done[number], tuple(met[number]), sketched=rooms is None)
    articles, told = [done[number] for number in sorted(done)], tuple(summaries[number] for number in sorted(done))
    if prepare is not None:
        return Enriched(told, prepared=prepare(articles))
    return Enriched(told, tuple(articles))


def _with_meaning(article: Article, met: list[Fault]) -> Article:
    """An article with its vectors; without, if it takes too long, or by an internal error."""
    try:
        return meaning.enrich(article)
    except TooMuch:
        return limit.stopped(article, str(said("It took too long to read what it means.")))
    except IndexProblem:  # the model is not there any more: no article may be without its vectors for that
        raise
    except Exception as error:  # an internal error must not cost the article
        met.append(fault(error))
        return article


def load(unit: Unit, preparer: Callable[[], Prepare] | None = None) -> None:
    """Load what reading files like those of a unit and enriching their articles need: modules, tables, models and
    kernels, which the forks of this process then share.

    Args:
        preparer: makes the function that will prepare articles.
    """
    with collector.paused():
        readers.load(file.origin.name for _, file in unit.files)
        load_enrichment(preparer)


def load_enrichment(preparer: Callable[[], Prepare] | None = None) -> None:
    """Load what enriching articles needs; see `load`."""
    with collector.paused():
        enrich.warm()
        enriched([Article("load", enrich.SAMPLE)], prepare=preparer and preparer(), vectors=False)


def summarize(article: Article, faults: tuple[Fault, ...] = (), sketched: bool = True) -> EnrichedSummary:
    """The data about an article that a run needs.

    Args:
        sketched: whether it is compared with others.
    """
    found = sketch(article) if sketched else EMPTY
    return EnrichedSummary(
        article.id, article.digest, len(article.text), found, limit.met(article), faults, names_of(article)
    )
