"""Counts the pairs of values of articles, in a hash table that its caller enlarges."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I32, I64, U32, Integers
from search.jit.compiling import inlined, kernel

Rows = tuple[Integers, U32, Integers]
"""The set of values of each article, empty if each has its own; where each set begins; and the values of all sets."""
Table = tuple[I64, U32, I32]
"""Keys of pairs, −1 where there is none; the count of each; and the last story that was counted. Its size is a power of
two."""
FREE = -1
ALONE = -1
"""The story of an article in no group."""


@inlined
def _slot(keys, key):
    """The slot of a key, or a free one for it."""
    mask = np.uint64(len(keys) - 1)
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    slot = (mixed ^ (mixed >> np.uint64(32))) & mask
    while keys[slot] != FREE and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel
def enlarge(table: Table, larger: Table) -> None:
    """Move all pairs to a larger table."""
    keys, counts, stamps = table
    new_keys, new_counts, new_stamps = larger
    for old in range(len(keys)):
        if keys[old] != FREE:
            slot = _slot(new_keys, keys[old])
            new_keys[slot] = keys[old]
            new_counts[slot] = counts[old]
            new_stamps[slot] = stamps[old]


@kernel
def count_pairs(
    articles: U32, start: int, stories: I32, first: Rows, second: Rows, same: bool, order: U32, table: Table, used: int
) -> tuple[int, int]:
    """Count the pairs of the values of some articles, each pair once a story.

    Args:
        articles: those of a story one after the other.
        start: the index of the first article to count.
        stories: the story of each article of the snapshot, `ALONE` for one by itself; empty if stories do not matter.
        first, second: the values of a pair.
        same: True if both are values of one facet; then a value is not paired with itself, and the one with the lower
            `order` comes first.
        table: in and out. The key of a pair is the first ordinal << 32 | the second.
        used: the number of pairs in the table.

    Returns:
        The index after the last counted article, which is not the last if the table is half full; and `used`.
    """
    sets, offsets, ordinals = first
    other_sets, other_offsets, other_ordinals = second
    keys, counts, stamps = table
    for at in range(start, len(articles)):
        article = np.int64(articles[at])
        story = np.int32(stories[article]) if len(stories) else np.int32(ALONE)
        row = np.int64(sets[article]) if len(sets) else article
        other_row = np.int64(other_sets[article]) if len(other_sets) else article
        begin, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        other_begin, other_end = np.int64(other_offsets[other_row]), np.int64(other_offsets[other_row + 1])
        if 2 * (used + (end - begin) * (other_end - other_begin)) > len(keys):
            return at, used
        for i in range(begin, end):
            for j in range(i + 1 if same else other_begin, other_end):
                a, b = np.int64(ordinals[i]), np.int64(other_ordinals[j])
                if same and order[a] > order[b]:
                    a, b = b, a
                key = a << 32 | b
                slot = _slot(keys, key)
                if keys[slot] == FREE:
                    keys[slot] = key
                    used += 1
                elif story != ALONE and stamps[slot] == story:
                    continue
                stamps[slot] = story
                counts[slot] += np.uint32(1)
    return len(articles), used
