"""The list of an index's backups: `snapshots.json` in its directory, so that a purge finds them.

Each is listed by its absolute path. A removed one is dropped when the list is next read; one whose parent folder does
not exist either, such as on an unmounted disk, stays.
"""

from __future__ import annotations

from pathlib import Path

from search.errors import IndexDamaged
from search.files import sealed
from search.system import disk

NAME = "snapshots.json"


def read(folder: Path) -> tuple[Path, ...]:
    """The backups of an index. Raises IndexDamaged if the file is not valid."""
    try:
        paths = sealed.read(folder / NAME)
    except FileNotFoundError:
        return ()
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise IndexDamaged(f"“{folder / NAME}” is not a list of paths. Remove it.")
    return tuple(map(Path, paths))


def add(folder: Path, *backups: Path) -> None:
    """Add backups to the list, durably, and drop removed ones.

    Raises:
        IndexDamaged: if the list cannot be read.
        CannotWrite: if it cannot be written.
    """
    with disk.locked(folder):
        before = read(folder)
        new = {*before, *(path.absolute() for path in backups)}
        remaining = sorted(str(path) for path in new if path.exists() or not path.parent.exists())
        if remaining != [str(path) for path in before]:
            sealed.write(folder / NAME, remaining)
