"""Stories: near-duplicates count as one.

All functions take the grouped articles in the order of their groups, and by id within a group.
"""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I32, I64, U8, U32
from search.jit.compiling import kernel


@kernel
def best_of_stories(order: U32, stories: I32, places: U32, keys: I64, chosen: I64) -> int:
    """Find the first article of each story by key, the first of equals. Returns the number of stories.

    Args:
        order: uint32, the grouped articles; stories: int32, for every article, the number of its group.
        places: uint32, for every article, its index among the keys plus 1; 0 if it is not a candidate.
        keys: int64.
        chosen: int64, out: indices.
    """
    size = 0
    last = np.int64(-1)
    for i in range(len(order)):
        article = order[i]
        place = np.int64(places[article]) - 1
        if place >= 0:
            story = np.int64(stories[article])
            if story != last:
                chosen[size] = place
                size += 1
                last = story
            elif keys[place] < keys[chosen[size - 1]]:
                chosen[size - 1] = place
    return size


@kernel
def count_stories(
    order: U32, stories: I32, flags: U8, sets: U32, offsets: U32, ordinals: U32, stamps: I32, counts: U32
) -> int:
    """Add the number of stories that have each value. Returns the number with an article without any.

    Args:
        flags: uint8, for every article: not 0 if it is counted.
        sets, offsets, ordinals: as in `count_few`.
        stamps: int32, one more than there are values: all −1.
    """
    missing = np.int64(0)
    none = len(counts)
    for i in range(len(order)):
        article = np.int64(order[i])
        if flags[article]:
            story = stories[article]
            number = np.int64(sets[article]) if len(sets) else article
            start = np.int64(offsets[number])
            end = np.int64(offsets[number + 1])
            if start == end and stamps[none] != story:
                stamps[none] = story
                missing += 1
            for j in range(start, end):
                ordinal = ordinals[j]
                if stamps[ordinal] != story:
                    stamps[ordinal] = story
                    counts[ordinal] += np.uint32(1)
    return missing
