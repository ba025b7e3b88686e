"""Batches of which some records are read later, by whichever process is free.

Unpacking a container or a web archive is quick, and only one process can do it; finding the article of a page takes
most of the time. So such records are passed on unread, read in parts by all processes, and put in their places before
the batch is decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from indexer.archive.containers import Allowance
from indexer.archive.walk import SourceFile
from indexer.safe.limits import TooMuch
from indexer.workers.found import Batch, DeferredRead, FileEnd, Found, RawBatch, Unreadable
from indexer.workers.work import Late, Others

PART_BYTES = 100_000
PART_RECORDS = 16
"""Of the records read at once: so few that all processes have some."""


@dataclass(slots=True)
class Part:
    """Some deferred records of a batch, and what they are."""

    records: list[DeferredRead]
    result: Sequence[Late] | None = None

    def take(self, result: Sequence[Late]) -> None:
        """Store what they are."""
        self.result = result


class Partial:
    """A batch of which some records may still be unread.

    Args:
        over: numbers of files of which nothing more is read.

    Attributes:
        parts: its deferred records.
        length: the bytes that they hold.
    """

    def __init__(self, batch: RawBatch, over: Collection[int]) -> None:
        self._batch = [found for found in batch if isinstance(found, FileEnd) or found.file not in over]
        self.parts = list(_parts([found for found in self._batch if isinstance(found, DeferredRead)]))
        self.length = sum(one.record.length for part in self.parts for one in part.records)

    @property
    def is_read(self) -> bool:
        """True if all of it is read."""
        return all(part.result is not None for part in self.parts)

    def records(self) -> Iterator[tuple[Found, float | None]]:
        """Its records in order, and the seconds that a deferred one took in vain; None if it was not deferred."""
        late = (one for part in self.parts for one in part.result or ())
        for found in self._batch:
            yield next(late) if isinstance(found, DeferredRead) else (found, None)


def _parts(records: Sequence[DeferredRead]) -> Iterator[Part]:
    some: list[DeferredRead] = []
    size = 0
    for one in records:
        if some and (len(some) >= PART_RECORDS or size + one.record.length > PART_BYTES):
            yield Part(some)
            some, size = [], 0
        some.append(one)
        size += one.record.length
    if some:
        yield Part(some)


class Together:
    """What applies to all records of a file, whichever process has read them: the time that may be spent in vain, and
    the number of rejected records that are listed.

    Args:
        files: those of a unit, with their numbers.

    Attributes:
        over: the numbers of files of which nothing more is read.
    """

    def __init__(self, files: Sequence[tuple[int, SourceFile]]) -> None:
        self._files = dict(files)
        self._others: dict[int, Others] = {}
        self._allowances: dict[int, Allowance] = {}
        self.over: set[int] = set()

    def whole(self, partial: Partial) -> Batch:
        """A batch that is read, as if one process had read it."""
        batch: Batch = []
        for record, fruitless_s in partial.records():
            if isinstance(record, FileEnd):
                batch += self._others[record.file].found() if record.file in self._others else ()
                batch.append(record)
            elif record.file not in self.over:
                batch += [record] if fruitless_s is None else self._charged(record, fruitless_s)
        return batch

    def _charged(self, record: Found, fruitless_s: float) -> Iterator[Found]:
        """Yield a record unless it is one of many; charge its file with the CPU seconds without an article."""
        file = self._files[record.file]
        if not self._others.setdefault(record.file, Others(file.origin.path)).takes(record):
            yield record
        try:
            self._allowances.setdefault(record.file, Allowance(file.size)).spend(fruitless_s)
        except TooMuch as problem:
            self.over.add(record.file)
            yield Unreadable(record.file, file.origin.path, problem.reason, transient=True)
