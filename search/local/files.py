"""A file of named arrays: written once, checksummed, memory-mapped.

Every file of a segment is one: bytes of the arrays, each aligned to 64; then a table of contents as JSON (name → type,
place, length, CRC-32); then 24 bytes that say where the table is, its own CRC-32, and what the file is. Arrays may be
appended to in pieces, so that a merge needs no array whole in memory. Opening reads the table only.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
from numpy.typing import NDArray

from search.errors import IndexDamaged

ALIGNMENT = 64
MAGIC = b"DTLN"
VERSION = 2
_TAIL = struct.Struct("<QIII4s")  # place of the table, its length, its CRC-32, version, magic

Array = NDArray[Any]


class ArrayFileWriter:
    """Writes the arrays of one file; `close` makes it durable."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._table: dict[str, dict[str, Any]] = {}
        self._place = 0
        self._open: str | None = None

    def add(self, name: str, array: Array) -> None:
        """Write a whole array of one dimension."""
        self.begin(name, array.dtype)
        self.append(array)

    def begin(self, name: str, dtype: np.dtype[Any]) -> None:
        """Start an array that `append` fills."""
        padding = -self._place % ALIGNMENT
        self._file.write(b"\0" * padding)
        self._place += padding
        self._table[name] = {"type": dtype.str, "place": self._place, "bytes": 0, "crc": 0}
        self._open = name

    def append(self, piece: Array) -> None:
        """Add to the array that was begun last."""
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
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


class ArrayFile:
    """The arrays of a file, mapped into memory; they stay valid as long as anything refers to them.

    Raises:
        IndexDamaged: when the file is not whole.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _TAIL.size:
                raise IndexDamaged(f"“{path}” is cut short. Restore it, or index the archive again.")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        place, length, crc, version, magic = _TAIL.unpack(self._map[size - _TAIL.size :])
        table = self._map[place : place + length]
        if magic != MAGIC or place + length + _TAIL.size != size or zlib.crc32(table) != crc:
            raise IndexDamaged(f"“{path}” is damaged. Restore it, or index the archive again.")
        if version != VERSION:
            raise IndexDamaged(
                f"“{path}” is of format {version}; this program reads {VERSION}. Index the archive again."
            )
        self._table: Mapping[str, Mapping[str, Any]] = orjson.loads(table)
        self._arrays: dict[str, Array] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            entry = self._table[name]
            dtype = np.dtype(entry["type"])
            array = np.frombuffer(self._map, dtype, entry["bytes"] // dtype.itemsize, entry["place"])
            self._arrays[name] = array
        return array

    def damaged(self) -> list[str]:
        """The names of the arrays whose bytes are not those that were written. Reads the whole file."""
        return [
            name
            for name, entry in self._table.items()
            if zlib.crc32(self._map[entry["place"] : entry["place"] + entry["bytes"]]) != entry["crc"]
        ]
