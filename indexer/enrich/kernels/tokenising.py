"""Cuts a text into words and punctuation marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels.characters import DIGIT, MARK, SPACE, WESTERN, WORD
from indexer.enrich.kernels.numbering import Index, find
from search.jit.compiling import inlined, kernel

I32 = NDArray[np.int32]

_NEWLINE, _QUOTE, _HYPHEN, _DOT, _UNDERSCORE = 10, 39, 45, 46, 95
_COMMA, _SLASH, _COLON, _LARGE_S, _SMALL_S = 44, 47, 58, 83, 115
_LONGEST_ELIDED = 10
"""Letters of an elided word at most, so that many words joined by apostrophes take time linear in their number."""


@inlined
def _letters(codes, kinds, at):
    """The end of the letters from a place, with the marks among them."""
    while at < len(codes) and (
        (kinds[codes[at]] & (WORD | DIGIT) == WORD and codes[at] != _UNDERSCORE) or kinds[codes[at]] & MARK
    ):
        at += 1
    return at


@inlined
def _is_possessive(codes, kinds, at):
    """True if an `s` stands at a place, and no letter or digit after it."""
    return (
        at < len(codes)
        and codes[at] in (_SMALL_S, _LARGE_S)
        and (at + 1 == len(codes) or not kinds[codes[at + 1]] & WORD or codes[at + 1] == _UNDERSCORE)
    )


@inlined
def _is_apostrophe(code):
    return code in (_QUOTE, 0x2019, 0x2BC)


@inlined
def _after_initial(codes, kinds, at, particles):
    """True if a capital or a particle follows, after any white space."""
    while at < len(codes) and kinds[codes[at]] & SPACE:
        at += 1
    if at == len(codes):
        return False
    if kinds[codes[at]] & WESTERN:
        return True
    end = at
    while end < len(codes) and end < at + 4 and kinds[codes[end]] & WORD:
        end += 1
    return end < len(codes) and kinds[codes[end]] & SPACE and find(codes, at, end, particles) > 0


@kernel
def tokenise(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    abbreviations: Index,
    particles: Index,
    elided: Index,
    firsts: I32,
    ends: I32,
) -> int:
    """Cut a text into words, punctuation marks and blank lines; see `sentences`.

    Args:
        codes: the code points of the text.
        kinds: of each character its bits; as far as the text needs them.
        abbreviations: with their full stops, of which there are one or two.
        particles: of names, at most four letters, which an initial may stand before.
        elided: words that end with an apostrophe, and are apart from the word after it.
        firsts, ends: out; of each word, with room for as many as there are code points. A blank line is empty.

    Returns:
        The number of words.
    """
    size = len(codes)
    count = at = 0
    while at < size:
        code = codes[at]
        kind = kinds[code]
        end = at + 1
        if kind & SPACE:
            if code == _NEWLINE:
                while end < size and codes[end] != _NEWLINE and kinds[codes[end]] & SPACE:
                    end += 1
                if end < size and codes[end] == _NEWLINE:
                    while end < size and kinds[codes[end]] & SPACE:
                        end += 1
                    firsts[count] = ends[count] = at
                    count += 1
            at = end
            continue
        found = False
        if kind & WESTERN and end < size and codes[end] == _DOT:
            end += 1
            while end + 1 < size and kinds[codes[end]] & WESTERN and codes[end + 1] == _DOT:
                end += 2
            found = end > at + 2 or _after_initial(codes, kinds, end, particles)
        if not found and kind & WORD and (at == 0 or not kinds[codes[at - 1]] & WORD):
            end = at
            for _ in range(2):
                while end < size and end < at + 8 and kinds[codes[end]] & WORD:
                    end += 1
                if end == size or codes[end] != _DOT:
                    break
                end += 1
                if find(codes, at, end, abbreviations) > 0:
                    found = True
                    break
        if not found:
            end = at + 1
            if _is_apostrophe(code) and _is_possessive(codes, kinds, end):
                end += 1
            elif kind & DIGIT:
                last = end
                while end < size:
                    code = codes[end]
                    if kinds[code] & DIGIT:
                        last = end + 1
                    elif code not in (_DOT, _COMMA, _COLON, _SLASH, _HYPHEN):
                        break
                    end += 1
                if last == end:
                    while end < size and kinds[codes[end]] & WORD:
                        end += 1
                else:
                    end = last
            elif kind & WORD and code != _UNDERSCORE:
                end = _letters(codes, kinds, end)
                while end + 1 < size:
                    code, following = codes[end], codes[end + 1]
                    apart = _is_apostrophe(code) and not _is_possessive(codes, kinds, end + 1)
                    if not (apart or code in (_HYPHEN, 0x2010, 0x2011)):
                        break
                    if kinds[following] & (WORD | DIGIT) != WORD or following == _UNDERSCORE:
                        break
                    if apart and end - at <= _LONGEST_ELIDED and find(codes, at, end + 1, elided) > 0:
                        end += 1
                        break
                    end = _letters(codes, kinds, end + 1)
            elif code == _DOT:
                while end < size and codes[end] == _DOT:
                    end += 1
        firsts[count], ends[count] = at, end
        count += 1
        at = end
    return count
