"""Places of several parts in one sentence, or near each other: see `search.syntax.nodes.Together`."""

from __future__ import annotations

import numpy as np

from search.fields import TITLE_WEIGHT
from search.local.kernels.arguments import I64, U32, Extents, PlacesTuple
from search.local.kernels.compiling import inlined, kernel


@kernel
def phrases(
    positions: U32, begins: I64, counts: U32, each: I64, extents: Extents, articles: U32, out: PlacesTuple
) -> int:
    """Where the words of a phrase are adjacent.

    Args:
        positions: of the different words, one word after the other, of each by article.
        begins: the start of each word's.
        counts: words × articles.
        each: the word at each place of the phrase.
        out: with room for all positions of the phrase's first word.

    Returns:
        The number of places.
    """
    _, lengths = extents
    counts_out, starts_out, ends_out = out
    at = begins.copy()
    size = len(each)
    marks = np.zeros(0, np.int64)
    found = np.int64(0)
    for row in range(len(articles)):
        room = np.int64(lengths[articles[row]]) + size + 2
        if room > len(marks):
            marks = np.zeros(2 * room, np.int64)
        first = found
        for place in range(size):
            word = each[place]
            stamp = np.int64(row) * size + place + 1
            for i in range(at[word], at[word] + counts[word, row]):
                begin = np.int64(positions[i]) - place
                if begin < 0 or (place and marks[begin] != stamp - 1):
                    continue
                marks[begin] = stamp
                if place == size - 1:
                    starts_out[found] = begin
                    ends_out[found] = begin + size - 1
                    found += 1
        for word in range(len(at)):
            at[word] += counts[word, row]
        counts_out[row] = found - first
    return found


@inlined
def _weight(in_title, elsewhere):
    return np.uint32(TITLE_WEIGHT * in_title + elsewhere)


@kernel
def weigh_shared(
    starts: U32, ends: U32, begins: I64, counts: U32, bounds: U32, bound_counts: U32, articles: U32, extents: Extents,
    articles_out: U32, weights_out: U32,
) -> int:  # fmt: skip
    """How many sentences, or paragraphs, of each article have places of all parts.

    Args:
        starts, ends: the first and the last position of each place, one part after the other, of each by article and in
            ascending order.
        begins: the start of each part's; 64 parts at most.
        counts: parts × articles.
        bounds: by article, where the sentences of its text begin, the first one excepted.
        bound_counts: of each article.

    Returns:
        The number of articles that have one.
    """
    titles, _ = extents
    zero, one = np.uint64(0), np.uint64(1)
    parts = np.uint64(len(begins))
    at = begins.astype(np.uint64)
    full = ~zero >> (np.uint64(64) - parts)
    had = np.zeros(64, np.uint64)
    bound = zero
    out = zero
    for row in range(np.uint64(len(articles))):
        title = titles[articles[row]]
        size = np.uint64(bound_counts[row])
        if size + np.uint64(2) > np.uint64(len(had)):
            had = np.zeros(2 * (np.int64(size) + 2), np.uint64)
        last = bound + size
        for part in range(parts):
            bit = one << part
            sentence = bound
            place = at[part]
            stop = place + np.uint64(counts[part, row])
            while place < stop and starts[place] < title:
                had[zero] |= bit
                place += one
            while place < stop:
                start = starts[place]
                while sentence < last and bounds[sentence] <= start:
                    sentence += one
                if sentence == last or bounds[sentence] > ends[place]:
                    had[sentence - bound + one] |= bit
                place += one
            at[part] = stop
        in_title = np.int64(had[zero] == full)
        had[zero] = zero
        elsewhere = np.int64(0)
        for i in range(one, size + np.uint64(2)):
            elsewhere += np.int64(had[i] == full)
            had[i] = zero
        articles_out[out] = articles[row]
        weights_out[out] = _weight(in_title, elsewhere)
        out += np.uint64(in_title + elsewhere > 0)
        bound = last
    return np.int64(out)


@inlined
def _near(starts, ends, first, last, others, highest, begin, end, title, distance):
    """The number of places of one part in the title, and of those in the text, that are near one of the other.

    Args:
        first, last: the places of the part.
        others, highest: of the other part the starts, and the last end up to each; from `begin` to `end`.
    """
    in_title = elsewhere = 0
    at = begin
    for i in range(first, last):
        start, stop = np.int64(starts[i]), np.int64(ends[i])
        low, high = start - distance, stop + distance
        if start < title:
            high = min(high, title - 1)
        else:
            low = max(low, title + 1)
        while at < end and np.int64(others[at]) <= high:
            at += 1
        while at > begin and np.int64(others[at - 1]) > high:
            at -= 1
        near = at > begin and np.int64(highest[at - 1 - begin]) >= low
        if start < title:
            in_title += near
        else:
            elsewhere += near
    return in_title, elsewhere


@kernel
def weigh_near(
    starts: U32, ends: U32, begins: I64, counts: U32, distance: int, articles: U32, extents: Extents, articles_out: U32,
    weights_out: U32,
) -> int:  # fmt: skip
    """How many places of two parts are near each other in each article: of the part that has fewer such places.

    Args:
        starts, ends, begins, counts: see `weigh_shared`.
        distance: the maximum number of positions from the end of one place to the start of the other.

    Returns:
        The number of articles that have one.
    """
    titles, _ = extents
    one, other = begins[0], begins[1]
    highest, other_highest = np.empty(64, np.uint32), np.empty(64, np.uint32)
    out = 0
    for row in range(len(articles)):
        title = np.int64(titles[articles[row]])
        end, other_end = one + np.int64(counts[0, row]), other + np.int64(counts[1, row])
        if max(end - one, other_end - other) > len(highest):
            room = 2 * max(end - one, other_end - other)
            highest, other_highest = np.empty(room, np.uint32), np.empty(room, np.uint32)
        most = np.uint32(0)
        for i in range(one, end):
            most = max(most, ends[i])
            highest[i - one] = most
        most = np.uint32(0)
        for i in range(other, other_end):
            most = max(most, ends[i])
            other_highest[i - other] = most
        a_title, a_text = _near(starts, ends, one, end, starts, other_highest, other, other_end, title, distance)
        b_title, b_text = _near(starts, ends, other, other_end, starts, highest, one, end, title, distance)
        in_title, elsewhere = min(a_title, b_title), min(a_text, b_text)
        articles_out[out] = articles[row]
        weights_out[out] = _weight(in_title, elsewhere)
        out += in_title + elsewhere > 0
        one, other = end, other_end
    return out
