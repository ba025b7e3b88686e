"""Phrases and near words, by positions."""

from __future__ import annotations

import numpy as np

from search.fields import TITLE_WEIGHT
from search.jit.arguments import I64, U32, Extents, Integers, Located, Packed, Positions, Span
from search.jit.compiling import inlined, kernel
from search.kernels.packing import AHEAD, BLOCK, DENSE, EXTRA, reach, span, unpack, window
from search.kernels.postings import block_of

SHIFT = 24
"""Bits of the number of positions in a location: the number of positions before a posting is shifted by this."""


@inlined
def occurring(packed, block, before, docs, counts, titles):
    """Unpack a block's articles, and its occurrences in each. Returns the number of articles."""
    words, _, shapes = packed
    size, place = block_of(packed, block, before, docs)
    shape = np.int64(shapes[block])
    unpack(words, place, size, (shape >> 8) & 255, counts)
    unpack(words, place + span(size, (shape >> 8) & 255), size, (shape >> 16) & 255, titles)
    for i in range(size):
        counts[i] += np.uint32(1) - np.uint32(EXTRA) * titles[i]
    return size


@kernel
def locate(packed: Packed, blocks: Span, articles: U32, where: I64) -> None:
    """Find all articles of a term, and the location of its positions in each: `before << SHIFT | count` (int64)."""
    first, last, _ = blocks
    docs, counts, titles = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    before = np.int64(-1)
    total = np.int64(0)
    at = 0
    for block in range(first, last):
        size = occurring(packed, block, before, docs, counts, titles)
        for i in range(size):
            articles[at] = docs[i]
            where[at] = (total << SHIFT) | np.int64(counts[i])
            total += np.int64(counts[i])
            at += 1
        before = np.int64(docs[size - 1])


@kernel
def locate_in(packed: Packed, lasts: U32, befores: Integers, blocks: Span, articles: U32, where: I64) -> None:
    """The locations of a term's positions in some articles, as in `locate`; 0 for articles without it."""
    first, last, _ = blocks
    docs, counts, titles = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    block = first - 1
    size = 0
    at = 0
    total = np.int64(0)
    for i in range(len(articles)):
        article = articles[i]
        if block < first or lasts[block] < article:
            block = max(block, first)
            step = 1
            while block + step < last and lasts[block + step - 1] < article:
                step <<= 1
            low, high = block + (step >> 1), min(block + step, last)
            while low < high:
                middle = (low + high) >> 1
                if lasts[middle] < article:
                    low = middle + 1
                else:
                    high = middle
            block = low
            if block >= last:
                for j in range(i, len(articles)):
                    where[j] = 0
                return
            before = np.int64(lasts[block - 1]) if block > first else np.int64(-1)
            size = occurring(packed, block, before, docs, counts, titles)
            at = 0
            total = np.int64(befores[block])
        while at < size and docs[at] < article:
            total += np.int64(counts[at])
            at += 1
        there = at < size and docs[at] == article
        where[i] = (total << SHIFT) | np.int64(counts[at]) if there else np.int64(0)


@kernel
def locate_over(packed: Packed, blocks: Span, table: I64) -> None:
    """Write the locations of a term's positions, as in `locate`, to a table over all articles of the segment."""
    first, last, _ = blocks
    docs, counts, titles = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    before = np.int64(-1)
    total = np.int64(0)
    for block in range(first, last):
        size = occurring(packed, block, before, docs, counts, titles)
        for i in range(size):
            table[docs[i]] = (total << SHIFT) | np.int64(counts[i])
            total += np.int64(counts[i])
        before = np.int64(docs[size - 1])


@kernel
def occurrences(packed: Packed, lasts: U32, befores: Integers, blocks: Span) -> int:
    """The number of a term's positions."""
    first, last, _ = blocks
    if first == last:
        return np.int64(0)
    docs, counts, titles = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    before = np.int64(lasts[last - 2]) if last - 1 > first else np.int64(-1)
    size = occurring(packed, last - 1, before, docs, counts, titles)
    return np.int64(befores[last - 1]) + np.int64(counts[:size].sum())


@kernel
def keep_located(articles: U32, where: I64, row: int) -> int:
    """Keep the articles for which row `row` of `where` is not 0, in all rows up to it.

    Returns the number that remain.
    """
    at = np.uint64(0)
    for i in range(np.uint64(len(articles))):
        articles[at] = articles[i]
        there = np.uint64(where[np.uint64(row), i] != 0)
        for j in range(np.uint64(row + 1)):
            where[j, at] = where[j, i]
        at += there
    return np.int64(at)


