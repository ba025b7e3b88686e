"""Makes or updates an index from an archive: read, enrich, write.

`walk` finds the files, `work` reads and enriches them, in this process or with `crew` in several, and `run` decides
what to do with each record. Unchanged files are skipped without reading, unchanged articles before they are enriched,
so running the same command again only costs a check of every file. Every few thousand articles or seconds the work is
committed; it is then visible, and survives whatever happens next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import search
from desk.corrections import application
from desk.corrections.store import Store
from indexer import enrich
from indexer.archive.walk import SourceFile, collection_of, walk
from indexer.copies import dedupe, near
from indexer.files.file_names import path_of
from indexer.files.neighbours import stamp
from indexer.ledger import Ledger
from indexer.readers.shared.pictures import Album
from indexer.renewing.as_read import Undoing
from indexer.report import Report, Skipped
from indexer.run.application import Run
from indexer.run.entered import Entered, Note, together
from indexer.run.reading import reading_of
from indexer.withheld import embargo, pictures
from indexer.workers import crew
from indexer.workers.found import Batch, FileEnd
from indexer.workers.work import Unit
from search import backends
from search.engine import Prepare, Writer
from search.errors import IndexProblem
from search.system.forks import may_fork
from search.text import dates
from search.values.article import Article

__all__ = ["Options", "Progress", "Report", "Skipped", "index", "index_files", "release", "undo", "warm"]

UNIT_BYTES = 1024 * 1024
UNIT_FILES = 32
ALONE_BYTES = 256 * 1024
"""The size of new and changed files from which processes are worth starting."""
_OTHER_CLOCKS = timedelta(minutes=10)
"""How much the clocks of machines that write to the same index may differ."""

Progress = Callable[[int, int, int, int], None]
"""Called with the bytes of the archive that were read, of the total; the articles read so far, and those of them that
are committed and cannot be lost."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an archive is read.

    Attributes:
        collection: its name; None gives each path its own.
        names: field → its name in the archive.
        workers: the number of processes that read and enrich; 1 is this process alone.
        delete_missing: remove the articles of these collections that are no longer in the archive.
        dry_run: count what would be done, and change nothing.
        place: the index: a directory, which is not read, and has the ledger; or the address of one in a cluster, whose
            ledger ends with the run. None if there is no index.
        stop: polled; once it returns True, the current work is finished and committed, and the rest is left to the next
            run.
        now: the current time, which decides about embargoes; None uses the clock.
        copies_hours: the greatest time between the publication of near-duplicates.
        pictures: store the pictures next to the articles, if the index is a directory.
        note: takes note of what is entered, so that it can be undone.
        sees: False for an article that nothing may tell of, to those who sent what replaces it.
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
    pictures: bool = True
    note: Note | None = None
    sees: Callable[[Article], bool] = lambda _: True

    @property
    def album(self) -> Album:
        """Where pictures are stored; an index in a cluster has none."""
        return Album(None if self.dry_run else self.folder, self.pictures and self.folder is not None)

    @property
    def folder(self) -> Path | None:
        """The index's directory; None if it has none."""
        return None if self.place is None else backends.folder(self.place)


def index(
    writer: Writer | None,
    paths: Sequence[Path],
    options: Options,
    progress: Progress = lambda _bytes, _all, _read, _committed: None,
) -> Report:
    """Bring an index up to date with an archive.

    Args:
        writer: of the index; None, for a dry run, is an empty index.

    Raises:
        PathMissing: if a path does not exist.
        IndexProblem: if the index cannot be written.
    """
    files = list(walk(paths, options.collection, options.folder))
    return index_files(writer, files, options, progress, _named(paths, options))


