"""Takedowns that wait for a writer: ids to remove and block, asked for while another process holds the write lock.

Each request is a file of its own in `takedowns/` in the index's directory, so that no lock is needed to make one. A
writer does all of them with its next commit and removes the files after that; one that is interrupted in between leaves
them to the next writer, which does them again to the same effect.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from secrets import token_hex

from search.errors import IndexDamaged
from search.files import sealed
from search.system import disk

FOLDER = "takedowns"
_ENDING = ".json"


def ask(folder: Path, ids: Collection[str]) -> Path:
    """Ask the process that writes to an index to remove and block articles; on disk when this returns.

    Returns:
        The request, which is removed when the articles are no longer there.

    Raises:
        CannotWrite: if it cannot be written.
    """
    there = folder / FOLDER
    disk.make_folder(there)
    disk.sync_folder(folder)
    request = there / f"{time.time_ns():020}-{token_hex(4)}{_ENDING}"
    sealed.write(request, sorted(ids))
    return request


def waiting(folder: Path) -> list[Path]:
    """The requests that wait, the earliest first."""
    try:
        return sorted(path for path in (folder / FOLDER).iterdir() if path.suffix == _ENDING)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise disk.refused(folder / FOLDER, error) from None


def read(request: Path) -> frozenset[str]:
    """The ids to remove and block. Raises IndexDamaged if the request is not as written."""
    ids = sealed.read(request)
    if not isinstance(ids, list) or not all(isinstance(entry, str) for entry in ids):
        raise IndexDamaged(f"“{request}” is not a list of ids. Remove it, and block the articles again.")
    return frozenset(ids)


def done(requests: Collection[Path]) -> None:
    """Remove requests whose articles are no longer in the index."""
    for request in requests:
        disk.remove(request)
