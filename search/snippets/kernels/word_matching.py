"""Finds the words of a text that match a query."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I32, I64, U8, U32, U64, Flags
from search.jit.compiling import kernel

LETTER, IDEOGRAPH, MARK, APOSTROPHE, SPACE, VOID, ALNUM, DECIMAL = (1 << bit for bit in range(8))
"""What a code point may be: a letter or digit that is no ideograph; a word by itself; a combining mark; …; a sign that
may fold to nothing; any letter or digit; a decimal digit."""
KINDS = 0x40000
"""Code points that have a kind; those above have none."""
KEY = 8
"""Letters of a beginning that are compared."""
PART, NO_WORD = 1, 2
"""A word may be part of a match of several; or folds to nothing, and has no position."""
LETTERS = 3
"""Letters of a beginning that stretches of a text are looked through for."""
STRETCH = 64
"""Code points that are looked at together for them."""
WORDS, POINTS, PLACES = 0, 1, 2
"""What is counted of `Known`."""

Beginnings = tuple[U64, U64, Flags]
"""Beginnings of words, in lower case, a letter a byte, the first one lowest; the bits of each that count; and for each
ASCII character, whether a word that it begins may begin so."""
Known = tuple[I32, U32, I64, I64]
"""A hash table of words as written: the number of each + 1; their code points, and the end of each; and the numbers of
words, of code points, and of places found (see `find`)."""
Roles = tuple[I64, I32, U8]
"""The end of each word's leaves, the leaves of all, and what else each is: 0, `PART` or `NO_WORD`."""
Found = tuple[I32, I32]
"""Out: matches (start, end, leaf, end) and parts of them (start, end, word, position)."""


@kernel
def _may_begin(points: U32, at: np.uint64, end: np.uint64, wanted: U64, masks: U64) -> bool:
    """True if a word as written may begin, when folded, as one of the beginnings do.

    ASCII letters fold to themselves, so that a difference before the first other sign is final.
    """
    key = np.uint64(0)
    size = np.uint64(0)
    whole = True
    while at + size < end and size < np.uint64(KEY):
        point = np.uint64(points[at + size])
        if np.uint64(65) <= point <= np.uint64(90):
            point |= np.uint64(32)
        elif not (np.uint64(97) <= point <= np.uint64(122) or np.uint64(48) <= point <= np.uint64(57)):
            whole = False
            break
        key |= point << (np.uint64(8) * size)
        size += np.uint64(1)
    known = ~np.uint64(0) if size == np.uint64(KEY) or whole else (np.uint64(1) << (np.uint64(8) * size)) - np.uint64(1)
    found = False
    for i in range(len(wanted) if at < end else 0):
        if (key ^ wanted[i]) & masks[i] & known == 0:
            found = True
            break
    return found


@kernel
def _number(points: U32, start: int, end: int, known: Known) -> int:
    """The number of a word as written, which is added if it is new; −1 if there is no room for it."""
    slots, blob, ends, counts = known
    mixed = np.uint64(14695981039346656037)
    for i in range(start, end):
        mixed = (mixed ^ np.uint64(points[i])) * np.uint64(1099511628211)
    slot = np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(len(slots) - 1))
    size = np.int64(end - start)
    while slots[slot]:
        number = np.int64(slots[slot]) - 1
        begin = ends[number - 1] if number else np.int64(0)
        if ends[number] - begin == size:
            same = True
            for i in range(size):
                if blob[begin + i] != points[start + i]:
                    same = False
                    break
            if same:
                return number
        slot = (slot + 1) & (len(slots) - 1)
    number, begin = counts[WORDS], counts[POINTS]
    if number == len(ends) or begin + size > len(blob):
        return -1
    for i in range(size):
        blob[begin + i] = points[start + i]
    ends[number] = begin + size
    slots[slot] = number + 1
    counts[WORDS], counts[POINTS] = number + 1, begin + size
    return number


@kernel
def _next_likely(points: U32, start: np.uint64, stop: np.uint64, letters: U32) -> np.uint64:
    """The beginning of the first stretch of a range that may have the beginning of a word that may match: the letters
    of one, in any case, at `start` or after a sign that is no letter; or an apostrophe, or a sign that is not of ASCII.
    The last stretch of all texts may have one.
    """
    one, two, small = np.uint64(1), np.uint64(2), np.uint32(32)
    at = start
    while at < stop:
        end = min(at + np.uint64(STRETCH), stop)
        if end + two > np.uint64(len(points)):
            return at
        likely = np.uint32(0)
        for i in range(at, end):  # without a branch, so that it is vectorized
            point = points[i]
            likely |= np.uint32(point >= np.uint32(128)) | np.uint32(point == np.uint32(39))
        for n in range(0, len(letters), LETTERS):
            a, b, c = letters[n], letters[n + 1], letters[n + 2]
            third = np.uint32(0xFFFFFFFF) if c else np.uint32(0)
            if at == start:
                other = (points[at] | small) ^ a | (points[at + one] | small) ^ b
                likely |= np.uint32(other == np.uint32(0))
            for i in range(at + np.uint64(at == start), end):
                inside = (points[i - one] | small) - np.uint32(97) < np.uint32(26)
                other = (
                    (points[i] | small) ^ a | (points[i + one] | small) ^ b | ((points[i + two] | small) ^ c) & third
                )
                likely |= np.uint32(other == np.uint32(0)) & (np.uint32(inside) ^ np.uint32(1))
        if likely:
            return at
        at = end
    return stop


