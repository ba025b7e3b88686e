"""Blocked ids: removed articles that must not come back when their archive is read again.

One small JSON file next to Whoosh's, replaced atomically, on disk before the commit that removes the articles: after a
crash between the two an article is still there, and will not come back once removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from search.errors import IndexDamaged
from search.files import sealed

NAME = "blocked.json"


def read(folder: Path) -> frozenset[str]:
    """The blocked ids of an index. Raises IndexDamaged if the file is not valid."""
    try:
        ids = sealed.read(folder / NAME)
    except FileNotFoundError:
        return frozenset()
    if not isinstance(ids, list) or not all(isinstance(entry, str) for entry in ids):
        raise IndexDamaged(f"“{folder / NAME}” is not a list of ids. Restore it, or remove it.")
    return frozenset(ids)


def write(folder: Path, ids: Iterable[str]) -> None:
    """Replace the blocked ids of an index, durably."""
    sealed.write(folder / NAME, sorted(ids))