def index_files(
    writer: Writer | None,
    files: Sequence[SourceFile],
    options: Options,
    progress: Progress = lambda _bytes, _all, _read, _committed: None,
    collections: frozenset[str] = frozenset(),
    undone: Iterable[Entered] = (),
) -> Report:
    """Bring an index up to date with some files.

    Args:
        collections: those that may have no file left.
        undone: what an earlier run has entered, one for each id, to be undone.
    """
    began = time.monotonic()
    since = dates.now(_OTHER_CLOCKS) if options.folder is None else None
    with _ledger(options) as ledger, _corrections(options) as corrections:
        forgotten = ledger.new and writer is not None and not options.dry_run and writer.commit() > 0
        if forgotten and ledger.lasts:
            near.rebuild(ledger, _committed(options.place))
            pictures.rebuild(ledger, options.folder, lambda: _committed(options.place))
        elif writer is not None and not options.dry_run and not near.is_current(ledger):
            near.renew(ledger, _committed(options.place))
        run = Run(
            writer,
            ledger,
            _reading(options),
            now=options.now or datetime.now(UTC),
            dry=options.dry_run or writer is None,
            keep_present=options.delete_missing,
            earlier=partial(_committed, options.place) if forgotten and not ledger.lasts else None,
            copies_hours=options.copies_hours,
            corrections=corrections,
            note=options.note,
            sees=options.sees,
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
        if undone:
            run.undo(undone)
        run.finish()
        done.read([])
        if writer is not None and not options.dry_run:
            pictures.tidy(ledger, options.folder, writer.stored)
    if writer is not None:
        if options.dry_run:
            writer.rollback()
        elif options.place is not None:  # those that came while this run was writing
            application.settle(writer, options.place, since)
        run.report.generation = writer.commit()
        if not options.dry_run and not options.stop():
            _compact(writer, run.report, str(options.place))
    run.report.seconds = round(time.monotonic() - began, 2)
    return run.report


def _compact(writer: Writer, report: Report, place: str) -> None:
    """Rewrite at most as many articles as were added; if that fails, the index is complete all the same."""
    try:
        report.generation = writer.compact(report.added + report.updated)
    except IndexProblem as problem:
        report.skip(place, None, f"Replaced articles still count in scores. {problem}")


def warm() -> None:
    """Compile the kernels of enriching and of finding near-duplicates, once for a machine."""
    enrich.warm()
    text = "President Ann Lee met the press in Rome on Monday for the second time.\n" * 9
    one, other = (dedupe.sketch(Article("warm", text, title=title)) for title in ("President in Rome", "In Rome"))
    dedupe.similarity(one, other)


def release(writer: Writer, place: Path, now: datetime | None = None) -> Report:
    """Add the articles whose embargo has ended to an index, as every run over files does.

    For a process that holds the index for writing for a long time; `embargo.next_due` gives the time of the next one.
    """
    return index_files(writer, [], Options(place=place, now=now))


def undo(writer: Writer, place: Path, entered: Iterable[Entered]) -> Report:
    """Undo what a run has entered into an index, with one commit. The report counts as `updated` what it has put back,
    as it was before, and as `left` what is another article by now.

    Args:
        entered: what the run has noted (`Options.note`).
    """
    return index_files(writer, [], Options(place=place), undone=_as_read(together(entered).values()))


def _as_read(entered: Iterable[Entered]) -> Iterator[Entered]:
    """With the article before as it was read, if that can be told."""
    undoing = Undoing()
    for one in entered:
        found = undoing(one.before, one.before.digest) if one.before is not None else None
        yield one._replace(before=found.article) if found is not None else one


def _read(
    files: Sequence[SourceFile], options: Options, run: Run, preparer: Callable[[], Prepare] | None, progress: Progress
) -> _Done:
    """Read the changed files, and apply their records.

    Returns:
        How far that went.

    Args:
        preparer: see `Writer.preparing`.
    """
    whole = sum(file.size for file in files)
    done = _Done(files, whole, run, progress)
    to_read = (
        (number, file)
        for number, file in enumerate(files)
        if not done.passed(number, run.skip_unchanged(number, file, unchanged_neighbour(file)))
    )
    units, few = _few(_units(to_read, options, run)) if options.workers > 1 else (_units(to_read, options, run), True)
    decided: Generator[crew.Done, None, None] = (
        crew.in_process(units, run.decide, options.stop)
        if few
        else crew.in_workers(units, run.decide, options.workers, preparer, options.stop, may_fork())
    )
    with closing(decided):  # whatever ends this: processes that outlive it are started again when they are ended
        for batch, enriched in decided:
            run.take(enriched)
            done.read(batch)
    return done


def _few(units: Iterator[Unit]) -> tuple[Iterator[Unit], bool]:
    """The units, and True if they are so few that processes are not worth starting."""
    first: list[Unit] = []
    size = 0
    for unit in units:
        first.append(unit)
        size += sum(file.size for _, file in unit.files)
        if size >= ALONE_BYTES:
            return chain(first, units), False
    return iter(first), True


def _units(to_read: Iterator[tuple[int, SourceFile]], options: Options, run: Run) -> Iterator[Unit]:
    """Files in order, small ones several at once."""
    unit: list[tuple[int, SourceFile]] = []
    size = 0
    for number, file in to_read:
        if options.stop():
            break
        if unit and (size + file.size > UNIT_BYTES or len(unit) >= UNIT_FILES):
            yield Unit(tuple(unit), options.names, options.album)
            unit, size = [], 0
        run.begin(number, file)
        unit.append((number, file))
        size += file.size
    if unit:
        yield Unit(tuple(unit), options.names, options.album)


class _Done:
    """The progress of a run."""

    def __init__(self, files: Sequence[SourceFile], whole: int, run: Run, progress: Progress) -> None:
        self._files = files
        self._whole = whole
        self._run = run
        self._progress = progress
        self._read = 0

    def passed(self, number: int, over: bool) -> bool:
        """Count a file if it was skipped, and return `over`."""
        if over:
            self._read += self._files[number].size
        return over

    def read(self, batch: Batch) -> None:
        """Count the files that end in a batch, and the progress in its last file."""
        self._read += sum(self._files[found.file].size for found in batch if isinstance(found, FileEnd))
        last = batch[-1] if batch else None
        within = 0 if last is None or isinstance(last, FileEnd) else last.place
        self._progress(min(self._whole, self._read + within), self._whole, self._run.report.read, self._run.durable)


def _committed(place: str | Path | None) -> Iterator[Article]:
    """The articles of the last commit; empty if the place of the index is unknown."""
    if place is not None:
        with search.open(place) as engine:
            yield from engine.export(search.Query())


def unchanged_neighbour(file: SourceFile) -> Callable[[str, tuple[int, int]], bool]:
    """Returns a function that returns True if a neighbouring file is unchanged."""
    return partial(_is_unchanged, file.path.parent)


def _is_unchanged(folder: Path, name: str, before: tuple[int, int]) -> bool:
    return stamp(path_of(folder, name)) == before


def _ledger(options: Options) -> Ledger:
    """The ledger of an index; a dry run does not create one."""
    place = options.folder if options.folder is not None and options.folder.is_dir() else None
    if options.dry_run and place is not None and not Ledger.is_in(place):
        place = None
    return Ledger(place)


def _corrections(options: Options) -> AbstractContextManager[Store | None]:
    """The corrections of an index; None if it has none."""
    place = options.place
    return Store(place) if place is not None and Store.is_in(place) else nullcontext()


def _reading(options: Options) -> str:
    """The way in which files are read; those that were read in another way are read again."""
    return reading_of(options.names, options.pictures)


def _named(paths: Sequence[Path], options: Options) -> frozenset[str]:
    """The collections of paths that may have no file left."""
    return frozenset(options.collection or collection_of(path) for path in paths if path.is_dir())
