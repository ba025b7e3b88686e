"""A stream of terms sorted by term, and the postings of several segments put together."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel
from search.local.kernels.packing import decode, decode_positions


@kernel
def count_terms(words, term_of, limit, counts):
    """Add the occurrences of each term below `limit` in a stream of words to `counts`."""
    for word in words:
        term = term_of[word]
        counts[min(np.int64(term), limit)] += 1


@kernel
def invert(words, term_of, limit, ends, titles, places, articles_out, positions_out):
    """Sort the occurrences of a stream of articles by term, keeping their order (a counting sort).

    Args:
        words: uint32, the words of all articles one after the other, each article's title first.
        term_of: uint32, the term of each different word; those of `limit` and above are left out.
        ends: int64, where each article's words end.
        titles: uint32, how many of each article's words are its title's.
        places: int64, where each term's occurrences begin; advanced to their ends.
        articles_out, positions_out: uint32, out; positions leave one free between title and text.
    """
    at = 0
    for article in range(len(ends)):
        start = at
        title = titles[article]
        while at < ends[article]:
            term = np.int64(term_of[words[at]])
            if term < limit:
                place = places[term]
                articles_out[place] = article
                position = at - start
                positions_out[place] = position if position < title else position + 1
                places[term] = place + 1
            at += 1


@kernel
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


@kernel
def decode_many(words, offsets, shapes, blocks, numbers, docs, counts, titles, ends):
    """Unpack the postings of several terms, one after the other; a number below 0 has none.

    Args:
        blocks: terms + 1: where each term's blocks begin.
        numbers: int64, the terms.
        docs, counts, titles: uint32, out.
        ends: int64, out: where the postings of each of `numbers` end.
    """
    at = 0
    for i in range(len(numbers)):
        number = numbers[i]
        if number >= 0:
            first, last = np.int64(blocks[number]), np.int64(blocks[number + 1])
            at += decode(words, offsets, shapes, first, last, docs[at:], counts[at:], titles[at:])
        ends[i] = at
    return at


@kernel
def decode_positions_many(words, places, numbers, counts, ends, out):
    """Read the positions of several terms' postings, as `decode_many` unpacked them; how many were read."""
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
def count_live(docs, counts, ends, renumber, postings, occurrences):
    """Add, for each term, its postings and occurrences in live articles (`renumber` ≥ 0)."""
    posting = 0
    for term in range(len(ends)):
        while posting < ends[term]:
            if renumber[docs[posting]] >= 0:
                postings[term] += 1
                occurrences[term] += counts[posting]
            posting += 1


@kernel
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
