"""Loops over the words of a text: sentences, capitals, the use of words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import kernel

BREAK = 0
"""The number of a blank line, in place of that of a word."""

LOWER_FIRST, UPPER_FIRST, STOP, CLOSING, LOWER, LETTER, LOUD, MIXED, LONG, CONTENT = (1 << bit for bit in range(10))
"""Bits of a word: begins in lower case, begins with a capital, ends a sentence, closes a quotation; in lower case as a
whole; begins with a letter, and then: in capitals, has lower case, long, long and capitalised."""
LONGER, FIRM, LEADS = (1 << bit for bit in range(10, 13))
"""Bits of a capitalised word as a neighbour: of more than two letters, such as Inc, leads a name."""
INSIDE, LISTS = (1 << bit for bit in range(13, 15))
"""Bits of a word between others: a particle inside a name, what separates the members of a list."""
FLAGS_FROM = 16
"""The bit from which those of `lexicon.flag_bits` stand."""

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
Sentences = tuple[I32, I32, NDArray[np.bool_]]
"""Of each sentence: its end among the words, the end of its capitals, and True if it is like a headline."""


@kernel
def like_headline(numbers: I32, first: int, end: int, bits: U32) -> bool:
    """True if the words from `first` to `end` are in title case or capitals, so that a capital indicates no name.

    Title case: no full stop at its end, few commas and numbers, and four or more words of which nearly all, except
    short ones, are capitalised. Capitals: most words are in capitals.
    """
    size = end - first
    ended = bits[numbers[end - 1]] & STOP
    small = letters = loud = mixed = content = capital = 0
    for at in range(first, end):
        mark = bits[numbers[at]]
        small += (mark & LOWER) != 0
        letters += (mark & LETTER) != 0
        loud += (mark & LOUD) != 0
        mixed += (mark & MIXED) != 0
        content += (mark & LONG) != 0
        capital += (mark & CONTENT) != 0
    if ended and small * 5 >= size * 2:  # most words are not in capitals: the usual sentence
        return False
    if letters and not mixed:
        return True
    if letters < 4:
        return False
    if loud > 0.6 * letters:
        return True
    if ended:
        return False
    others = size - letters
    if others > 1 and others * 4 >= size:  # a list of names, a table of results
        return False
    return content >= 4 and capital >= 0.85 * content


@kernel
def split(numbers: I32, starts: I32, bits: U32, longest: int, sentences: Sentences, capitals: I32, names: I32) -> int:
    """Split words into sentences: at full stops and breaks, and where a sentence would be longer than `longest`.

    A full stop ends no sentence if the next word begins in lower case.

    Args:
        numbers, starts: of the words; out: without breaks.
        bits: of each word of the table.
        sentences: out; with room for as many as there are words.
        capitals, names: out; of each capitalised word, its place in its sentence, and its number.

    Returns:
        The number of sentences.
    """
    ends, capital_ends, alike = sentences
    size = len(numbers)
    count = found = filled = 0
    first = place = 0
    while first < size:
        end = following = size
        while place < size:
            number = numbers[place]
            if number == BREAK:
                end, following = place, place + 1
                break
            if bits[number] & STOP:
                end = place + 1
                while end < size and bits[numbers[end]] & CLOSING:
                    end += 1
                following = end
                if end == size:
                    break
                if numbers[end] == BREAK:
                    following = end + 1
                    break
                if not bits[numbers[end]] & LOWER_FIRST:
                    break
                end = following = size
            place += 1
        at = first
        while at < end:
            until = min(at + longest, end)
            begin = filled
            for word in range(at, until):
                if bits[numbers[word]] & UPPER_FIRST:
                    capitals[found], names[found] = word - at, numbers[word]
                    found += 1
                numbers[filled], starts[filled] = numbers[word], starts[word]
                filled += 1
            ends[count] = filled
            capital_ends[count] = found
            alike[count] = like_headline(numbers, begin, filled, bits)
            count += 1
            at = until
        first = place = following
    return count


IS_SMALL, IS_NAMED, IS_ORGANISED = 1, 2, 4
"""Marks of a word in its article: see `word_features.Context`."""


@kernel
def mark_words(numbers: I32, ends: I32, bits: U32, marks: U8) -> None:
    """Mark how an article uses its words.

    Args:
        numbers: of the words of its sentences, one sentence after the other.
        ends: of each sentence there.
        bits: of each word of the table.
        marks: of each word of the table, zeros; out.
    """
    start = 0
    for sentence in range(len(ends)):
        for at in range(start, ends[sentence]):
            number = numbers[at]
            if bits[number] & LOWER_FIRST:
                marks[number] |= IS_SMALL
            elif at > start:
                before = numbers[at - 1]
                if bits[number] & FIRM:
                    marks[before] |= IS_ORGANISED
                elif bits[number] & LONGER and bits[before] & LEADS:
                    marks[number] |= IS_NAMED
        start = ends[sentence]


@kernel
def unite(
    words: tuple[I32, I64, I32], bits: U32, parts: tuple[int, int, int], most: int, unions: I64, listing: I32, runs: I32
) -> int:
    """Find the traits that any word of a sentence has, how many words of a list, and its runs of capitalised words.

    A run has two words or more. It begins with a capital and goes on with words that may be parts of a name, which it
    ends with; between them may be particles.

    Args:
        words: of some sentences, one sentence after the other: their numbers, their traits as bits; and the end of each
            sentence there.
        bits: of each word of the table.
        parts: traits: of a word that may follow the first of a run, of one that goes on with it, of one that does so
            after particles.
        most: the greatest number of particles in a row.
        unions, listing: out; of each sentence.
        runs: out, (words, 3): the sentence, the first word and the last (exclusive) in it.

    Returns:
        The number of runs.
    """
    numbers, traits, ends = words
    follows, goes_on, capital = parts
    found = start = 0
    for sentence in range(len(ends)):
        end = ends[sentence]
        union = np.int64(0)
        listed = 0
        for at in range(start, end):
            union |= traits[at]
            listed += (bits[numbers[at]] & LISTS) != 0
        unions[sentence], listing[sentence] = union, listed
        first = start
        while first + 1 < end:
            if not bits[numbers[first]] & UPPER_FIRST or not traits[first + 1] & follows:
                first += 1
                continue
            at = first + 1
            while at < end:
                if traits[at] & goes_on:
                    at += 1
                    continue
                ahead = at
                while ahead < end and ahead - at < most and bits[numbers[ahead]] & INSIDE:
                    ahead += 1
                if ahead == at or ahead >= end or not traits[ahead] & capital:
                    break
                at = ahead + 1
            if at - first > 1:
                runs[found, 0], runs[found, 1], runs[found, 2] = sentence, first - start, at - start
                found += 1
            first = at
        start = end
    return found
