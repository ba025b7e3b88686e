"""Erases what is not used any more of a desk, byte by byte, whenever it was removed."""

from __future__ import annotations

import time
from pathlib import Path

from desk.store import opening
from desk.store.base import Desk
from desk.store.tables import METADATA
from search.errors import IndexProblem

_WAIT_S = 30
_LOOKS_EVERY_S = 0.2
_READERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid != pg_backend_pid() AND backend_xmin IS NOT NULL"
)


class _All(Desk):
    TABLES = tuple(METADATA.sorted_tables)
    WHAT = "desk"


def erase(place: str | Path, at: Path | None = None) -> None:
    """Erase the bytes that are not used any more, and what a process that was stopped has left of a desk.

    A server retains what somebody may still read: of a snapshot that is open, whatever it reads.

    Raises:
        IndexProblem: if somebody reads for so long that they are retained.
    """
    with _All(place, at) as desk:
        if isinstance(desk.home, Path):
            opening.sweep(desk.home)
        until = time.monotonic() + _WAIT_S
        while desk.is_read(_READERS):
            if time.monotonic() > until:
                raise IndexProblem(
                    f"Others read “{desk.name}” for so long that it retains what was erased. Purge the articles again."
                )
            time.sleep(_LOOKS_EVERY_S)
        desk.vacuum()
