"""Snapshots of an index: made while it is written and served, listed, and checked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from desk.store import elsewhere
from search import backends
from search.errors import CannotWrite, IndexDamaged
from search.files import backup_list


class Made(NamedTuple):
    """A snapshot: its generation, and why it could not be listed, if it could not."""

    generation: int
    unlisted: CannotWrite | None = None


def make(place: str, to: Path, copied: bool = False) -> Made:
    """Make a snapshot, and list it, so that a purge reaches it.

    Args:
        copied: copy every byte, even if hard links would do.
    """
    elsewhere.take_over(place)
    generation = backends.snapshot(place, to, copied, partial(elsewhere.copy, place))
    try:
        backup_list.add(Path(place), to)
    except CannotWrite as problem:  # the backup is whole; an index that nobody may write is not purged either
        return Made(generation, problem)
    return Made(generation)


def check(place: str | Path, more: Iterable[tuple[str, str]] = ()) -> int:
    """Read every byte of a snapshot or an index. Returns its generation. Raises IndexDamaged, or that it cannot be
    read.

    Args:
        more: errors in what is stored elsewhere, each with a name.
    """
    found = backends.verify(place, more)
    if not found.whole:
        raise IndexDamaged(f"“{Path(place).name}” is damaged: {found.faults[0].file}: {found.faults[0].problem}")
    return found.generation
