"""Puts together what each run of a text consists of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import kernel

I32 = NDArray[np.int32]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]


@kernel
def count_parts(runs: U32, ends: I64, most: int) -> tuple[int, int]:
    """The number of leading runs that have `most` parts together, or else all, and the number of their parts.

    Args:
        runs: their numbers.
        ends: of each run of the table, the end of its parts; the first entry is 0.
    """
    parts = 0
    for at in range(len(runs)):
        if parts >= most:
            return at, parts
        parts += ends[runs[at] + 1] - ends[runs[at]]
    return len(runs), parts


@kernel
def spell(runs: U32, ends: I64, parts: I32, out: I32) -> None:
    """Write the parts of runs, in order.

    Args:
        runs, ends: see `count_parts`.
        parts: of all runs of the table.
    """
    place = 0
    for run in runs:
        for at in range(ends[run], ends[run + 1]):
            out[place] = parts[at]
            place += 1


@kernel
def run_of(runs: U32, ends: I64, part: int) -> tuple[int, int]:
    """The run that has a part of a text, given by its place there; and its place in the run."""
    for at in range(len(runs)):
        size = ends[runs[at] + 1] - ends[runs[at]]
        if part < size:
            return at, part
        part -= size
    return len(runs), part
