"""Tables of articles: CSV, TSV and the like, with a header line that names the columns, one article per row.

Columns are recognised by their names (see `columns`). The separator is a comma, a semicolon, a tab or a vertical bar,
whichever splits the header into the most known columns; or what a line before the header names, as `sep=;` for Excel. A
field that contains the separator, a quote or a line end is in quotes, with quotes in it doubled. Lists are separated by
`;` or `|`.

A line that breaks these rules is rejected with its number, and the next one starts a new row, so that an unclosed quote
costs only its own row. Any number of rows is read, with one in memory at a time.

UTF-8, UTF-16 with a byte order mark, or otherwise Windows-1252, decided line by line.

Source: RFC 4180.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO

from indexer.readers.shared import columns
from indexer.readers.shared.record import Item, Origin
from indexer.safe.stray_bytes import decoded
from search.errors import BadRecord

SEPARATORS = ",;\t|"
MAX_LINE = 16 * 1024 * 1024
"""Bytes of a line."""
MAX_ROW = 4 * 1024 * 1024
"""Characters of a row, which may have many lines."""
MAX_HEADER = 256 * 1024
_AGAIN = 8
"""How often all characters of a table may be given back on average, to be looked at again: time stays linear."""
MAX_COLUMNS = 1_000

_SUFFIXES = (".csv", ".tsv", ".tab")
_MIN_KNOWN = 2
_BLOCK = 1 << 16
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_NAMES_SEPARATOR = re.compile(r'("?)sep=([^\w\s"]|\t)\1\s*', re.IGNORECASE)
_QUOTES = re.compile('"+')
_ODD_QUOTES = re.compile('(?<!")"(?:"")*+(?!")')
_OPEN = "It opens a quote and does not close it."


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is a table: by a header with two known columns, one of them the text; or by its name."""
    if name.lower().endswith(_SUFFIXES):
        return b"\0" not in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        header = _begun(_Lines(_lines(io.BytesIO(head))))[1]
        columns.fields_of(header, {})
    except BadRecord:
        return False
    return columns.known(header) >= _MIN_KNOWN