@kernel
def find(
    points: U32, ends: I64, kinds: U8, every: bool, begun: Beginnings, letters: U32, known: Known, places: I32,
    place_ends: I64,
) -> bool:  # fmt: skip
    """Find the words of texts that may match, and number them; a text is split as `search.text.tokens` does.

    What a word is, as far as it depends on more than its beginning, is looked at by `match`, for each place.

    Args:
        points: uint32, the code points of the texts, one text after the other.
        ends: int64, the end of each.
        kinds: uint8, shape (KINDS,); see `LETTER`.
        every: true if any word may match, whatever it begins with.
        letters: uint32; the first `LETTERS` of each of the beginnings, one after the other, the last of them 0 if there
            are fewer: stretches that have none of them are skipped, and positions count only the words that were looked
            at. Empty to look at all.
        places: int32, shape (room, 4), out; start and end of each, from the beginning of its text, its number, and its
            position among the words of the text, from 1.
        place_ends: int64, out; the end of each text's places.

    Returns:
        False if there was no room, for words or for places.
    """
    wanted, masks, firsts = begun
    counts = known[3]
    one = np.uint64(1)
    at = np.uint64(0)
    found = np.int64(0)
    for text in range(len(ends)):
        base = at
        size = np.uint64(ends[text])
        position = 0
        looked = at
        while at < size:
            if at >= looked and len(letters):
                likely = _next_likely(points, at, size, letters)
                looked = min(likely + np.uint64(STRETCH), size)
                if likely == size:
                    at = size
                    break
                begin = likely
                while begin > at:  # a word may begin in the stretch before
                    point = points[begin - one]
                    if point >= KINDS or not kinds[point] & (LETTER | MARK | APOSTROPHE):
                        break
                    begin -= one
                at = begin
            # No function takes `kinds` or `firsts` here: their references would be counted for each code point.
            point = points[at]
            kind = kinds[point] if point < KINDS else np.uint8(0)
            start = at
            at += one
            if not kind & (LETTER | IDEOGRAPH):
                continue
            candidate = every
            seen = kind
            if kind & IDEOGRAPH:
                while at < size and points[at] < KINDS and kinds[points[at]] & MARK:
                    at += one
                if not candidate and (point >= len(firsts) or firsts[point]):
                    candidate = _may_begin(points, start, at, wanted, masks)
            else:
                begin = start
                while True:
                    while at < size:
                        point = points[at]
                        kind = kinds[point] if point < KINDS else np.uint8(0)
                        if not kind & (LETTER | MARK):
                            break
                        seen |= kind
                        at += one
                    first = points[begin]
                    likely = not candidate and (first >= len(firsts) or firsts[first])
                    if likely:
                        candidate = _may_begin(points, begin, at, wanted, masks)
                    if not (kind & APOSTROPHE and at + one < size and points[at + one] < KINDS):
                        break
                    if not kinds[points[at + one]] & LETTER:
                        break
                    candidate |= likely  # of a contraction's word only the first letter is certain
                    at += one
                    begin = at
            position += 1
            if not (candidate or seen & VOID):
                continue
            number = _number(points, np.int64(start), np.int64(at), known)
            if number < 0 or found == len(places):
                return False
            places[found, 0], places[found, 1] = np.int64(start - base), np.int64(at - base)
            places[found, 2], places[found, 3] = number, position
            found += 1
        place_ends[text] = found
    counts[PLACES] = found
    return True


@kernel
def match(places: I32, place_ends: I64, roles: Roles, wanted: Flags, out: Found, found_ends: I64) -> None:
    """Choose the places that match.

    Args:
        places, place_ends: see `find`.
        wanted: bool, shape (texts, leaves); which are looked for in each.
        out: with room for every leaf of every place, and for every place.
        found_ends: int64, shape (texts, 2), out; the number of matches and of parts up to the end of each text.
    """
    leaf_ends, leaves, others = roles
    spans, parts = out
    matches = part = row = 0
    for text in range(len(place_ends)):
        voids = 0
        while row < place_ends[text]:
            start, end, number = places[row, 0], places[row, 1], places[row, 2]
            if others[number] == NO_WORD:
                voids += 1
            for i in range(leaf_ends[number - 1] if number else 0, leaf_ends[number]):
                if wanted[text, leaves[i]]:
                    spans[matches, 0], spans[matches, 1] = start, end
                    spans[matches, 2], spans[matches, 3] = leaves[i], end
                    matches += 1
            if others[number] == PART:
                parts[part, 0], parts[part, 1] = start, end
                parts[part, 2], parts[part, 3] = number, places[row, 3] - voids
                part += 1
            row += 1
        found_ends[text, 0], found_ends[text, 1] = matches, part
