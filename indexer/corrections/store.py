"""The corrections of an index: `corrections.sqlite` in its directory, a row each, in the order in which they were made.

A correction is on disk when `add` returns, and is never changed: undoing it fills its last two columns. Web workers and
commands add them, any time; the process that writes to the index applies them. Losing the file loses what people have
decided; the index keeps the facts as corrected until an article is read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from indexer.corrections.correction import Correction
from search import database
from search.closeable import Closeable
from search.errors import DatelineError, IndexProblem
from search.local.safe import databases
from search.local.safe.restoring import Incoming, counted

FILE = "corrections.sqlite"
_VERSION = 1
_SCHEMA = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, field TEXT NOT NULL, action TEXT NOT NULL,
    value TEXT NOT NULL, made_by TEXT NOT NULL, at TEXT NOT NULL, note TEXT NOT NULL,
    names TEXT NOT NULL, undone TEXT, undone_by TEXT
);
CREATE INDEX of_article ON corrections (article);
"""
_COLUMNS = "article, field, action, value, made_by, at, note, names, number, undone, undone_by"
_BUSY_S = 10.0


class CorrectionMissing(DatelineError):
    """There is no correction with this number, or it is undone."""

    def __init__(self, number: int) -> None:
        super().__init__(f"No correction {number} is in force. List them: dateline corrections INDEX list.")


class Store(Closeable):
    """The corrections of one index.

    Args:
        folder: the index's directory.

    Raises:
        IndexProblem: for an index in a cluster, which has no directory, or if the file is of another version.
        IndexDamaged: if the file cannot be read.
        CannotWrite: if it cannot be written.
    """

    def __init__(self, folder: str | Path) -> None:
        if "://" in str(folder):
            raise IndexProblem("Corrections are kept in an index's directory; this index is in a cluster.")
        self.path = Path(folder) / FILE
        remedy = f"Restore it from a backup, or remove “{self.path}”."
        self._db = database.connect(self.path, remedy, timeout_s=_BUSY_S, any_thread=True)
        try:
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            self._db.execute("PRAGMA synchronous = EXTRA")
            self._db.execute("PRAGMA secure_delete = ON")
            if version == 0:
                self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            elif version != _VERSION:
                raise IndexProblem(f"“{self.path}” was made by another version of Dateline.")
        except BaseException:  # also an interrupt: nobody else would close it
            self._db.close()
            raise

    @staticmethod
    def is_in(folder: str | Path) -> bool:
        """True if an index has corrections."""
        return "://" not in str(folder) and (Path(folder) / FILE).exists()

    def add(self, corrections: Iterable[Correction]) -> list[int]:
        """Store some corrections, all or none of them. Returns their numbers."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            numbers = [
                self._db.execute(
                    "INSERT INTO corrections (article, field, action, value, made_by, at, note, names)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (c.article, c.field, c.action, c.value, c.by, c.at, c.note, orjson.dumps(c.names).decode()),
                ).lastrowid
                for c in corrections
            ]
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return numbers

    def merge(self, corrections: Iterable[Correction]) -> None:
        """Add the corrections of another store that this one does not have; they get new numbers."""
        known = {_identity(each) for each in self.listed()}
        found = [each for each in corrections if _identity(each) not in known]
        for correction, number in zip(found, self.add(found), strict=True):
            if correction.undone is not None:
                self.undo(number, correction.undone_by or "", correction.undone)

    def take_back(self, numbers: Iterable[int]) -> None:
        """Remove corrections that nobody has been told of."""
        self._db.executemany("DELETE FROM corrections WHERE number = ?", [(number,) for number in numbers])

    def redo(self, number: int) -> None:
        """Put a correction in force again whose undoing nobody has been told of."""
        self._db.execute("UPDATE corrections SET undone = NULL, undone_by = NULL WHERE number = ?", (number,))

    def undo(self, number: int, by: str, at: str) -> Correction:
        """Undo a correction. Raises CorrectionMissing if there is none in force with this number."""
        found = self._db.execute(
            "UPDATE corrections SET undone = ?, undone_by = ? WHERE number = ? AND undone IS NULL"
            f" RETURNING {_COLUMNS}",
            (at, by, number),
        ).fetchone()
        if found is None:
            raise CorrectionMissing(number)
        return _correction(found)

    def of(self, article_id: str) -> tuple[Correction, ...]:
        """The corrections in force of an article, in their order."""
        where = "WHERE article = ? AND undone IS NULL ORDER BY number"
        return self._read(where, (article_id,))

    def listed(self, article: str | None = None, after: int = 0, most: int = -1) -> tuple[Correction, ...]:
        """All corrections, undone ones too, in their order.

        Args:
            article: only those of this article.
            after: only those with a greater number.
            most: the greatest number of them; negative for all.
        """
        where = "WHERE (? IS NULL OR article = ?) AND number > ? ORDER BY number LIMIT ?"
        return self._read(where, (article, article, after, most))

    def articles(self) -> frozenset[str]:
        """The ids of the articles that have corrections, in force or not."""
        return frozenset(row[0] for row in self._db.execute("SELECT DISTINCT article FROM corrections"))

    def erase(self, ids: Collection[str]) -> frozenset[str]:
        """Erase the corrections of some articles, without a trace. Returns the ids that had some."""
        known = self.articles() & frozenset(ids)
        if known:
            self._db.executemany("DELETE FROM corrections WHERE article = ?", [(each,) for each in known])
            self._db.execute("VACUUM")
        return known

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        databases.seal(self.path)

    def _read(self, where: str, values: Sequence[Any]) -> tuple[Correction, ...]:
        return tuple(
            _correction(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM corrections {where}", values)
        )


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the corrections of an index when a backup replaces it, and add those that only the backup has.

    What was undone since stays undone. Articles of the backup get their corrections by `application.apply`.
    """
    if not Store.is_in(source):
        return []
    if not Store.is_in(folder):
        databases.copy(source / FILE, folder / FILE)
        return []
    with Store(source) as before, Store(folder) as now:
        then, since = before.listed(), now.listed()
        now.merge(then)
    return counted(len({*map(_identity, since)} - {*map(_identity, then)}), "newer correction")


def _correction(row: Sequence[Any]) -> Correction:
    article, field, action, value, by, at, note, names, number, undone, undone_by = row
    others = tuple(orjson.loads(names))
    return Correction(article, field, action, value, by, at, note, others, number, undone, undone_by)


def _identity(correction: Correction) -> tuple[str, ...]:
    c = correction
    return c.article, c.field, c.action, c.value, c.by, c.at
