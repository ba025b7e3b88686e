"""What people decide, in a SQLite database beside an index: it cannot be made again from the archive.

Many threads and processes use such a database at the same time. A change is on disk when its transaction ends. Each row
has a checksum of its own (`row_sums`), since a checksum of the whole would be as much work for each change as there are
rows.

Of an index in a directory it is a file there, which differs from a ledger in two more ways. It is complete when it gets
its name, so that an empty one is a damaged one. Its checksum file is written once, when it is made: a file that is gone
is known to be missing, rather than taken for one that was never there. Of an index in a cluster it is in the cluster
(`search.opensearch.kept`), so that all machines share it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol

from search.errors import CannotWrite, IndexDamaged, IndexMissing, IndexProblem
from search.files import databases, row_sums
from search.opensearch import address
from search.system import database, disk
from search.system.closeable import Closeable

_BUSY_S = 30.0


class Medium(Closeable, Protocol):
    """Where a database is: in a file, or in a cluster.

    Attributes:
        path: its name, for messages.
        remedy: what to do if it is damaged.
    """

    path: Path
    remedy: str

    @property
    def db(self) -> database.Database:
        """The database."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Changes that are made together or not at all."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Reads that are all of one commit."""
        ...

    def vacuum(self) -> None:
        """Remove every byte that is not used any more."""
        ...


class Kept(Closeable):
    """A database of an index, opened; made if there is none. Any thread may use it, one at a time.

    Subclasses set its name, its version, the statements that create its tables, and the plural of what it contains. One
    of an earlier version among `UPGRADES` becomes one of this version when it is opened; where it cannot be written, a
    temporary copy is seen as one (`VIEWS`), from which one can only read.

    Args:
        place: the index's directory, or its address.
        is_backup: leave it as it is, as where it cannot be written.

    Raises:
        IndexProblem: if the database is of another version.
        IndexMissing: if there is no such index.
        IndexDamaged: if the database cannot be read, is empty, or is missing although it was there.
        CannotWrite: if it cannot be made.
        ClusterUnavailable: if the cluster does not answer.
    """

    FILE: ClassVar[str]
    VERSION: ClassVar[int]
    UPGRADES: ClassVar[Mapping[int, Callable[[Any], None]]] = {}
    """Earlier version → the method that makes its tables those of this one, inside a transaction."""
    VIEWS: ClassVar[Mapping[int, Callable[[Any], None]]] = {}
    """Each of these versions → the method that makes views of its tables that are as those of this one, at no cost."""
    SCHEMA: ClassVar[str]
    WHAT: ClassVar[str]

    def __init__(self, place: str | Path, is_backup: bool = False) -> None:
        self._medium = self._opened(place)
        self.path, self.remedy = self._medium.path, self._medium.remedy
        try:
            version = self._version()
            if version == 0:
                raise IndexDamaged(f"“{self.path}” is empty. {self.remedy}")
            if version in self.UPGRADES:
                databases.refuse_foreign(self.db)
            if version in self.UPGRADES and is_backup:
                self._upgrade_copy(CannotWrite(f"“{self.path}” is part of a backup, which is not changed."))
            elif version in self.UPGRADES:
                self._upgrade_once()
            elif version != self.VERSION:
                raise IndexProblem(f"“{self.path}” was made by another version of Dateline.")
            elif _schema(self.db) != self._own_schema():
                raise IndexDamaged(f"“{self.path}” has other tables than Dateline makes. {self.remedy}")
        except BaseException:  # also an interrupt: nobody else would close it
            self.close()
            raise

    def _version(self) -> int:
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def _upgrade_once(self) -> None:
        try:
            self._upgrade_medium()
        except IndexDamaged:
            raise
        except IndexProblem as problem:  # a read-only file system, or a full one; a user who may only read a cluster
            self._upgrade_copy(problem)

    def _upgrade_copy(self, problem: IndexProblem) -> None:
        with closing(self._medium) as medium:
            self._medium = copy = _Copy(medium, problem)
        self.db.execute("PRAGMA trusted_schema = ON")  # for views of ours, over tables that were looked at
        self.VIEWS[self._version()](self)
        copy.finish()

    def _upgrade_medium(self) -> None:
        with self.transaction():
            if (version := self._version()) in self.UPGRADES:  # otherwise another process was first
                self.UPGRADES[version](self)
                self.db.execute(f"PRAGMA user_version = {self.VERSION}")

    @classmethod
    def is_in(cls, place: str | Path) -> bool:
        """True if an index has such a database, or had one that is missing now."""
        if not address.is_address(place):
            path = Path(place) / cls.FILE
            return path.exists() or databases.seal_path(path).exists()
        from search.opensearch.kept import SharedDatabase

        return SharedDatabase.is_in(address.read(str(place)), address.access(os.environ), Path(cls.FILE).stem)

    @property
    def db(self) -> database.Database:
        """The database, to read from it; inside a transaction, to write to it."""
        return self._medium.db

    def transaction(self) -> AbstractContextManager[None]:
        """Changes that are made together or not at all; durable when the block ends."""
        return self._medium.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """Reads that are all of one commit, whatever others write until the block ends.

        Inside a transaction or another snapshot it changes nothing. Rows that are read when they are wanted have to be
        wanted inside. Be quick: those who write to a file wait until the block ends. No transaction begins inside.
        """
        return self._medium.snapshot()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement whose last column is the checksum of the others, without it."""
        for row in self.db.execute(statement, values):
            yield row_sums.unsummed(row, self.path, self.remedy)

    def vacuum(self) -> None:
        """Remove every byte that is not used any more."""
        self._medium.vacuum()

    def close(self) -> None:
        """Close the database."""
        self._medium.close()

    def copy(self, place: str | Path) -> bool:
        """Give a copy to another index, unless it has such a database already. Returns True if it was copied.

        Raises:
            IndexDamaged: if this one is damaged.
        """
        if self.is_in(place):
            return False
        with closing(database.connect(None)) as image:
            with self.snapshot():
                for problem in databases.contradictions(self.db):
                    raise IndexDamaged(f"“{self.path}” is damaged, and is not copied. {problem} {self.remedy}")
                self.db.backup(image)
            self._opened(place, image.backup).close()
        return True

    @classmethod
    @cache
    def _own_schema(cls) -> frozenset[tuple[str, ...]]:
        with closing(database.connect(None)) as db:
            cls._fill(db)
            return _schema(db)

    @classmethod
    def _fill(cls, db: database.Database) -> None:
        """Make the tables in an empty database."""
        db.executescript(f"BEGIN IMMEDIATE; PRAGMA user_version = {cls.VERSION}; {cls.SCHEMA} COMMIT;")

    @classmethod
    def _opened(cls, place: str | Path, fill: Callable[[database.Database], object] | None = None) -> Medium:
        fill = fill or cls._fill
        if not address.is_address(place):
            return _File(Path(place) / cls.FILE, cls.WHAT, fill)
        from search.opensearch.kept import SharedDatabase

        at = address.read(str(place))
        return SharedDatabase(at, address.access(os.environ), Path(cls.FILE).stem, cls.WHAT, fill)


