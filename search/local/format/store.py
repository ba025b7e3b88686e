"""Here is an article number, give me the article: records in compressed blocks.

Useful for the hits of one page. Not for anything that looks at every match, which uses columns; reading an article
decompresses its whole block, some 30 µs.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator, Sequence

import numpy as np
import zstandard

from search.local.format.array_file import ArrayFile, ArrayFileWriter

BLOCK = 8
"""Articles compressed together."""
LEVEL = 1

_contexts = threading.local()


class StoreWriter:
    """Compresses records into a file as they are added; `finish` writes the rest."""

    def __init__(self, file: ArrayFileWriter) -> None:
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)
        self._waiting: list[bytes] = []
        self._sizes = array("q")
        self._lengths = array("I")
        self._file = file
        file.begin("blocks", np.dtype(np.uint8))

    def add(self, record: bytes) -> None:
        """Add the next article's record."""
        self._waiting.append(record)
        self._lengths.append(len(record))
        if len(self._waiting) == BLOCK:
            self._flush()

    def _flush(self) -> None:
        block = self._compressor.compress(b"".join(self._waiting))
        self._waiting.clear()
        self._sizes.append(len(block))
        self._file.append(np.frombuffer(block, np.uint8))

    def finish(self) -> None:
        """Write the remaining records, and the offsets."""
        if self._waiting:
            self._flush()
        self._file.add("lengths", np.array(self._lengths, np.uint32))
        self._file.add("ends", np.cumsum(np.array(self._sizes, np.int64)))


class Store:
    """The records of one segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._lengths = file["lengths"]
        self._ends = file["ends"]
        self._blocks = memoryview(file["blocks"].data)

    def block(self, number: int) -> list[bytes]:
        """All records of a block."""
        decompressor = getattr(_contexts, "decompressor", None)
        if decompressor is None:
            decompressor = _contexts.decompressor = zstandard.ZstdDecompressor()
        start = int(self._ends[number - 1]) if number else 0
        data = decompressor.decompress(self._blocks[start : int(self._ends[number])])
        lengths: Sequence[int] = self._lengths[number * BLOCK : (number + 1) * BLOCK].tolist()
        records, at = [], 0
        for length in lengths:
            records.append(data[at : at + length])
            at += length
        return records

    def __iter__(self) -> Iterator[bytes]:
        for number in range(len(self._ends)):
            yield from self.block(number)

    def __getitem__(self, article: int) -> bytes:
        return self.block(article // BLOCK)[article % BLOCK]
