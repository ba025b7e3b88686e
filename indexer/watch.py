"""Watches a folder: indexes new and changed files as they appear.

Folders are polled every few seconds, which works on every file system and misses nothing. A file is read when two polls
in a row found it unchanged, so that a file is not read while it is written. The index is locked only while there is
something to write, so that others may write in between; while they do, files wait.

What it has indexed it remembers for one index. If a backup or another index takes the place of that one, in a directory
or in a cluster, the files are looked at again, and its ledger, if it has one, tells which are to be read; if there is
none at the place any more, it stops.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from indexer import ledger
from indexer.archive.walk import SourceFile, check, walk
from indexer.pipeline import Options, index_files
from indexer.report import Report
from indexer.withheld import embargo
from search import backends
from search.engine import Writer
from search.errors import IndexLocked, IndexMissing, IndexProblem


class _Identity(NamedTuple):
    """Tells one index from another at the same place: a backup that is restored into a directory has another ledger."""

    made: Hashable
    ledger: Hashable | None


def watch(
    writer: Callable[[], Writer], paths: Sequence[Path], options: Options, stopping: threading.Event, every: float = 2.0
) -> Iterator[Report]:
    """Yield a report each time that something was indexed, until stopped.

    Args:
        writer: opens the index for writing.
        stopping: set to stop; current work is then finished and committed.
        every: seconds between two polls.

    Raises:
        PathMissing: if a path does not exist at the beginning.
        IndexMissing: if the index was there, and is no longer.
        IndexProblem: if the index cannot be written, or its cluster does not answer at the beginning.
    """
    check(paths)
    options = replace(options, stop=stopping.is_set)
    before: dict[tuple[str, str], SourceFile] = {}
    indexed: dict[tuple[str, str], SourceFile] = {}
    known = _identity(options)
    while not stopping.is_set():
        now = {
            (file.origin.collection, file.origin.name): file
            for file in walk(_there(paths), options.collection, options.folder)
        }
        if (found := _looked_up(options, known)) != known:
            if found is None:
                in_cluster = "Start it again to make a new one, or restore the index first."
                moved = "Start it again with the path of the index, or move the index back first."
                raise IndexMissing(
                    f"The index “{options.place}” has been moved or removed while “dateline watch” ran. "
                    f"{moved if options.folder is not None else in_cluster}"
                )
            known, indexed = found, {}
        steady = [file for name, file in now.items() if before.get(name) == file and indexed.get(name) != file]
        if steady or (options.folder is not None and embargo.has_ended(options.folder)):
            try:
                with writer() as opened:
                    report = index_files(opened, steady, options)
                    if known is None or (options.folder is not None and known.ledger is None):  # this run has made it
                        known = _looked_up(options, known)
            except IndexLocked:
                steady = []
            else:
                if not stopping.is_set():
                    indexed |= {(file.origin.collection, file.origin.name): file for file in steady}
                if report.added or report.updated or report.removed or report.skipped_count:
                    yield report
        before = now
        indexed = {name: file for name, file in indexed.items() if name in now}
        stopping.wait(every)


def _identity(options: Options) -> _Identity | None:
    """The identity of the index; None if there is none. Raises IndexProblem if a cluster does not answer."""
    if options.place is None or (there := backends.identity(options.place)) is None:
        return None
    return _Identity(there, options.folder and backends.identity(options.folder / ledger.NAME))


def _looked_up(options: Options, known: _Identity | None) -> _Identity | None:
    """The identity of the index now; as known if a cluster does not answer: the next look asks again, and a run that
    writes to it meanwhile raises that, after the writer's patience.
    """
    try:
        return _identity(options)
    except IndexProblem:
        return known


def _there(paths: Sequence[Path]) -> list[Path]:
    """The paths that currently exist; a removed one may reappear."""
    return [path for path in paths if path.exists()]
