"""`open("news.idx")`: an engine or a writer for the place that is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from search.engine import Engine, Writer
from search.errors import IndexProblem
from search.local.engine import LocalEngine
from search.local.warm import warm as local_warm
from search.local.writer import LocalWriter


def open(place: str | Path) -> Engine:
    """An engine that answers from an index.

    Args:
        place: the index's directory.

    Raises:
        IndexMissing, NotAnIndex, IndexDamaged: when there is nothing to answer from.
    """
    return LocalEngine(_folder(place))


def writer(place: str | Path) -> Writer:
    """A writer for an index, which is made where there is none.

    Raises:
        IndexLocked, NotAnIndex, IndexProblem: when it cannot be written.
    """
    return LocalWriter(_folder(place))


def warm(progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Compile what is compiled once for a machine, which else happens at first use.

    Args:
        progress: told how many steps are done, and of how many.
    """
    local_warm(progress)


def _folder(place: str | Path) -> Path:
    if "://" in str(place):
        raise IndexProblem(f"“{place}” is an address; indexes are directories in this version. Name a directory.")
    return Path(place)
