"""Phrases as a tree of their words, for `kernels.phrases`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.enrich.kernels import phrases as kernels


def tree(phrases: Sequence[Sequence[int]]) -> kernels.Tree:
    """The tree of some phrases, different and not empty, each the numbers of its words."""
    nodes: dict[int, int] = {}
    known = [-1]
    for number, words in enumerate(phrases):
        node = 0
        for word in words:
            node = nodes.setdefault(node << 32 | word, len(known))
            if node == len(known):
                known.append(-1)
        known[node] = number
    slots = 1 << (2 * len(nodes)).bit_length()
    found = np.full(slots, -1, np.int64), np.zeros(slots, np.int32), np.array(known, np.int32)
    for step, node in nodes.items():
        kernels.enter(found, np.int64(step), node)
    return found
