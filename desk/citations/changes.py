"""What came, went and changed from one result to a later one. Cost: linear in both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from desk.citations.result import Entry


class Changed(NamedTuple):
    """An article that is in both results with another content."""

    then: Entry
    now: Entry


class Changes(NamedTuple):
    """The difference between two results, each part in the order of the ids.

    Attributes:
        same: the number of articles that are in both with the same content.
    """

    came: tuple[Entry, ...]
    went: tuple[Entry, ...]
    changed: tuple[Changed, ...]
    same: int

    @property
    def none(self) -> bool:
        """True if both results are the same."""
        return not (self.came or self.went or self.changed)


def between(then: Sequence[Entry], now: Iterable[Entry]) -> Changes:
    """The changes from one result to another; both in the order of the ids."""
    before = {each.id: each for each in then}
    came, changed, same = [], [], 0
    for each in now:
        earlier = before.pop(each.id, None)
        if earlier is None:
            came.append(each)
        elif earlier.content == each.content:
            same += 1
        else:
            changed.append(Changed(earlier, each))
    return Changes(tuple(came), tuple(before.values()), tuple(changed), same)
