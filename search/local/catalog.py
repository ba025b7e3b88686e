"""Which segments an index has: Whoosh's table of contents, read and written whole.

A generation is one such table, renamed into place when everything it names is on disk, its manifest too. Whoosh keeps
its format; we make the file durable, which it does not, and load none that is not as it was written.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple, TypeVar

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from search.errors import IndexDamaged, IndexMissing, IndexProblem, NotAnIndex
from search.local import authority, blocked, disk, lock, manifest, recovery
from search.local.codec import ColumnarSegment
from search.local.manifest import NAME
from search.local.schema import schema
from search.local.segment import ENDINGS

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
        self.generation_in(folder)
        self._tables = str(manifest.table_path(folder, 0)).removesuffix("0.toc")
        patiently(self.read, folder)

    @property
    def generation(self) -> int:
        """The number of the last generation; −1 where there is none any more."""
        return _generation(self.folder)

    @staticmethod
    def generation_in(folder: Path) -> int:
        """The number of the last generation in a directory.

        Raises:
            NotAnIndex, IndexDamaged, IndexProblem: when there is none.
        """
        try:
            generation = _generation(folder)
        except OSError as error:
            raise IndexProblem(f"The index “{folder}” cannot be opened: {error.strerror or error}.") from error
        if generation < 0:
            if any(folder.glob(f"_{NAME}_*.sum")):
                raise IndexDamaged(f"“{folder}” has lost its table of contents. Restore it, or make it anew.")
            raise NotAnIndex(f"“{folder}” is not an index. Make one: dateline index NAME FOLDER.")
        return generation

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

    def manifest(self) -> manifest.Manifest:
        """What the last generation consists of.

        Raises:
            OSError: when a commit removes it meanwhile (see `patiently`).
            IndexMissing, IndexDamaged: when there is none that is as it was written.
        """
        generation = self.generation
        if generation < 0:
            raise IndexMissing(f"The index “{self.folder}” has been taken away. Index the archive again.")
        return manifest.read(self.folder, generation)

    def read(self, known: Collection[str] = ()) -> tuple[int, list[ColumnarSegment]]:
        """The last generation: its number and its segments.

        Args:
            known: names of segments whose files are open.

        Raises:
            OSError: when a commit removes it meanwhile (see `patiently`).
            IndexMissing, IndexDamaged, NotAnIndex: when there is none that can be read.
        """
        current = self.manifest()
        table = manifest.table(self.folder, current)
        segments = segments_of(self.folder, current, table)
        try:
            changed = manifest.changed(self.folder, current, {f"{name}{e}" for name in known for e in ENDINGS})
        except FileNotFoundError as error:
            if self.generation != current.generation:
                raise
            raise IndexDamaged(f"“{error.filename}” has been lost. Restore it, or index the archive again.") from error
        if changed:
            raise IndexDamaged(f"“{self.folder / changed[0]}” is damaged. Restore it, or index the archive again.")
        return current.generation, segments

    def write(self, generation: int, segments: list[ColumnarSegment]) -> None:
        """Make these segments the next generation, durably, and remove the files that it does not name."""
        publish(self.folder, generation, segments)

    def close(self) -> None:
        """Let go of the directory, of which nothing is kept open."""


def _generation(folder: Path) -> int:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return -1
    return max((number for name in names if (number := manifest.generation_of(name)) is not None), default=-1)


def segments_of(folder: Path, current: manifest.Manifest, table: bytes) -> list[ColumnarSegment]:
    """The segments that a table of contents names, whose bytes are known to be good.

    Raises:
        IndexDamaged, NotAnIndex: when it names none of ours.
    """
    storage = RamStorage()
    storage.files[manifest.table_path(folder, current.generation).name] = table
    try:
        contents = TOC.read(storage, NAME, current.generation)
    except Exception as error:  # bytes that were written so, by another version of Whoosh or of this program
        raise IndexDamaged(f"The index “{folder}” cannot be read: {error!r}. Index the archive again.") from error
    for segment in contents.segments:
        if not isinstance(segment, ColumnarSegment):
            raise NotAnIndex(f"“{folder}” is an index of another program. Name another place.")
    return list(contents.segments)


def publish(folder: Path, generation: int, segments: list[ColumnarSegment]) -> None:
    """Make segments, whose files are on disk, a generation, durably, and remove the files that it does not name.

    The new name of the table of contents is the commit: before it the generation before is whole, after it this one.
    """
    storage = RamStorage()
    TOC(schema(), segments, generation).write(storage, NAME)
    path = manifest.table_path(folder, generation)
    table = bytes(storage.files[path.name])
    names = [f"{segment.name}{ending}" for segment in segments for ending in ENDINGS]
    beside = [name for name in (blocked.NAME, authority.NAME) if (folder / name).exists()]
    manifest.write(folder, generation, table, names, beside)
    disk.put(path, table)
    disk.sync_folder(folder)
    recovery.sweep(recovery.left_over(folder, manifest.read(folder, generation)))


def create(folder: Path) -> None:
    """Make a directory that an index can be in, if it is not there.

    Raises:
        NotAnIndex: when something else is there.
        IndexProblem: when it cannot be made.
    """
    try:
        if folder.is_dir() and any(manifest.generation_of(path.name) is not None for path in folder.iterdir()):
            return
        if folder.exists() and (not folder.is_dir() or any(not _begun(path) for path in folder.iterdir())):
            raise NotAnIndex(f"“{folder}” is not an index. Name a new directory, or one that an index is in.")
        folder.mkdir(parents=True, exist_ok=True)
        disk.sync_folder(folder.parent)
    except OSError as error:
        raise IndexProblem(f"No index can be made at “{folder}”: {error.strerror or error}.") from error


def begin(folder: Path) -> None:
    """Make an empty index in a directory that has none. For who holds its lock.

    Raises:
        IndexProblem: when it cannot be made.
    """
    try:
        if all(manifest.generation_of(path.name) is None for path in folder.iterdir()):
            publish(folder, 0, [])
    except OSError as error:
        raise IndexProblem(f"No index can be made at “{folder}”: {error.strerror or error}.") from error


def _begun(path: Path) -> bool:
    """Whether a file is all that is left of the making of an index that was stopped."""
    return path.name.startswith(manifest.path_of(path.parent, 0).stem) or path.name == lock.FILE


def patiently(read: Callable[[], T], folder: Path) -> T:
    """Read something of the last generation; a commit that removes its files meanwhile only makes it try again.

    Raises:
        IndexDamaged: when files are still missing after a second.
        IndexProblem: when they may not be read.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return read()
        except PermissionError as error:
            raise IndexProblem(f"The index “{folder}” cannot be opened: {error.strerror}.") from error
        except OSError as error:
            if attempt == _ATTEMPTS - 1:
                raise IndexDamaged(f"The index “{folder}” cannot be read: {error}. Index the archive again.") from error
            time.sleep(_PAUSE_S)
    raise AssertionError("unreachable")
