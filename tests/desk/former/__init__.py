"""The databases of an index as earlier versions made them, from the statements in this folder, of invented data."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from desk.corrections.correction import Correction
from search.files import databases
from search.files.row_sums import summed

HERE = Path(__file__).parent
DESK = ("alerts", "citations", "corrections", "lists", "searches")
SPOOL = ("jobs", "sessions")


def make(place: Path, names: Collection[str] = (*DESK, *SPOOL)) -> list[Path]:
    """Make the databases, and the keys, in the directory of an index. Returns the files."""
    made = [_made(place, name, (HERE / f"{name}.sql").read_text("utf-8")) for name in names]
    (place / "keys.json").write_bytes((HERE / "keys.json").read_bytes())
    return [*made, place / "keys.json"]


def make_corrections(place: Path, corrections: Sequence[Correction]) -> Path:
    """Make a database of corrections whose times are to the second, as version 2 of it had them.

    The last one is not applied yet; another had been stored after them, and was erased.
    """
    path = _made(place, "corrections", (HERE / "corrections_2.sql").read_text("utf-8"))
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("DELETE FROM corrections")
        for number, c in enumerate(corrections, 1):
            subject = "" if c.field in ("date", "title") else c.value
            row = [number, c.article, c.field, c.action, c.value, c.by, c.at, c.note, "[]", c.undone, c.undone_by]
            row += [subject, int(number == len(corrections))]
            opened.execute(f"INSERT INTO corrections VALUES ({', '.join('?' * 14)})", summed(row))
        opened.execute("DELETE FROM sqlite_sequence")
        if corrections:
            opened.execute("INSERT INTO sqlite_sequence VALUES ('corrections', ?)", (len(corrections) + 1,))
    return path


def image(name: str) -> bytes:
    """The bytes of a database."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript((HERE / f"{name}.sql").read_text("utf-8"))
        return made.serialize()


def _made(place: Path, name: str, statements: str) -> Path:
    path = place / ("spool" if name in SPOOL else "") / f"{name}.sqlite"
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(statements)
    if name not in SPOOL:
        databases.seal(path)
    return path
