"""Refuses to copy an index onto or into itself."""

from __future__ import annotations

import os
from pathlib import Path

from search.errors import IndexProblem


def check(folder: str | Path, to: str | Path) -> None:
    """Make sure that a directory to copy to is neither that of the index nor inside it, by whatever name.

    Raises:
        IndexProblem: if it is.
    """
    there = Path(os.path.realpath(to))
    for place in (there, *there.parents):
        if place.exists() and Path(folder).exists() and place.samefile(folder):
            if place == there:
                raise same(folder, to)
            raise IndexProblem(f"“{to}” is inside “{folder}”, which is to be copied. Choose a place outside.")


def same(source: str | Path, to: str | Path) -> IndexProblem:
    """The error for an index that is to be copied onto itself."""
    return IndexProblem(f"“{source}” and “{to}” are the same index. Choose another destination.")
