"""The loops over arrays, compiled by Numba; nothing else.

Each is compiled once for fixed types and kept on disk, and lets go of the interpreter's lock while it runs. They check
nothing: who calls them hands over arrays of the right type and length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

F = TypeVar("F", bound=Callable[..., Any])
BLOCK = 128
"""Postings in a block."""


def _kernel(function: F) -> F:
    return cast(F, njit(cache=True, nogil=True, boundscheck=False)(function))


# -- bits ---------------------------------------------------------------------------------------------------


@_kernel
def width(most):
    """Bits that hold every value up to `most`."""
    bits = 0
    while most:
        bits += 1
        most >>= 1
    return bits


@_kernel
def pack(values, start, count, bits, words, place):
    """Write `count` values of `bits` bits each, from `words[place]` on; the place after them."""
    buffer = np.uint64(0)
    filled = 0
    for i in range(count):
        buffer |= np.uint64(values[start + i]) << np.uint64(filled)
        filled += bits
        while filled >= 32:
            words[place] = np.uint32(buffer & np.uint64(0xFFFFFFFF))
            place += 1
            buffer >>= np.uint64(32)
            filled -= 32
    if filled:
        words[place] = np.uint32(buffer & np.uint64(0xFFFFFFFF))
        place += 1
    return place


@_kernel
def unpack(words, place, count, bits, out, at):
    """Read `count` values of `bits` bits each into `out[at:]`; the place after them."""
    if bits == 0:
        for i in range(count):
            out[at + i] = 0
        return place
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    buffer = np.uint64(0)
    filled = 0
    for i in range(count):
        if filled < bits:
            buffer |= np.uint64(words[place]) << np.uint64(filled)
            place += 1
            filled += 32
        out[at + i] = np.uint32(buffer & mask)
        buffer >>= np.uint64(bits)
        filled -= bits
    return place


# -- inversion ----------------------------------------------------------------------------------------------


@_kernel
def count_terms(terms, counts):
    """Add the occurrences of each term in a stream to `counts`."""
    for term in terms:
        counts[term] += 1


@_kernel
def invert(terms, ends, titles, places, articles_out, positions_out):
    """Sort the occurrences of a stream of articles by term, keeping their order (a counting sort).

    Args:
        terms: uint32, the terms of all articles one after the other, each article's title first.
        ends: int64, where each article's terms end.
        titles: uint32, how many of each article's terms are its title's.
        places: int64, where each term's occurrences begin; advanced to their ends.
        articles_out, positions_out: uint32, as long as `terms`; positions leave one free between title and text.
    """
    at = 0
    for article in range(len(ends)):
        start = at
        title = titles[article]
        while at < ends[article]:
            term = terms[at]
            place = places[term]
            articles_out[place] = article
            position = at - start
            positions_out[place] = position if position < title else position + 1
            places[term] = place + 1
            at += 1


@_kernel
def group(articles, positions, starts, titles, term_ends, docs, counts, title_counts):
    """Occurrences sorted by term become postings: one for each term and article.

    Args:
        articles, positions: uint32, occurrences by term, then article, then position.
        starts: int64, terms + 1; where each term's occurrences begin.
        titles: uint32, length of each article's title.
        term_ends: int64, out: where each term's postings end.
        docs, counts, title_counts: uint32, out: article, occurrences, occurrences in the title, of each posting.

    Returns:
        The number of postings.
    """
    posting = 0
    for term in range(len(starts) - 1):
        i = starts[term]
        end = starts[term + 1]
        while i < end:
            article = articles[i]
            count = 0
            title_count = 0
            while i < end and articles[i] == article:
                count += 1
                if positions[i] < titles[article]:
                    title_count += 1
                i += 1
            docs[posting] = article
            counts[posting] = count
            title_counts[posting] = title_count
            posting += 1
        term_ends[term] = posting
    return posting


@_kernel
def encode(docs, counts, title_counts, term_ends, blocks, words, lasts, offsets, shapes):
    """Pack postings in blocks of `BLOCK`: distances of article numbers, occurrences − 1, occurrences in the title.

    Args:
        term_ends: int64, where each term's postings end.
        blocks: int64, out, terms + 1: where each term's blocks begin.
        words: uint32, out: the packed blocks.
        lasts: uint32, out: the last article of each block.
        offsets: int64, out: where each block begins in `words`.
        shapes: uint32, out: bits of the three parts and postings − 1, a byte each.

    Returns:
        (blocks, words) written.
    """
    gaps = np.empty(BLOCK, np.uint32)
    less = np.empty(BLOCK, np.uint32)
    block = 0
    place = 0
    posting = 0
    for term in range(len(term_ends)):
        blocks[term] = block
        end = term_ends[term]
        last = np.int64(-1)
        while posting < end:
            count = min(BLOCK, end - posting)
            most_gap = np.uint32(0)
            most_count = np.uint32(0)
            most_title = np.uint32(0)
            for i in range(count):
                doc = np.int64(docs[posting + i])
                gaps[i] = np.uint32(doc - last - 1)
                last = doc
                less[i] = counts[posting + i] - np.uint32(1)
                most_gap = max(most_gap, gaps[i])
                most_count = max(most_count, less[i])
                most_title = max(most_title, title_counts[posting + i])
            a = width(most_gap)
            b = width(most_count)
            c = width(most_title)
            offsets[block] = place
            lasts[block] = np.uint32(last)
            shapes[block] = np.uint32(a | (b << 8) | (c << 16) | ((count - 1) << 24))
            place = pack(gaps, 0, count, a, words, place)
            place = pack(less, 0, count, b, words, place)
            place = pack(title_counts, posting, count, c, words, place)
            block += 1
            posting += count
    blocks[len(term_ends)] = block
    return block, place


@_kernel
def decode(words, lasts, offsets, shapes, first, last, start, docs, counts, title_counts):
    """Unpack the blocks `first` to `last` (exclusive) of one term; `start` is the article before the first, or −1.

    Returns:
        The number of postings written to `docs`, `counts`, `title_counts` (uint32).
    """
    at = np.int64(0)
    before = np.int64(start)
    for block in range(first, last):
        shape = shapes[block]
        count = np.int64(shape >> np.uint32(24)) + 1
        place = offsets[block]
        place = unpack(words, place, count, np.int64(shape & np.uint32(255)), docs, at)
        place = unpack(words, place, count, np.int64((shape >> np.uint32(8)) & np.uint32(255)), counts, at)
        unpack(words, place, count, np.int64((shape >> np.uint32(16)) & np.uint32(255)), title_counts, at)
        for i in range(at, at + count):
            before += np.int64(docs[i]) + 1
            docs[i] = np.uint32(before)
            counts[i] += np.uint32(1)
        at += count
    return at


# -- positions ----------------------------------------------------------------------------------------------


@_kernel
def encode_positions(positions, counts, term_ends, bytes_out, block_places):
    """Write the positions of postings as distances, seven bits a byte; each posting begins anew.

    Args:
        positions: uint32, of all occurrences, by posting.
        counts: uint32, occurrences of each posting.
        term_ends: int64, where each term's postings end.
        bytes_out: uint8, out.
        block_places: int64, out: where the positions of each block of postings begin; one more at the end.

    Returns:
        Bytes written.
    """
    place = 0
    posting = 0
    occurrence = 0
    block = 0
    for term in range(len(term_ends)):
        inside = 0
        while posting < term_ends[term]:
            if inside % BLOCK == 0:
                block_places[block] = place
                block += 1
            before = np.int64(-1)
            for _ in range(counts[posting]):
                position = np.int64(positions[occurrence])
                gap = position - before - 1
                before = position
                occurrence += 1
                while gap >= 128:
                    bytes_out[place] = np.uint8((gap & 127) | 128)
                    place += 1
                    gap >>= 7
                bytes_out[place] = np.uint8(gap)
                place += 1
            posting += 1
            inside += 1
    block_places[block] = place
    return place


@_kernel
def decode_positions(data, place, counts, postings, out):
    """Read the positions of `postings` postings from `data[place:]` into `out`; how many were read."""
    at = 0
    for posting in range(postings):
        before = np.int64(-1)
        for _ in range(counts[posting]):
            gap = np.int64(0)
            shift = 0
            while True:
                byte = np.int64(data[place])
                place += 1
                gap |= (byte & 127) << shift
                if byte < 128:
                    break
                shift += 7
            before += gap + 1
            out[at] = np.uint32(before)
            at += 1
    return at


# -- merging ------------------------------------------------------------------------------------------------


@_kernel
def decode_many(words, lasts, offsets, shapes, blocks, numbers, docs, counts, titles, ends):
    """Unpack the postings of several terms, one after the other; a number below 0 has none.

    Args:
        blocks: int64, terms + 1: where each term's blocks begin.
        numbers: int64, the terms.
        docs, counts, titles: uint32, out.
        ends: int64, out: where the postings of each of `numbers` end.
    """
    at = 0
    for i in range(len(numbers)):
        number = numbers[i]
        if number >= 0:
            at += decode(
                words,
                lasts,
                offsets,
                shapes,
                blocks[number],
                blocks[number + 1],
                -1,
                docs[at:],
                counts[at:],
                titles[at:],
            )
        ends[i] = at
    return at


@_kernel
def decode_positions_many(data, places, blocks, numbers, counts, ends, out):
    """Read the positions of several terms' postings, as `decode_many` unpacked them; how many were read."""
    at = 0
    posting = 0
    for i in range(len(numbers)):
        if numbers[i] >= 0 and ends[i] > posting:
            part = counts[posting : ends[i]]
            at += decode_positions(data, places[blocks[numbers[i]]], part, len(part), out[at:])
        posting = ends[i]
    return at


