"""Tables of articles: CSV, TSV and the like, with a header line that names the columns, one article per row.

Columns are recognised by their names (see `columns`). The separator is a comma, a semicolon, a tab or a vertical bar,
whichever splits the header into the most known columns; or what a line before the header names, as `sep=;` for Excel. A
value that contains the separator, a quote or a line end is in quotes, with quotes in it doubled, or with a backslash
before them: which of the two is decided by the rows that only one of them fits. Between tabs or bars values are often
not quoted at all, and what does not fit as quotes is text. Lists are separated by `;` or `|`.

A line that breaks these rules is rejected with its number, and the next one starts a new row, so that an unclosed quote
costs only its own row. Any number of rows is read, with one in memory at a time.

UTF-8, UTF-16 where that is certain (see `utf_16`), or otherwise Windows-1252, decided line by line.

Source: RFC 4180.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from indexer.files.separator import named_separator
from indexer.readers.shared import columns
from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables.quoting import DOUBLED, ESCAPED, NO_VALUE, Quoting, open_after, split
from indexer.safe import utf_16
from indexer.safe.stray_bytes import decoded
from search.errors import BadRecord

SEPARATORS = ",;\t|"
MAX_LINE = 16 * 1024 * 1024
"""Bytes of a line."""
MAX_ROW = 4 * 1024 * 1024
"""Characters of a row, which may have many lines."""
MAX_HEADER = 256 * 1024
SHOWING = 1024 * 1024
"""Characters of the first rows that show which rule for quotes a table has; later ones show it to those after them."""
_AGAIN = 8
"""How often all characters of a table may be given back on average, to be looked at again: time stays linear."""
MAX_COLUMNS = 1_000

_SUFFIXES = (".csv", ".tsv", ".tab")
_MIN_KNOWN = 2
_BLOCK = 1 << 16
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_OFTEN_BARE = "\t|"
"""Separators of tables that often have no quotes around values."""
_ESCAPE = '\\"'
_OPEN = "It opens a quote and does not close it."
_ANOTHER = "It opens a quote that another row closes, or has a quote that is not doubled inside quotes."
_EITHER = 'It has \\" in quotes, which may be a quote in a value or the end of one.'
_NEITHER = 'It has \\" in quotes, which fits neither as a quote in a value nor as the end of one.'


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is a table: by a header with two known columns, one of them the text; or by its name."""
    if name.lower().endswith(_SUFFIXES):
        return b"\0" not in head or utf_16.encoding(head) is not None
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
    lines.quoting = _shown(lines, separator, len(header))
    number, repeated = 0, first.rstrip()
    while (line := lines.next_filled()) is not None:
        at = lines.number
        values = _row(line, lines, separator, len(header))
        if NO_VALUE in values and isinstance(values, list):
            values = ["" if value == NO_VALUE else value for value in values]
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
        self.quoting: Quoting | None = None
        """The rule for quotes, once a row has shown it."""
        self._open_until = {DOUBLED: 0, ESCAPED: 0}
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

    def take(self, count: int) -> None:
        """Pass lines."""
        for _ in range(count):
            self.next()

    def give_back(self, lines: list[str]) -> None:
        self._ahead.extendleft(reversed(lines))
        self.number -= len(lines)
        self._left -= sum(map(len, lines))

    def may_go_on(self, quoting: Quoting) -> bool:
        """False if so many lines were given back that the row of the next is to be only itself, or if it ends open."""
        return self._left > 0 and self.number >= self._open_until[quoting]

    def ends_open(self, quoting: Quoting) -> None:
        """Remember that a row ends here which was open all the time."""
        self._open_until[quoting] = self.number

    @property
    def have_ended_open(self) -> bool:
        return any(self._open_until.values())


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


def _begun(lines: _Lines) -> tuple[str, list[str], str]:
    """The line that names the columns, the names, and the separator. Raises BadRecord if there are none."""
    line = lines.next_filled()
    named = named_separator(line) if line is not None else None
    if named is not None:
        line = lines.next_filled()
    if line is None:
        raise BadRecord("It is empty.")
    if line == "\0" or len(line) > MAX_HEADER:
        raise BadRecord(
            f"Its first line, which should name the columns, is longer than {MAX_HEADER // 1024} kB.", lines.number
        )
    mark = named or _separator(line)
    header = [name.strip() for name in split(line, mark, DOUBLED)[0]]
    if len(header) > MAX_COLUMNS:
        raise BadRecord(f"It has {len(header):,} columns, more than {MAX_COLUMNS:,}.", lines.number)
    return line, header, mark


def _separator(line: str) -> str:
    """The separator of columns: the one that gives the most known columns, then the most columns."""
    names = {mark: split(line, mark, DOUBLED)[0] for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: (columns.known(names[mark]), len(names[mark])))


