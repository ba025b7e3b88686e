"""Reads a file within limits, and opens every container in it.

A container may contain another one. A file or record that cannot be read is yielded as a BadRecord like other items,
and reading goes on with the next member.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, pairwise
from typing import BinaryIO

from indexer import readers
from indexer.archive import containers
from indexer.archive.containers import Allowance, Member
from indexer.archive.walk import SourceFile
from indexer.files.neighbours import Folder, Neighbours, Nothing, Stamp
from indexer.files.regular import NotRegular, open_file
from indexer.readers.shared.pictures import NO_INDEX, Album, Pictures
from indexer.readers.shared.record import Deferred, Origin, Read
from indexer.safe.faults import InternalError, fault
from indexer.safe.limits import Retries, TooMuch, Transient, bounded, within
from search.errors import BadRecord, NoArticle
from search.said import said

MOST_LEVELS = 2
AHEAD = 64
"""Records of a file that may be read before the first of them is passed on."""

Reached = Callable[[int, int], None]
"""Called before each step with the number of the file within the file, and the number of its records read so far."""
_ALL = range(sys.maxsize)


@dataclass(frozen=True, slots=True)
class Interruption:
    """Problems of earlier processes with a file within a file.

    Attributes:
        again: numbers of records that exceeded a limit, and are read a second time.
        readable: the number of its records that can be read; None if all can.
        reason: why no more.
    """

    again: frozenset[int] = frozenset()
    readable: int | None = None
    reason: str = ""


_NOT_INTERRUPTED = Interruption()


class Opened:
    """A file that is being read.

    Args:
        defer: defer records that take long to read, where a file has several.

    Attributes:
        asked: the neighbouring files that were requested, with their stamps.
    """

    def __init__(
        self,
        file: SourceFile,
        names: Mapping[str, str],
        fatal: bool = False,
        reached: Reached = lambda _number, _records: None,
        ended: Mapping[int, Interruption] | None = None,
        pictures: Album = NO_INDEX,
        defer: bool = False,
    ) -> None:
        self._defer = defer
        self._source = file
        self._names = names
        self._reached = reached
        self._ended = ended or {}
        self._fatal = fatal
        self._retries = Retries()
        self._pictures = pictures
        self._number = -1
        self._folder = Folder(file.path.parent, "/" in file.origin.name)
        self._neighbours: Neighbours = Nothing() if file.alone else self._folder
        self._open: BinaryIO | None = None

    @property
    def place(self) -> int:
        """The number of bytes read so far."""
        return self._open.tell() if self._open is not None and not self._open.closed else 0

    @property
    def asked(self) -> Mapping[str, Stamp]:
        """The neighbouring files that were requested, with their stamps."""
        return self._folder.asked

    def items(self) -> Iterator[tuple[Origin, Read]]:
        """Yield its items, and the origin of each."""
        source = self._source
        if source.problem is not None:
            known = NoArticle if source.hides_nothing else Transient
            yield source.origin, known(source.problem)
            return
        try:
            with open_file(source.path) as file:
                self._open = file
                yield from self._file(file, source.origin, source.size, self._neighbours, Allowance(source.size), ())
        except NotRegular as problem:  # changed since its folder was listed
            yield source.origin, problem
        except OSError as error:
            yield source.origin, Transient(said("It cannot be read: {reason}.", reason=error.strerror or str(error)))

    def _file(
        self,
        file: BinaryIO,
        origin: Origin,
        size: int,
        neighbours: Neighbours,
        allowance: Allowance,
        above: tuple[str, ...],
    ) -> Iterator[tuple[Origin, Read]]:
        """Yield the items of a file, or of each file in it."""
        self._number += 1
        self._reached(self._number, 0)
        ended = self._ended.get(self._number, _NOT_INTERRUPTED)
        if ended.readable == 0:
            yield origin, TooMuch(ended.reason)
            return
        try:
            head = file.read(readers.HEAD_BYTES)
            file.seek(0)
            kind = containers.kind_of(head, origin.name)
            if kind is None:
                yield from self._plain(file, head, origin, size, neighbours, allowance)
            elif _levels((*above, kind)) > MOST_LEVELS:
                yield (
                    origin,
                    BadRecord(said("It is an archive in an archive in an archive. Unpack the outermost first.")),
                )
            else:
                yield from self._container(kind, file, origin, size, allowance, (*above, kind))
        except BadRecord as problem:
            yield origin, problem
        except (RecursionError, MemoryError) as error:
            yield origin, TooMuch(said("It cannot be read: {reason}.", reason=type(error).__name__))
        except OSError:
            raise
        except Exception as error:  # an internal error of a reader must not cost the rest of the archive
            yield origin, InternalError(fault(error))

    def _plain(
        self, file: BinaryIO, head: bytes, origin: Origin, size: int, neighbours: Neighbours, allowance: Allowance
    ) -> Iterator[tuple[Origin, Read]]:
        if not head:
            yield origin, BadRecord(said("It is empty."))
            return
        number = self._number
        ended = self._ended.get(number, _NOT_INTERRUPTED)
        ask = partial(within, size=size, fatal=self._fatal, again=0 in ended.again)
        form = readers.format_of(head, origin.name, ask)
        readers.ready(form)
        defer = self._defer and form is not None and (form.several or origin.name != self._source.origin.name)
        is_copied = form is not None and form.anywhere and origin.name != self._source.origin.name
        spent = _Spent()

        with containers.spooled(file) if is_copied else nullcontext(file) as whole:

            def items() -> Iterator[Read]:
                whole.seek(0)
                shown = Pictures(neighbours, self._pictures)
                found = readers.items(form, whole, head, origin, self._names, neighbours, shown, defer)
                for count, item in enumerate(islice(spent.measured(found), ended.readable), 1):
                    yield item
                    self._reached(number, count)

            for item in bounded(items, size, self._fatal, ended.again, self._retries, AHEAD):
                yield origin, replace(item, size=size) if isinstance(item, Deferred) else item
                allowance.spend(spent.taken())
        if ended.readable is not None:
            yield origin, TooMuch(ended.reason)

    def _container(
        self, kind: str, file: BinaryIO, origin: Origin, size: int, allowance: Allowance, within: tuple[str, ...]
    ) -> Iterator[tuple[Origin, Read]]:
        again = _ALL if self._ended.get(self._number, _NOT_INTERRUPTED).again else ()
        left = allowance.left

        def members() -> Iterator[Member]:
            file.seek(0)
            allowance.reset(left)
            return containers.members(kind, file, origin.name, allowance)

        for member in bounded(members, size, self._fatal, again, self._retries):
            inner = replace(origin, path=f"{origin.path}/{member.name}", name=f"{origin.name}/{member.name}")
            if member.file is None:
                yield inner, BadRecord(member.problem or said("It cannot be read."))
            else:
                likely = min(member.size or size, containers.RATIO * size)
                yield from self._file(member.file, inner, likely, member.neighbours, allowance, within)
            if allowance.over:
                return


class _Spent:
    """The CPU time for items that are not articles; of one after an article, the time by the clock.

    CPU time is a call of the system, which takes as long as to read a short article.
    """

    def __init__(self) -> None:
        self._seconds = 0.0

    def measured(self, items: Iterator[Read]) -> Iterator[Read]:
        """Yield items, and add the time that they take."""
        clock = time.thread_time
        while True:
            began = clock()
            item = next(items, None)
            if item is None:
                return
            if isinstance(item, BadRecord):
                self._seconds += clock() - began
                clock = time.thread_time
            else:
                clock = time.monotonic
            yield item

    def taken(self) -> float:
        """The seconds since the last call."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds


def _levels(kinds: tuple[str, ...]) -> int:
    """The depth of nested archives; a compressed tar is one."""
    compressed_tars = sum(below == "tar" and above not in ("tar", "zip") for above, below in pairwise(kinds))
    return len(kinds) - compressed_tars
