"""Finds the articles on the lists of an index, for an engine, and loads what stores the desk when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desk.store import where
from search.values.query import no_list

MOST_REMEMBERED = 32
"""The number of lists whose articles a finder remembers."""


class Finder:
    """Finds the ids of the articles on the lists of an index, and remembers those of lists that have not changed.

    Args:
        names: True if the names of lists may be told to the one who asks.
    """

    def __init__(self, place: str | Path, names: Callable[[], bool] = lambda: True) -> None:
        self._place, self._names = place, names
        self._known: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {}

    def __call__(self, name: str) -> tuple[str, ...]:
        """The ids on a list. Raises BadQuery if there is no such list."""
        if not where.there(self._place):
            raise no_list(name, () if self._names() else None)
        from desk.lists.store import ListMissing, Lists

        with Lists(self._place) as lists, lists.snapshot():
            try:
                stamp = lists.stamp(name)
            except ListMissing:
                known_names = [each.name for each in lists.listed()] if self._names() else None
                raise no_list(name, known_names) from None
            known = self._known.get(name)
            if known is None or known[0] != stamp:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                known = self._known[name] = stamp, lists.ids(name)
            return known[1]
