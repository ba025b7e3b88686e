"""The ids that commits have changed, for those who follow an index: `changes.sqlite` in its directory.

A writer notes the ids of a commit before it becomes visible, if there is such a file. What was noted of a commit that
never became visible is harmless: those who follow look at these articles, and find them as they were. A commit of
which nothing was noted (a restore, another version of Dateline, a file that was lost) may have changed everything.
Decisions about names change no article, and are not noted (see `search.engine.Engine.authority`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from search.errors import IndexProblem
from search.files import databases
from search.files.row_sums import summed, unsummed
from search.system import database, disk
from search.system.closeable import Closeable

FILE = "changes.sqlite"
T = TypeVar("T")


_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS commits (generation INTEGER PRIMARY KEY, sum INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS changed (
    id TEXT NOT NULL PRIMARY KEY, generation INTEGER NOT NULL, sum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS changed_in ON changed (generation);
COMMIT;
"""


class Changes(Closeable):
    """The changed ids of one index, opened; the file is made if there is none.

    Raises:
        IndexProblem: if it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._db = database.connect(self._path)
        try:
            databases.refuse_foreign(self._db)
            self._db.execute("PRAGMA synchronous = EXTRA")
            self._db.execute("PRAGMA secure_delete = ON")
            if self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] < 3:
                self._db.executescript(_SCHEMA)
                databases.seal(self._path)
        except BaseException:  # also an interrupt: nobody else would close it
            self.close()
            raise

    def note(self, generation: int, ids: Iterable[str]) -> None:
        """Note which articles a commit is about to change. Cost: linear in them."""
        with self._together("BEGIN IMMEDIATE"):
            self._db.execute("INSERT OR REPLACE INTO commits VALUES (?, ?)", summed((generation,)))
            self._db.executemany(
                "INSERT OR REPLACE INTO changed VALUES (?, ?, ?)", (summed((each, generation)) for each in ids)
            )

    def between(self, seen: int, generation: int) -> frozenset[str] | None:
        """The articles that may have changed after one generation and up to another; None if that is not known."""
        with self._together("BEGIN"):
            commits = self._rows("SELECT * FROM commits WHERE generation > ? AND generation <= ?", seen, generation)
            if generation < seen or len(commits) != generation - seen:
                return None
            return frozenset(row[0] for row in self._rows("SELECT * FROM changed WHERE generation > ?", seen))

    def forget(self, generation: int) -> None:
        """Forget what was changed up to a generation, since everybody has seen it."""
        with self._together("BEGIN IMMEDIATE"):
            for table in ("commits", "changed"):
                self._db.execute(f"DELETE FROM {table} WHERE generation <= ?", (generation,))

    def erase(self, ids: Collection[str]) -> None:
        """Forget some ids without a trace."""
        with self._together("BEGIN IMMEDIATE"):
            self._db.executemany("DELETE FROM changed WHERE id = ?", [(each,) for each in ids])
        self._db.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _rows(self, statement: str, *values: int) -> list[tuple[Any, ...]]:
        return [unsummed(row, self._path, "It is made again.") for row in self._db.execute(statement, values)]

    @contextmanager
    def _together(self, begin: str) -> Iterator[None]:
        """What is read of one commit, or written together or not at all."""
        self._db.execute(begin)
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:  # also an interrupt
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def follow(folder: Path) -> None:
    """Have writers note what they change from now on."""
    _using(folder, lambda _changes: None)


def note(folder: Path, generation: int, ids: Iterable[str]) -> None:
    """Note which articles a commit is about to change, if somebody follows the index."""
    if (folder / FILE).exists():
        changed = list(ids)
        _using(folder, lambda changes: changes.note(generation, changed))


def between(folder: Path, seen: int, generation: int) -> frozenset[str] | None:
    """The articles that may have changed after one generation and up to another; None if that is not known."""
    return _using(folder, lambda changes: changes.between(seen, generation))


def forget(folder: Path, generation: int) -> None:
    """Forget what was changed up to a generation."""
    _using(folder, lambda changes: changes.forget(generation))


def erase(folder: Path, ids: Collection[str]) -> None:
    """Forget some ids without a trace, if somebody follows the index."""
    if (folder / FILE).exists():
        _using(folder, lambda changes: changes.erase(ids))


def remove(folder: Path) -> None:
    """Remove the file: those who follow look at everything."""
    path = folder / FILE
    for each in (path, databases.seal_path(path)):
        disk.remove(each)


def _using(folder: Path, do: Callable[[Changes], T]) -> T:
    """Do something with the file; one that cannot be read is made again, since only work is lost with it."""
    try:
        with Changes(folder) as changes:
            return do(changes)
    except IndexProblem:
        remove(folder)
    with Changes(folder) as changes:
        return do(changes)
