"""A desk that is not next to its index: what reads the index's directory does not see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import select, update

from desk.store import opening, registered, rows, where
from desk.store.base import Desk
from desk.store.tables import DESK, JOBS, METADATA, PEOPLE, SESSIONS, VERSION
from search import backends
from search.files import databases, row_sums
from search.system import database

_SUMMED = [table for table in METADATA.sorted_tables if table not in (DESK, VERSION)]


def is_elsewhere(place: str | Path) -> bool:
    """Whether the desk of an index is not next to it. Raises IndexProblem if it is not where the setting says."""
    home = where.of(place)
    if not backends.is_address(place) and registered.is_due(place, home):
        Desk(place).close()
    return home != where.by_default(place)


def take_over(place: str | Path) -> None:
    """Take over what earlier versions stored, before anything is copied, and bring a desk that is there up to date."""
    if where.there(place) if not backends.is_address(place) else opening.former_revision(place):
        Desk(place).close()


def copy(place: str | Path, folder: Path) -> None:
    """Put a copy of it into a directory, as of one commit, without sessions and jobs.

    Raises:
        IndexDamaged: if a row is damaged.
    """
    if not is_elsewhere(place):
        return
    path = folder / where.FILE
    with (
        Desk(place) as desk,
        desk.snapshot(),
        closing(database.connect(path, any_thread=True)) as file,
        opening.fill(file, [], path).connect() as db,
        opening.transaction(db, "BEGIN IMMEDIATE"),
    ):
        db.execute(update(DESK).values(id=desk.identity))
        for table in _SUMMED:
            if table not in (SESSIONS, PEOPLE, JOBS):
                rows.put(db, table, (row._asdict() for row in desk.whole(table)))
    databases.seal(path)


def faults(place: str | Path) -> Iterator[tuple[str, str]]:
    """The errors found in it: its name and a sentence, for each table. Cost: reads all rows."""
    if not is_elsewhere(place):
        return
    with Desk(place) as desk, desk.snapshot():
        for table in _SUMMED:
            kinds = rows.kinds_of(table)
            bad = sum(not row_sums.is_whole(row, kinds) for row in desk._run(select(table)))
            if bad:
                yield desk.name, row_sums.told(bad, table.name)
