"""Scores a text by the byte sequences in it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import inlined, kernel
from search.jit.fetching import fetch

I32 = NDArray[np.int32]
Automaton = tuple[NDArray[np.uint32], NDArray[np.uint16], I32]
"""The state after each byte, by row, 256 states each; the row of each state; its feature, -1 if it has none."""
Weights = tuple[NDArray[np.int16], NDArray[np.float32], NDArray[np.int64], float]
"""Of each feature for each class, one feature after the other; of each class before any text, and its language; by what
sums of the first are divided."""


LANES = 16
"""Parts of a text that are read at once."""
_LINE = 32
"""Weights in a line of the processor's cache."""
_AHEAD = 4
"""Features whose weights are fetched ahead."""


@inlined
def _pass(data, automaton, states):
    """Write the state after each byte, from state 0 on.

    Where the next state stands is known only once the last was read, from a table that no cache holds. So the parts of
    a text are read at once, as if each began the text, and then again from where the part before it ended, up to the
    first state that is the same: after that, all are.
    """
    moves, rows, _ = automaton
    size = len(data) // LANES
    for at in range(size):
        for lane in range(LANES):
            place = lane * size + at
            row = np.int64(rows[states[place - 1]]) if at else np.int64(rows[0])
            states[place] = moves[(row << 8) | data[place]]
    for lane in range(1, LANES + 1):
        for place in range(lane * size, (lane + 1) * size if lane < LANES else len(data)):
            row = np.int64(rows[states[place - 1]]) if place else np.int64(rows[0])
            state = moves[(row << 8) | data[place]]
            if lane < LANES and states[place] == state:
                break
            states[place] = state


@kernel
def count(data: NDArray[np.uint8], automaton: Automaton, found: I32, counts: I32) -> int:
    """Count the features of the states that an automaton passes through.

    Args:
        data: the bytes that it reads, from state 0.
        found, counts: out; the features in the order in which they are first met, and how often each is met.

    Returns:
        The number of different features.
    """
    features = automaton[2]
    slots = 1
    while slots < 2 * len(data):
        slots *= 2
    last = slots - 1
    places = np.zeros(slots, np.int32)
    states = np.empty(len(data), np.uint32)
    _pass(data, automaton, states)
    size = 0
    for state in states:
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
def chances(data: NDArray[np.uint8], automaton: Automaton, weights: Weights, found: NDArray[np.float64]) -> int:
    """The probability of each language that the bytes are a text in it.

    Args:
        data: see `count`.
        found: of each language; zeros, out.

    Returns:
        The likeliest language.
    """
    table, priors, languages, unit = weights
    classes = np.uint64(len(priors))
    features, counts = np.empty(len(data), np.int32), np.empty(len(data), np.int32)
    size = count(data, automaton, features, counts)
    sums = np.zeros(len(priors), np.float64)
    for place in range(size):
        soon = np.uint64(features[min(place + _AHEAD, size - 1)]) * classes
        for each in range(0, len(priors) + _LINE, _LINE):
            fetch(table, soon + np.uint64(each))
        times = math.log1p(counts[place])
        first = np.uint64(features[place]) * classes
        for each in range(classes):
            sums[each] += times * table[first + each]
    if size:
        length = math.sqrt(len(data))
        for each in range(classes):
            sums[each] = (sums[each] / unit + priors[each]) / length
    highest = sums[0]
    for each in range(classes):
        highest = max(highest, sums[each])
    total = 0.0
    for each in range(classes):
        sums[each] = math.exp(sums[each] - highest)
        total += sums[each]
    for each in range(classes):
        found[languages[each]] += sums[each] / total
    first = 0
    for language in range(len(found)):
        if found[language] > found[first]:
            first = language
    return first
