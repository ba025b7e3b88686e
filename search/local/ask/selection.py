"""Selects the first of many values without sorting all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def smallest(keys: Sequence[NDArray[Any]], size: int) -> NDArray[np.int64]:
    """The indices of the smallest entries, in any order: by the first key, ties by the next ones, which are unique."""
    taken = []
    rest = np.arange(len(keys[0]))
    for key in keys:
        if not 0 < size < len(rest):
            break
        own = key[rest]
        last = np.partition(own, size - 1)[size - 1]
        before = rest[own < last]
        taken.append(before)
        size -= len(before)
        rest = rest[own == last]
    return np.concatenate([*taken, rest[:size]])
