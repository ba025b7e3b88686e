"""Finds phrases in the words of a text: at each place the longest, without overlaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.local.kernels.compiling import inlined, kernel

I32 = NDArray[np.int32]
Tree = tuple[NDArray[np.int64], I32, I32]
"""The phrases, a node for each beginning of one: a hash table of steps, their count a power of two, of which each is
node << 32 | word, or -1; the node that a step leads to; and of each node the phrase that it is, or -1. The node of no
words is 0. Words of phrases are numbered from 0."""


@inlined
def slot_of(step, slots):
    """Where to look for a step first."""
    return ((step * 0x9E3779B97F4A7C15) & 0x7FFFFFFFFFFFFFFF) >> 24 & (slots - 1)


@inlined
def _after(tree, node, word):
    """The node after one more word; 0 if no phrase begins so."""
    steps, nodes, _ = tree
    step = (np.int64(node) << 32) | np.int64(word)
    slot = slot_of(step, len(steps))
    while steps[slot] >= 0:
        if steps[slot] == step:
            return nodes[slot]
        slot = (slot + 1) & (len(steps) - 1)
    return np.int32(0)


@kernel
def enter(tree: Tree, step: np.int64, node: int) -> None:
    """Add a step, which is new, and leads to a node."""
    steps, nodes, _ = tree
    slot = slot_of(step, len(steps))
    while steps[slot] >= 0:
        slot = (slot + 1) & (len(steps) - 1)
    steps[slot] = step
    nodes[slot] = node


@kernel
def find(numbers: I32, words: I32, first: int, tree: Tree, places: I32, sizes: I32, phrases: I32) -> int:
    """Find phrases.

    Args:
        numbers: of the words of a text.
        words: of each word of the table, its number in the phrases plus `first`, or less than `first`.
        places, sizes, phrases: out; of each phrase found its first word, the number of its words, and itself. They
            have room for all words.

    Returns:
        The number of phrases found.
    """
    known = tree[2]
    found = place = 0
    while place < len(numbers):
        node = size = 0
        phrase = -1
        at = place
        while at < len(numbers) and words[numbers[at]] >= first:
            node = _after(tree, node, words[numbers[at]] - first)
            if not node:
                break
            at += 1
            if known[node] >= 0:
                size, phrase = at - place, known[node]
        if size:
            places[found] = place
            sizes[found] = size
            phrases[found] = phrase
            found += 1
        place += max(size, 1)
    return found
