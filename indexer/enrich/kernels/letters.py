"""Scores a text by the byte sequences in it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from search.local.kernels.compiling import kernel

I32 = NDArray[np.int32]
Automaton = tuple[NDArray[np.uint32], NDArray[np.uint16], I32]
"""The state after each byte, by row, 256 states each; the row of each state; its feature, -1 if it has none."""


@kernel
def count(data: NDArray[np.uint8], automaton: Automaton, found: I32, counts: I32) -> int:
    """Count the features of the states that an automaton passes through.

    Args:
        data: the bytes that it reads, from state 0.
        found, counts: out; the features in the order in which they are first met, and how often each is met.

    Returns:
        The number of different features.
    """
    moves, rows, features = automaton
    slots = 1
    while slots < 2 * len(data):
        slots *= 2
    last = slots - 1
    places = np.zeros(slots, np.int32)
    state = size = 0
    for byte in data:
        state = moves[(np.int64(rows[state]) << 8) | byte]
        feature = features[state]
        if feature < 0:
            continue
        slot = ((feature * 0x9E3779B1) >> 12) & last
        while places[slot] and found[places[slot] - 1] != feature:
            slot = (slot + 1) & last
        if not places[slot]:
            found[size] = feature
            counts[size] = 0
            size += 1
            places[slot] = size
        counts[places[slot] - 1] += 1
    return size


@kernel
def score(found: I32, counts: I32, weights: NDArray[np.int16], sums: NDArray[np.float64]) -> None:
    """Add up the weights of features, each times the logarithm of 1 + its count.

    Args:
        found, counts: see `count`.
        weights: of each feature for each class, one feature after the other.
        sums: of each class; zeros, out.
    """
    classes = np.uint64(len(sums))
    for place in range(len(found)):
        times = math.log1p(counts[place])
        first = np.uint64(found[place]) * classes
        for each in range(classes):
            sums[each] += times * weights[first + each]
