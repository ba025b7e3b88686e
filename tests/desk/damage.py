"""Damages what is stored on a desk, as a disk may."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desk.store.where import FILE


def damage(place: str | Path, statement: str, file: str = FILE) -> None:
    """Change values behind the back of their checksums."""
    with closing(sqlite3.connect(Path(place) / file)) as opened, opened:
        assert opened.execute(statement).rowcount