def _schema(db: database.Database) -> frozenset[tuple[str, ...]]:
    """What a database has: the kind, name and table of each thing, and the statement that made it."""
    rows = db.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    return frozenset((str(kind), str(name), str(table), " ".join(str(sql).split())) for kind, name, table, sql in rows)


class _File(Closeable):
    """A database in a file of an index's directory.

    Args:
        fill: makes its tables in an empty one.
    """

    def __init__(self, path: Path, what: str, fill: Callable[[database.Database], object]) -> None:
        self.path = path
        seal = databases.seal_path(path)
        self.remedy = (
            f"Restore the index from a snapshot (dateline restore), or remove “{path}” and “{seal.name}”: "
            f"all {what} are lost then."
        )
        if not path.exists():
            if seal.exists():
                raise IndexDamaged(f"“{path}” is missing, although it was there. {self.remedy}")
            self._make(fill)
        self.db = database.connect(path, self.remedy, make=False, timeout_s=_BUSY_S, any_thread=True)
        try:
            self.db.execute("PRAGMA synchronous = EXTRA")  # syncs the directory too
            self.db.execute("PRAGMA secure_delete = ON")
        except BaseException:  # also an interrupt: nobody else would close it
            self.db.close()
            raise

    def transaction(self) -> AbstractContextManager[None]:
        return _transaction(self.db)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            if self.db.in_transaction:  # else an error of the disk has ended it
                self.db.execute("COMMIT")

    def vacuum(self) -> None:
        self.db.execute("VACUUM")

    def close(self) -> None:
        self.db.close()

    def _make(self, fill: Callable[[database.Database], object]) -> None:
        """Make the file; it gets its name when it is complete."""
        if not self.path.parent.is_dir():
            raise IndexMissing(f"There is no index at “{self.path.parent}”.")
        made = self.path.with_name(f"{self.path.name}.{secrets.token_hex(8)}{disk.TEMPORARY_SUFFIX}")
        try:
            with closing(database.connect(made)) as db:
                db.execute("PRAGMA synchronous = EXTRA")
                fill(db)
            if not disk.link(made, self.path) and not self.path.exists():  # otherwise another process was first
                raise CannotWrite(f"“{self.path.parent}” is on a file system without hard links. Use another one.")
        finally:
            disk.remove(made)
        disk.sync_folder(self.path.parent)
        databases.seal(self.path)


class _Copy(Closeable):
    """A temporary copy of a database that cannot be written, which can be changed until it is finished.

    Args:
        problem: why the database cannot be written.
    """

    def __init__(self, medium: Medium, problem: IndexProblem) -> None:
        self.path, self.remedy = medium.path, medium.remedy
        self._problem = problem
        self._is_finished = False
        self.db = database.connect(None, self.remedy, any_thread=True)
        try:
            medium.db.backup(self.db)
        except BaseException:  # also an interrupt: nobody else would close it
            self.db.close()
            raise
        self.db.path = self.path

    def finish(self) -> None:
        """Refuse all changes from now on."""
        self._is_finished = True
        self.db.execute("PRAGMA query_only = ON")

    def transaction(self) -> AbstractContextManager[None]:
        if self._is_finished:
            raise self._problem
        return _transaction(self.db)

    def snapshot(self) -> AbstractContextManager[None]:
        return nullcontext()  # nobody writes to it

    def vacuum(self) -> None:
        raise self._problem

    def close(self) -> None:
        self.db.close()


@contextmanager
def _transaction(db: database.Database) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:  # also an interrupt: another thread may use the file next
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
