"""SQLite files, opened through `disk`: as private as all that is made, and with the same errors."""

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
        self._asked("statement", lambda: super(Cursor, self).execute(*arguments))
        return self

    def executemany(self, *arguments: Any) -> Self:  # noqa: D102
        self._asked("statement", lambda: super(Cursor, self).executemany(*arguments))
        return self

    def executescript(self, script: str) -> Self:  # noqa: D102
        self._asked("statement", lambda: super(Cursor, self).executescript(script))
        return self

    def fetchone(self) -> Any:  # noqa: D102
        return self._asked("fetch", super().fetchone)

    def fetchall(self) -> list[Any]:  # noqa: D102
        return self._asked("fetch", super().fetchall)

    def __next__(self) -> Any:
        return self._asked("fetch", super().__next__)

    def _asked(self, what: str, do: Callable[[], T]) -> T:
        return cast(Database, self.connection).asked(what, do)


class Database(sqlite3.Connection):
    """A SQLite file that its owner alone may read; its journal is made with the rights of the file.

    Each call raises CannotWrite when the disk refuses it, IndexLocked when another process keeps it, IndexDamaged when
    it is none. A statement that is wrong is a fault of ours, and stays a sqlite3.Error.
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
        """Let go of the file, and of what was begun: a cursor that a traceback keeps would else hold its lock."""
        for cursor in list(self.cursors):
            cursor.close()
        if self.in_transaction:
            with suppress(sqlite3.Error):  # who opens it next rolls it back
                self.rollback()
        super().close()

    def asked(self, what: str, do: Callable[[], T]) -> T:
        """Make a call of it."""
        return _asked(what, self.path, self.remedy, do)

    def backup(self, target: sqlite3.Connection, **more: Any) -> None:  # noqa: D102
        self.asked("backup", lambda: super(Database, self).backup(target, **more))


def connect(
    path: Path | None, remedy: str = "Restore it.", make: bool = True, timeout_s: float = 5.0, any_thread: bool = False
) -> Database:
    """Open a SQLite file, which commits each statement by itself outside BEGIN and COMMIT.

    Args:
        path: None for one that ends with the process.
        remedy: what to do when it is damaged.
        make: whether it is made where it is not there.
        any_thread: whether others than this thread use it.

    Raises:
        CannotWrite, IndexLocked, IndexDamaged: when it cannot be opened.
    """
    named = path or Path(tempfile.gettempdir())
    if path is not None and make:
        disk.touch(path)  # SQLite would make it with the rights of the umask
    place = "" if path is None else f"{path.absolute().as_uri()}?mode=rw"

    def opened() -> Database:
        made = sqlite3.connect(
            place, timeout_s, isolation_level=None, check_same_thread=not any_thread, factory=Database, uri=True
        )
        made.path, made.remedy, made.cursors = named, remedy, WeakSet()
        return made

    return _asked("database", named, remedy, opened)


def _asked(what: str, path: Path, remedy: str, do: Callable[[], T]) -> T:
    try:
        return disk.system(what, path, do)
    except sqlite3.Error as error:
        said = _said(path, error, remedy)
        if said is None:
            raise
        raise said from error
    except OSError as error:
        raise disk.refused(path, error) from error


def _said(path: Path, error: sqlite3.Error, remedy: str) -> DatelineError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == _FULL:
        return disk.refused(path, OSError(errno.ENOSPC, str(error)))
    if code in _REFUSED:
        hint = "See that the disk has room, is whole and may be written by this user, and run it again."
        return CannotWrite(f"“{path}” cannot be written: {error}. Nothing that was acknowledged is lost. {hint}")
    if code in _BUSY:
        return IndexLocked(f"Another process is writing to “{path}”. Wait until it has finished.")
    if code in _DAMAGED or str(error).startswith(("no such table", "no such column")):
        return IndexDamaged(f"“{path}” cannot be read: {error}. {remedy}")
    return None
