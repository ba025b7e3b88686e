"""SQLite files, opened through `disk`: as private as other files, and with the same errors."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar, cast
from weakref import WeakSet

from search import disk
from search.errors import CannotWrite, DatelineError, IndexDamaged, IndexLocked

T = TypeVar("T")

_FULL = sqlite3.SQLITE_FULL
_REFUSED = (
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM,
)  # fmt: skip
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)


class Cursor(sqlite3.Cursor):
    """The rows of a statement; see `Database`."""

    def execute(self, *arguments: Any) -> Self:  # noqa: D102
        self._translated("statement", lambda: super(Cursor, self).execute(*arguments))
        return self

    def executemany(self, *arguments: Any) -> Self:  # noqa: D102
        self._translated("statement", lambda: super(Cursor, self).executemany(*arguments))
        return self

    def executescript(self, script: str) -> Self:  # noqa: D102
        self._translated("statement", lambda: super(Cursor, self).executescript(script))
        return self

    def fetchone(self) -> Any:  # noqa: D102
        return self._translated("fetch", super().fetchone)

    def fetchall(self) -> list[Any]:  # noqa: D102
        return self._translated("fetch", super().fetchall)

    def __next__(self) -> Any:
        return self._translated("fetch", super().__next__)

    def _translated(self, what: str, do: Callable[[], T]) -> T:
        return cast(Database, self.connection).translated(what, do)


class Database(sqlite3.Connection):
    """A SQLite file that only its owner may read; SQLite gives its journal the same permissions.

    Each call raises CannotWrite if the disk refuses it, IndexLocked if another process holds the lock, IndexDamaged if
    the file is not a database. An invalid statement is our bug, and stays a sqlite3.Error.
    """

    path: Path
    remedy: str
    cursors: WeakSet[sqlite3.Cursor]

    def cursor(self, factory: Any = Cursor) -> Any:  # noqa: D102
        made = super().cursor(factory)
        self.cursors.add(made)
        return made

    def execute(self, *arguments: Any) -> Any:  # noqa: D102
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:  # noqa: D102
        return self.cursor().executemany(*arguments)

    def executescript(self, script: str) -> Any:  # noqa: D102
        return self.cursor().executescript(script)

    def close(self) -> None:
        """Close the file and its cursors: one that a traceback refers to would otherwise hold the lock."""
        for cursor in list(self.cursors):
            cursor.close()
        if self.in_transaction:
            with suppress(sqlite3.Error):  # the next connection rolls it back
                self.rollback()
        super().close()

    def translated(self, what: str, do: Callable[[], T]) -> T:
        """Make a call of sqlite3, with its errors translated."""
        return _translated(what, self.path, self.remedy, do)

    def backup(self, target: sqlite3.Connection, **more: Any) -> None:  # noqa: D102
        self.translated("backup", lambda: super(Database, self).backup(target, **more))


def connect(
    path: Path | None, remedy: str = "Restore it.", make: bool = True, timeout_s: float = 5.0, any_thread: bool = False
) -> Database:
    """Open a SQLite file in autocommit mode.

    Args:
        path: None for a temporary database.
        remedy: what to do if it is damaged.
        make: create it if it does not exist.
        any_thread: allow other threads to use it.

    Raises:
        CannotWrite, IndexLocked, IndexDamaged: if it cannot be opened.
    """
    named = path or Path(tempfile.gettempdir())
    if path is not None and make:
        disk.touch(path)  # SQLite would create it with the permissions of the umask
    place = "" if path is None else f"{path.absolute().as_uri()}?mode=rw"

    def opened() -> Database:
        made = sqlite3.connect(
            place, timeout_s, isolation_level=None, check_same_thread=not any_thread, factory=Database, uri=True
        )
        made.path, made.remedy, made.cursors = named, remedy, WeakSet()
        return made

    return _translated("database", named, remedy, opened)


def _translated(what: str, path: Path, remedy: str, do: Callable[[], T]) -> T:
    try:
        return disk.system(what, path, do)
    except sqlite3.Error as error:
        known = _error_of(path, error, remedy)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise disk.refused(path, error) from error


def _error_of(path: Path, error: sqlite3.Error, remedy: str) -> DatelineError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == _FULL:
        return disk.refused(path, OSError(errno.ENOSPC, str(error)))
    if code in _REFUSED:
        hint = "Check that the disk has space, works and is writable for this user, and run it again."
        return CannotWrite(f"“{path}” cannot be written: {error}. Nothing that was acknowledged is lost. {hint}")
    if code in _BUSY:
        return IndexLocked(f"Another process is writing to “{path}”. Wait until it has finished.")
    if code in _DAMAGED or str(error).startswith(("no such table", "no such column")):
        return IndexDamaged(f"“{path}” cannot be read: {error}. {remedy}")
    return None
