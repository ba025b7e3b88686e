"""Tombstones (see `search.values.tombstones`): one small JSON file next to the index.

It is on disk before the commit that removes the articles; after a crash between the two it has an id of an article that
still exists, which readers ignore. The file is optional.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from search.errors import IndexDamaged
from search.files import sealed
from search.text import dates
from search.values import tombstones

NAME = "removed.json"


def read(folder: Path) -> dict[str, str]:
    """The ids that were removed, with times. Raises IndexDamaged if the file is not valid."""
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
    """Replace the tombstones, durably."""
    sealed.write(folder / NAME, dict(known))


def committed(folder: Path, removed: Iterable[str], back: Collection[str]) -> None:
    """Before a commit, add tombstones for the articles it removes, and forget those it adds again."""
    before = read(folder)
    if (now := tombstones.after(before, removed, back)) != before:
        write(folder, now)


def forget(folder: Path, ids: Collection[str]) -> None:
    """Remove the tombstones of the given ids."""
    before = read(folder)
    if not before.keys().isdisjoint(ids):
        write(folder, {name: at for name, at in before.items() if name not in ids})


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(f"“{folder / NAME}” cannot be read: it is not as written. Restore it, or remove it.")
