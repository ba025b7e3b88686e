"""Which snapshots were made of an index: `snapshots.json` in its directory, so that a purge finds them.

Each is named by its whole path. One that was removed is forgotten when the list is next looked at; one whose folder is
not there either, as of a disk that is not mounted, is kept.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import IndexDamaged, IndexProblem
from search.local.format import sealed

NAME = "snapshots.json"


def read(folder: Path) -> tuple[Path, ...]:
    """The snapshots of an index. Raises IndexDamaged when the file is not what `add` leaves."""
    try:
        paths = sealed.read(folder / NAME)
    except FileNotFoundError:
        return ()
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise IndexDamaged(f"“{folder / NAME}” is no list of paths. Remove it.")
    return tuple(map(Path, paths))


def add(folder: Path, *snapshots: Path) -> None:
    """Remember snapshots, durably, and forget those that were removed.

    Raises:
        IndexDamaged: when the list cannot be read.
        IndexProblem: when it cannot be written.
    """
    with _changing(folder):
        before = read(folder)
        new = {*before, *(path.absolute() for path in snapshots)}
        kept = sorted(str(path) for path in new if path.exists() or not path.parent.exists())
        if kept != [str(path) for path in before]:
            sealed.write(folder / NAME, kept)


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    """Nobody else changes the list meanwhile."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
    except OSError as error:
        raise IndexProblem(f"“{folder / NAME}” cannot be written: {error.strerror or error}.") from error
