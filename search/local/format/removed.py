"""The articles that were removed of late (see `search.tombstones`): one small JSON file beside the index.

It is on disk before the commit that removes them; a crash between the two leaves an id of an article that is still
there, which whoever reads the file with a generation passes over. The index does without it where it is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from search import dates, tombstones
from search.errors import IndexDamaged
from search.local.format import sealed

NAME = "removed.json"


def read(folder: Path) -> dict[str, str]:
    """The ids that were removed, and when. Raises IndexDamaged when the file is not what `write` leaves."""
    try:
        found = sealed.read(folder / NAME)
    except FileNotFoundError:
        return {}
    except IndexDamaged:
        raise _damaged(folder) from None
    if not isinstance(found, dict) or not all(map(dates.is_moment, found.values())):
        raise _damaged(folder)
    return found


def write(folder: Path, known: Mapping[str, str]) -> None:
    """Replace what is remembered, durably."""
    sealed.write(folder / NAME, dict(known))


def committed(folder: Path, removed: Iterable[str], back: Collection[str]) -> None:
    """Remember, before a commit, what it removes, and forget what it has again."""
    before = read(folder)
    if (now := tombstones.after(before, removed, back)) != before:
        write(folder, now)


def forget(folder: Path, ids: Collection[str]) -> None:
    """Remember nothing of some ids."""
    before = read(folder)
    if not before.keys().isdisjoint(ids):
        write(folder, {name: at for name, at in before.items() if name not in ids})


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(f"“{folder / NAME}” cannot be read: it is not as it was written. Restore it, or remove it.")
