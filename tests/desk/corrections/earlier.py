"""A store of corrections as version 2 made it, whose times are to the second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desk.corrections.correction import Correction
from desk.corrections.store import Store
from search.files.row_sums import summed
from search.local.safe.kept import Kept

_COLUMNS = "number, article, field, action, value, made_by, at, note, names, undone, undone_by, subject, pending, sum"


class Earlier(Kept):
    """A store of version 2."""

    FILE = Store.FILE
    VERSION = 2
    WHAT = Store.WHAT
    SCHEMA = """
        CREATE TABLE corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, field TEXT NOT NULL, action TEXT NOT NULL,
            value TEXT NOT NULL, made_by TEXT NOT NULL, at TEXT NOT NULL, note TEXT NOT NULL, names TEXT NOT NULL,
            undone TEXT, undone_by TEXT, subject TEXT NOT NULL, pending INTEGER NOT NULL, sum INTEGER NOT NULL
        );
        CREATE INDEX on_subject ON corrections (article, field, subject, at, number);
        CREATE INDEX by_action ON corrections (article, field, action, at, number);
        CREATE INDEX by_time ON corrections (article, at, number);
        CREATE INDEX waiting ON corrections (pending) WHERE pending > 0;
    """

    def write(self, corrections: Sequence[Correction]) -> None:
        """Store some, the last of which is not applied yet; another had been stored after them, and was erased."""
        with self.transaction():
            for number, c in enumerate(corrections, 1):
                subject = "" if c.field in ("date", "title") else c.value
                pending = int(number == len(corrections))
                row = [number, c.article, c.field, c.action, c.value, c.by, c.at, c.note, "[]", c.undone, c.undone_by]
                row += [subject, pending]
                marks = ", ".join("?" for _ in _COLUMNS.split(","))
                self.db.execute(f"INSERT INTO corrections ({_COLUMNS}) VALUES ({marks})", summed(row))
            self.db.execute("UPDATE sqlite_sequence SET seq = ?", (len(corrections) + 1,))


def make(place: str | Path, corrections: Sequence[Correction]) -> None:
    """Make a store of version 2."""
    with Earlier(place) as store:
        store.write(corrections)