@_kernel
def count_live(docs, counts, ends, renumber, postings, occurrences):
    """Add, for each term, its postings and occurrences in live articles (`renumber` ≥ 0)."""
    posting = 0
    for term in range(len(ends)):
        while posting < ends[term]:
            if renumber[docs[posting]] >= 0:
                postings[term] += 1
                occurrences[term] += counts[posting]
            posting += 1


@_kernel
def scatter(
    docs, counts, titles, ends, positions, renumber, places, spots, docs_out, counts_out, titles_out, positions_out
):
    """Copy the postings of live articles to their terms' places, which are advanced; positions too."""
    posting = 0
    occurrence = 0
    for term in range(len(ends)):
        place = places[term]
        spot = spots[term]
        while posting < ends[term]:
            number = renumber[docs[posting]]
            count = counts[posting]
            if number >= 0:
                docs_out[place] = number
                counts_out[place] = count
                titles_out[place] = titles[posting]
                place += 1
                if len(positions):
                    for i in range(count):
                        positions_out[spot + i] = positions[occurrence + i]
                    spot += count
            occurrence += count
            posting += 1
        places[term] = place
        spots[term] = spot


# -- matches ------------------------------------------------------------------------------------------------


@_kernel
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


@_kernel
def score(articles, frequencies, norms, idf, out):
    """BM25 of one term: idf · tf / (tf + norm of the article)."""
    for i in range(len(articles)):
        frequency = np.float64(frequencies[i])
        out[i] = idf * frequency / (frequency + norms[articles[i]])


