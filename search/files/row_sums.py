"""Checksums of rows: SQLite detects a damaged tree but not a damaged value.

A table takes part by having `sum` as its last column: the CRC-32 of the values of the row's other columns, in order.
SQLite also stores any value in any column, so each has to be of the kind of its column: anyone can make a checksum.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from search.errors import IndexDamaged
from search.system.database import Database

COLUMN = "sum"
Kind = type | tuple[type, ...]
"""What the values of a column are: as `isinstance` takes it."""
KINDS: Mapping[str, Kind] = {
    name: (kind, type(None))
    for name, kind in {"TEXT": str, "INTEGER": int, "BIGINT": int, "BLOB": bytes}.items()
}  # fmt: skip
"""By the declared type of a column; that it has a value at all is its table's business."""


def summed(values: Sequence[Any]) -> tuple[Any, ...]:
    """The values of a row (text, whole numbers, bytes, None), and their checksum."""
    return (*values, _sum(values))


def is_whole(row: Sequence[Any], kinds: Sequence[Kind] = ()) -> bool:
    """True if a row is as written.

    Args:
        kinds: of its values, in order; of those after the last one any will do.
    """
    return all(map(isinstance, row, kinds)) and _sum(row[:-1]) == row[-1]


def unsummed(row: Sequence[Any], path: Path, remedy: str, kinds: Sequence[Kind] = ()) -> tuple[Any, ...]:
    """The values of a row, without its checksum. Raises IndexDamaged if they are not as written (see `is_whole`)."""
    if not is_whole(row, kinds):
        raise IndexDamaged(f"“{path}” cannot be read: a row of it is not as written. {remedy}")
    return tuple(row[:-1])


def damaged(opened: Database) -> Iterator[str]:
    """The tables that have a row that is not as written, one sentence each. Cost: reads all rows."""
    tables = [name for (name,) in opened.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    for table in tables:
        quoted = '"' + table.replace('"', '""') + '"'
        columns = [(row[1], str(row[2])) for row in opened.execute(f"PRAGMA table_info({quoted})").fetchall()]
        if columns[-1][0] != COLUMN:
            continue
        kinds = [KINDS.get(declared.upper(), object) for _, declared in columns]
        bad = sum(not is_whole(row, kinds) for row in opened.execute(f"SELECT * FROM {quoted}"))
        if bad:
            yield told(bad, table)


def told(bad: int, table: str) -> str:
    """A sentence that some rows of a table are not as written."""
    return f"{bad:,} of the rows of its table {table} {'is' if bad == 1 else 'are'} not as written."


def _sum(values: Sequence[Any]) -> int:
    return zlib.crc32(b"".join(map(_bytes, values)))


def _bytes(value: Any) -> bytes:
    """A value with its type and its length, so that no two rows of different values are the same bytes."""
    if isinstance(value, str):
        data = value.encode(errors="replace")
        return b"str%d:%b" % (len(data), data)
    data = value if isinstance(value, bytes) else b"" if value is None else str(value).encode(errors="replace")
    return b"%b%d:%b" % (type(value).__name__.encode(), len(data), data)