def _shown(lines: _Lines, separator: str, size: int) -> Quoting | None:
    """The rule for quotes that the first rows show, none of which is taken; None if they show none.

    A row that may go on after those lines shows nothing.
    """
    ahead: list[str] = []
    length = 0
    while length < SHOWING and (line := lines.next()) is not None:
        ahead.append(line)
        length += len(line)
    lines.give_back(ahead)
    if not any(_ESCAPE in line for line in ahead):
        return None
    sample = _Lines(iter([ahead]))
    while sample.quoting is None and (line := sample.next_filled()) is not None:
        _row(line, sample, separator, size)
        if sample.have_ended_open:
            return None
    return sample.quoting


def _row(line: str, lines: _Lines, separator: str, size: int) -> list[str] | str:
    """The values of the row that begins with a line and may go on in the next ones.

    If the row is invalid, the result is the reason why its first line is rejected, and the next line starts the next
    row.
    """
    if line == "\0":
        return f"The line is longer than {MAX_LINE // 2**20} MB."
    if '"' not in line:
        values = _trimmed(line.rstrip("\r\n").split(separator), size)
        return values if len(values) == size else _wrong(values, size)
    tries = _tries(line, lines, separator, size)
    exact = [one for one in tries if one.is_exact]
    if len(exact) > 1 and not _are_alike(*exact):
        return _EITHER
    if len(exact) == 1 and len(tries) > 1:
        lines.quoting = exact[0].quoting
    found = exact[0] if exact else tries[0]
    if separator in _OFTEN_BARE and _is_bare(line, found, separator, size):
        return _trimmed(line.rstrip("\r\n").split(separator), size)
    if found.problem is not None:
        return found.problem
    if not exact and len(tries) > 1:
        return _NEITHER
    lines.take(len(found.further))
    return found.values


class _Try(NamedTuple):
    """A row as it is read by a rule for quotes.

    Attributes:
        further: its lines after the first.
        problem: why it is invalid, or None.
        is_exact: True if it is valid, and nothing but a separator follows a closing quote.
    """

    quoting: Quoting
    values: list[str]
    further: list[str]
    problem: str | None
    is_exact: bool = False


def _tries(line: str, lines: _Lines, separator: str, size: int) -> list[_Try]:
    """The row that begins with a line by each rule that it may follow; none has taken a line."""
    tries: list[_Try] = []
    for quoting in (ESCAPED, DOUBLED) if lines.quoting is ESCAPED else (DOUBLED, ESCAPED):
        found = _try(line, lines, separator, size, quoting)
        lines.give_back(found.further)
        tries.append(found)
        has_escape = _ESCAPE in line or any(_ESCAPE in more for more in found.further)
        if (found.is_exact and lines.quoting is not None) or (quoting is DOUBLED and not has_escape):
            break
    return tries


def _try(line: str, lines: _Lines, separator: str, size: int, quoting: Quoting) -> _Try:
    taken = [line]
    length = len(line)
    is_open = open_after(line, False, separator, quoting)
    if is_open and not lines.may_go_on(quoting):
        return _Try(quoting, [], [], _OPEN)
    while is_open:
        more = lines.next()
        if more is None or more == "\0" or length > MAX_ROW:
            lines.ends_open(quoting)
            is_long = length > MAX_ROW
            reason = f"It opens a quote that is not closed within {MAX_ROW // 2**20} MB." if is_long else _OPEN
            return _Try(quoting, [], taken[1:] + ([more] if more is not None else []), reason)
        taken.append(more)
        length += len(more)
        is_open = open_after(more, True, separator, quoting)
    values, is_exact = split("".join(taken), separator, quoting)
    values = _trimmed(values, size)
    if len(values) != size:
        return _Try(quoting, [], taken[1:], _wrong(values, size) if len(taken) == 1 else _ANOTHER)
    return _Try(quoting, values, taken[1:], None, is_exact)


def _are_alike(doubled: _Try, escaped: _Try) -> bool:
    """True if two readings differ in backslashes at most."""
    return len(doubled.further) == len(escaped.further) and all(
        one == other or ESCAPED.plain(one) == other for one, other in zip(doubled.values, escaped.values, strict=True)
    )


def _is_bare(line: str, found: _Try, separator: str, size: int) -> bool:
    """True if a quote in a row does not quote: each of its lines is a row without it, or it fits no rule."""
    lines = [line, *found.further] if found.is_exact else [line]
    return (
        size > 1
        and not (found.is_exact and len(lines) == 1)
        and all(len(_trimmed(one.rstrip("\r\n").split(separator), size)) == size for one in lines if one.strip())
    )


def _trimmed(values: list[str], size: int) -> list[str]:
    """Values without empty ones that are more than the header has."""
    while len(values) > size and not values[-1].strip():
        values.pop()
    return values


def _wrong(values: list[str], size: int) -> str:
    return f"It has {len(values)} columns, the header has {size}."
