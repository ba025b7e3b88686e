"""Counts articles by value and by day, and selects the best of them by a key."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import F64, I32, I64, U8, U32, Flags, Integers
from search.jit.compiling import inlined, kernel
from search.kernels.postings import KEY, insert

UNDATED = np.int64(1) << 62
STRETCH = 128
"""Counts that are checked together for one that is great enough."""


@kernel
def count_sets(articles: U32, sets: Integers, counts: U32) -> None:
    """Count articles by their set of values."""
    for i in range(len(articles)):
        counts[sets[articles[i]]] += np.uint32(1)


@kernel
def spread(set_counts: U32, offsets: U32, ordinals: U32, counts: Integers) -> int:
    """Count values from the counts of their sets. Returns the number of articles without a value."""
    missing = np.int64(0)
    for number in range(len(set_counts)):
        count = set_counts[number]
        if count:
            start = offsets[number]
            end = offsets[number + 1]
            if start == end:
                missing += count
            for i in range(start, end):
                counts[ordinals[i]] += count
    return missing


@kernel
def count_values(articles: U32, offsets: U32, ordinals: U32, counts: U32) -> int:
    """Count the values of articles that each have a row of their own.

    Returns the number of articles without a value.
    """
    missing = np.int64(0)
    for i in range(len(articles)):
        article = np.int64(articles[i])
        start = np.int64(offsets[article])
        end = np.int64(offsets[article + 1])
        missing += start == end
        for j in range(start, end):
            counts[ordinals[j]] += np.uint32(1)
    return missing


@kernel
def most_frequent_in(
    articles: U32, sets: Integers, offsets: U32, ordinals: Integers, listed: Flags, order: U32, few: bool, counts: U32,
    top: I64, amounts: I64,
) -> tuple[int, int, int]:  # fmt: skip
    """Count the values of articles, and find the most frequent, as `most_frequent` does.

    Args:
        sets, ordinals: as in `count_few`.
        listed: the values that may be found; empty for all.
        few: true to look at the values of the articles only, else at all.
        counts: uint32, shape (values,), zeros; zeros again in the end.
        top, amounts: int64, out: the values found, and the count of each.

    Returns:
        (number of articles without a value, number of different values that may be found, number found).
    """
    filled = distinct = 0
    if few:
        touched = np.empty(pairs_of(articles, sets, offsets) + 1, np.uint32)
        missing, size = count_few(articles, sets, offsets, ordinals, counts, touched)
        for i in range(size):
            ordinal = np.int64(touched[i])
            if not len(listed) or listed[ordinal]:
                distinct += 1
                filled = _place(ordinal, counts, order, len(top), filled, top)
        for i in range(filled):
            amounts[i] = counts[top[i]]
        for i in range(size):
            counts[touched[i]] = 0
        return missing, distinct, filled
    if len(sets):
        set_counts = np.zeros(len(offsets) - 1, np.uint32)
        count_sets(articles, sets, set_counts)
        missing = spread(set_counts, offsets, ordinals, counts)
    else:
        missing = count_values(articles, offsets, ordinals, counts)
    for ordinal in range(len(listed)):
        counts[ordinal] *= np.uint32(listed[ordinal])
    filled, distinct = most_frequent(counts, order, len(top), top)
    for i in range(filled):
        amounts[i] = counts[top[i]]
    counts[:] = 0
    return missing, distinct, filled


@kernel
def days_between(articles: U32, days: I32, low: int, high: int) -> tuple[int, int, int]:
    """The first and the last of the days of some articles that lie in a range, both ends included, and the number of
    articles of day 0 (unknown). Without such a day, the first is after the last.
    """
    first, last, missing = np.int64(1) << 62, np.int64(0), 0
    for article in articles:
        day = np.int64(days[article])
        missing += day == 0
        if day and low <= day <= high:
            first, last = min(first, day), max(last, day)
    return first, last, missing


@kernel
def count_days(articles: U32, days: I32, starts: I64, stop: int, out: I64) -> None:
    """Count few articles by the interval that their day is in.

    Args:
        starts: int64, ascending; the first day of each interval.
        stop: the day after the last.
        out: int64, out; the number of articles of each.
    """
    out[:] = 0
    for article in articles:
        day = np.int64(days[article])
        if starts[0] <= day < stop:
            out[np.searchsorted(starts, day, "right") - 1] += 1


@kernel
def count_few(
    articles: U32, sets: Integers, offsets: U32, ordinals: Integers, counts: U32, touched: U32
) -> tuple[int, int]:
    """Count the values of few articles.

    Args:
        sets: each article's row; empty if each has its own.
        touched: uint32, out, with room for one value more than the articles have.

    Returns:
        (number of articles without a value, number of values, which are in `touched`).
    """
    missing = np.int64(0)
    size = 0
    for i in range(len(articles)):
        number = np.int64(articles[i])
        if len(sets):
            number = np.int64(sets[number])
        start = np.int64(offsets[number])
        end = np.int64(offsets[number + 1])
        missing += start == end
        for j in range(start, end):
            ordinal = ordinals[j]
            touched[size] = ordinal
            size += counts[ordinal] == 0
            counts[ordinal] += np.uint32(1)
    return missing, size


@kernel
def most_frequent(counts: U32, order: U32, size: int, out: Integers) -> tuple[int, int]:
    """Find the `size` greatest counts above 0, greatest first, ties by `order`.

    Returns the number of counts above 0.
    """
    distinct = 0
    filled = 0
    bar = np.uint32(1)
    place = np.uint32(0xFFFFFFFF)
    for start in range(0, len(counts), STRETCH):
        end = min(start + STRETCH, len(counts))
        most = np.uint32(0)
        for i in range(np.uint64(start), np.uint64(end)):  # without a branch, so that it is vectorized
            most = max(most, counts[i])
            distinct += counts[i] > 0
        if most < bar:
            continue
        for ordinal in range(start, end):
            count = counts[ordinal]
            if count < bar or (count == bar and order[ordinal] > place):
                continue
            filled = _place(ordinal, counts, order, size, filled, out)
            if filled == size and size:
                bar = counts[out[filled - 1]]
                place = order[out[filled - 1]]
    return filled, distinct


@kernel
def most_frequent_of(touched: Integers, counts: U32, order: U32, size: int, out: Integers) -> int:
    """As `most_frequent`, among the ordinals in `touched`. Returns their number."""
    filled = 0
    for ordinal in touched:
        filled = _place(np.int64(ordinal), counts, order, size, filled, out)
    return filled


@kernel
def _place(ordinal, counts, order, size, filled, out):
    if size == 0 or (filled == size and not _above(ordinal, out[filled - 1], counts, order)):
        return filled
    i = filled if filled < size else filled - 1
    while i and _above(ordinal, out[i - 1], counts, order):
        out[i] = out[i - 1]
        i -= 1
    out[i] = ordinal
    return min(filled + 1, size)


@kernel
def _above(ordinal, other, counts, order):
    if counts[ordinal] != counts[other]:
        return counts[ordinal] > counts[other]
    return order[ordinal] < order[other]


@kernel
def first_and_last(counts: U32) -> tuple[int, int]:
    """The indices of the first and the last count above 0; (−1, −1) if there are none."""
    first = np.int64(-1)
    for place in range(len(counts)):
        if counts[place]:
            first = place
            break
    last = np.int64(len(counts)) - 1
    while last >= 0 and not counts[last]:
        last -= 1
    return first, last


@kernel
def add_up_days(counts: U32, first: int, starts: I64, stop: int, out: I64) -> None:
    """Add up the counts of the days of each interval.

    Args:
        counts: uint32, of each day from day `first` on; there are none before and after.
        starts: int64, ascending; the first day of each interval.
        stop: the day after the last.
        out: int64, out; the sum of each.
    """
    size = np.int64(len(counts))
    for i in range(len(starts)):
        begin = max(starts[i] - first, 0)
        end = min((starts[i + 1] if i + 1 < len(starts) else stop) - first, size)
        total = np.int64(0)
        for day in range(np.uint64(begin), np.uint64(max(begin, end))):
            total += np.int64(counts[day])
        out[i] = total


@kernel
def mark_days(days: I32, low: int, span: int, missing: bool, bit: int, flags: U8) -> None:
    """Set a bit for every article of `span` days from `low` on; with `missing`, also for those of day 0 (unknown)."""
    own, unknown = np.uint8(bit), np.uint8(bit if missing else 0)
    for article in range(len(days)):
        day = np.int64(days[article])
        inside = np.uint64(day - low) < np.uint64(span)  # unsigned: a day before `low` is far beyond
        flags[article] |= own * np.uint8(inside) | unknown * np.uint8(day == 0)


@kernel
def mark_days_of(articles: U32, days: I32, low: int, span: int, missing: bool, bit: int, flags: U8) -> None:
    """As `mark_days`, for some articles."""
    own, unknown = np.uint8(bit), np.uint8(bit if missing else 0)
    for article in articles:
        day = np.int64(days[article])
        inside = np.uint64(day - low) < np.uint64(span)
        flags[article] |= own * np.uint8(inside) | unknown * np.uint8(day == 0)


@kernel
def mark_missing(articles: U32, sets: U32, offsets: U32, bit: int, flags: U8) -> None:
    """Set a bit for the articles without a value; `sets` as in `count_few`."""
    for i in range(len(articles)):
        article = articles[i]
        number = np.int64(sets[article]) if len(sets) else np.int64(article)
        flags[article] |= np.uint8(bit * (offsets[number] == offsets[number + 1]))


@kernel
def pairs_of(articles: U32, sets: Integers, offsets: U32) -> int:
    """The total number of values of some articles; `sets` as in `count_few`."""
    pairs = np.int64(0)
    for i in range(len(articles)):
        number = np.int64(articles[i])
        if len(sets):
            number = np.int64(sets[number])
        pairs += np.int64(offsets[number + 1]) - np.int64(offsets[number])
    return pairs


@kernel
def best_by_score(articles: U32, scores: F64, starts: I64, ranks: U32, filled: I64, keys: I64, best: U32) -> None:
    """Find the best articles of each segment by score, ties by id.

    Args:
        starts: int64, segments + 1: the first article of each segment, and the number of all.
        ranks: uint32, the rank of each article in its segment by id.
        filled: int64, segments, out: the number found in each.
        keys, best: int64 and uint32, segments × wanted number, out: the sort keys, ascending, and the articles.
    """
    begin = 0
    for segment in range(len(filled)):
        end = begin + np.searchsorted(articles[begin:], starts[segment + 1])
        row_keys = keys[segment]
        row = best[segment]
        size = len(row)
        bar = UNDATED
        count = 0
        for start in range(begin, end, STRETCH):
            stop = min(start + STRETCH, end)
            if count == size:
                least = -np.float64(bar)
                above = 0
                for i in range(np.uint64(start), np.uint64(stop)):  # without a branch, so that it is vectorized
                    above += scores[i] * KEY + 0.5 >= least
                if above == 0:
                    continue
            for i in range(start, stop):
                key = -np.int64(scores[i] * KEY + 0.5)
                if key <= bar:
                    count = insert(key, articles[i], ranks, count, row_keys, row)
                    if count == size and size:
                        bar = row_keys[count - 1]
        filled[segment] = count
        begin = end


@kernel
def best_by_instant(
    articles: U32, instants: I64, latest: bool, starts: I64, ranks: U32, filled: I64, keys: I64, best: U32
) -> None:
    """As `best_by_score`, by instant, undated last."""
    begin = 0
    for segment in range(len(filled)):
        end = begin + np.searchsorted(articles[begin:], starts[segment + 1])
        row_keys = keys[segment]
        row = best[segment]
        size = len(row)
        bar = UNDATED
        count = 0
        for start in range(begin, end, STRETCH):
            stop = min(start + STRETCH, end)
            if count == size:
                above = 0
                for i in range(np.uint64(start), np.uint64(stop)):
                    above += instant_key(instants[articles[i]], latest) <= bar
                if above == 0:
                    continue
            for i in range(start, stop):
                key = instant_key(instants[articles[i]], latest)
                if key <= bar:
                    count = insert(key, articles[i], ranks, count, row_keys, row)
                    if count == size and size:
                        bar = row_keys[count - 1]
        filled[segment] = count
        begin = end


@inlined
def instant_key(instant, latest):
    """The sort key of an instant, the latest or the earliest first, undated last."""
    number = np.int64(instant)
    return UNDATED if number == 0 else (-number if latest else number)


@kernel
def score_keys(scores: F64, out: I64) -> None:
    """Scores as sort keys, the greatest first."""
    for i in range(len(scores)):
        out[i] = -np.int64(scores[i] * KEY + 0.5)


@kernel
def instant_keys(articles: U32, instants: I64, latest: bool, out: I64) -> None:
    """Instants as sort keys."""
    for i in range(len(articles)):
        out[i] = instant_key(instants[articles[i]], latest)
