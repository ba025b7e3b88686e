"""The ids that commits have changed, for those who follow an index: `changes.sqlite` in its directory.

A writer notes the ids of a commit before it becomes visible, if there is such a file. What was noted of a commit that
never became visible is harmless: whoever follows looks at these articles, and finds them as they were. A commit of
which nothing was noted (a restore, another version of Dateline, a file that was lost) may have changed everything.
Decisions about names change no article, and are not noted (see `search.engine.Engine.authority`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from search.errors import IndexProblem
from search.files import databases
from search.files.row_sums import summed
from search.local.safe.kept import Kept
from search.system import disk

FILE = "changes.sqlite"
T = TypeVar("T")


class Changes(Kept):
    """The changed ids of one index."""

    FILE = FILE
    VERSION = 1
    WHAT = "changes"
    SCHEMA = """
        CREATE TABLE commits (generation INTEGER PRIMARY KEY, sum INTEGER NOT NULL);
        CREATE TABLE changed (
            id TEXT NOT NULL PRIMARY KEY, generation INTEGER NOT NULL, sum INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX changed_in ON changed (generation);
    """

    def note(self, generation: int, ids: Iterable[str]) -> None:
        """Note which articles a commit is about to change. Cost: linear in them."""
        with self.transaction():
            self.db.execute("INSERT OR REPLACE INTO commits VALUES (?, ?)", summed((generation,)))
            self.db.executemany(
                "INSERT OR REPLACE INTO changed VALUES (?, ?, ?)", (summed((each, generation)) for each in ids)
            )

    def between(self, seen: int, generation: int) -> frozenset[str] | None:
        """The articles that may have changed after one generation and up to another; None if that is not known."""
        span = (seen, generation)
        with self.snapshot():
            commits = list(self.rows("SELECT * FROM commits WHERE generation > ? AND generation <= ?", span))
            if generation < seen or len(commits) != generation - seen:
                return None
            return frozenset(row[0] for row in self.rows("SELECT * FROM changed WHERE generation > ?", (seen,)))

    def forget(self, generation: int) -> None:
        """Forget what was changed up to a generation, since everybody has seen it."""
        with self.transaction():
            for table in ("commits", "changed"):
                self.db.execute(f"DELETE FROM {table} WHERE generation <= ?", (generation,))

    def erase(self, ids: Collection[str]) -> None:
        """Forget some ids without a trace."""
        with self.transaction():
            self.db.executemany("DELETE FROM changed WHERE id = ?", [(each,) for each in ids])
        self.vacuum()


def follow(folder: Path) -> None:
    """Have writers note what they change from now on."""
    _using(folder, lambda _changes: None)


def note(folder: Path, generation: int, ids: Iterable[str]) -> None:
    """Note which articles a commit is about to change, if somebody follows the index."""
    if Changes.is_in(folder):
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
    if Changes.is_in(folder):
        _using(folder, lambda changes: changes.erase(ids))


def remove(folder: Path) -> None:
    """Remove the file: whoever follows looks at everything."""
    path = folder / FILE
    for each in (path, databases.seal_path(path)):
        disk.remove(each)


def _using(folder: Path, do: Callable[[Changes], T]) -> T:
    """Do something with the file; one that cannot be read is made anew, since only work is lost with it."""
    try:
        with Changes(folder) as changes:
            return do(changes)
    except IndexProblem:
        remove(folder)
    with Changes(folder) as changes:
        return do(changes)