@kernel
def weigh_phrases(
    words: U32, places: Integers, located: Located, extents: Extents, field: int, articles_out: U32, weights_out: U32
) -> int:
    """The weight of a phrase in each article: how often its words are adjacent.

    Args:
        words: all positions, see `encode_positions`.
        places: the start there of the positions of each of the phrase's words.
        field: 0 is any, 1 the title, 2 the text.

    Returns:
        The number of articles that have it; they and the weights are in `articles_out`, `weights_out`.
    """
    articles, where, rows, totals = located
    titles, lengths = extents
    size = len(places)
    gaps = np.empty((size, BLOCK), np.uint32)
    blocks = np.full(size, -1, np.int64)
    next_places = places.astype(np.int64)
    room = np.int64(1024)
    marks = np.zeros(2 * room, np.int64)
    at = 0
    for row in range(len(articles)):
        article = articles[row]
        title = np.int64(titles[article])
        if np.int64(lengths[article]) + 4 > room:
            room = 2 * np.int64(lengths[article]) + 4
            marks = np.zeros(2 * room, np.int64)
        weight = np.int64(0)
        for word in range(size):
            located = where[rows[word], row]
            start = located >> SHIFT
            end = start + (located & ((1 << SHIFT) - 1))
            stamp = np.int64(row + 1) * size + word
            mine = room * (word & 1) + 1
            others = room * (1 - (word & 1))
            position = np.int64(-1)
            while start < end:
                wanted = start >> 7
                if blocks[word] < wanted:
                    place, block = next_places[word], blocks[word]
                    next_places[word] = reach(words, place, block, wanted, totals[word], gaps[word])
                    blocks[word] = wanted
                stop = min(end, (wanted + 1) << 7)
                low = start & 127
                high = low + stop - start
                if word == 0:
                    for i in range(low, high):
                        position += np.int64(gaps[word, i]) + 1
                        marks[mine + position] = stamp
                elif word < size - 1:
                    for i in range(low, high):
                        position += np.int64(gaps[word, i]) + 1
                        if marks[others + position] == stamp - 1:
                            marks[mine + position] = stamp
                else:
                    for i in range(low, high):
                        position += np.int64(gaps[word, i]) + 1
                        if marks[others + position] == stamp - 1:
                            in_title = position < title
                            if field == 0 or (field == 1) == in_title:
                                weight += TITLE_WEIGHT if in_title else 1
                start = stop
        articles_out[at] = article
        weights_out[at] = weight
        at += weight > 0
    return at


@kernel
def weigh_pairs(
    words: U32, places: Integers, located: Located, extents: Extents, field: int, articles_out: U32, weights_out: U32
) -> int:
    """As `weigh_phrases`, for two words, the most common case: in half the time.

    Many blocks of positions are unpacked together, so that those of an article are contiguous. Indices are unsigned,
    which avoids checks for negative ones, and advance without branches.
    """
    articles, where, rows, totals = located
    titles, lengths = extents
    most = np.int64(0)
    for row in rows:
        for i in range(len(articles)):
            most = max(most, where[row, i] & ((1 << SHIFT) - 1))
    room = most + (AHEAD + 2) * BLOCK
    first_gaps, second_gaps = np.empty(room, np.uint32), np.empty(room, np.uint32)
    first_state, second_state = np.zeros(3, np.int64), np.zeros(3, np.int64)
    first_state[2], second_state[2] = places[0], places[1]
    first_begin, first_end, second_begin, second_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    first_row, second_row = np.uint64(rows[0]), np.uint64(rows[1])
    first_ahead = AHEAD if totals[0] < DENSE * len(articles) else 1
    second_ahead = AHEAD if totals[1] < DENSE * len(articles) else 1
    one = np.uint64(1)
    room = np.int64(1024)
    marks = np.zeros(room, np.uint32)
    at = np.uint64(0)
    for row in range(np.uint64(len(articles))):
        article = articles[row]
        if np.int64(lengths[article]) + 4 > room:
            room = 2 * np.int64(lengths[article]) + 4
            marks = np.zeros(room, np.uint32)
        stamp = np.uint32(row) + np.uint32(1)
        located = where[first_row, row]
        start = located >> SHIFT
        end = start + (located & ((1 << SHIFT) - 1))
        if end > first_end:
            window(words, totals[0], first_state, first_gaps, start, end, first_ahead)
            first_begin, first_end = first_state[0], first_state[1]
        behind = np.uint64(0)
        for i in range(np.uint64(start - first_begin), np.uint64(end - first_begin)):
            behind += np.uint64(first_gaps[i]) + one
            marks[behind] = stamp
        located = where[second_row, row]
        start = located >> SHIFT
        end = start + (located & ((1 << SHIFT) - 1))
        if end > second_end:
            window(words, totals[1], second_state, second_gaps, start, end, second_ahead)
            second_begin, second_end = second_state[0], second_state[1]
        behind = np.uint64(0)
        title = np.uint64(titles[article])
        everywhere, in_title = np.int64(0), np.int64(0)
        for i in range(np.uint64(start - second_begin), np.uint64(end - second_begin)):
            behind += np.uint64(second_gaps[i]) + one
            found = np.int64(marks[behind - one] == stamp)
            everywhere += found
            in_title += found & np.int64(behind <= title)
        weight = np.int64(TITLE_WEIGHT) * in_title if field != 2 else np.int64(0)
        if field != 1:
            weight += everywhere - in_title
        articles_out[at] = article
        weights_out[at] = np.uint32(weight)
        at += np.uint64(weight > 0)
    return np.int64(at)


