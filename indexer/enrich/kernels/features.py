"""What words contribute to the scores of labels: sums of the weights of their features, which are found by letters."""

from __future__ import annotations

import numpy as np

from indexer.enrich.kernels.characters import ALPHABETIC, CAPITAL, FIGURE
from indexer.enrich.kernels.decoding import LABELS, OTHER
from indexer.enrich.kernels.numbering import find
from indexer.enrich.kernels.reading import FLAGS_FROM, UPPER_FIRST
from search.jit.compiling import inlined, kernel

_UPPER, _LOWER, _NINE, _ZERO = 88, 120, 57, 48
_IS, _AFFIXES, _WORD, _KIND, _SHAPE, _SIZE, _FLAG, _BEGINS, _ENDS = 61, 3, 119, 99, 115, 110, 102, 60, 62


@inlined
def _shape(codes, begin, end, characters, shape):
    """Write the shape of a word. Returns its length."""
    size = 0
    for at in range(begin, end):
        code = codes[at]
        character = characters[code]
        if character & CAPITAL:
            code = _UPPER
        elif character & ALPHABETIC:
            code = _LOWER
        elif character & FIGURE:
            code = _NINE
        if size == 0 or shape[size - 1] != code:
            shape[size] = code
            size += 1
    return size


@inlined
def _put(name, value, codes, begin, end, written, ends, count):
    """Write a feature: its name, a sign if it is not 0, and some letters. Returns the number of features."""
    at = ends[count]
    written[at] = name
    at += 1
    if value:
        written[at] = value
        at += 1
    for place in range(begin, end):
        written[at] = codes[place]
        at += 1
    ends[count + 1] = at
    return count + 1


@kernel
def add_up(bits, words, folded, characters, flags, pieces, weights, kinds, sums, found):
    """Sum the weights of the features of some words, and find their kinds; see `word_features`.

    Args:
        bits: uint32; of each word, those of `reading`.
        words: uint32 and int32; the letters of the words, one after the other, and where each ends.
        folded: the same of the words in folded form.
        characters: uint8; bits of each character.
        flags: uint32; the letter of each flag.
        pieces: an index of the features in the model, without those of which the weights are zero.
        weights: float32, (pieces, 5, labels); what each contributes, by `decoding.OWN`, ….
        kinds: an index of the kinds that features of neighbouring words have.
        sums: float32, (words, 5, labels); out.
        found: uint16; out; the kind of each word, as `decoding.decode` has it.
    """
    codes, code_ends = words
    letters, letter_ends = folded
    longest = first = begin = 0
    for each in range(len(bits)):
        longest = max(longest, code_ends[each] - first, letter_ends[each] - begin)
        first, begin = code_ends[each], letter_ends[each]
    shape, kind = np.empty(longest + 1, np.uint32), np.empty(5 + len(flags), np.uint32)
    written, ends = np.empty(3 * (longest + 8 + len(flags)) + 64, np.uint32), np.zeros(16 + len(flags), np.int64)
    figure = np.empty(1, np.uint32)
    total = np.empty((5, LABELS))
    last = end = 0
    for each in range(len(bits)):
        first, last = last, code_ends[each]
        begin, end = end, letter_ends[each]
        size = end - begin
        capital = bits[each] & UPPER_FIRST
        known = bits[each] >> FLAGS_FROM
        shaped = _shape(codes, first, last, characters, shape)
        if capital:
            width = min(shaped, 4)
            for at in range(width):  # an assignment of slices takes seconds to compile
                kind[at] = shape[at]
        else:
            width = 1
            kind[0] = shape[0]
        if capital or characters[codes[first]] & ALPHABETIC:
            for flag in range(len(flags)):
                if known >> flag & 1:
                    kind[width] = flags[flag]
                    width += 1
        found[each] = OTHER + find(kind, 0, width, kinds)
        count = _put(_WORD, _IS, letters, begin, end, written, ends, 0)
        count = _put(_KIND, _IS, kind, 0, width, written, ends, count)
        if capital:
            count = _put(_SHAPE, _IS, shape, 0, shaped, written, ends, count)
            figure[0] = _ZERO + min(last - first, 8)
            count = _put(_SIZE, _IS, figure, 0, 1, written, ends, count)
        own = count
        for flag in range(len(flags)):
            if known >> flag & 1:
                count = _put(_FLAG, _IS, flags, flag, flag + 1, written, ends, count)
        around = own if capital else count
        for affix in range(2, 5):
            if size > affix:
                if capital:
                    count = _put(_BEGINS, 0, letters, begin, begin + affix, written, ends, count)
                count = _put(_ENDS, 0, letters, end - affix, end, written, ends, count)
        total[:] = 0.0
        for piece in range(count):
            row = find(written, ends[piece], ends[piece + 1], pieces)
            if row:
                for side in range(1 if own <= piece < around else 0, 5):
                    for y in range(LABELS):
                        total[side, y] += weights[row, side, y]
        for side in range(5):
            for y in range(LABELS):
                sums[each, side, y] = total[side, y]
