"""SQLite files, opened through `disk`: as private as other files, and with the same errors.

SQLite locks a file with POSIX locks, which a process loses when it closes any descriptor of that file (“How To Corrupt
An SQLite Database File”, section 2.2). So nobody opens one but `connect` and `pieces`, which know each other.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar, cast
from weakref import WeakSet, finalize

from search.errors import CannotWrite, DatelineError, IndexDamaged, IndexLocked
from search.system import disk

T = TypeVar("T")

_FULL = sqlite3.SQLITE_FULL
_REFUSED = (
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM,
)  # fmt: skip
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_UNREADABLE = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
_PIECE = 1 << 20

Inode = tuple[int, int]


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
    unregister: Callable[[], object]
    closed = False

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
        if self.closed:
            return
        self.closed = True
        for cursor in list(self.cursors):
            cursor.close()
        if self.in_transaction:
            with suppress(sqlite3.Error):  # the next connection rolls it back
                self.rollback()
        super().close()
        self.unregister()

    def translated(self, what: str, do: Callable[[], T]) -> T:
        """Make a call of sqlite3, with its errors translated."""
        return _translated(what, self.path, self.remedy, do)

    def backup(self, target: sqlite3.Connection, **more: Any) -> None:  # noqa: D102
        written = target.path if isinstance(target, Database) else self.path
        _translated("backup", self.path, self.remedy, lambda: super(Database, self).backup(target, **more), written)


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
    place = "" if path is None else f"{path.absolute().as_uri()}?mode=rw"
    inode = _open_files.register(path, make) if path is not None else None

    def opened() -> Database:
        made = sqlite3.connect(
            place, timeout_s, isolation_level=None, check_same_thread=not any_thread, factory=Database, uri=True
        )
        made.path, made.remedy, made.cursors = named, remedy, WeakSet()
        made.unregister = finalize(made, _open_files.unregister, inode)
        sqlite3.Connection.execute(made, "PRAGMA trusted_schema = OFF")  # what a file says runs nothing of ours
        return made

    try:
        return _translated("database", named, remedy, opened)
    except BaseException:  # also an interrupt: its descriptors would never be closed
        _open_files.unregister(inode)
        raise


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a SQLite file, in pieces; no connection of this process loses its locks.

    Raises:
        OSError: if it cannot be read.
    """
    with _open_files.reading(path) as file:
        place = 0
        while piece := os.pread(file, _PIECE, place):
            yield piece
            place += len(piece)


class _OpenFiles:
    """The SQLite files that this process has open: a descriptor of one is closed when it has no connection left."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._users: Counter[Inode] = Counter()
        self._waiting: dict[Inode, list[int]] = {}
        os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        self._lock = threading.RLock()  # a thread that is not in the child may have held it

    def register(self, path: Path, make: bool) -> Inode | None:
        """Announce a connection to a file, and create the file if that is wanted. None if there is none."""
        with self._lock:
            if make and self._users[_inode(path) or (0, 0)] == 0:
                disk.touch(path)  # SQLite would create it with the permissions of the umask
            inode = _inode(path)
            if inode is not None:
                self._users[inode] += 1
            return inode

    def unregister(self, inode: Inode | None) -> None:
        """Take note of the end of a connection, or of a reading."""
        if inode is None:
            return
        with self._lock:
            self._users[inode] -= 1
            if self._users[inode] <= 0:
                del self._users[inode]
                for file in self._waiting.pop(inode, ()):
                    os.close(file)

    @contextmanager
    def reading(self, path: Path) -> Iterator[int]:
        """A descriptor of a file, which others may use at the same time."""
        with self._lock:
            inode = _inode(path)
            if inode is None or inode not in self._waiting:
                file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
                found = os.fstat(file)
                inode = found.st_dev, found.st_ino
                self._waiting.setdefault(inode, []).append(file)
            self._users[inode] += 1
            known = self._waiting[inode][0]
        try:
            yield known
        finally:
            self.unregister(inode)


def _inode(path: Path) -> Inode | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


_open_files = _OpenFiles()


def _translated(what: str, path: Path, remedy: str, do: Callable[[], T], written: Path | None = None) -> T:
    """Make a call of sqlite3 about a file, with its errors translated; `written` if it writes to another one."""
    written = written or path
    try:
        return disk.system(what, path, do)
    except sqlite3.Error as error:
        known = _error_of(path, error, remedy, written)
        if known is None:
            raise
        raise known from error
    except UnicodeDecodeError as error:  # of a name in the message of SQLite's error
        raise IndexDamaged(f"“{path}” cannot be read: its text is not UTF-8. {remedy}") from error
    except OSError as error:
        raise disk.refused(written, error) from error


def _error_of(path: Path, error: sqlite3.Error, remedy: str, written: Path) -> DatelineError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if getattr(error, "sqlite_errorcode", 0) in _UNREADABLE:
        return IndexDamaged(f"“{path}” cannot be read: {error}. {remedy}")
    if code == _FULL:
        return disk.refused(written, OSError(errno.ENOSPC, str(error)))
    if code in _REFUSED:
        hint = "Check that the disk has space, works and is writable for this user, and run it again."
        return CannotWrite(f"“{written}” cannot be written: {error}. Nothing that was acknowledged is lost. {hint}")
    if code in _BUSY:
        return IndexLocked(f"Another process is writing to “{path}”.")
    if code in _DAMAGED or str(error).startswith(("no such table", "no such column", "Could not decode")):
        return IndexDamaged(f"“{path}” cannot be read: {error}. {remedy}")
    return None
