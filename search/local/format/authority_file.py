"""The authority file on disk: one JSON file next to Whoosh's, replaced atomically.

It is on disk before the generation that applies it; after a crash between the two it is applied when the index is next
opened. For the meaning of the entries see `search.names.authority`.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from search.errors import BadAuthority, IndexDamaged
from search.files import sealed
from search.names.authority import Authority, Change, Entry, checked

NAME = "authority.json"


def read(folder: Path) -> Authority:
    """The authority file of an index, empty if there is none. Raises IndexDamaged if the file is not valid."""
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
                    change.get("by", ""),
                    change.get("undoes", 0),
                    change.get("micros", 0),
                )
                for change in found["journal"]
            ),
        )
    except FileNotFoundError:
        return Authority()
    except (KeyError, TypeError, AttributeError, BadAuthority) as error:
        raise IndexDamaged(f"“{path}” cannot be read: {error}. Restore it, or remove it.") from None


def write(folder: Path, authority: Authority) -> None:
    """Replace the authority file of an index, durably."""
    sealed.write(folder / NAME, asdict(authority))
