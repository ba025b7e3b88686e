"""What may be said around a phrase in a text, by the words before and after it: which patterns are worth trying."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import inlined

I32 = NDArray[np.int32]
Words = tuple[NDArray[np.int64], I32]
"""A hash table of words of ASCII letters in any case: the `key` of each, 0 for none, their count a power of two; and
the bits of each."""

STREET, SIGNED, COUNTY, MONEY, MADE, FIRM, TRADE, MARKET, MEETS = (1 << bit for bit in range(9))
"""Bits of words after a phrase: see `indexer.enrich.countries.around`."""
TITLE, SPOKEN, SITED, BANK, LINK, WITHIN, LISTED, MET = (1 << bit for bit in range(9, 17))
"""Bits of words before a phrase."""
NAMED, COMMA, AFTER_FIRM = (1 << bit for bit in range(17, 20))
"""Of a place in a text: a capitalised word follows, a comma and a space, or a firm's name and `of` precede."""
AFTER_COMMA, NAMESAKE = (1 << bit for bit in range(20, 22))
"""Of a phrase: it counts only after a word and a comma; places of its name are in several countries."""
ANY = (1 << 22) - 1

_FIRST = STREET | SIGNED | COUNTY | MONEY | FIRM | TRADE | MARKET | MEETS
_SMALL = TRADE | MARKET | MEETS
_SECOND = FIRM | _SMALL
_HYPHENED = MADE | MONEY
_AFTER = _FIRST | _HYPHENED
_BEFORE = TITLE | SPOKEN | SITED | BANK | LISTED | MET | AFTER_FIRM
_SPACE, _QUOTE, _COMMA, _HYPHEN, _DOT, _GREATER = 32, 39, 44, 45, 46, 62
_A, _I, _N, _O, _Z, _CASE, _OTHERS = 97, 105, 110, 111, 122, 32, 128

LETTERS = 12
"""The number of letters of a word that are compared."""
_LETTER, _WHICH = 5, 31
"""The number of bits of a letter in a key; those of a code point that tell which one it is, in any case."""
_SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(40)


def key(word: str) -> int:
    """The first letters of a word of ASCII letters as a number, the same in any case."""
    value = 0
    for letter in word[:LETTERS]:
        value = value << _LETTER | ord(letter) & _WHICH
    return value


def table(words: dict[str, int]) -> Words:
    """Some words with their bits; those of one key share them."""
    size = 1 << (2 * len(words)).bit_length()
    keys, bits = np.zeros(size, np.int64), np.zeros(size, np.int32)
    for word, some in words.items():
        slot = (key(word) * int(_SPREAD) % (1 << 64) >> int(_SHIFT)) % size
        while keys[slot] and keys[slot] != key(word):
            slot = (slot + 1) % size
        keys[slot] = key(word)
        bits[slot] |= some
    return keys, bits


@inlined
def _is_letter(code):
    """True if a code point is a letter of ASCII."""
    return code < _OTHERS and _A <= (code | _CASE) <= _Z


@inlined
def note(codes, starts, ends, count, words, near):
    """Add the bits of what is around some phrases.

    Args:
        codes: the code points of the text.
        starts, ends: of each phrase there, in order; the first `count` count.
        words: that have bits.
        near: the bits of each phrase; in and out.
    """
    keys, bits = words
    size, last = len(codes), np.int64(len(keys) - 1)
    for number in range(count):
        found = 0
        at = ends[number]
        asked = 0  # the words after the phrase
        if at + 1 < size:
            code = codes[at]
            if code == _SPACE:
                asked = _FIRST
                if not codes[at + 1] & _CASE and _is_letter(codes[at + 1]) and at + 2 < size:
                    found |= NAMED * (codes[at + 2] & _CASE != 0 and _is_letter(codes[at + 2]))
            elif code == _HYPHEN:
                asked = _HYPHENED
            elif code == _COMMA:
                found |= COMMA * (codes[at + 1] == _SPACE)
            elif code == _QUOTE:
                at += 2
                asked = MEETS * (at < size and codes[at] == _SPACE)
        for _ in range(5):
            if not asked or at + 1 >= size:
                break
            at += 1
            first = codes[at]
            value, many = np.int64(0), 0
            while at < size and _is_letter(codes[at]):
                if many < LETTERS:
                    value = value << _LETTER | np.int64(codes[at] & _WHICH)
                many += 1
                at += 1
            if at < size and codes[at] >= _OTHERS:
                found |= asked
            elif many:
                slot = np.int64(np.uint64(value) * _SPREAD >> _SHIFT) & last
                while keys[slot] and keys[slot] != value:
                    slot = (slot + 1) & last
                found |= bits[slot] & asked & ~(FIRM if first & _CASE else _SMALL) if keys[slot] else 0
            if many and first & _CASE:
                asked &= _SECOND if first in (_A, _O) else _SMALL
            else:
                asked &= FIRM | MEETS if many else _SECOND
            while asked and at < size and codes[at] != _SPACE:  # not to the end of a long word for each of its parts
                at += 1
        at = starts[number] - 1
        if at < 1 or codes[at] != _SPACE:
            near[number] |= found
            continue
        mark = codes[at - 1]  # the words before the phrase, the last one first
        if mark == _COMMA:
            found |= LISTED
            at -= 1
            while at and codes[at - 1] != _SPACE and codes[at - 1] != _COMMA:
                at -= 1
            at -= 1
            asked = WITHIN
        elif mark == _DOT:
            at -= 1
            asked = TITLE
        else:
            asked = _BEFORE | LINK | WITHIN
            if at > 1 and mark | _CASE == _N and codes[at - 2] | _CASE == _I:
                found |= SPOKEN
        for _ in range(3):
            if not asked or at < 1 or codes[at] != (_DOT if asked == TITLE else _SPACE):
                break
            if asked & FIRM and (codes[at - 1] == _DOT or codes[at - 1] == _COMMA or codes[at - 1] == _GREATER):
                found |= AFTER_FIRM
            end = at
            while at and _is_letter(codes[at - 1]):
                at -= 1
            if at and codes[at - 1] >= _OTHERS:
                found |= asked & _BEFORE
            value = np.int64(0)
            for place in range(at, min(end, at + LETTERS)):
                value = value << _LETTER | np.int64(codes[place] & _WHICH)
            slot = np.int64(np.uint64(value) * _SPREAD >> _SHIFT) & last
            while keys[slot] and keys[slot] != value:
                slot = (slot + 1) & last
            here = (bits[slot] if keys[slot] else 0) & asked
            found |= here & _BEFORE
            if here & FIRM:
                found |= AFTER_FIRM
            asked = FIRM * (here & WITHIN != 0) | BANK * (here & LINK != 0)
            at -= 1
        near[number] |= found
