"""The names of files: text in UTF-8 in an archive, bytes on a disk, and in between what the locale makes of them.

A name is the same in every locale, and leads to its file in every locale.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_REPLACED = "\ufffd"


def name_of(path: str) -> str:
    """A path of the system as valid Unicode: its bytes in UTF-8, and U+FFFD for those that are not."""
    return os.fsencode(path).decode("utf-8", "replace")


def path_of(folder: Path, name: str) -> Path:
    """The path to which a name leads from a folder, with `/` between folders; whether or not a file is there."""
    path = folder
    for part in name.split("/"):
        own = _listed(path).get(part) if _REPLACED in part else None
        path /= own if own is not None else os.fsdecode(part.encode("utf-8", "replace"))
    return path


def _listed(folder: Path) -> Mapping[str, str]:
    try:
        return _listed_at(folder, folder.stat().st_mtime_ns)
    except OSError:  # not listable
        return {}


@lru_cache(maxsize=4)  # every file of a folder asks for its neighbours
def _listed_at(folder: Path, _changed_ns: int) -> Mapping[str, str]:
    """Name → what the system calls it, for the names in a folder that are not UTF-8."""
    return {name: own for own in sorted(os.listdir(folder), reverse=True) if _REPLACED in (name := name_of(own))}
