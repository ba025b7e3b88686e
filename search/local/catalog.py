"""Which segments an index has: Whoosh's table of contents, read and written whole.

A generation is one such table, renamed into place when everything it names is on disk. Whoosh keeps its format; we
make the file durable, which it does not.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import whoosh.index
from whoosh.index import TOC, EmptyIndexError, FileIndex, clean_files

from search.errors import IndexDamaged, IndexMissing, IndexProblem, NotAnIndex
from search.local.codec import ColumnarSegment
from search.local.schema import schema

T = TypeVar("T")

_ATTEMPTS = 20
_PAUSE_S = 0.05


class Stamp(NamedTuple):
    """A generation: its number, and the file that names it."""

    generation: int
    inode: int
    modified_ns: int


class Catalog:
    """The generations of the index in a directory.

    Raises:
        NotAnIndex, IndexDamaged, IndexProblem: when there is no index that can be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.index: FileIndex = whoosh.index.open_dir(str(folder))
        except EmptyIndexError:
            raise NotAnIndex(f"“{folder}” is not an index. Make one: dateline index NAME FOLDER.") from None
        except OSError as error:
            raise IndexProblem(f"The index “{folder}” cannot be opened: {error.strerror or error}.") from error
        except Exception as error:  # a torn table of contents makes pickle raise nearly anything
            raise IndexDamaged(f"The index “{folder}” cannot be read: {error!r}. Index the archive again.") from error

        name = TOC._filename(self.index.indexname, 0)
        self._tables = str(folder / name.removesuffix("0.toc"))

    @property
    def generation(self) -> int:
        """The number of the last generation; −1 where there is none any more."""
        return int(self.index.latest_generation())

    def stamp(self, last: Stamp | None = None) -> Stamp:
        """What tells the last generation from every other, also from one of an index that was made anew.

        Args:
            last: the generation that was the last one: as long as its table is there and the next is not, it still is,
                which is found without listing the directory.

        Raises:
            IndexMissing: when the index has been taken away.
        """
        if last is not None and self._stamp(last.generation) == last and self._stamp(last.generation + 1) is None:
            return last
        for _ in range(_ATTEMPTS):
            generation = self.generation
            if (stamp := self._stamp(generation)) is not None:
                return stamp
            if generation < 0:
                break
        raise IndexMissing(f"The index “{self.folder}” has been taken away. Index the archive again.")

    def _stamp(self, generation: int) -> Stamp | None:
        """The stamp of a generation; None where it is not there."""
        try:
            found = os.stat(f"{self._tables}{generation}.toc")
        except FileNotFoundError:
            return None
        return Stamp(generation, found.st_ino, found.st_mtime_ns)

    def read(self) -> tuple[int, list[ColumnarSegment]]:
        """The last generation: its number and its segments."""
        try:
            table = TOC.read(self.index.storage, self.index.indexname)
        except OSError:
            raise
        except Exception as error:  # a torn table of contents makes pickle raise nearly anything
            raise IndexDamaged(
                f"The index “{self.folder}” cannot be read: {error!r}. Index the archive again."
            ) from error
        for segment in table.segments:
            if not isinstance(segment, ColumnarSegment):
                raise NotAnIndex(f"“{self.folder}” is an index of another program. Name another place.")
        return int(table.generation), list(table.segments)

    def write(self, generation: int, segments: list[ColumnarSegment]) -> None:
        """Make these segments the next generation, durably, and remove the files that it does not name."""
        storage, name = self.index.storage, self.index.indexname
        TOC(schema(), segments, generation).write(storage, name)
        _sync(self.folder / TOC._filename(name, generation))
        _sync(self.folder)
        clean_files(storage, name, generation, segments)

    def close(self) -> None:
        """Let go of the directory."""
        self.index.close()


def create(folder: Path) -> None:
    """Make an empty index in a directory, which is made too.

    Raises:
        NotAnIndex: when something else is there.
        IndexProblem: when it cannot be made.
    """
    try:
        if folder.is_dir() and whoosh.index.exists_in(str(folder)):
            return
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotAnIndex(f"“{folder}” is not an index. Name a new directory, or one that an index is in.")
        folder.mkdir(parents=True, exist_ok=True)
        whoosh.index.create_in(str(folder), schema()).close()
    except OSError as error:
        raise IndexProblem(f"No index can be made at “{folder}”: {error.strerror or error}.") from error


def patiently(read: Callable[[], T], folder: Path) -> T:
    """Read something of the last generation; a commit that removes its files meanwhile only makes it try again.

    Raises:
        IndexDamaged: when files are still missing after a second.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return read()
        except OSError as error:
            if attempt == _ATTEMPTS - 1:
                raise IndexDamaged(f"The index “{folder}” cannot be read: {error}. Index the archive again.") from error
            time.sleep(_PAUSE_S)
    raise AssertionError("unreachable")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
