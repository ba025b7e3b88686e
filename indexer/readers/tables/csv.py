"""Tables of articles: CSV, TSV and the like, with a header line that names the columns, one article per row.

Columns are recognised by their names (see `columns`). The separator is a comma, a semicolon, a tab or a vertical bar,
whichever splits the header into the most known columns. A field that contains the separator, a quote or a line end is
in quotes, with quotes in it doubled. Lists are separated by `;` or `|`.

A line that breaks these rules is rejected with its number, and the next one starts a new row, so that an unclosed quote
costs only its own row. Any number of rows is read, with one in memory at a time.

UTF-8, UTF-16 with a byte order mark, or otherwise Windows-1252, decided line by line.

Source: RFC 4180.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from indexer.readers.shared import columns
from indexer.readers.shared.record import Item, Origin
from search.errors import BadRecord

SEPARATORS = ",;\t|"
MAX_LINE = 16 * 1024 * 1024
"""Bytes of a line."""
MAX_ROW = 4 * 1024 * 1024
"""Characters of a row, which may have many lines."""
MAX_HEADER = 256 * 1024
MAX_COLUMNS = 1_000

_SUFFIXES = (".csv", ".tsv", ".tab")
_MIN_KNOWN = 2
_OLD_LINE_END = re.compile(r"(?<=\r)(?!\n)")
csv.field_size_limit(MAX_ROW + MAX_LINE)


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is a table: by a header with two known columns, one of them the text; or by its name."""
    if name.lower().endswith(_SUFFIXES):
        return b"\0" not in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        _, first = next(_lines(io.BytesIO(head)), (0, ""))
        header = _header(first)
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
        first = lines.next_filled()
        if first is None:
            yield BadRecord("It is empty.")
            return
        header = _header(first)
        separator = _separator(first)
        fields = columns.fields_of(header, names or {})
    except BadRecord as problem:
        yield problem
        return
    number = 0
    while (line := lines.next_filled()) is not None:
        at = lines.number
        values = _row(line, lines, separator, len(header))
        if isinstance(values, list) and not any(value.strip() for value in values):
            continue
        number += 1
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

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self.number = 0

    def next(self) -> str | None:
        """The next line with its end; None after the last."""
        if self._given_back:
            self.number += 1
            return self._given_back.popleft()
        found = next(self._lines, None)
        if found is None:
            return None
        self.number += 1
        return found[1]

    def next_filled(self) -> str | None:
        """The next line that is not blank; None after the last."""
        line = self.next()
        while line is not None and not line.strip():
            line = self.next()
        return line

    def give_back(self, lines: list[str]) -> None:
        self._given_back.extendleft(reversed(lines))
        self.number -= len(lines)


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """The lines of a file with their size in bytes; a NUL instead of one that is too long."""
    start = file.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16-le" if start == codecs.BOM_UTF16_LE else "utf-16-be"
        text = io.TextIOWrapper(io.BufferedReader(_Unread(b"", file)), encoding=encoding, errors="replace", newline="")
        while line := text.readline(MAX_LINE):
            yield len(line), line
        text.detach()
        return
    rest = io.BufferedReader(_Unread(start, file), 1 << 16)
    first = True
    while data := rest.readline(MAX_LINE):
        if first:
            data = data.removeprefix(codecs.BOM_UTF8)
            first = False
        too_long = len(data) >= MAX_LINE and not data.endswith(b"\n")
        while too_long and (more := rest.readline(MAX_LINE)) and not more.endswith(b"\n"):
            pass
        if too_long:
            yield len(data), "\0"
        elif b"\r" in data.rstrip(b"\r\n"):
            yield from ((len(part), part) for part in _OLD_LINE_END.split(_decoded(data)) if part)
        else:
            yield len(data), _decoded(data)


class _Unread(io.RawIOBase):
    """A file with its first bytes pushed back."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        super().__init__()
        self._start = start
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._start or self._file.read(len(buffer))
        self._start = b""
        buffer[: len(data)] = data
        return len(data)


def _decoded(data: bytes) -> str:
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(line: str) -> str:
    """The separator of columns: the one that gives the most known columns, then the most columns."""
    split = {mark: next(csv.reader([line], delimiter=mark), []) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: (columns.known(split[mark]), len(split[mark])))


def _header(line: str) -> list[str]:
    if line == "\0" or len(line) > MAX_HEADER:
        raise BadRecord(f"Its first line, which should name the columns, is longer than {MAX_HEADER // 1024} kB.", 1)
    header = [name.strip() for name in next(csv.reader([line], delimiter=_separator(line)), [])]
    if len(header) > MAX_COLUMNS:
        raise BadRecord(f"It has {len(header):,} columns, more than {MAX_COLUMNS:,}.", 1)
    return header


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
    while is_open:
        more = lines.next()
        if more is None or more == "\0" or length > MAX_ROW:
            lines.give_back(taken[1:] + ([more] if more is not None else []))
            return "It opens a quote and does not close it."
        taken.append(more)
        length += len(more)
        is_open = _open_after(more, True, separator)
    values = next(csv.reader(io.StringIO("".join(taken), newline=""), delimiter=separator), [])
    while len(values) > size and not values[-1].strip():
        values.pop()
    if len(values) == size:
        return values
    lines.give_back(taken[1:])
    if len(taken) > 1:
        return "It opens a quote that another row closes, or has a quote that is not doubled inside quotes."
    return f"It has {len(values)} columns, the header has {size}."


def _open_after(line: str, is_open: bool, separator: str) -> bool:
    """True if a line ends inside quotes, which open only at the beginning of a field."""
    at = 0
    while True:
        at = line.find('"', at)
        if at < 0:
            return is_open
        if is_open:
            if line[at + 1 : at + 2] == '"':
                at += 1
            else:
                is_open = False
        elif at == 0 or line[at - 1] == separator:
            is_open = True
        at += 1
