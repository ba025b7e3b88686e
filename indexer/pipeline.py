"""Here is an archive, give me an index: read, enrich, write.

`walk` finds the files, `work` reads and enriches them, in this process or with `crew` in several, and `run` decides
what becomes of each record. Files that are as they were are passed over unread, articles that are as they were before
they are enriched, so running the same command again costs a look at every file. Every few thousand articles or
seconds what is done becomes visible, and is kept whatever happens then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import search
from indexer import readers
from indexer.archive.walk import SourceFile, collection_of, walk
from indexer.copies import dedupe, near
from indexer.enrich import version
from indexer.files.neighbours import stamp
from indexer.ledger import Ledger
from indexer.report import Report, Skipped
from indexer.run.application import Run, reading_of
from indexer.withheld import embargo
from indexer.workers import crew
from indexer.workers.found import Batch, FileEnd
from indexer.workers.work import Unit
from search.article import Article
from search.engine import Prepare, Writer
from search.errors import IndexProblem

__all__ = ["Options", "Progress", "Report", "Skipped", "index", "index_files", "release"]

UNIT_BYTES = 1024 * 1024
UNIT_FILES = 32
ALONE_BYTES = 256 * 1024
"""An archive of less is not worth starting processes for."""

Progress = Callable[[int, int, int, int], None]
"""Told how many bytes of the archive are done for good, of how many; how many articles were read, and how many of them
are committed. What could still be lost is not done; a dry run, which commits nothing, has done what it has read."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an archive is read.

    Attributes:
        collection: the name it goes by; None gives each path its own.
        names: field → what the archive calls it.
        workers: processes that read and enrich; 1 is this process alone.
        delete_missing: remove the articles of these collections that are no longer in the archive.
        dry_run: count what would be done, and change nothing.
        place: the index: a directory, which is not read, and where the ledger is kept; or the address of one in a
            cluster, of which nothing is remembered beyond the run. None neither.
        stop: asked now and then; once it says yes, what was decided is finished and committed, and the rest is left,
            for the next run to go on with.
        now: the time it is, which decides about embargoes; None asks the clock.
        copies_hours: copies of one text are published within this time of each other.
    """

    collection: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    workers: int = 1
    delete_missing: bool = False
    dry_run: bool = False
    place: str | Path | None = None
    stop: Callable[[], bool] = lambda: False
    now: datetime | None = None
    copies_hours: float = dedupe.WINDOW_HOURS

    @property
    def folder(self) -> Path | None:
        """The index's directory; None where it has none."""
        return None if self.place is None or search.is_address(self.place) else Path(self.place)


def index(
    writer: Writer | None,
    paths: Sequence[Path],
    options: Options,
    progress: Progress = lambda _bytes, _all, _read, _committed: None,
) -> Report:
    """Bring an index up to date with an archive.

    Args:
        writer: where it goes; None, for a dry run, is an index that is empty.

    Raises:
        NothingThere: when a path does not exist.
        IndexProblem: when the index cannot be written.
    """
    files = list(walk(paths, options.collection, options.folder))
    return index_files(writer, files, options, progress, _named(paths, options))


def index_files(
    writer: Writer | None,
    files: Sequence[SourceFile],
    options: Options,
    progress: Progress = lambda _bytes, _all, _read, _committed: None,
    collections: frozenset[str] = frozenset(),
) -> Report:
    """Bring an index up to date with some files.

    Args:
        collections: those that may have no file left.
    """
    began = time.monotonic()
    with _ledger(options) as ledger:
        forgotten = ledger.new and writer is not None and not options.dry_run and writer.commit() > 0
        if forgotten and ledger.lasts:
            near.rebuild(ledger, _committed(options.place))
        run = Run(
            writer,
            ledger,
            _reading(options),
            now=options.now or datetime.now(UTC),
            dry=options.dry_run or writer is None,
            keep_present=options.delete_missing,
            earlier=partial(_committed, options.place) if forgotten and not ledger.lasts else None,
            copies_hours=options.copies_hours,
        )
        collections |= {file.origin.collection for file in files}
        if options.delete_missing:
            present = {(file.origin.collection, file.origin.name) for file in files}
            for collection in sorted(collections):
                ledger.forget_missing(collection, lambda name, of=collection: (of, name) in present)  # type: ignore[misc]
        with writer.preparing() if writer is not None else nullcontext() as preparer:
            done = _read(files, options, run, preparer, progress)
        if options.delete_missing and not options.stop():
            run.delete_missing(collections)
        if not options.stop():
            run.release(list(embargo.due(ledger, run.now)))
        run.finish()
        done.read([])
    if writer is not None:
        if options.dry_run:
            writer.rollback()
        run.report.generation = writer.commit()
        if not options.dry_run and not options.stop():
            _compact(writer, run.report, str(options.place))
    run.report.seconds = round(time.monotonic() - began, 2)
    return run.report


