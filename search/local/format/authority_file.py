"""The authority of an index on disk: one JSON file beside Whoosh's, written whole and renamed over the old one.

It is on disk before the generation that shows it; a crash between the two leaves it to be seen when the index is opened
next. Not for what the entries mean: see `search.authority`.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from search.authority import Authority, Change, Entry, checked
from search.errors import BadAuthority, IndexDamaged
from search.local.format import sealed

NAME = "authority.json"


def read(folder: Path) -> Authority:
    """The authority of an index, empty where there is none.

    Raises:
        IndexDamaged: when the file is not what `write` leaves.
    """
    path = folder / NAME
    try:
        found: Any = sealed.read(path)
        return Authority(
            checked(Entry(**entry) for entry in found["entries"]),
            tuple(
                Change(
                    change["at"],
                    change["what"],
                    tuple(Entry(**entry) for entry in change["added"]),
                    tuple(Entry(**entry) for entry in change["removed"]),
                )
                for change in found["journal"]
            ),
        )
    except FileNotFoundError:
        return Authority()
    except (KeyError, TypeError, AttributeError, BadAuthority) as error:
        raise IndexDamaged(f"“{path}” cannot be read: {error}. Restore it, or remove it.") from None


def write(folder: Path, authority: Authority) -> None:
    """Replace the authority of an index, durably."""
    sealed.write(folder / NAME, asdict(authority))
