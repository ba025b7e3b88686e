"""Stories: articles that are copies of each other count as one.

All take the articles that are in a group in the order of their groups, those of one group by id.
"""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel


@kernel
def best_of_stories(order, stories, places, keys, chosen):
    """The first article of each story by key, the first of equals; how many stories there are.

    Args:
        order: uint32, the articles in a group; stories: int32, of every article, the number of its group.
        places: uint32, of every article, its place among the keys from 1; 0 where it is not meant.
        keys: int64.
        chosen: int64, out: places from 0.
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
def count_stories(order, stories, flags, sets, offsets, ordinals, stamps, counts):
    """Add the number of stories that have each value; how many have an article without any.

    Args:
        flags: uint8, of every article, whether it is meant.
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
