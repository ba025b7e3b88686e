"""Finds the words of a text that match a query."""

from __future__ import annotations

import numpy as np

from search.local.kernels.arguments import I32, I64, U8, U32, U64, Flags
from search.local.kernels.compiling import inlined, kernel

LETTER, IDEOGRAPH, MARK, APOSTROPHE, SPACE, VOID, ALNUM, DECIMAL = (1 << bit for bit in range(8))
"""What a code point may be: a letter or digit that is no ideograph; a word by itself; a combining mark; …; a sign that
may fold to nothing; any letter or digit; a decimal digit."""
KINDS = 0x40000
"""Code points that have a kind; those above have none."""
KEY = 8
"""Letters of a beginning that are compared."""
NEW = -1
PART, NO_WORD = 1, 2
"""A word may be part of a match of several; or folds to nothing, and has no position."""

Beginnings = tuple[U64, U64, Flags]
"""Beginnings of words, in lower case, a letter a byte, the first one lowest; the bits of each that count; and for each
ASCII character, whether a word that it begins may begin so."""
Known = tuple[I32, U32, I64]
"""A hash table of words as written: the number of each + 1; their code points, and the end of each."""
Roles = tuple[I64, I32, U8]
"""The end of each word's leaves, the leaves of all, and what else each is: 0, `PART` or `NO_WORD`."""
Found = tuple[I32, I32, I32]
"""Out: matches (start, end, leaf, end), parts of them (start, end, word, position), and unknown words (start, end)."""


@inlined
def _kind(kinds, point):
    """What a code point is."""
    return kinds[point] if point < len(kinds) else np.uint8(0)


@inlined
def _may_begin(points, at, end, begun):
    """True if a word as written may begin, when folded, as one of the beginnings do.

    ASCII letters fold to themselves, so that a difference before the first other sign is final.
    """
    wanted, masks, firsts = begun
    key = np.uint64(0)
    size = 0
    whole = True
    if points[at] < len(firsts) and not firsts[points[at]]:
        end = at
    while at + size < end and size < KEY:
        point = np.uint64(points[at + size])
        if np.uint64(65) <= point <= np.uint64(90):
            point |= np.uint64(32)
        elif not (np.uint64(97) <= point <= np.uint64(122) or np.uint64(48) <= point <= np.uint64(57)):
            whole = False
            break
        key |= point << np.uint64(8 * size)
        size += 1
    known = ~np.uint64(0) if size == KEY or whole else (np.uint64(1) << np.uint64(8 * size)) - np.uint64(1)
    found = False
    for i in range(len(wanted) if at < end else 0):
        if (key ^ wanted[i]) & masks[i] & known == 0:
            found = True
            break
    return found


@kernel
def _slot_of(points: U32, start: int, end: int, slots: I32) -> int:
    """Where the search for a word begins in a hash table."""
    mixed = np.uint64(14695981039346656037)
    for i in range(start, end):
        mixed = (mixed ^ np.uint64(points[i])) * np.uint64(1099511628211)
    return np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(len(slots) - 1))


@kernel
def add(known: Known, first: int) -> None:
    """Add the words from `first` on to their hash table, half of which stays free."""
    slots, blob, ends = known
    for number in range(first, len(ends)):
        slot = _slot_of(blob, ends[number - 1] if number else 0, ends[number], slots)
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = number + 1


@kernel
def _number(points: U32, start: int, end: int, known: Known) -> int:
    """The number of a word as written; `NEW` if it is not known."""
    slots, blob, ends = known
    slot = _slot_of(points, start, end, slots)
    while slots[slot]:
        number = slots[slot] - 1
        begin = ends[number - 1] if number else 0
        if ends[number] - begin == end - start:
            same = True
            for i in range(end - start):
                if blob[begin + i] != points[start + i]:
                    same = False
                    break
            if same:
                return number
        slot = (slot + 1) & (len(slots) - 1)
    return NEW


@kernel
def find(
    points: U32, ends: I64, kinds: U8, every: bool, begun: Beginnings, known: Known, roles: Roles, wanted: Flags,
    out: Found, found_ends: I64,
) -> int:  # fmt: skip
    """Find the words of texts that match; a text is split as `search.text.tokens` does.

    Args:
        points: uint32, the code points of the texts, one text after the other.
        ends: int64, the end of each.
        kinds: uint8, shape (KINDS,); see `LETTER`.
        every: true if any word may match, whatever it begins with.
        wanted: bool, shape (texts, leaves); which are looked for in each.
        found_ends: int64, shape (texts, 2), out; the number of matches and of parts up to the end of each text. They
            are written as far as there is room, with offsets from the beginning of their text.

    Returns:
        The number of unknown words, of which as many are written as there is room for, with offsets in `points`.
    """
    leaf_ends, leaves, others = roles
    spans, parts, news = out
    matches = part = new = 0
    at = 0
    for text in range(len(ends)):
        base = at
        size = ends[text]
        position = 0
        while at < size:
            kind = _kind(kinds, points[at])
            start = at
            at += 1
            if kind & IDEOGRAPH:
                while at < size and _kind(kinds, points[at]) & MARK:
                    at += 1
                candidate = every or kind & VOID or _may_begin(points, start, at, begun)
            elif kind & LETTER:
                candidate = every
                begin = at = start
                while True:
                    while at < size and kind & (LETTER | MARK):
                        if kind & VOID:
                            candidate = True
                        at += 1
                        kind = _kind(kinds, points[at]) if at < size else np.uint8(0)
                    if not candidate:
                        candidate = _may_begin(points, begin, at, begun)
                    if at + 1 < size and kind & APOSTROPHE and _kind(kinds, points[at + 1]) & LETTER:
                        if not candidate:  # the apostrophe is ignored, or ends an elided article
                            candidate = _may_begin(points, begin, at + 1, begun)
                        at += 1
                        begin = at
                        kind = _kind(kinds, points[at])
                    else:
                        break
            else:
                continue
            position += 1
            if not candidate:
                continue
            number = _number(points, start, at, known)
            if number == NEW:
                if new < len(news):
                    news[new, 0], news[new, 1] = start, at
                new += 1
                continue
            if others[number] == NO_WORD:
                position -= 1
            for i in range(leaf_ends[number - 1] if number else 0, leaf_ends[number]):
                if wanted[text, leaves[i]]:
                    if matches < len(spans):
                        spans[matches, 0], spans[matches, 1] = start - base, at - base
                        spans[matches, 2], spans[matches, 3] = leaves[i], at - base
                    matches += 1
            if others[number] == PART:
                if part < len(parts):
                    parts[part, 0], parts[part, 1] = start - base, at - base
                    parts[part, 2], parts[part, 3] = number, position
                part += 1
        found_ends[text, 0], found_ends[text, 1] = matches, part
    return new