@_kernel
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


@_kernel
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


@_kernel
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


@_kernel
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


@_kernel
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


@_kernel
def places_of(a, b, out):
    """Where each of ascending articles `b` stands in `a`, which has them all."""
    i = 0
    for j in range(len(b)):
        if a[i] < b[j]:
            i = _advance(a, i, b[j])
        out[j] = i


# -- phrases ------------------------------------------------------------------------------------------------


@_kernel
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
            gap = np.int64(0)
            shift = 0
            while True:
                byte = np.int64(data[place])
                place += 1
                gap |= (byte & 127) << shift
                if byte < 128:
                    break
                shift += 7
            before += gap + 1
            out[at] = np.uint32(before)
            at += 1
        posting += 1
        ends[i] = at


@_kernel
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


@_kernel
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


# -- filters and facets -------------------------------------------------------------------------------------

OUT = 255
"""What a filter code says of an article that is not among the matches of any facet."""


@_kernel
def mark_dead(articles, live, codes):
    """Deleted articles are out."""
    for i in range(len(articles)):
        if not live[articles[i]]:
            codes[i] = OUT


@_kernel
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


@_kernel
def require_all(articles, offsets, ordinals, wanted, least, codes):
    """Articles with fewer than `least` of the wanted values are out."""
    for i in range(len(articles)):
        found = 0
        for j in range(offsets[articles[i]], offsets[articles[i] + 1]):
            if wanted[ordinals[j]]:
                found += 1
        if found < least:
            codes[i] = OUT


