"""When names are in the news and with whom: what decides if two names that agree are one person's (see `spellings`).

An engine answers the two questions of `Company` about the articles of a generation, and is asked only about names that
may be joined: `days`, from when to when a name is in articles, and `meeting`, whether two names share a companion, a
third person with whom both are named. `Articles` answers them from a list of articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Pair = tuple[Sequence[int], Sequence[int]]
"""Two names, each by the numbers of its spellings."""

Days = tuple[int, int, int]
"""The first and the last day of the articles with a name, as ordinals, and 1 if one of them has no day."""

NO_DAY: Days = (np.iinfo(np.int32).max, np.iinfo(np.int32).min, 0)
"""The days of a name of which no article is known."""


class Meeting(IntEnum):
    """What the companions of two names say."""

    ALONE = 0
    """The first is never named with anybody but the second."""
    APART = 1
    """They share none."""
    SHARED = 2


class Company(Protocol):
    """The articles with the names of an archive; names are numbers, as those who ask have them."""

    def days(self, numbers: Ints) -> Ints:
        """The first and the last day of each name, as ordinals, and 1 if an article has no day: shape (names, 3)."""
        ...

    def meeting(self, pairs: Sequence[Pair]) -> Sequence[Meeting]:
        """Whether the two names of each pair share companions: names in an article with either, but none of both."""
        ...


class Articles:
    """The company of names in a list of articles.

    Args:
        articles: the day of each, None if unknown, and the numbers of its names.
    """

    def __init__(self, articles: Iterable[tuple[date | None, Sequence[int]]]) -> None:
        self._days: dict[int, list[int]] = {}
        self._companions: dict[int, set[int]] = {}
        for day, numbers in articles:
            for number in numbers:
                known = self._days.setdefault(number, [*NO_DAY])
                if day is None:
                    known[2] = 1
                else:
                    known[:2] = min(known[0], day.toordinal()), max(known[1], day.toordinal())
                self._companions.setdefault(number, set()).update(numbers)

    def days(self, numbers: Ints) -> Ints:
        """See `Company`."""
        found = [self._days.get(number, NO_DAY) for number in numbers.tolist()]
        return np.array(found, np.int64).reshape(-1, 3)

    def meeting(self, pairs: Sequence[Pair]) -> list[Meeting]:
        """See `Company`."""
        return [met(self._with(one), self._with(other), {*one, *other}) for one, other in pairs]

    def _with(self, numbers: Sequence[int]) -> set[int]:
        return set().union(*(self._companions.get(number, ()) for number in numbers))


def met(one: set[int], other: set[int], both: set[int]) -> Meeting:
    """What two sets of companions say, without the names themselves."""
    mine = one - both
    return Meeting.ALONE if not mine else Meeting.APART if mine.isdisjoint(other) else Meeting.SHARED
