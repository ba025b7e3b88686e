"""The ids that commits have changed, for those who follow an index: `changes.sqlite` in its directory.

A writer notes the ids of a commit before it becomes visible, if there is such a file. What was noted of a commit that
never became visible is harmless: whoever follows looks at these articles, and finds them as they were. A commit of
which nothing was noted (a restore, another version of Dateline, a file that was lost) may have changed everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from search import disk
from search.errors import IndexProblem
from search.local.safe import databases
from search.local.safe.kept import Kept
from search.local.safe.row_sums import summed

FILE = "changes.sqlite"


class Changes(Kept):
    """The changed ids of one index."""

    FILE = FILE
    VERSION = 1
    WHAT = "changes"
    SCHEMA = """
        CREATE TABLE commits (generation INTEGER PRIMARY KEY, everything INTEGER NOT NULL, sum INTEGER NOT NULL);
        CREATE TABLE changed (
            id TEXT NOT NULL PRIMARY KEY, generation INTEGER NOT NULL, sum INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX changed_in ON changed (generation);
    """

    def note(self, generation: int, ids: Iterable[str], *, everything: bool = False) -> None:
        """Note what a commit is about to change. Cost: linear in the ids.

        Args:
            everything: any article may match other queries than before.
        """
        with self.transaction():
            before = self.rows("SELECT * FROM commits WHERE generation = ?", (generation,))
            everything = everything or any(known for _, known in before)
            commit = summed((generation, int(everything)))
            self.db.execute("INSERT OR REPLACE INTO commits VALUES (?, ?, ?)", commit)
            self.db.executemany(
                "INSERT OR REPLACE INTO changed VALUES (?, ?, ?)", (summed((each, generation)) for each in ids)
            )

    def between(self, seen: int, generation: int) -> frozenset[str] | None:
        """The ids that may have changed after one generation and up to another; None if all may have."""
        if generation < seen:
            return None
        span = (seen, generation)
        commits = list(self.rows("SELECT * FROM commits WHERE generation > ? AND generation <= ?", span))
        if len(commits) != generation - seen or any(everything for _, everything in commits):
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
        self.db.execute("VACUUM")


def note(folder: Path, generation: int, ids: Iterable[str], *, everything: bool = False) -> None:
    """Note what a commit is about to change, if somebody follows the index.

    A file that cannot be read is made anew: all that is lost with it is work, since whoever follows looks at everything.
    """
    if not Changes.is_in(folder):
        return
    ids = list(ids)
    try:
        with Changes(folder) as changes:
            changes.note(generation, ids, everything=everything)
    except IndexProblem:
        _remove(folder)
        with Changes(folder) as changes:
            changes.note(generation, ids, everything=everything)


def erase(folder: Path, ids: Collection[str]) -> None:
    """Forget some ids without a trace, if somebody follows the index."""
    if not Changes.is_in(folder):
        return
    try:
        with Changes(folder) as changes:
            changes.erase(ids)
    except IndexProblem:
        _remove(folder)


def _remove(folder: Path) -> None:
    path = folder / FILE
    for each in (path, databases.seal_path(path)):
        disk.remove(each)
