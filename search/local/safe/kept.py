"""What people decide, in a SQLite file beside an index: it cannot be made again from the archive.

Many threads and processes use such a file at the same time. A change is on disk when its transaction ends. It differs
from a ledger in three ways. The file is complete when it gets its name, so that an empty one is a damaged one. Its
checksum file is written once, when it is made: a file that is gone is known to be missing, rather than taken for one
that was never there. And each row has a checksum of its own (`row_sums`), since a checksum of the whole file would be
as much work for each change as there are rows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from search import database, disk
from search.closeable import Closeable
from search.errors import CannotWrite, IndexDamaged, IndexMissing, IndexProblem
from search.local.safe import databases, row_sums

_BUSY_S = 30.0


class Kept(Closeable):
    """A file of an index, opened; made if there is none. Any thread may use it, one at a time.

    Subclasses set its name, its version, the statements that create its tables, and the plural of what it contains.

    Args:
        folder: the index's directory.

    Raises:
        IndexProblem: for an index in a cluster, which has no directory, or if the file is of another version.
        IndexMissing: if there is no such directory.
        IndexDamaged: if the file cannot be read, is empty, or is missing although it was there.
        CannotWrite: if it cannot be made.
    """

    FILE: ClassVar[str]
    VERSION: ClassVar[int]
    SCHEMA: ClassVar[str]
    WHAT: ClassVar[str]

    def __init__(self, folder: str | Path) -> None:
        if "://" in str(folder):
            raise IndexProblem(
                f"{self.WHAT.capitalize()} are kept in an index's directory; this index is in a cluster."
            )
        self.path = Path(folder) / self.FILE
        seal = databases.seal_path(self.path)
        self.remedy = (
            f"Restore the index from a snapshot (dateline restore), or remove “{self.path}” and “{seal.name}”: "
            f"all {self.WHAT} are lost then."
        )
        if not self.path.exists():
            if seal.exists():
                raise IndexDamaged(f"“{self.path}” is missing, although it was there. {self.remedy}")
            self._make()
        self.db = database.connect(self.path, self.remedy, make=False, timeout_s=_BUSY_S, any_thread=True)
        try:
            (version,) = self.db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                raise IndexDamaged(f"“{self.path}” is empty. {self.remedy}")
            if version != self.VERSION:
                raise IndexProblem(f"“{self.path}” was made by another version of Dateline.")
            self.db.execute("PRAGMA synchronous = EXTRA")  # syncs the directory too
            self.db.execute("PRAGMA secure_delete = ON")
        except BaseException:  # also an interrupt: nobody else would close it
            self.db.close()
            raise

    @classmethod
    def is_in(cls, folder: str | Path) -> bool:
        """True if an index has such a file, or had one that is missing now."""
        if "://" in str(folder):
            return False
        path = Path(folder) / cls.FILE
        return path.exists() or databases.seal_path(path).exists()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Changes that are made together or not at all; durable when the block ends."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:  # also an interrupt: another thread may use the file next
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement whose last column is the checksum of the others, without it."""
        for row in self.db.execute(statement, values):
            yield row_sums.unsummed(row, self.path, self.remedy)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def _make(self) -> None:
        """Make the file; it gets its name when it is complete."""
        if not self.path.parent.is_dir():
            raise IndexMissing(f"There is no index at “{self.path.parent}”.")
        made = self.path.with_name(f"{self.FILE}.{secrets.token_hex(8)}{disk.TEMPORARY_SUFFIX}")
        try:
            with closing(database.connect(made)) as db:
                db.execute("PRAGMA synchronous = EXTRA")
                db.executescript(f"BEGIN IMMEDIATE; PRAGMA user_version = {self.VERSION}; {self.SCHEMA} COMMIT;")
            if not disk.link(made, self.path) and not self.path.exists():  # otherwise another process was first
                raise CannotWrite(f"“{self.path.parent}” is on a file system without hard links. Use another one.")
        finally:
            disk.remove(made)
        disk.sync_folder(self.path.parent)
        databases.seal(self.path)
