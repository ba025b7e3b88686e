"""Tables of articles: CSV, TSV and the like, with a header line that names the columns, one article per row.

Columns are recognised by their names (see `columns`). The separator is a comma, a semicolon, a tab or a vertical bar,
whichever splits the header into the most known columns; or what a line before the header names, as `sep=;` for Excel. A
value that contains the separator, a quote or a line end is in quotes, with quotes in it doubled, or with a backslash
before them: which of the two is decided by the rows that only one of them fits. Between tabs or bars values are often
not quoted at all, and quotes are text; which it is holds for the whole table (see `rows`). There a backslash may
escape what follows (see `escaped`), which is decided in the same way. Lists are separated by `;` or `|`.

A line that breaks these rules is rejected with its number, and the next one starts a new row, so that an unclosed quote
costs only its own row. Any number of rows is read, with one in memory at a time.

UTF-8, UTF-16 where that is certain (see `utf_16`), or otherwise Windows-1252, decided line by line.

Source: RFC 4180.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO, NamedTuple

from desk.separator import named_separator
from indexer.readers.shared import columns, problems
from indexer.readers.shared.record import Item, Origin
from indexer.readers.tables import lines as table_lines
from indexer.readers.tables.lines import Lines
from indexer.readers.tables.quoted import Form
from indexer.readers.tables.quoting import DOUBLED, split
from indexer.readers.tables.rows import Table
from indexer.safe import utf_16
from indexer.safe.stray_bytes import Strays
from search.errors import BadRecord
from search.said import said

SEPARATORS = ",;\t|"
MAX_HEADER = 256 * 1024
MAX_COLUMNS = 1_000

_SUFFIXES = (".csv", ".tsv", ".tab")
_MIN_KNOWN = 2


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is a table: by a header with two known columns, one of them the text; or by its name."""
    if name.lower().endswith(_SUFFIXES):
        return b"\0" not in head or utf_16.encoding(head) is not None
    try:
        header = _begun(Lines(table_lines.of(io.BytesIO(head), Strays())))[1]
        columns.fields_of(header, {})
    except BadRecord:
        return False
    return columns.known(header) >= _MIN_KNOWN


def read(file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Read the articles of a table, and a BadRecord for each row that cannot be read.

    Args:
        names: field → the name of its column in the table.
    """
    strays = Strays()
    lines = Lines(table_lines.of(file, strays))
    try:
        first, header, separator = _begun(lines)
        fields = columns.fields_of(header, names or {})
    except BadRecord as problem:
        yield problem
        return
    lines.ends_in_cr = first.endswith("\r")
    number, repeated = 0, first.rstrip()
    for at, line, values in Table(first, lines, Form(separator, len(header))):
        if isinstance(values, list) and not any(value.strip() for value in values):
            continue
        number += 1
        if line.rstrip() == repeated:
            values = "It repeats the first line, which names the columns."
        if isinstance(values, str):
            yield BadRecord(values, at)
            continue
        try:
            yield problems.marked(columns.row(values, header, fields, origin, number), strays)
        except BadRecord as problem:
            yield problem.with_reason(problem.reason, at)
    if not number:
        yield BadRecord(said("It has a header and no rows."))


class Beginning(NamedTuple):
    """How a table begins, to be shown before it is read.

    Attributes:
        header: the names of its columns.
        fields: the number of each column → its field; other columns are absent.
        problem: why it cannot be read; "" if it can.
        rows: the values of the first rows, or the reason why a row is rejected.
    """

    header: list[str]
    fields: Mapping[int, str]
    problem: str
    rows: list[list[str] | str]


def beginning(file: BinaryIO, names: Mapping[str, str], most: int) -> Beginning:
    """The header and the first rows of a table.

    Args:
        names: field → the name of its column in the table.
        most: the greatest number of rows.
    """
    lines = Lines(table_lines.of(file, Strays()))
    try:
        first, header, separator = _begun(lines)
    except BadRecord as problem:
        return Beginning([], {}, problem.reason, [])
    lines.ends_in_cr = first.endswith("\r")
    rows = [values for _, _, values in islice(Table(first, lines, Form(separator, len(header))), most)]
    try:
        return Beginning(header, columns.fields_of(header, names), "", rows)
    except BadRecord as problem:
        return Beginning(header, {}, problem.reason, rows)


def _begun(lines: Lines) -> tuple[str, list[str], str]:
    """The line that names the columns, the names, and the separator. Raises BadRecord if there are none."""
    line = lines.next_filled()
    named = named_separator(line) if line is not None else None
    if named is not None:
        line = lines.next_filled()
    if line is None:
        raise BadRecord(said("It is empty."))
    if line == "\0" or len(line) > MAX_HEADER:
        raise BadRecord(
            said("Its first line, which should name the columns, is longer than {most} kB.", most=MAX_HEADER // 1024),
            lines.number,
        )
    mark = named or _separator(line)
    header = [name.strip() for name in split(line, mark, DOUBLED)[0]]
    if len(header) > MAX_COLUMNS:
        raise BadRecord(
            said("It has {count} columns, more than {most}.", count=len(header), most=MAX_COLUMNS), lines.number
        )
    return line, header, mark


def _separator(line: str) -> str:
    """The separator of columns: the one that gives the most known columns, then the most columns."""
    names = {mark: split(line, mark, DOUBLED)[0] for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: (columns.known(names[mark]), len(names[mark])))
