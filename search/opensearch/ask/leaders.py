"""The first names of a facet, taken along over commits that touch some names.

Every name is either among the first, of which more are known than are listed, or comes after all of these, unless a
commit has touched it. So after a commit only the touched names are ranked, until too many of the first have gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

Rank = tuple[int, str, str, str]
"""−articles, label, spelling and the value: its place in a list."""


@dataclass(frozen=True, slots=True)
class Leaders:
    """The first names, as of a commit.

    Attributes:
        ranks: theirs, sorted.
        whole: true if there are no others.
        touched: the values whose ranks may have changed since.
    """

    ranks: tuple[Rank, ...]
    whole: bool
    touched: frozenset[str] = frozenset()

    def moving(self, values: Iterable[str]) -> Leaders:
        """The same, before a commit that touches some values is taken into account."""
        return replace(self, touched=self.touched.union(values))

    def settled(self, rank: Callable[[str], Rank | None], size: int) -> Leaders | None:
        """Those as of now; None if fewer than `size` are known, so that all have to be looked at.

        Args:
            rank: of a value now; None if no article has it.

        Cost: n log n in the number of the first and of the touched values.
        """
        if not self.touched:
            return self
        again = [found for value in self.touched if (found := rank(value)) is not None]
        if not self.whole:
            again = [found for found in again if self.ranks and found <= self.ranks[-1]]
        ranks = sorted([*(found for found in self.ranks if found[3] not in self.touched), *again])
        return Leaders(tuple(ranks), self.whole) if self.whole or len(ranks) >= size else None
