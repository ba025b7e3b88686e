"""Tables in Markdown, with the numbers in them, and the aims next to the results."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

Aim = tuple[str, str, bool]
"""What is aimed at, what was reached, and whether that is enough."""


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def aims(*found: Aim) -> str:
    """Aims, results, and whether they are met."""
    return grid(("aim", "reached", "met"), [(aim, reached, "yes" if met else "no") for aim, reached, met in found])


def mean(values: Iterable[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.fmean(map(math.log, values)))


def ms(value: float) -> str:
    """Milliseconds, to three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def least(ratio: float, aim: float) -> tuple[str, bool]:
    """A ratio, and whether it reaches an aim."""
    return f"{ratio:.1f} ×", ratio >= aim
