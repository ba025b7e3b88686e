"""Parts of a page that are omitted, and named on it, if the time does not suffice (see `search.budget`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from search import budget
from search.errors import OutOfTime
from search.fields import BY_NAME

T = TypeVar("T")

NAMES = {"hits.snippets": "excerpts", "did_you_mean": "other spellings", "facets.date": "timeline"}
"""Entries of `Results.incomplete` → their names on the page; facets have their labels."""


class OptionalParts:
    """Makes parts of a page; `omitted` has the names of those that are missing."""

    def __init__(self, incomplete: Sequence[str] = ()) -> None:
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
