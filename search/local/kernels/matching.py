"""Lists of articles weighed, scored, intersected, merged; phrases followed through positions."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel
from search.local.kernels.packing import BLOCK, read_gap


@kernel
def weigh(articles, counts, titles, field, weight, articles_out, frequencies_out):
    """How often a term stands in articles: `field` 0 is anywhere, 1 the title, 2 the text; `weight` is a title word's.

    Returns:
        How many articles have it there.
    """
    at = 0
    for i in range(len(articles)):
        title = titles[i] * weight
        frequency = title if field == 1 else counts[i] - titles[i] + (title if field == 0 else 0)
        if frequency:
            articles_out[at] = articles[i]
            frequencies_out[at] = frequency
            at += 1
    return at


@kernel
def score(articles, frequencies, norms, idf, out):
    """BM25 of one term: idf · tf / (tf + norm of the article)."""
    for i in range(len(articles)):
        frequency = np.float64(frequencies[i])
        out[i] = idf * frequency / (frequency + norms[articles[i]])


@kernel
def both(a, a_scores, b, b_scores, out, scores_out):
    """Articles that stand in both of two ascending lists, scores added; how many. Skips by doubling steps."""
    i = 0
    j = 0
    at = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            out[at] = a[i]
            scores_out[at] = a_scores[i] + b_scores[j]
            at += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
            if i < len(a) and a[i] < b[j]:
                i = _advance(a, i, b[j])
        else:
            j += 1
            if j < len(b) and b[j] < a[i]:
                j = _advance(b, j, a[i])
    return at


@kernel
def both_scored(a, a_scores, b, frequencies, norms, idf, out, scores_out):
    """As `both`, where the second list is a term's that has not been scored: only what stays is."""
    i = 0
    j = 0
    at = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            article = a[i]
            frequency = np.float64(frequencies[j])
            out[at] = article
            scores_out[at] = a_scores[i] + idf * frequency / (frequency + norms[article])
            at += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
            if i < len(a) and a[i] < b[j]:
                i = _advance(a, i, b[j])
        else:
            j += 1
            if j < len(b) and b[j] < a[i]:
                j = _advance(b, j, a[i])
    return at


@kernel
def _advance(a, i, wanted):
    """The first place from `i` on that is not before `wanted`."""
    step = 1
    low = i
    while i + step < len(a) and a[i + step] < wanted:
        low = i + step
        step *= 2
    high = min(i + step, len(a))
    while low < high:
        middle = (low + high) // 2
        if a[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def either(a, a_scores, b, b_scores, out, scores_out):
    """Articles that stand in one of two ascending lists or in both, scores added; how many."""
    i = 0
    j = 0
    at = 0
    while i < len(a) or j < len(b):
        if j >= len(b) or (i < len(a) and a[i] < b[j]):
            out[at] = a[i]
            scores_out[at] = a_scores[i]
            i += 1
        elif i >= len(a) or b[j] < a[i]:
            out[at] = b[j]
            scores_out[at] = b_scores[j]
            j += 1
        else:
            out[at] = a[i]
            scores_out[at] = a_scores[i] + b_scores[j]
            i += 1
            j += 1
        at += 1
    return at


@kernel
def without(a, a_scores, b, out, scores_out):
    """Articles of an ascending list that do not stand in another; how many."""
    j = 0
    at = 0
    for i in range(len(a)):
        if j < len(b) and b[j] < a[i]:
            j = _advance(b, j, a[i])
        if j >= len(b) or b[j] != a[i]:
            out[at] = a[i]
            scores_out[at] = a_scores[i]
            at += 1
    return at


@kernel
def places_of(a, b, out):
    """Where each of ascending articles `b` stands in `a`, which has them all."""
    i = 0
    for j in range(len(b)):
        if a[i] < b[j]:
            i = _advance(a, i, b[j])
        out[j] = i


@kernel
def positions_at(data, block_places, counts, wanted, ends, out):
    """The positions of some postings of one term.

    Args:
        data: uint8, see `encode_positions`.
        block_places: int64, where the positions of each of the term's blocks begin.
        counts: uint32, occurrences of all the term's postings.
        wanted: int64, ascending, which postings.
        ends: int64, out: where the positions of each end in `out`.
    """
    at = 0
    posting = 0
    place = np.int64(0)
    block = -1
    for i in range(len(wanted)):
        if wanted[i] // BLOCK != block:
            block = wanted[i] // BLOCK
            posting = block * BLOCK
            place = block_places[block]
        while posting < wanted[i]:
            skip = counts[posting]
            while skip:
                if data[place] < 128:
                    skip -= 1
                place += 1
            posting += 1
        before = np.int64(-1)
        for _ in range(counts[posting]):
            gap, place = read_gap(data, place)
            before += gap + 1
            out[at] = np.uint32(before)
            at += 1
        posting += 1
        ends[i] = at


@kernel
def follow(first, first_ends, second, second_ends, distance, out, out_ends):
    """Keep, for each article, the positions of a first word that a second follows at a distance."""
    at = 0
    i = 0
    j = 0
    for article in range(len(first_ends)):
        while i < first_ends[article]:
            wanted = first[i] + distance
            while j < second_ends[article] and second[j] < wanted:
                j += 1
            if j < second_ends[article] and second[j] == wanted:
                out[at] = first[i]
                at += 1
            i += 1
        j = second_ends[article]
        out_ends[article] = at


@kernel
def count_phrases(positions, ends, articles, titles, field, weight, articles_out, frequencies_out):
    """How often a phrase begins in each article, as `weigh` counts; how many articles have it."""
    at = 0
    i = 0
    for row in range(len(ends)):
        frequency = 0
        while i < ends[row]:
            in_title = positions[i] < titles[articles[row]]
            if field == 0 or (field == 1) == in_title:
                frequency += weight if in_title else 1
            i += 1
        if frequency:
            articles_out[at] = articles[row]
            frequencies_out[at] = frequency
            at += 1
    return at
