"""Finds phrases in the words of a text, or in its letters: at each place the longest, without overlaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import around
from indexer.enrich.kernels.characters import WORD
from search.jit.compiling import inlined, kernel

I32 = NDArray[np.int32]
Tree = tuple[NDArray[np.int64], I32, I32]
"""The phrases, a node for each beginning of one: a hash table of steps, their count a power of two, of which each is
node << 32 | word, or -1; the node that a step leads to; and of each node the phrase that it is, or -1. The node of no
words is 0. Words of phrases are numbered from 0."""


_SPREAD, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


@inlined
def slot_of(step, slots):
    """Where to look for a step first."""
    return np.int64((np.uint64(step) * _SPREAD) >> _HALF) & (slots - 1)


@inlined
def _after(tree, node, word):
    """The node after one more word; 0 if no phrase begins so."""
    steps, nodes, _ = tree
    step = (np.int64(node) << 32) | np.int64(word)
    slot = slot_of(step, len(steps))
    while steps[slot] >= 0:
        if steps[slot] == step:
            return nodes[slot]
        slot = (slot + 1) & (len(steps) - 1)
    return np.int32(0)


@kernel
def plant(words: I32, ends: I32, tree: Tree) -> int:
    """Add phrases to an empty tree.

    Args:
        words: of all phrases, one after the other.
        ends: of each phrase there.
        tree: out; with room for all words.

    Returns:
        The number of nodes.
    """
    steps, nodes, known = tree
    known[0] = -1
    count = 1
    at = 0
    for phrase in range(len(ends)):
        node = 0
        while at < ends[phrase]:
            step = (np.int64(node) << 32) | np.int64(words[at])
            slot = slot_of(step, len(steps))
            while steps[slot] >= 0 and steps[slot] != step:
                slot = (slot + 1) & (len(steps) - 1)
            if steps[slot] < 0:
                steps[slot] = step
                nodes[slot] = count
                known[count] = -1
                count += 1
            node = nodes[slot]
            at += 1
        known[node] = phrase
    return count


@kernel
def find(numbers: I32, words: I32, first: int, tree: Tree, places: I32, sizes: I32, phrases: I32) -> int:
    """Find phrases.

    Args:
        numbers: of the words of a text.
        words: of each word of the table, its number in the phrases plus `first`, or less than `first`.
        places, sizes, phrases: out; of each phrase found its first word, the number of its words, and itself. They
            have room for all words.

    Returns:
        The number of phrases found.
    """
    known = tree[2]
    found = place = 0
    while place < len(numbers):
        node = size = 0
        phrase = -1
        at = place
        while at < len(numbers) and words[numbers[at]] >= first:
            node = _after(tree, node, words[numbers[at]] - first)
            if not node:
                break
            at += 1
            if known[node] >= 0:
                size, phrase = at - place, known[node]
        if size:
            places[found] = place
            sizes[found] = size
            phrases[found] = phrase
            found += 1
        place += max(size, 1)
    return found


_COMMA, _SPACE, _UNDERSCORE, _DOLLAR = 44, 32, 95, 36


_BITS = 16
BEGINNINGS = 1 << _BITS
"""Slots of a table of how phrases begin: small enough to stay in the processor's cache, unlike their tree."""
_TOP = np.uint64(64 - _BITS)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)


@inlined
def _beginning(codes, place, end, size):
    """The slot of the first letters of a phrase, at most three."""
    letters = np.uint64(size)
    for at in range(place, min(place + size, end)):
        letters = (letters ^ np.uint64(codes[at])) * _SPREAD
    return np.int64(letters >> _TOP)


@kernel
def begin(codes: NDArray[np.uint32], ends: I32, begun: NDArray[np.bool_]) -> None:
    """Note how some phrases begin.

    Args:
        codes: the letters of all phrases, at least two each, one after the other.
        ends: of each phrase there.
        begun: `BEGINNINGS`, zeros; out.
    """
    first = 0
    for end in ends:
        begun[_beginning(codes, first, end, 3 if end - first > 2 else 2)] = True
        first = end


@kernel
def find_written(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    tree: Tree,
    begun: NDArray[np.bool_],
    marks: I32,
    words: around.Words,
    places: I32,
    ends: I32,
    phrases: I32,
    near: I32,
) -> int:
    """Find phrases that stand as whole words in a text.

    Args:
        codes: the code points of the text.
        kinds: of each character its bits, as far as the text needs them.
        tree: of phrases, by the code points of their letters.
        begun: how they begin; see `begin`.
        marks: of each phrase its bits of `around`.
        words: that have a meaning next to a phrase.
        places, ends, phrases, near: out; where each phrase found begins and ends, itself, and its bits with those of
            what is around it. They have room for all letters.

    Returns:
        The number of phrases found.
    """
    steps, nodes, known = tree
    size, last = len(codes), np.uint64(len(steps) - 1)
    found = 0
    place = skipped = 0
    inside = False
    while place < size:  # functions would cost more than what they do: an array is counted whenever it is given to one
        code = codes[place]
        begins = not inside
        inside = (kinds[code] & WORD) != 0 and code != _UNDERSCORE
        place += 1
        if not begins or place <= skipped:
            continue
        two = (_TWO ^ np.uint64(code)) * _SPREAD
        three = (_THREE ^ np.uint64(code)) * _SPREAD
        if place < size:
            two = (two ^ np.uint64(codes[place])) * _SPREAD
            three = (three ^ np.uint64(codes[place])) * _SPREAD
        if place + 1 < size:
            three = (three ^ np.uint64(codes[place + 1])) * _SPREAD
        if not begun[three >> _TOP] and not begun[two >> _TOP]:
            continue
        first = place - 1
        listed = False
        if first > 2 and codes[first - 1] == _SPACE and codes[first - 2] == _COMMA:
            listed = (kinds[codes[first - 3]] & WORD) != 0 and codes[first - 3] != _UNDERSCORE
        node, end, at = np.int64(0), 0, first
        phrase = -1
        while at < size:
            step = (node << 32) | np.int64(codes[at])
            slot = ((np.uint64(step) * _SPREAD) >> _HALF) & last
            while steps[slot] >= 0 and steps[slot] != step:
                slot = (slot + _ONE) & last
            if steps[slot] < 0:
                break
            node = np.int64(nodes[slot])
            at += 1
            here = known[node]
            if here < 0 or (marks[here] & around.AFTER_COMMA and not listed):
                continue
            if at < size and codes[at - 1] != _DOLLAR and (kinds[codes[at]] & WORD) != 0 and codes[at] != _UNDERSCORE:
                continue
            end, phrase = at, here
        if phrase >= 0:
            places[found] = first
            ends[found] = end
            phrases[found] = phrase
            near[found] = marks[phrase]
            found += 1
            skipped = end
    around.note(codes, places, ends, found, words, near)
    return found
