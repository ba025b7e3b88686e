"""The lines of a table, as an iterator that takes lines back; a whole file is never in memory.

UTF-8, UTF-16 where that is certain (see `utf_16`), or otherwise Windows-1252, decided line by line.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from indexer.safe import utf_16
from indexer.safe.stray_bytes import Strays, decoded

MAX_LINE = 16 * 1024 * 1024
"""Bytes of a line."""
MAX_ROW = 4 * 1024 * 1024
"""Characters of a row, which may have many lines."""
_AGAIN = 8
"""How often all characters of a table may be returned on average, to be read again: time stays linear."""
_BLOCK = 1 << 16
_LINE_END = re.compile(rb"\r{0,2}\n|\r")


class Lines:
    """An iterator of lines with pushback."""

    def __init__(self, blocks: Iterator[list[str]], ends_in_cr: bool = False) -> None:
        self._blocks = blocks
        self._ahead: deque[str] = deque()
        self._furthest = 0
        self._left = _AGAIN * MAX_ROW
        self.number = 0
        self.ends_in_cr = ends_in_cr
        """True if the line that names the columns ends in CR alone, so that CR is no character of a value."""
        self._refused: dict[object, range] = {}
        """Rule → the lines at whose ends a row was open that is none; neither is any other that is open there."""

    def next(self) -> str | None:
        """The next line with its end; None after the last."""
        while not self._ahead:
            lines = next(self._blocks, None)
            if lines is None:
                return None
            self._ahead.extend(lines)
        self.number += 1
        line = self._ahead.popleft()
        if self.number > self._furthest:
            self._furthest = self.number
            self._left = min(self._left + _AGAIN * len(line), _AGAIN * MAX_ROW)
        return line

    def next_filled(self) -> str | None:
        """The next line that is not blank; None after the last."""
        line = self.next()
        while line is not None and not line.strip():
            line = self.next()
        return line

    def give_back(self, lines: list[str]) -> None:
        """Have lines next that were the last ones."""
        self._ahead.extendleft(reversed(lines))
        self.number -= len(lines)
        self._left -= sum(map(len, lines))

    def may_go_on(self, rule: object) -> bool:
        """False if a row that is open after this line is known to be none, or too many lines were returned."""
        return self._left > 0 and self.number not in self._refused.get(rule, ())

    def refuse(self, rule: object, first: int, until: int) -> None:
        """Remember that no row that is open at the end of a line from the first until another, without it, is one."""
        self._refused[rule] = range(first, until)


def of(file: BinaryIO, strays: Strays) -> Iterator[list[str]]:
    """The lines of a file with their ends, many at a time; a NUL instead of one that is too long.

    Args:
        strays: is told of bytes that are not UTF-8.
    """
    for block in _blocks(file):
        if not block:
            yield ["\0"]
            continue
        lines = block.replace(b"\0", b"").replace(codecs.BOM_UTF8, b"").splitlines(keepends=True)
        if b"\r\r\n" in block:
            lines = _joined(lines)
        try:
            yield [line.decode("utf-8") for line in lines]
        except UnicodeDecodeError:
            strays.are_there = True
            yield [decoded(line) for line in lines]


def _joined(lines: list[bytes]) -> list[bytes]:
    """Lines of which none is only the rest of a line end of CR, CR and LF."""
    whole: list[bytes] = []
    for line in lines:
        if line == b"\r\n" and whole and whole[-1].endswith(b"\r"):
            whole[-1] += line
        else:
            whole.append(line)
    return whole


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file as blocks of whole lines; an empty one instead of a line that is too long."""
    begun = bytearray()  # a line without its end
    too_long = False
    for data in _read(file):
        if too_long:
            end = _LINE_END.search(data) if b"\n" in data or b"\r" in data else None
            if end is None:
                continue
            yield b""
            data = data[end.end() :]
            too_long = False
        at = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if at:
            begun += data[:at]
            block = bytes(begun)
            begun.clear()
            yield block
        begun += data[at:]
        if len(begun) > MAX_LINE:
            begun.clear()
            too_long = True
    if begun or too_long:
        yield bytes(begun)


def _read(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, in UTF-8 where it is UTF-16; no piece ends within a line end."""
    data = file.read(_BLOCK)
    encoding = utf_16.encoding(data)
    decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding is not None else None
    held = b""
    while data:
        piece = held + (decoder.decode(data).encode() if decoder else data)
        size = len(piece) - (piece.endswith(b"\r") + piece.endswith(b"\r\r"))
        yield piece[:size]
        held = piece[size:]
        data = file.read(_BLOCK)
    yield held + (decoder.decode(b"", final=True).encode() if decoder else b"")
