"""The paired permutation test, of two ways of ranking on the same questions."""

from __future__ import annotations

import random
from collections.abc import Sequence

SWAPS = 20_000


def chance(mine: Sequence[float], other: Sequence[float]) -> float:
    """How often swapping the two at random gives a difference of means at least as large."""
    differences = [a - b for a, b in zip(mine, other, strict=True)]
    drawn = random.Random(1963)
    observed = abs(sum(differences)) - 1e-12
    as_large = sum(abs(sum(d if drawn.random() < 0.5 else -d for d in differences)) >= observed for _ in range(SWAPS))
    return as_large / SWAPS