@_kernel
def refuse_any(articles, offsets, ordinals, unwanted, codes):
    """Articles with an unwanted value are out."""
    for i in range(len(articles)):
        for j in range(offsets[articles[i]], offsets[articles[i] + 1]):
            if unwanted[ordinals[j]]:
                codes[i] = OUT
                break


@_kernel
def require_days(articles, days, first, last, missing, number, codes):
    """The date's own filter; day 0 is unknown."""
    for i in range(len(articles)):
        if codes[i] == OUT:
            continue
        day = days[articles[i]]
        passes = missing if day == 0 else first <= day <= last
        if not passes:
            codes[i] = number if codes[i] == 0 else OUT


@_kernel
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


@_kernel
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


@_kernel
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


@_kernel
def count_days(articles, codes, number, days, first, counts):
    """Count the same articles by day, `counts[0]` being `first`."""
    for i in range(len(articles)):
        if codes[i] == 0 or codes[i] == number:
            day = days[articles[i]]
            if day:
                counts[day - first] += 1


@_kernel
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


@_kernel
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


@_kernel
def _before(i, j, articles, keys, ranks):
    if keys[i] != keys[j]:
        return keys[i] < keys[j]
    return ranks[articles[i]] < ranks[articles[j]]


@_kernel
def score_keys(scores, out):
    """Scores as keys, the greatest first, to six digits, so that order does not hang on the last bit of a sum."""
    for i in range(len(scores)):
        out[i] = -np.int64(scores[i] * 1e6 + 0.5)


@_kernel
def day_keys(articles, days, newest, out):
    """Days as keys, undated last."""
    for i in range(len(articles)):
        day = np.int64(days[articles[i]])
        out[i] = np.int64(1 << 40) if day == 0 else (-day if newest else day)


# -- words --------------------------------------------------------------------------------------------------

SEPARATOR, INSIDE = 0, 1
"""What a byte is to `scan`: between runs, or part of one."""


@_kernel
def scan(data, kinds, table, hashes, blob, ends, known, out):
    """Cut UTF-8 into runs of bytes that are no separators, and number each different run.

    Args:
        data: uint8, the text.
        kinds: uint8, 256: what each byte is.
        table: int32, a power of two long: numbers of runs by hash, −1 where free.
        hashes: uint64, the hash of each run.
        blob, ends: uint8, int64: the bytes of all runs, and where each ends.
        known: how many runs there are.
        out: int32, out: the number of each run in the text.

    Returns:
        (runs in the text, runs there are now). Room for as many new runs and bytes as the text has must be there.
    """
    mask = np.uint64(len(table) - 1)
    at = 0
    i = 0
    size = len(data)
    while i < size:
        while i < size and kinds[data[i]] == SEPARATOR:
            i += 1
        start = i
        code = np.uint64(14695981039346656037)
        while i < size and kinds[data[i]] == INSIDE:
            code = (code ^ np.uint64(data[i])) * np.uint64(1099511628211)
            i += 1
        if i == start:
            break
        code ^= code >> np.uint64(29)
        slot = code & mask
        while True:
            number = table[slot]
            if number < 0:
                begin = ends[known - 1] if known else 0
                for j in range(i - start):
                    blob[begin + j] = data[start + j]
                ends[known] = begin + i - start
                hashes[known] = code
                table[slot] = known
                number = known
                known += 1
                break
            if hashes[number] == code:
                begin = ends[number - 1] if number else 0
                if ends[number] - begin == i - start:
                    same = True
                    for j in range(i - start):
                        if blob[begin + j] != data[start + j]:
                            same = False
                            break
                    if same:
                        break
            slot = (slot + np.uint64(1)) & mask
        out[at] = number
        at += 1
    return at, known


@_kernel
def rehash(hashes, known, table):
    """Put all runs into a new table, which is free."""
    mask = np.uint64(len(table) - 1)
    for number in range(known):
        slot = hashes[number] & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = number


@_kernel
def spell(runs, ends, stems, forms, stems_out, forms_out):
    """The words that runs stand for, one after the other; how many. `ends` says where each run's words end."""
    at = 0
    for run in runs:
        for i in range(ends[run - 1] if run else 0, ends[run]):
            stems_out[at] = stems[i]
            forms_out[at] = forms[i]
            at += 1
    return at
