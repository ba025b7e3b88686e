"""Parts of a page that are omitted, and named on it: if there is no time for them (see `search.budget`), or if their
file is damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from search import budget
from search.errors import IndexDamaged, OutOfTime
from search.fields import BY_NAME
from service import log

T = TypeVar("T")

NAMES = {"hits.snippets": "excerpts", "did_you_mean": "other spellings", "facets.date": "timeline"}
"""Entries of `Results.incomplete` → their names on the page; facets have their labels."""


class OptionalParts:
    """Makes parts of a page.

    Attributes:
        omitted: the names of those for which there was no time.
        damaged: the names of those that could not be read; the log says why.
    """

    def __init__(self, incomplete: Sequence[str] = ()) -> None:
        self.damaged: list[str] = []
        self.omitted = [NAMES.get(entry) or BY_NAME[entry.partition(".")[2]].label.lower() for entry in incomplete]

    def offer(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a part within the time for suggestions; None if that does not suffice."""
        with budget.offering():
            return self.part(name, make)

    def part(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a part within the time budget; None if that does not suffice."""
        try:
            return make()
        except OutOfTime:
            self.omitted.append(name)
            return None

    def kept(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        """Read what people have decided, from a file beside the index; if it is damaged, the page goes without."""
        try:
            return read()
        except IndexDamaged as error:
            log.say(str(error))
            if name not in self.damaged:
                self.damaged.append(name)
            return otherwise
