"""A file of named arrays: written once, checksummed, memory-mapped.

Every file of a segment is one: bytes of the arrays, each aligned to 64; then a table of contents as JSON (name → type,
offset, length, CRC-32); then 24 bytes with the offset of the table, its own CRC-32, and the type of the file. Arrays
may be appended to in pieces, so that a merge needs no whole array in memory. Opening reads only the table; `damaged`
reads everything (2 GB a second from memory), `check` some of it and the rest in the background.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from search.errors import IndexDamaged
from search.system import disk
from search.system.json import Json

ALIGNMENT = 64
MAGIC = b"DTLN"
VERSION = 4
_TAIL = struct.Struct("<QIII4s")  # offset of the table, its length, its CRC-32, version, magic

_TYPES = {np.dtype(code).str: np.dtype(code).itemsize for code in ("u1", "<u2", "<u4", "<u8", "i1", "<i2", "<i4", "<i8",
                                                                   "<f4", "<f8")}  # fmt: skip
"""The types that an array may have, and their sizes in bytes."""

AT_ONCE_BYTES = 64 * 1024 * 1024
"""How much `check` reads before it returns; the rest is read in the background."""

PIECE_BYTES = 4 * 1024 * 1024
"""How much is checked before it is released."""

Array = NDArray[Any]
"""An array of any type."""


class ArrayFileWriter:
    """Writes the arrays of one file; `close` makes it durable."""

    def __init__(self, file: disk.File) -> None:
        self._file = file
        self._table: dict[str, Json] = {}
        self._place = 0
        self._open: str | None = None

    def add(self, name: str, array: Array) -> None:
        """Write a whole array of one dimension."""
        self.begin(name, array.dtype)
        self.append(array)

    def add_parts(self, name: str, parts: Sequence[Array]) -> None:
        """Write an array that is in parts, at least one, in the widest of their types."""
        dtype = max((part.dtype for part in parts), key=lambda dtype: dtype.itemsize)
        self.begin(name, dtype)
        for part in parts:
            self.append(part.astype(dtype, copy=False))

    def begin(self, name: str, dtype: np.dtype[Any]) -> None:
        """Start an array that `append` fills."""
        padding = -self._place % ALIGNMENT
        self._file.write(b"\0" * padding)
        self._place += padding
        self._table[name] = {"type": dtype.str, "place": self._place, "bytes": 0, "crc": 0}
        self._open = name

    def append(self, piece: Array) -> None:
        """Append to the array that was begun last."""
        assert self._open is not None
        entry = self._table[self._open]
        data = np.ascontiguousarray(piece).view(np.uint8).data
        self._file.write(data)
        entry["bytes"] += len(data)
        entry["crc"] = zlib.crc32(data, entry["crc"])
        self._place += len(data)

    def close(self) -> None:
        """Write the table and force everything to disk."""
        table = orjson.dumps(self._table)
        self._file.write(table)
        self._file.write(_TAIL.pack(self._place, len(table), zlib.crc32(table), VERSION, MAGIC))
        disk.sync(self._file)
        self._file.close()


def identity(path: Path) -> tuple[int, int]:
    """The size of a file of arrays and the checksum of its table, which identify it; 0, 0 if it is not such a file."""
    with disk.read_only(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size < _TAIL.size:
            return 0, 0
        file.seek(size - _TAIL.size)
        return size, int(_TAIL.unpack(file.read(_TAIL.size))[2])


class ArrayFile:
    """The arrays of a file, mapped into memory; they stay valid as long as anything refers to them.

    Attributes:
        is_undamaged: true unless damage has been found.

    Raises:
        IndexDamaged: if the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with disk.read_only(path) as file:
            self._opened_as = _stamp(os.fstat(file.fileno()))
            size = self._opened_as[0]
            if size < _TAIL.size:
                raise IndexDamaged(f"“{path}” is truncated. Restore it, or index the archive again.")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        place, length, crc, version, magic = _TAIL.unpack(self._map[size - _TAIL.size :])
        if magic == MAGIC and version != VERSION:
            raise IndexDamaged(
                f"“{path}” is of format {version}; this program reads {VERSION}. "
                "Rebuild the index: dateline index NEW FOLDER."
            )
        table = self._map[place : place + length]
        if magic != MAGIC or place + length + _TAIL.size != size or zlib.crc32(table) != crc:
            raise self._damaged()
        self._end = self._map[place:]
        checked = _checked(table, place)
        if checked is None:
            raise self._damaged()
        self._table = checked
        self._arrays: dict[str, Array] = {}
        self.is_undamaged = True

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged(f"“{self.path}” is damaged. Restore it, or index the archive again.")

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            entry = self._table.get(name)
            if entry is None:
                raise self._damaged()
            dtype = np.dtype(entry["type"])
            array = np.frombuffer(self._map, dtype, entry["bytes"] // dtype.itemsize, entry["place"])
            self._arrays[name] = array
        return array

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its arrays."""
        return tuple(self._table)

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return len(self._map)

    @property
    def identity(self) -> tuple[int, int]:
        """The result of `identity` for its path."""
        return self.size, int(_TAIL.unpack(self._end[-_TAIL.size :])[2])

    def damaged(self) -> list[str]:
        """The names of the arrays whose bytes are not as written, “” for the bytes around them.

        Reads the whole file, and releases what was read, some at a time: those who open it read a small part.
        """
        found: list[str] = []
        end = 0
        with memoryview(self._map) as data:
            for name, entry in self._table.items():
                if any(data[end : entry["place"]]):
                    found.append("")
                end = entry["place"] + entry["bytes"]
                crc = 0
                for begin in range(entry["place"], end, PIECE_BYTES):
                    with data[begin : min(begin + PIECE_BYTES, end)] as piece:
                        crc = zlib.crc32(piece, crc)
                        self.release(begin, len(piece))
                if crc != entry["crc"]:
                    found.append(name)
            if data[end:] != self._end:
                found.append("")
        return found

    def verify(self) -> None:
        """Read the whole file, and make sure that its bytes are as written; see `damaged`. Raises IndexDamaged."""
        if self.damaged():
            self.is_undamaged = False
            raise self._damaged()

    def release(self, begin: int = 0, size: int | None = None) -> None:
        """Take what was read out of the memory of this process; it stays in the system's cache of files.

        Args:
            begin: the first byte of what was read.
            size: how many bytes; None for all that follow.
        """
        before = begin % mmap.PAGESIZE
        length = (self.size - begin if size is None else size) + before
        self._map.madvise(mmap.MADV_DONTNEED, begin - before, length)

    def check_unchanged(self) -> None:
        """Make sure, with one system call, that the file has not been changed since it was opened.

        A file that has been removed or replaced by another is not an error: the mapping stays valid. One that has been
        written to is read again.

        Raises:
            IndexDamaged: if it has been damaged, now or before.
        """
        if not self.is_undamaged:
            raise self._damaged()
        try:
            stamp = _stamp(self.path.stat())
        except FileNotFoundError:
            return
        size, inode, _ = self._opened_as
        if stamp != self._opened_as and stamp[1] == inode:
            if stamp[0] != size:
                self.is_undamaged = False
                raise self._damaged()
            self.verify()
            self._opened_as = stamp

    @property
    def named(self) -> bool:
        """True if its path still names this file, and not another that has replaced it."""
        try:
            return self.path.stat().st_ino == self._opened_as[1]
        except FileNotFoundError:
            return False


def _checked(table: bytes, end: int) -> Mapping[str, Json] | None:
    """The parsed table of contents; None if no writer of ours would have written it."""
    try:
        found: dict[str, Json] = orjson.loads(table)
        for entry in found.values():
            place, size = entry["place"], entry["bytes"]
            numbers = all(type(number) is int and number >= 0 for number in (place, size, entry["crc"]))
            if not numbers or place + size > end or place % ALIGNMENT or size % _TYPES[entry["type"]]:
                return None
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return None
    return found


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_ino, found.st_mtime_ns


def check(files: Iterable[ArrayFile]) -> None:
    """Check the bytes of opened files: the small ones now, large ones in the background.

    A file found damaged in the background is no longer `is_undamaged`, which `ArrayFile.check_unchanged` reports.

    Raises:
        IndexDamaged: if bytes are not as written.
    """
    left = AT_ONCE_BYTES
    behind: list[ArrayFile] = []
    for file in sorted(files, key=lambda file: file.size):
        left -= file.size
        if left < 0:
            behind.append(file)
        else:
            file.verify()
    if behind:
        threading.Thread(target=_check_behind, args=(behind,), name="dateline-check", daemon=True).start()


def _check_behind(files: Iterable[ArrayFile]) -> None:
    for file in files:
        with suppress(IndexDamaged):  # remembered by `is_undamaged`
            file.verify()
