"""What the stores of all features have in common: transactions, snapshots, and numbers that are used once.

What is changed is on disk when its transaction ends. Writers take turns, so that what is read in a transaction stays as
it is until it ends. On a server as in a file, a snapshot is of one commit.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import orjson
from sqlalchemy import Column, Executable, Result, Row, Select, Table, bindparam, delete, select, update

from desk.store import opening, registered, rows, where
from desk.store.tables import AUDIT, COUNTERS, DESK, MOST_TOLD
from search.errors import IndexProblem
from search.files import databases
from search.system import acting
from search.system.closeable import Closeable
from search.text import dates

_COUNTER = select(COUNTERS).where(COUNTERS.c.name == bindparam("name"))


class Desk(Closeable):
    """What a feature stores, opened; the desk is made if there is none. Any thread may use it, one at a time.

    Subclasses name their tables, and the plural of what these have.

    Args:
        place: the index's directory, or its address.
        at: the file to open, instead of the desk of the index: that of a backup.
        is_backup: leave it as it is, as where it cannot be written.

    Attributes:
        home: the file or the server that has it; `name` is that in messages.

    Raises:
        IndexProblem: if the desk is of another version, or does not answer.
        IndexMissing: if there is no such index.
        IndexDamaged: if it cannot be read, is empty, or is missing although it was there.
        CannotWrite: if it cannot be made.
    """

    TABLES: ClassVar[tuple[Table, ...]]
    WHAT: ClassVar[str]
    FILE: ClassVar[str] = where.FILE

    def __init__(self, place: str | Path, at: Path | None = None, is_backup: bool = False) -> None:
        self.home = where.of(place, self.FILE) if at is None else at
        self.name = where.named(self.home)
        self._db, self._problem = opening.opened(place, self.home, is_backup)
        self._within = 0
        self._changed: dict[tuple[str, str], dict[str, None]] = {}

    @classmethod
    def is_in(cls, place: str | Path) -> bool:
        """True if an index has a desk, or had one that is missing now."""
        return where.there(place, cls.FILE)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Changes that are made together or not at all; durable when the block ends. Nobody else writes meanwhile."""
        if self._problem is not None:
            raise self._problem
        with self._between("BEGIN IMMEDIATE" if self._is_file else "BEGIN"):
            self._db.execute(update(DESK).values(revision=DESK.c.revision + 1))  # others wait for it, on a server too
            self._changed.clear()
            yield
            for (did, what), which in self._changed.items():
                self._record(did, what, list(which))
        if isinstance(self.home, Path) and not databases.seal_path(self.home).exists():  # there was no room for it
            databases.seal(self.home)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads that are all of one commit, whatever others write until the block ends.

        Inside a transaction or another snapshot it changes nothing. Rows that are read when they are wanted have to be
        wanted inside. Be quick: those who write to a file wait until the block ends. No transaction begins inside.
        """
        if self._within or self._problem is not None:  # nobody writes to what is in memory
            yield
            return
        with self._between("BEGIN" if self._is_file else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        self._db.exec_driver_sql(begin)
        self._within += 1
        try:
            yield
            self._db.exec_driver_sql("COMMIT")
        except BaseException:  # also an interrupt: another thread may use the connection next
            opening.roll_back(self._db)
            raise
        finally:
            self._within -= 1

    @property
    def _is_file(self) -> bool:
        return self._db.dialect.name == "sqlite"

    def _run(self, statement: Executable) -> Result[Any]:
        """Run a statement; what it selects of a row is not checked."""
        return self._db.execute(statement)

    def _value(self, statement: Select[Any]) -> Any:
        """The first column of the first row of a statement; None if it has no row."""
        return self._db.execute(statement).scalar()

    def _rows(self, statement: Select[Any], **values: Any) -> Iterator[Row[Any]]:
        """The rows of a statement that selects whole rows of a table. Raises IndexDamaged if one is not as written.

        Args:
            values: of its parameters: a statement that is run for each of many is made once.
        """
        return rows.get(self._db, statement, self.home, values)

    def whole(self, table: Table) -> Iterator[Row[Any]]:
        """All rows of a table. Raises IndexDamaged if one is not as written."""
        return self._rows(select(table))

    def _first(self, statement: Select[Any]) -> Row[Any] | None:
        """The first row of such a statement; None if it has none."""
        return next(iter([*self._rows(statement.limit(1))]), None)  # nothing is left open, which would lock a file

    def _among(self, table: Table, column: Column[Any], values: Iterable[Any]) -> Iterator[Row[Any]]:
        """The rows of a table that have one of some values, which may be very many, in a column."""
        for some in rows.parts(values):
            yield from self._rows(select(table).where(column.in_(some)))

    def _write(self, table: Table, *new: Mapping[str, Any]) -> None:
        """Store some rows, without their checksums, each in the place of the one with its key."""
        rows.put(self._db, table, new)
        self._audit("stored", table, new)

    def _drop(self, table: Table, *which: Any) -> int:
        """Remove the rows of a table of which all this is true. Returns how many there were."""
        if not self._is_audited(table):
            return self._db.execute(delete(table).where(*which)).rowcount
        gone = self._db.execute(delete(table).where(*which).returning(table)).all()
        self._audit("removed", table, [row._mapping for row in gone])
        return len(gone)

    @staticmethod
    def _is_audited(table: Table) -> bool:
        """True if somebody changes a table that the audit log tells of."""
        return table.info.get("audit") is not None and acting.current() is not None

    def _audit(self, did: str, table: Table, changed: Iterable[Mapping[Any, Any]]) -> None:
        """Have the transaction record who has changed some rows."""
        if self._is_audited(table):
            found = [table.info["audit"](row) for row in changed]
            if found:
                self._changed.setdefault((did, table.name), {}).update(dict.fromkeys(found))

    def _record(self, did: str, what: str, which: Sequence[str]) -> None:
        """Add an entry to the audit log, in a transaction."""
        actor = acting.current() or acting.SERVICE
        entry = {"who": actor.name, "via": actor.via, "did": did, "what": what, "things": len(which)}
        told = orjson.dumps(list(which[:MOST_TOLD])).decode()
        self._write(AUDIT, {**entry, "number": self._next(AUDIT), "at": dates.now(), "which": told})

    def _drop_among(self, table: Table, column: Column[Any], values: Iterable[Any], *which: Any) -> None:
        """Remove the rows of a table that have one of some values, which may be very many, in a column."""
        for some in rows.parts(values):
            self._drop(table, column.in_(some), *which)

    def _drop_each(self, table: Table, keys: Iterable[Mapping[str, Any]]) -> None:
        """Remove the rows of a table with these keys, each by its columns."""
        one = delete(table).where(*(column == bindparam(f"of_{column.name}") for column in table.primary_key))
        for some in rows.parts(keys):
            self._db.execute(one, [{f"of_{name}": value for name, value in key.items()} for key in some])

    def _last(self, table: Table) -> int:
        """The greatest number that a row of a table has had; 0 if there was none."""
        return self._counter(table.name)

    def _counter(self, name: str) -> int:
        """The last number of a counter; 0 if it has none."""
        return next((int(found.last) for found in [*self._rows(_COUNTER, name=name)]), 0)

    def _set_counter(self, name: str, last: int) -> None:
        """Set a counter, in a transaction."""
        self._write(COUNTERS, {"name": name, "last": last})

    def _next(self, table: Table, count: int = 1) -> int:
        """The first of some numbers that no row of a table has had; none of them is given again."""
        last = self._last(table)
        self._set_counter(table.name, last + count)
        return last + 1

    @property
    def some(self) -> bool:
        """True if it has anything, or ever gave a number."""
        return any(self._last(table) or self._run(select(table).limit(1)).first() for table in self.TABLES)

    def copy_from(self, other: Desk) -> None:
        """Store all that another one of its kind has; this one has nothing. Raises IndexDamaged if a row is damaged."""
        with other.snapshot(), self.transaction():
            for table in self.TABLES:
                rows.put(self._db, table, (row._asdict() for row in other.whole(table)))
                if last := other._last(table):
                    self._set_counter(table.name, last)

    @property
    def identity(self) -> str:
        """What identifies the desk, wherever it is."""
        return str(self._value(select(DESK.c.id)))

    @property
    def index(self) -> str:
        """What identifies the index that a desk elsewhere is of; "" if it is next to its index."""
        return registered.claimed(self._db, self.home)

    @property
    def revision(self) -> int:
        """Another number after each transaction."""
        return int(self._value(select(DESK.c.revision)))

    def is_read(self, question: str) -> bool:
        """True if others have snapshots open, by which a server retains what is removed; a file retains nothing."""
        return not self._is_file and bool(self._db.exec_driver_sql(question).scalar())

    def vacuum(self) -> None:
        """Remove every byte that is not used any more. A server has some in its journal, until it writes over them."""
        if self._problem is not None:
            raise self._problem
        for what in ("",) if self._is_file else [f"FULL {table.name}" for table in self.TABLES]:
            self._db.exec_driver_sql(f"VACUUM {what}")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def stamp(place: str | Path) -> str:
    """What changes when anything is written to the desk of an index; "" if there is none."""
    home = where.of(place)
    if isinstance(home, Path):
        try:
            found = home.stat()
        except OSError:
            return ""
        return f"{found.st_ino} {found.st_mtime_ns}"
    try:
        with Desk(place) as desk:
            return str(desk.revision)
    except IndexProblem:  # what needs the desk will say so
        return secrets.token_hex()
