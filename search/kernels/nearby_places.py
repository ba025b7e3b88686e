"""Places of several parts in one sentence, or near each other: see `search.syntax.nodes.Together`."""

from __future__ import annotations

import numpy as np

from search.fields import TITLE_WEIGHT
from search.jit.arguments import I64, U32, Extents, PlacesTuple
from search.jit.compiling import inlined, kernel

WORD_BITS = 64
WINDOW = 31
"""The maximum distance of `weigh_near_words`: a window, of twice as many positions and one, is less than a word."""


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


@inlined
def _place(position, title):
    """The bit of a position: the text begins `WORD_BITS` further, so that no window has bits of title and text."""
    return position + (np.uint64(1) + np.uint64(position > title) << np.uint64(6))


@inlined
def _set(bits, starts, begin, end, title):
    """Set the bits of some positions."""
    one, low = np.uint64(1), np.uint64(WORD_BITS - 1)
    for i in range(begin, end):
        place = _place(np.uint64(starts[i]), title)
        bits[place >> np.uint64(6)] |= one << (place & low)


@inlined
def _around(bits, starts, begin, end, title, reach):
    """The numbers of positions in the title and in the text that have a bit at most `reach` from theirs."""
    one, low = np.uint64(1), np.uint64(WORD_BITS - 1)
    mask = (one << (reach + reach + one)) - one
    everywhere = in_text = np.uint64(0)
    for i in range(begin, end):
        position = np.uint64(starts[i])
        first = _place(position, title) - reach
        word, right = first >> np.uint64(6), first & low
        around = (bits[word] >> right) | ((bits[word + one] << one) << (low - right))
        found = np.uint64(around & mask != 0)
        everywhere += found
        in_text += found & np.uint64(position > title)
    return np.int64(everywhere - in_text), np.int64(in_text)


@kernel
def weigh_near_words(
    starts: U32, ends: U32, begins: I64, counts: U32, distance: int, articles: U32, extents: Extents, articles_out: U32,
    weights_out: U32,
) -> int:  # fmt: skip
    """As `weigh_near`, for places of one position each and a distance of at most `WINDOW`: in a fifth of the time.

    Each part's positions in an article are bits, and those around a position of the other are tested together.
    """
    titles, lengths = extents
    reach = np.uint64(distance)
    bits, other_bits = np.zeros(64, np.uint64), np.zeros(64, np.uint64)
    begin, other = np.uint64(begins[0]), np.uint64(begins[1])
    out = np.uint64(0)
    for row in range(np.uint64(len(articles))):
        title = np.uint64(titles[articles[row]])
        end, other_end = begin + np.uint64(counts[np.uint64(0), row]), other + np.uint64(counts[np.uint64(1), row])
        size = (np.uint64(lengths[articles[row]]) >> np.uint64(6)) + np.uint64(5)
        if size > np.uint64(len(bits)):
            bits, other_bits = np.zeros(2 * np.int64(size), np.uint64), np.zeros(2 * np.int64(size), np.uint64)
        _set(bits, starts, begin, end, title)
        _set(other_bits, starts, other, other_end, title)
        in_title, in_text = _around(other_bits, starts, begin, end, title, reach)
        other_in_title, other_in_text = _around(bits, starts, other, other_end, title, reach)
        for i in range(size):
            bits[i] = other_bits[i] = np.uint64(0)
        in_title, elsewhere = min(in_title, other_in_title), min(in_text, other_in_text)
        articles_out[out] = articles[row]
        weights_out[out] = _weight(in_title, elsewhere)
        out += np.uint64(in_title + elsewhere > 0)
        begin, other = end, other_end
    return np.int64(out)
