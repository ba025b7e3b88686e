"""What is wrong with a picture, by its structure: nothing is decoded.

A picture whose end is missing is shown as half of one, or not at all, and one with too many pixels takes the memory of
a viewer. Both are told by reading a file once from its beginning: its size in the header, and its end where
the format has one. What comes after the end does not matter.

Source: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, B.1), GIF89a, WebP (RFC 9649), AVIF (ISO/IEC 14496-12), PDF (ISO 32000,
7.5.5; readers look for `%%EOF` in the last 1,024 bytes, and we in a few more).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from search.files.pictures import MAX_BYTES, TooLarge
from search.said import said

MAX_PIXELS = 250_000_000
"""The greatest number of pixels, which take a gigabyte of a browser's memory: a page of 15 by 22 inches in 600 dpi has
120 million.
"""
_MOST_PARTS = 1_000_000
"""The greatest number of parts of a picture, such as the segments of a JPEG."""
_PIECE = 1 << 18
_TAIL = 4096
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A marker of a JPEG that begins a segment: in the data of a picture, \xff is followed by a zero or a restart."""
_IEND = b"\0\0\0\0IEND\xaeB`\x82"
_SIZED = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of the segments of a JPEG that have its size."""
_EOI, _NO_LENGTH = 0xD9, (0x01, 0xD8)


class _Found(NamedTuple):
    """What the structure of a picture says.

    Attributes:
        width, height: in pixels; 0 if it does not say.
        complete: True if it has its end.
    """

    width: int
    height: int
    complete: bool


class _Forward:
    """A file that is read once, from its beginning. Raises TooLarge if it has more than `MAX_BYTES`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._data, self._at, self._left = b"", 0, MAX_BYTES

    def take(self, count: int) -> bytes:
        """The next bytes; fewer at the end of the file."""
        while len(self._data) - self._at < count and self._more():
            pass
        found = self._data[self._at : self._at + count]
        self._at += len(found)
        return found

    def skip(self, count: int) -> bool:
        """Pass over some bytes; False if the file ends before."""
        while count > len(self._data) - self._at:
            count -= len(self._data) - self._at
            self._at = len(self._data)
            if not self._more():
                return False
        self._at += count
        return True

    def after(self, sign: re.Pattern[bytes], most: int) -> bytes:
        """What is found next of a pattern, of so many bytes at most, to stand behind it; b"" if it is nowhere."""
        while (match := sign.search(self._data, self._at)) is None:
            self._at = max(self._at, len(self._data) - most + 1)
            if not self._more():
                return b""
        self._at = match.end()
        return match[0]

    def tail(self, count: int) -> bytes:
        """The last bytes of the file."""
        while self._more():
            self._at = max(self._at, len(self._data) - count)
        return self._data[-count:]

    def _more(self) -> bool:
        piece = self._file.read(_PIECE)
        self._left -= len(piece)
        if self._left < 0:
            raise TooLarge(f"It is larger than {MAX_BYTES // 2**20} MB.")
        self._data, self._at = self._data[self._at :] + piece, 0
        return bool(piece)


def flaw(file: BinaryIO, suffix: str, name: str) -> str:
    """What is wrong with a picture, and what to do; "" if nothing is.

    Args:
        file: at its beginning; where it is left is not defined.
        suffix: the kind, as of the names of `pictures`.
        name: its own, for the sentence.

    Raises:
        TooLarge: if it has too many bytes.
        OSError: if it cannot be read.
    """
    found = _KINDS[suffix](_Forward(file))
    if found.width * found.height > MAX_PIXELS:
        return said(
            "Its picture “{name}” has {width} × {height} pixels, and is not shown: more than {most} million take too "
            "much memory. Put a smaller one next to it.",
            name=name,
            width=found.width,
            height=found.height,
            most=MAX_PIXELS // 10**6,
        )
    if not found.complete:
        return said("Its picture “{name}” is incomplete: its end is missing. Copy it again.", name=name)
    return ""


def _png(file: _Forward) -> _Found:
    head = file.take(24)
    if len(head) < 24:
        return _Found(0, 0, False)
    width, height = struct.unpack(">II", head[16:24])
    return _Found(width, height, bool(file.after(re.compile(re.escape(_IEND)), len(_IEND))))


def _jpeg(file: _Forward) -> _Found:
    width = height = 0
    for _ in range(_MOST_PARTS):
        marker = file.after(_MARKER, 2)
        if not marker or marker[1] == _EOI:
            return _Found(width, height, bool(marker))
        if marker[1] in _NO_LENGTH:
            continue
        length = int.from_bytes(file.take(2), "big") - 2
        if marker[1] in _SIZED and length >= 5:
            height, width = struct.unpack(">xHH", file.take(5).ljust(5, b"\0"))
            length -= 5
        if not file.skip(max(0, length)):
            break
    return _Found(width, height, False)


def _gif(file: _Forward) -> _Found:
    head = file.take(13).ljust(13, b"\0")
    width, height = struct.unpack("<HH", head[6:10])
    whole, inside = file.skip(_colours(head[10])), False
    for _ in range(_MOST_PARTS):
        sign = file.take(1)
        if not (whole and sign) or (not inside and sign not in b"!,;"):
            break
        if not inside and sign == b";":
            return _Found(width, height, True)
        if inside:
            whole, inside = file.skip(sign[0]), sign != b"\0"
        elif sign == b"!":
            whole, inside = file.skip(1), True
        else:
            described = file.take(9).ljust(9, b"\0")
            whole, inside = file.skip(_colours(described[8]) + 1), True
    return _Found(width, height, False)


def _colours(flags: int) -> int:
    """The bytes of a table of colours; 0 if there is none."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(file: _Forward) -> _Found:
    read = file.take(30)
    head = read.ljust(30, b"\0")
    size = int.from_bytes(head[4:8], "little") + 8
    match head[12:16]:
        case b"VP8X":
            width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return _Found(width, height, len(read) > 16 and file.skip(max(0, size - len(read))))


def _avif(file: _Forward) -> _Found:
    width = height = 0
    kinds: set[bytes] = set()
    for _ in range(_MOST_PARTS):
        head = file.take(8)
        size, kind, read = int.from_bytes(head[:4], "big"), head[4:], 8
        if size == 1:
            size, read = int.from_bytes(file.take(8), "big"), 16
        if not head or (size == 0 and len(head) == 8):  # the end, or a part that goes on to it
            return _Found(width, height, bool({*kinds, kind} & {b"mdat", b"moov"}) and b"meta" in {*kinds, kind})
        if size < read or len(head) < 8:
            break
        kinds.add(kind)
        described = file.take(min(size - read, _PIECE)) if kind == b"meta" else b""
        for match in _ISPE.finditer(described):
            wide, high = struct.unpack(">II", match[1])
            width, height = max((width, height), (wide, high), key=lambda both: both[0] * both[1])
        if not file.skip(size - read - len(described)):
            break
    return _Found(width, height, False)


_ISPE = re.compile(rb"ispe.{4}(.{8})", re.DOTALL)
"""The property of an AVIF that has its size."""


def _pdf(file: _Forward) -> _Found:
    return _Found(0, 0, b"%%EOF" in file.tail(_TAIL))


_KINDS: dict[str, Callable[[_Forward], _Found]] = {
    ".png": _png,
    ".jpg": _jpeg,
    ".gif": _gif,
    ".webp": _webp,
    ".avif": _avif,
    ".pdf": _pdf,
}
