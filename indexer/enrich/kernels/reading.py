"""Loops over the words of a text: where each begins, sentences, capitals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.local.kernels.compiling import inlined, kernel

BREAK = 0
"""The number that stands for a blank line, in place of a word."""

LOWER_FIRST, UPPER_FIRST, STOP, CLOSING, LOWER, LETTER, LOUD, MIXED, LONG, CONTENT = (1 << bit for bit in range(10))
"""Bits of a word: begins in lower case, begins with a capital, ends a sentence, closes a quotation; in lower case as a
whole; begins with a letter, and then: in capitals, has lower case, long, long and capitalised."""
LONGER, FIRM, LEADS = (1 << bit for bit in range(10, 13))
"""Bits of a capitalised word as a neighbour: of more than two letters, such as Inc, leads a name."""
FLAGS_FROM = 16
"""The bit from which those of `lexicon.flag_bits` stand."""

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
Sentences = tuple[I32, I32, I32, NDArray[np.bool_]]
"""Of each sentence: its first and last word (exclusive), the end of its capitals, and True if it is like a headline."""


@inlined
def _is_space(code):
    """True if a code point is white space, as `str.isspace` has it."""
    if code < 0x1680:
        return (9 <= code <= 13) or (28 <= code <= 32) or code == 0x85 or code == 0xA0
    return (
        code == 0x1680
        or 0x2000 <= code <= 0x200A
        or code == 0x2028
        or code == 0x2029
        or code == 0x202F
        or code == 0x205F
        or code == 0x3000
    )


@kernel
def locate(codes: U32, numbers: I32, lengths: U8, starts: I32) -> None:
    """Find where each word of a text begins: after the one before it and white space, for there is nothing else.

    Args:
        codes: the code points of the text.
        numbers: of its words, in order.
        lengths: of each word of the table, in code points.
        starts: out; that of a break is not set.
    """
    at = 0
    for place in range(len(numbers)):
        if numbers[place] == BREAK:
            continue
        while _is_space(codes[at]):
            at += 1
        starts[place] = at
        at += lengths[numbers[place]]


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
def split(numbers: I32, bits: U32, longest: int, sentences: Sentences, capitals: I32) -> int:
    """Split words into sentences: at full stops and breaks, and where a sentence would be longer than `longest`.

    A full stop ends no sentence if the next word begins in lower case.

    Args:
        numbers: of the words.
        bits: of each word of the table.
        sentences: out; with room for as many as there are words.
        capitals: out; of each capitalised word, its place in its sentence.

    Returns:
        The number of sentences.
    """
    firsts, ends, capital_ends, alike = sentences
    size = len(numbers)
    count = found = 0
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
            firsts[count] = at
            ends[count] = until
            for word in range(at, until):
                if bits[numbers[word]] & UPPER_FIRST:
                    capitals[found] = word - at
                    found += 1
            capital_ends[count] = found
            alike[count] = like_headline(numbers, at, until, bits)
            count += 1
            at = until
        first = place = following
    return count


IS_SMALL, IS_SMALL_FIRST, IS_NAMED, IS_ORGANISED = 1, 2, 4, 8
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
