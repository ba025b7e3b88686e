"""What of a page there was no time for (see `search.budget`): the page is shown without it, and names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from search import budget
from search.errors import OutOfTime
from search.fields import BY_NAME

T = TypeVar("T")

NAMES = {"hits.snippets": "excerpts", "did_you_mean": "other spellings", "facets.date": "timeline"}
"""What people call what an answer is incomplete of; facets go by their labels."""


class Late:
    """What is missing so far; `names` are for people."""

    def __init__(self, incomplete: Sequence[str] = ()) -> None:
        self.names = [NAMES.get(entry) or BY_NAME[entry.partition(".")[2]].label.lower() for entry in incomplete]

    def offer(self, name: str, make: Callable[[], T]) -> T | None:
        """A part that is offered beside the answer, within the allowance for that; None where it did not suffice."""
        with budget.offering():
            return self.part(name, make)

    def part(self, name: str, make: Callable[[], T]) -> T | None:
        """A part of the page; None where there was no time for it."""
        try:
            return make()
        except OutOfTime:
            self.names.append(name)
            return None