def read(file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Read the articles of a table, and a BadRecord for each row that cannot be read.

    Args:
        names: field → the name of its column in the table.
    """
    lines = _Lines(_lines(file))
    try:
        first, header, separator = _begun(lines)
        fields = columns.fields_of(header, names or {})
    except BadRecord as problem:
        yield problem
        return
    number, repeated = 0, first.rstrip()
    while (line := lines.next_filled()) is not None:
        at = lines.number
        values = _row(line, lines, separator, len(header))
        if isinstance(values, list) and not any(value.strip() for value in values):
            continue
        number += 1
        if line.rstrip() == repeated:
            values = "It repeats the first line, which names the columns."
        if isinstance(values, str):
            yield BadRecord(values, at)
            continue
        try:
            yield columns.row(values, header, fields, origin, number)
        except BadRecord as problem:
            yield problem.with_reason(problem.reason, at)
    if not number:
        yield BadRecord("It has a header and no rows.")


class _Lines:
    """An iterator of lines with pushback."""

    def __init__(self, blocks: Iterator[list[str]]) -> None:
        self._blocks = blocks
        self._ahead: deque[str] = deque()
        self._furthest = 0
        self._left = _AGAIN * MAX_ROW
        self.number = 0
        self.open_until = 0
        """The line at which a row ended that was open all the time; so does any that is open on the way there."""

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
        self._ahead.extendleft(reversed(lines))
        self.number -= len(lines)
        self._left -= sum(map(len, lines))

    @property
    def may_go_on(self) -> bool:
        """False if so many lines were given back that the row of the next is to be only itself, or if it ends open."""
        return self._left > 0 and self.number >= self.open_until


def _lines(file: BinaryIO) -> Iterator[list[str]]:
    """The lines of a file with their ends, many at a time; a NUL instead of one that is too long."""
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
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16")("replace") if is_utf_16 else None
    held = b""
    while data:
        piece = held + (decoder.decode(data).encode() if decoder else data)
        size = len(piece) - (piece.endswith(b"\r") + piece.endswith(b"\r\r"))
        yield piece[:size]
        held = piece[size:]
        data = file.read(_BLOCK)
    yield held + (decoder.decode(b"", final=True).encode() if decoder else b"")


def _begun(lines: _Lines) -> tuple[str, list[str], str]:
    """The line that names the columns, the names, and the separator. Raises BadRecord if there are none."""
    line = lines.next_filled()
    named = _NAMES_SEPARATOR.fullmatch(line) if line is not None else None
    if named is not None:
        line = lines.next_filled()
    if line is None:
        raise BadRecord("It is empty.")
    if line == "\0" or len(line) > MAX_HEADER:
        raise BadRecord(
            f"Its first line, which should name the columns, is longer than {MAX_HEADER // 1024} kB.", lines.number
        )
    separator = named[2] if named is not None else _separator(line)
    header = [name.strip() for name in _split(line, separator)]
    if len(header) > MAX_COLUMNS:
        raise BadRecord(f"It has {len(header):,} columns, more than {MAX_COLUMNS:,}.", lines.number)
    return line, header, separator


def _separator(line: str) -> str:
    """The separator of columns: the one that gives the most known columns, then the most columns."""
    split = {mark: _split(line, mark) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: (columns.known(split[mark]), len(split[mark])))


def _row(line: str, lines: _Lines, separator: str, size: int) -> list[str] | str:
    """The values of the row that begins with a line and may go on in the next ones.

    If the row is invalid, the result is the reason why its first line is rejected, and the next line starts the next
    row.
    """
    if line == "\0":
        return f"The line is longer than {MAX_LINE // 2**20} MB."
    taken = [line]
    length = len(line)
    is_open = _open_after(line, False, separator)
    if is_open and not lines.may_go_on:
        return _OPEN
    while is_open:
        more = lines.next()
        if more is None or more == "\0" or length > MAX_ROW:
            lines.open_until = lines.number
            lines.give_back(taken[1:] + ([more] if more is not None else []))
            return f"It opens a quote that is not closed within {MAX_ROW // 2**20} MB." if length > MAX_ROW else _OPEN
        taken.append(more)
        length += len(more)
        is_open = _open_after(more, True, separator)
    values = _split("".join(taken), separator)
    while len(values) > size and not values[-1].strip():
        values.pop()
    if len(values) == size:
        return values
    lines.give_back(taken[1:])
    if len(taken) > 1:
        return "It opens a quote that another row closes, or has a quote that is not doubled inside quotes."
    return f"It has {len(values)} columns, the header has {size}."


def _split(row: str, separator: str) -> list[str]:
    """The values of a row, which may be a whole file long: memory is in proportion to it.

    A quote opens a value only at its beginning; what is between a closing quote and the next separator belongs to it.
    """
    row = row.rstrip("\r\n")
    if '"' not in row:
        return row.split(separator)
    values = []
    at = 0
    while True:
        quoted = ""
        if row.startswith('"', at):
            end = _closing(row, at + 1)
            quoted = row[at + 1 : end].replace('""', '"')
            at = end + 1
        end = row.find(separator, at)
        if end < 0:
            values.append(quoted + row[at:])
            return values
        values.append(quoted + row[at:end])
        at = end + 1


def _open_after(line: str, is_open: bool, separator: str) -> bool:
    """True if a line ends inside quotes, which open only at the beginning of a field."""
    at = 0
    while True:
        if is_open:
            at = _closing(line, at) + 1
            if at > len(line):
                return True
        opening = _opening(separator).search(line, at)
        if opening is None:
            return False
        at, is_open = opening.end(), True


@lru_cache
def _opening(separator: str) -> re.Pattern[str]:
    return re.compile(rf'(?:\A|{re.escape(separator)})"')


def _closing(row: str, at: int) -> int:
    """The position of the quote that closes the value around a place; the end of the row if none does.

    It is the last of an odd number of quotes, of which two each are one in the value.
    """
    at = row.find('"', at)
    if at < 0:
        return len(row)
    ends = _QUOTES.match(row, at).end()  # type: ignore[union-attr]  # there is one
    if (ends - at) % 2:
        return ends - 1
    found = _ODD_QUOTES.search(row, ends)
    return found.end() - 1 if found else len(row)
