"""Finds the articles on the lists of an index, for an engine, and loads what stores the desk when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from desk.asker import Asker, current
from desk.store import where
from search.values.lists import no_list

if TYPE_CHECKING:
    from desk.lists.store import Lists, NamedList

MOST_REMEMBERED = 32
"""The number of lists whose articles a finder remembers."""


class Finder:
    """Finds the ids of the articles on the lists of an index, and remembers those of lists that have not changed.

    Args:
        asker: gives who asks (`desk.owned`), and so what a name is of; None for the operator.
    """

    def __init__(self, place: str | Path, asker: Callable[[], Asker | None] = current) -> None:
        self._place, self._asker = place, asker
        self._known: dict[int, tuple[int, tuple[str, ...]]] = {}

    def __call__(self, name: str) -> tuple[str, ...]:
        """The ids on a list. Raises BadQuery if there is no such list."""
        if not where.there(self._place):
            raise no_list(name, self._names())
        from desk.lists.store import ListMissing, Lists

        with Lists(self._place, asker=self._asker()) as lists, lists.snapshot():
            try:
                number, revision = lists.stamp(name)
            except ListMissing:
                raise no_list(name, self._names(lists)) from None
            known = self._known.get(number)
            if known is None or known[0] != revision:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                known = self._known[number] = revision, lists.ids(name)
            return known[1]

    def _names(self, lists: Lists | None = None) -> list[str] | None:
        """The names that an error may tell, which others may read, and so no private one; None to who has limits."""
        asker = self._asker()
        if asker is not None and not asker.sees_all:
            return None
        return [each.name for each in lists.listed() if not each.private] if lists is not None else []


def found(place: str | Path, name: str, asker: Asker | None) -> NamedList | None:
    """A list as somebody finds it; None if there is none."""
    if not where.there(place):
        return None
    from desk.lists.store import ListMissing, Lists

    with Lists(place, asker=asker) as lists, suppress(ListMissing):
        return lists.named(name)
    return None
