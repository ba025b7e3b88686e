"""Filters as codes, facets as counts, the best by their keys."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel

OUT = 255
"""What a filter code says of an article that is not among the matches of any facet."""


@kernel
def mark_dead(articles, live, codes):
    """Deleted articles are out."""
    for i in range(len(articles)):
        if not live[articles[i]]:
            codes[i] = OUT


@kernel
def require_any(articles, offsets, ordinals, wanted, missing, number, codes):
    """A facet's own filter: an article that fails it alone is kept for that facet, under its number."""
    for i in range(len(articles)):
        if codes[i] == OUT:
            continue
        start = offsets[articles[i]]
        end = offsets[articles[i] + 1]
        passes = missing and start == end
        for j in range(start, end):
            if wanted[ordinals[j]]:
                passes = True
                break
        if not passes:
            codes[i] = number if codes[i] == 0 else OUT


@kernel
def require_all(articles, offsets, ordinals, wanted, least, codes):
    """Articles with fewer than `least` of the wanted values are out."""
    for i in range(len(articles)):
        found = 0
        for j in range(offsets[articles[i]], offsets[articles[i] + 1]):
            if wanted[ordinals[j]]:
                found += 1
        if found < least:
            codes[i] = OUT


@kernel
def refuse_any(articles, offsets, ordinals, unwanted, codes):
    """Articles with an unwanted value are out."""
    for i in range(len(articles)):
        for j in range(offsets[articles[i]], offsets[articles[i] + 1]):
            if unwanted[ordinals[j]]:
                codes[i] = OUT
                break


@kernel
def require_days(articles, days, first, last, missing, number, codes):
    """The date's own filter; day 0 is unknown."""
    for i in range(len(articles)):
        if codes[i] == OUT:
            continue
        day = days[articles[i]]
        passes = missing if day == 0 else first <= day <= last
        if not passes:
            codes[i] = number if codes[i] == 0 else OUT


@kernel
def count_values(articles, codes, number, offsets, ordinals, counts):
    """Count the values of the articles that pass all filters but this facet's own; how many have none."""
    missing = 0
    for i in range(len(articles)):
        if codes[i] == 0 or codes[i] == number:
            start = offsets[articles[i]]
            end = offsets[articles[i] + 1]
            if start == end:
                missing += 1
            for j in range(start, end):
                counts[ordinals[j]] += 1
    return missing


@kernel
def count_bits(articles, codes, number, bits, counts):
    """As `count_values`, of a facet with few values, an article's being the bits of one number: no branch a value."""
    missing = 0
    size = len(counts)
    for i in range(len(articles)):
        if codes[i] == 0 or codes[i] == number:
            values = bits[articles[i]]
            missing += values == 0
            for j in range(size):
                counts[j] += np.uint32((values >> np.uint64(j)) & np.uint64(1))
    return missing


@kernel
def span_of_days(articles, codes, number, days):
    """The first and last day of the same articles, 0 where none has one, and how many have none."""
    first = np.int64(1 << 40)
    last = np.int64(0)
    missing = 0
    for i in range(len(articles)):
        if codes[i] == 0 or codes[i] == number:
            day = np.int64(days[articles[i]])
            if day == 0:
                missing += 1
            else:
                first = min(first, day)
                last = max(last, day)
    return first if last else np.int64(0), last, missing


@kernel
def count_days(articles, codes, number, days, first, counts):
    """Count the same articles by day, `counts[0]` being `first`."""
    for i in range(len(articles)):
        if codes[i] == 0 or codes[i] == number:
            day = days[articles[i]]
            if day:
                counts[day - first] += 1


@kernel
def most_frequent(counts, size, out):
    """The `size` greatest counts above 0, greatest first, ties by place; (places in `out`, how many above 0)."""
    kept = 0
    distinct = 0
    for place in range(len(counts)):
        count = counts[place]
        if count == 0:
            continue
        distinct += 1
        if kept == size and (size == 0 or count <= counts[out[kept - 1]]):
            continue
        i = kept if kept < size else kept - 1
        while i and counts[out[i - 1]] < count:
            out[i] = out[i - 1]
            i -= 1
        out[i] = place
        kept = min(kept + 1, size)
    return kept, distinct


@kernel
def best(articles, codes, keys, ranks, size, out):
    """The `size` articles that pass, by least key, ties by least rank; (places in `out`, how many pass)."""
    kept = 0
    total = 0
    for i in range(len(articles)):
        if codes[i] != 0:
            continue
        total += 1
        if size == 0:
            continue
        if kept == size and not _before(i, out[kept - 1], articles, keys, ranks):
            continue
        j = kept if kept < size else kept - 1
        while j and _before(i, out[j - 1], articles, keys, ranks):
            out[j] = out[j - 1]
            j -= 1
        out[j] = i
        kept = min(kept + 1, size)
    return kept, total


@kernel
def _before(i, j, articles, keys, ranks):
    if keys[i] != keys[j]:
        return keys[i] < keys[j]
    return ranks[articles[i]] < ranks[articles[j]]


@kernel
def score_keys(scores, out):
    """Scores as keys, the greatest first, to six digits, so that order does not hang on the last bit of a sum."""
    for i in range(len(scores)):
        out[i] = -np.int64(scores[i] * 1e6 + 0.5)


@kernel
def day_keys(articles, days, newest, out):
    """Days as keys, undated last."""
    for i in range(len(articles)):
        day = np.int64(days[articles[i]])
        out[i] = np.int64(1 << 40) if day == 0 else (-day if newest else day)
