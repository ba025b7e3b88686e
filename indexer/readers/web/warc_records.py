"""The records of a WARC file: a line `WARC/1.1`, headers, an empty line, the stated number of bytes, two empty lines.

`records` yields the intact ones, and problems for the others. It holds one record in memory, and of that no more than a
page may have. It stops reading a compressed record that expands more than text can.

Source: ISO 28500:2017, The WARC File Format 1.1.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO

from search.text.numbers import whole_number

MAX_BLOCK = 16 * 1024 * 1024
"""Bytes of a record that are read; the rest is skipped."""
MAX_LINE = 64 * 1024
MAX_HEADERS = 200
MAX_TRIED = 50_000
"""Positions after a corrupt member at which the next one is tried."""
MAX_RATIO = 200
"""The factor by which a compressed record may expand, beyond `MAX_BLOCK`."""

_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_START = b"WARC/"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a WARC file.

    Attributes:
        kind: `response`, `request`, `revisit`, …; lower case.
        url: the requested address.
        date: when, as stated in the archive.
        media_type: of the block, lower case and without parameters.
        data: the block, or its first `MAX_BLOCK` bytes.
        cut: True if it is shorter than stated, or stated to be truncated.
        too_large: True if it is longer than `data`.
    """

    kind: str
    url: str | None
    date: str | None
    media_type: str
    data: bytes
    cut: bool
    too_large: bool


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in the file where a record should begin and does not, described in words."""

    reason: str


def is_gzip(head: bytes) -> bool:
    """True if a file begins like gzip."""
    return head.startswith(_GZIP)


def unpacked_head(head: bytes) -> bytes:
    """The first bytes of a compressed file, decompressed; b"" if it is not gzip."""
    try:
        return zlib.decompressobj(31).decompress(head, 512)
    except zlib.error:
        return b""


def records(file: BinaryIO) -> Iterator[Record | Damage]:
    """Yield the records of a file in order, and a problem for each place where one is missing."""
    head = file.read(len(_GZIP))
    whole = _Rest(head, file)
    numbers = count(1)
    if not is_gzip(head):
        yield from _records(whole, numbers)
        return
    members = _Members(whole)
    while not members.ended:
        yield from _records(_Rest(b"", io.BufferedReader(members, _CHUNK)), numbers)
        if problem := members.go_on():
            yield Damage(problem)


class _Rest:
    """A file with some of its bytes pushed back."""

    def __init__(self, pushed_back: bytes, file: BinaryIO | io.BufferedReader) -> None:
        self._pushed_back = io.BytesIO(pushed_back)
        self._file = file

    def read(self, size: int) -> bytes:
        data = self._pushed_back.read(size)
        while len(data) < size and (more := self._file.read(size - len(data))):
            data += more
        return data

    def line(self) -> bytes:
        """A line with its end, or `MAX_LINE` bytes of one; b"" at the end of the file."""
        data = self._pushed_back.readline(MAX_LINE)
        if data.endswith(b"\n") or len(data) == MAX_LINE:
            return data
        return data + self._file.readline(MAX_LINE - len(data))

    def pass_over(self) -> int:
        """Advance to the next line that begins a record; returns the number of skipped bytes."""
        passed, data = 0, b"\n"
        while more := self.read(_CHUNK):
            data += more
            if (at := data.find(b"\n" + _START)) >= 0:
                self.push_back(data[at + 1 :])
                return passed + at
            passed += len(data) - len(_START)
            data = data[-len(_START) :]
        return passed + len(data) - 1

    def push_back(self, data: bytes) -> None:
        self._pushed_back = io.BytesIO(data + self._pushed_back.read())


def _records(rest: _Rest, numbers: Iterator[int]) -> Iterator[Record | Damage]:
    number = 0
    while line := rest.line():
        if not line.strip(b"\r\n"):
            continue
        if not line.startswith(_START):
            size = len(line) + rest.pass_over()
            what = "a length is wrong, or something is missing"
            yield Damage(f"After record {number}, {size:,} bytes belong to no record: {what}.")
            continue
        number = next(numbers)
        headers = _headers(rest)
        length = whole_number(headers.get("content-length", ""), 18)
        if length is None:
            yield Damage(f"Record {number} does not say how long it is.")
            continue
        yield _record(headers, length, rest)


def _headers(rest: _Rest) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for _ in range(MAX_HEADERS):
        line = rest.line()
        if not line.strip():
            break
        if line.startswith(_START):  # the record ended in its headers
            rest.push_back(line)
            break
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in " \t" and last:
            found[last] += f" {text.strip()}"
            continue
        name, _, value = text.partition(":")
        last = name.strip().lower()
        found.setdefault(last, value.strip())
    return found


def _record(headers: Mapping[str, str], length: int, rest: _Rest) -> Record:
    data = rest.read(min(length, MAX_BLOCK))
    over = length - len(data) if len(data) == MAX_BLOCK else 0
    passed = 0
    while passed < over and (chunk := rest.read(min(1 << 20, over - passed))):
        passed += len(chunk)
    cut = len(data) + passed < length or "warc-truncated" in headers
    if not over:
        after = rest.read(4)
        rest.push_back(after)
        swallowed = data.find(b"\r\n\r\nWARC/1.") if after.strip(b"\r\n") or not after else -1
        if swallowed >= 0:
            rest.push_back(data[swallowed + 4 :])
            data, cut = data[:swallowed], True
    url = headers.get("warc-target-uri", "").strip("<>") or None
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Record(
        headers.get("warc-type", "").lower(), url, headers.get("warc-date"), media_type, data, cut, bool(over)
    )  # fmt: skip


class _Members(io.RawIOBase):
    """The decompressed members of a gzip file. It ends early if one is corrupt, or expands too much.

    Attributes:
        ended: True if the file has no more members.
    """

    def __init__(self, file: _Rest) -> None:
        super().__init__()
        self.ended = False
        self._problem = ""
        self._file = file
        self._packed = b""
        self._unpacker = zlib.decompressobj(31)
        self._in = self._out = 0

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        """Do nothing: the file is still in use."""

    def go_on(self) -> str:
        """Prepare to read the next member with a record; returns the problem that ended this one, "" if none did."""
        problem, self._problem = self._problem, ""
        return problem

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._problem or self.ended:
            return 0
        while True:
            if not self._packed:
                self._packed = self._file.read(_CHUNK)
            if not self._packed:
                self.ended = True
                self._problem = "Its last record is cut off." if self._in else ""
                return 0
            try:
                data = self._unpacker.decompress(self._packed, len(buffer))
            except zlib.error:
                return self._leave("A compressed record is corrupt.")
            left = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                left = self._unpacker.unused_data.lstrip(b"\0")
                self._unpacker, self._in, self._out = zlib.decompressobj(31), 0, 0
            else:
                self._in += len(self._packed) - len(left)
                self._out += len(data)
            self._packed = left
            if self._out > MAX_BLOCK and self._out > MAX_RATIO * self._in:
                return self._leave(f"A compressed record expands to more than {MAX_RATIO} times its size.")
            if self._in > 2 * _CHUNK and not self._out:
                return self._leave("A compressed record is corrupt.")
            if data:
                buffer[: len(data)] = data
                return len(data)

    def _leave(self, why: str) -> int:
        """End here, and prepare to read the next member with a record."""
        self._problem = why
        self._in = self._out = 0
        self._unpacker = zlib.decompressobj(31)
        data, tried = self._packed[1:], 0
        while tried < MAX_TRIED:
            at = data.find(_GZIP)
            while 0 <= at <= len(data) - 512 and tried < MAX_TRIED:
                tried += 1
                if unpacked_head(data[at : at + 512]).startswith(_START):
                    self._packed = data[at:]
                    return 0
                at = data.find(_GZIP, at + 1)
            tail = data[at:] if at >= 0 else data[-2:]
            more = self._file.read(_CHUNK)
            if not more:
                while tail and not unpacked_head(tail).startswith(_START):
                    at = tail.find(_GZIP, 1)
                    tail = tail[at:] if at >= 0 else b""
                self._packed = tail
                return 0
            data = tail + more
        self.ended = True
        self._problem = f"{why} No other was found after it, and the rest was not read."
        return 0