@kernel
def weigh_windows(
    read: Positions, distance: int, articles: U32, extents: Extents, field: int, articles_out: U32, weights_out: U32
) -> int:
    """How often a set of words occurs close together in each article: its minimal windows, see `search.syntax.Near`.

    The positions of an article are sorted by linking each into a table over the article's positions, which is then read
    from its first entry to its last: linear; sorting took four fifths of the time.

    Args:
        read: the positions of the words in these articles.
        distance: the maximum number of other words in a window.
        field: 0 is title or text, 1 the title, 2 the text; windows in the title weigh more.

    Returns:
        The number of articles that have one.
    """
    positions, starts, where, needed = read
    titles, lengths = extents
    size = needed.sum()
    held = np.zeros(len(needed), np.int64)
    next_places = starts.copy()
    room = np.int64(0)
    heads = np.empty(0, np.int32)
    links, linked = np.empty(0, np.int32), np.empty(0, np.int32)
    ordered, words = np.empty(0, np.uint32), np.empty(0, np.int32)
    at = 0
    for row in range(len(articles)):
        length = np.int64(lengths[articles[row]]) + 2
        count = np.int64(0)
        for word in range(len(needed)):
            count += where[word, row] & ((1 << SHIFT) - 1)
        if max(length, count) > room:
            room = 2 * max(length, count)
            heads = np.full(room, -1, np.int32)
            links, linked = np.empty(room, np.int32), np.empty(room, np.int32)
            ordered, words = np.empty(room, np.uint32), np.empty(room, np.int32)
        new = np.int32(0)
        first, last = length, np.int64(-1)
        for word in range(len(needed)):
            start = next_places[word]
            end = start + (where[word, row] & ((1 << SHIFT) - 1))
            next_places[word] = end
            for i in range(start, end):
                position = np.int64(positions[i])
                links[new] = heads[position]
                linked[new] = word
                heads[position] = new
                new += np.int32(1)
            if end > start:
                first, last = min(first, np.int64(positions[start])), max(last, np.int64(positions[end - 1]))
        filled = 0
        for position in range(first, last + 1):
            entry = heads[position]
            while entry >= 0:
                ordered[filled], words[filled] = position, linked[entry]
                filled += 1
                entry = links[entry]
            heads[position] = -1
        title = titles[articles[row]]
        weight = np.uint32(0)
        begin = 0
        while begin < filled:
            in_title = ordered[begin] < title
            stop = begin
            while stop < filled and (ordered[stop] < title) == in_title:
                stop += 1
            if field == 0 or (field == 1) == in_title:
                windows = _windows(ordered[begin:stop], words[begin:stop], needed, held, size, distance)
                weight += np.uint32(TITLE_WEIGHT * windows) if in_title else np.uint32(windows)
            begin = stop
        articles_out[at] = articles[row]
        weights_out[at] = weight
        at += weight > 0
    return at


@kernel
def _windows(positions, words, needed, held, size, distance):
    """The number of minimal windows of one field of one article that are narrow enough."""
    held[:] = 0
    lacking = len(needed)
    first = 0
    latest = -1
    windows = 0
    for last in range(len(positions)):
        word = words[last]
        held[word] += 1
        if held[word] == needed[word]:
            lacking -= 1
        if lacking:
            continue
        while held[words[first]] > needed[words[first]]:
            held[words[first]] -= 1
            first += 1
        if first != latest:
            latest = first
            windows += np.int64(positions[last]) - np.int64(positions[first]) - (size - 1) <= distance
    return windows
