"""Here is an article number, give me the article: records, each compressed by itself.

Useful for the hits of one page. Not for anything that looks at every match, which uses columns; reading an article
takes some 2 µs. Records are compressed with a dictionary made of the first ones of their segment: so they take less
than they would in blocks, and none is decompressed for another.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import zstandard

from search.files.array_file import ArrayFile, ArrayFileWriter

SAMPLES = 256
"""Records that a dictionary is made of; a segment with fewer has none."""
DICTIONARY = 32 << 10
"""Bytes of a dictionary, at most."""
TRAINING = {"k": 500, "d": 8, "f": 18}
"""How it is made: of pieces of 500 bytes, by the frequency of 8 bytes, counted in 2¹⁸ places. zstandard by itself tries
several sizes of pieces, which takes six times as long and saves at most 0.6 % of what is stored."""
LEVEL = 3
TOGETHER = 64
"""Records that are written to the file at a time."""


class StoreWriter:
    """Compresses records into a file as they are added; `finish` writes the rest."""

    def __init__(self, file: ArrayFileWriter) -> None:
        self._compressor: zstandard.ZstdCompressor | None = None
        self._dictionary = b""
        self._waiting: list[bytes | bytearray | memoryview] = []  # as zstandard takes them
        self._frames: list[bytes] = []
        self._sizes = array("q")
        self._file = file
        file.begin("records", np.dtype(np.uint8))

    def add(self, record: bytes) -> None:
        """Add the next article's record."""
        if self._compressor is not None:
            self._write(self._compressor, record)
            return
        self._waiting.append(record)
        if len(self._waiting) == SAMPLES:
            with suppress(zstandard.ZstdError):  # records that are too short or too much alike to learn from
                self._dictionary = zstandard.train_dictionary(DICTIONARY, self._waiting, **TRAINING).as_bytes()
            self._begin()

    def _begin(self) -> None:
        """Compress the records that wait, and then each as it is added."""
        self._compressor = _compressor(self._dictionary)
        for waiting in self._waiting:
            self._write(self._compressor, waiting)
        self._waiting.clear()

    def _write(self, compressor: zstandard.ZstdCompressor, record: bytes | bytearray | memoryview) -> None:
        frame = compressor.compress(record)
        self._sizes.append(len(frame))
        self._frames.append(frame)
        if len(self._frames) == TOGETHER:
            self._flush()

    def _flush(self) -> None:
        self._file.append(np.frombuffer(b"".join(self._frames), np.uint8))
        self._frames.clear()

    def finish(self) -> None:
        """Write the remaining records, the dictionary, and the offsets."""
        if self._compressor is None:
            self._begin()
        self._flush()
        self._file.add("dictionary", np.frombuffer(self._dictionary, np.uint8))
        self._file.add("ends", np.cumsum(np.array(self._sizes, np.int64)))


def _compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    if not dictionary:
        return zstandard.ZstdCompressor(level=LEVEL)
    data = zstandard.ZstdCompressionDict(dictionary)
    data.precompute_compress(level=LEVEL)
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=data)


class Store:
    """The records of one segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._ends = file["ends"]
        self._frames = memoryview(file["records"].data)
        self._thread = threading.local()

    @property
    def _decompressor(self) -> zstandard.ZstdDecompressor:
        """That of this thread: it cannot be shared."""
        found: zstandard.ZstdDecompressor | None = getattr(self._thread, "decompressor", None)
        if found is None:
            dictionary = self._file["dictionary"].tobytes()
            data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
            found = self._thread.decompressor = zstandard.ZstdDecompressor(dict_data=data)
        return found

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self._ends)))

    def __getitem__(self, article: int) -> bytes:
        start = int(self._ends[article - 1]) if article else 0
        return self._decompressor.decompress(self._frames[start : int(self._ends[article])])