def _compact(writer: Writer, report: Report, place: str) -> None:
    """Copy as many articles as came, at most; where that fails, everything is there all the same."""
    try:
        report.generation = writer.compact(report.added + report.updated)
    except IndexProblem as problem:
        report.skip(place, None, f"What was replaced still counts in scores. {problem}")


def release(writer: Writer, place: Path, now: datetime | None = None) -> Report:
    """Bring in the articles of an index whose embargo has ended, as every run does that reads files.

    For a process that owns the writing for a long time; `embargo.next_due` says when there is something to do.
    """
    return index_files(writer, [], Options(place=place, now=now))


def _read(
    files: Sequence[SourceFile], options: Options, run: Run, preparer: Callable[[], Prepare] | None, progress: Progress
) -> _Done:
    """Read those that are not as they were, and do what comes of them; how far that went.

    Args:
        preparer: see `Writer.preparing`.
    """
    whole = sum(file.size for file in files)
    done = _Done(files, whole, run, options.dry_run, progress)
    to_read = (
        (number, file)
        for number, file in enumerate(files)
        if not done.passed(number, run.passed_over(number, file, beside(file)))
    )
    units = _units(to_read, options, run)
    few = whole < ALONE_BYTES
    decided: Iterable[crew.Done] = (
        crew.alone(units, run.decide, options.stop)
        if options.workers <= 1 or few
        else crew.together(units, run.decide, options.workers, preparer, options.stop)
    )
    for batch, enriched in decided:
        run.take(enriched)
        done.read(batch)
    return done


def _units(to_read: Iterator[tuple[int, SourceFile]], options: Options, run: Run) -> Iterator[Unit]:
    """Files in their order, small ones several at once."""
    unit: list[tuple[int, SourceFile]] = []
    size = 0
    for number, file in to_read:
        if options.stop():
            break
        if unit and (size + file.size > UNIT_BYTES or len(unit) >= UNIT_FILES):
            yield Unit(tuple(unit), options.names)
            unit, size = [], 0
        run.begin(number, file)
        unit.append((number, file))
        size += file.size
    if unit:
        yield Unit(tuple(unit), options.names)


class _Done:
    """How far a run is."""

    def __init__(self, files: Sequence[SourceFile], whole: int, run: Run, dry: bool, progress: Progress) -> None:
        self._files = files
        self._whole = whole
        self._run = run
        self._dry = dry
        self._progress = progress
        self._read = self._safe = 0
        self._commits = run.commits

    def passed(self, number: int, over: bool) -> bool:
        """Count a file that was passed over; whether it was."""
        if over:
            self._read += self._files[number].size
            self._safe += self._files[number].size
        return over

    def read(self, batch: Batch) -> None:
        """Count what ended in a batch, and how far its last file is."""
        self._read += sum(self._files[found.file].size for found in batch if isinstance(found, FileEnd))
        if self._dry or self._run.commits > self._commits:
            self._commits = self._run.commits
            last = batch[-1] if batch else None
            within = 0 if last is None or isinstance(last, FileEnd) else last.place
            self._safe = min(self._whole, self._read + within)
        self._progress(self._safe, self._whole, self._run.report.read, self._run.durable)


def _committed(place: str | Path | None) -> Iterator[Article]:
    """The articles of the last commit; none where nobody knows where the index is."""
    if place is not None:
        with search.open(place) as engine:
            yield from engine.export(search.Query())


def beside(file: SourceFile) -> Callable[[str, tuple[int, int]], bool]:
    """Whether files beside a file are as they were."""
    return partial(_as_it_was, file.path.parent)


def _as_it_was(folder: Path, name: str, before: tuple[int, int]) -> bool:
    return stamp(folder / name) == before


def _ledger(options: Options) -> Ledger:
    """The memory of an index; a dry run makes none."""
    place = options.folder if options.folder is not None and options.folder.is_dir() else None
    if options.dry_run and place is not None and not Ledger.is_in(place):
        place = None
    return Ledger(place)


def _reading(options: Options) -> str:
    """What tells one way of reading files from another: when it changes, all are read again."""
    return reading_of(options.names, readers.reading(), version())


def _named(paths: Sequence[Path], options: Options) -> frozenset[str]:
    """The collections of paths that may have no file left."""
    return frozenset(options.collection or collection_of(path) for path in paths if path.is_dir())
