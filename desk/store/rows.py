"""Rows of the desk's tables, written with a checksum each and read only as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, FromClause, Row, Select, Table

from desk.store import connecting, where
from search.files import row_sums

T = TypeVar("T")
_AT_ONCE = 5_000
"""Values in a statement; a database takes some ten thousand."""


def put(db: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store some rows, without their checksums, each in the place of the one with its key."""
    names, statement = _put(table, db.dialect.name)
    for some in parts(rows):
        values = [row_sums.summed([row[name] for name in names[:-1]]) for row in some]
        db.execute(statement, [dict(zip(names, each, strict=True)) for each in values])


@cache
def _put(table: Table, dialect: str) -> tuple[list[str], Executable]:
    """The columns of a table, and the statement that stores a row: to make it takes ten times as long as to run it."""
    new = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)  # that of a server takes long to import
    others = {column.name: new.excluded[column.name] for column in table.columns if not column.primary_key}
    statement = new.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)
    return [column.name for column in table.columns], statement


def get(
    db: Connection, statement: Select[Any], home: where.Home, values: Mapping[str, Any] | None = None
) -> Iterator[Row[Any]]:
    """The rows of a statement that selects whole rows of a table. Raises IndexDamaged if one is not as written.

    Args:
        values: of its parameters, if it was made once for many.
    """
    with db.execute(statement, values) as found:
        kinds = kinds_of(statement.columns_clause_froms[0])
        for row in found:
            row_sums.unsummed(row, Path(where.named(home)), connecting.remedy(home), kinds)
            yield row


@cache
def kinds_of(table: FromClause) -> tuple[row_sums.Kind, ...]:
    """What the values of the columns of a table are."""
    return tuple((column.type.python_type, type(None)) for column in table.columns)


def parts(values: Iterable[T]) -> Iterator[list[T]]:
    """Some values after another, so many at a time as a statement takes."""
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some
