"""Sorts a stream of terms by term, and merges the postings of several segments."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U32, U64, Integers, Packed, PostingsTuple
from search.jit.compiling import kernel
from search.jit.fetching import fetch
from search.kernels.packing import decode, decode_positions

UNKNOWN = 0xFFFFFFFF
"""Marks a missing entry of a table."""
STEP = 12
"""The distance of prefetching in words: the data that a word leads to is requested three steps before it is needed."""


@kernel
def count_words(words: U32, counts: U32) -> None:
    """Add the occurrences of each word of a stream to `counts`."""
    for word in words:
        counts[word] += 1


@kernel
def translate(numbers: U32, table: U32, out: U32) -> bool:
    """Look numbers up in a table.

    Args:
        numbers: uint32.
        table: uint32, `UNKNOWN` for numbers it does not have.
        out: uint32, out, as long as `numbers`.

    Returns:
        True if the table has all of them.
    """
    known = True
    for i in range(len(numbers)):
        found = table[numbers[i]]
        known &= found != UNKNOWN
        out[i] = found
    return known


@kernel
def invert(words: U32, term_of: U32, limit: int, ends: I64, titles: U32, places: I64, out: U64) -> None:
    """Sort the occurrences of a stream of articles by term, keeping their order (a counting sort).

    Args:
        words: uint32, the words of all articles one after the other, each article's title first.
        term_of: uint32, the term of each different word; those of `limit` and above are skipped.
        ends: int64, the end of each article's words.
        titles: uint32, the number of title words of each article.
        places: int64, the start of each term's occurrences; advanced to their ends.
        out: uint64, out: the article and, in the lower half, the position; there is an unused position between title
            and text.
    """
    last = len(words) - 1
    at = 0
    for article in range(len(ends)):
        mark = np.uint64(article) << np.uint64(32)
        start = at
        title = titles[article]
        while at < ends[article]:
            fetch(term_of, words[min(at + 3 * STEP, last)])
            soon = np.int64(term_of[words[min(at + 2 * STEP, last)]])
            if soon < limit:
                fetch(places, soon)
            next_term = np.int64(term_of[words[min(at + STEP, last)]])
            if next_term < limit:
                fetch(out, places[next_term])
            term = np.int64(term_of[words[at]])
            if term < limit:
                place = places[term]
                position = at - start
                out[place] = mark | np.uint64(position if position < title else position + 1)
                places[term] = place + 1
            at += 1


@kernel
def group(occurrences: U64, starts: I64, titles: U32, out: PostingsTuple) -> int:
    """Group sorted occurrences into postings: one for each term and article.

    Args:
        occurrences: uint64, articles and positions from `invert`, by term, then article, then position.
        starts: int64, terms + 1; the start of each term's occurrences.
        titles: uint32, length of each article's title.
        out: with room for a posting for each occurrence.

    Returns:
        The number of postings.
    """
    term_ends, docs, counts, title_counts, positions = out
    posting = 0
    for term in range(len(starts) - 1):
        i = starts[term]
        end = starts[term + 1]
        while i < end:
            article = occurrences[i] >> np.uint64(32)
            title = titles[article]
            first = i
            title_count = 0
            while i < end and occurrences[i] >> np.uint64(32) == article:
                position = np.uint32(occurrences[i])
                positions[i] = position
                title_count += position < title
                i += 1
            docs[posting] = article
            counts[posting] = i - first
            title_counts[posting] = title_count
            posting += 1
        term_ends[term] = posting
    return posting


@kernel
def decode_many(packed: Packed, starts: Integers, numbers: I64, out: PostingsTuple) -> int:
    """Unpack the postings of several terms, one after the other; a number below 0 has none.

    Args:
        starts: terms + 1: the first block of each term.
        numbers: the terms.
        out: all but the positions, for which `decode_positions_many` needs the counts.
    """
    ends, docs, counts, titles, _ = out
    at = 0
    for i in range(len(numbers)):
        number = numbers[i]
        if number >= 0:
            blocks = np.int64(starts[number]), np.int64(starts[number + 1]), np.int64(0)
            at += decode(packed, blocks, docs[at:], counts[at:], titles[at:])
        ends[i] = at
    return at


@kernel
def decode_positions_many(words: U32, places: Integers, numbers: I64, postings: PostingsTuple) -> int:
    """Read the positions of several terms' postings, as unpacked by `decode_many`. Returns their number."""
    ends, _, counts, _, out = postings
    at = 0
    posting = 0
    for i in range(len(numbers)):
        if ends[i] > posting:
            part = counts[posting : ends[i]]
            starts = np.empty(len(part), np.int64)
            total = np.int64(0)
            for j in range(len(part)):
                starts[j] = total
                total += part[j]
            at = decode_positions(words, np.int64(places[numbers[i]]), starts, part, total, out, at)
        posting = ends[i]
    return at


@kernel
def count_live(postings: PostingsTuple, renumber: I64, frequency: I64, occurrences: I64) -> None:
    """Add, for each term, its postings and occurrences in live articles (`renumber` ≥ 0)."""
    ends, docs, counts, _, _ = postings
    posting = 0
    for term in range(len(ends)):
        while posting < ends[term]:
            if renumber[docs[posting]] >= 0:
                frequency[term] += 1
                occurrences[term] += counts[posting]
            posting += 1


@kernel
def scatter(postings: PostingsTuple, renumber: I64, places: I64, spots: I64, out: PostingsTuple) -> None:
    """Copy the postings of live articles, with positions, to their terms' places, which are advanced."""
    ends, docs, counts, titles, positions = postings
    _, docs_out, counts_out, titles_out, positions_out = out
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
