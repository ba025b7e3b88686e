"""Sketches of texts, from their bytes, and what two sketches share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import inlined, kernel

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Characters = tuple[I64, U8, I64, U8]
"""By the upper bits of a character the number of its page of `PAGE` characters, -1 if that is not known; for each
character of the pages its kinds, and the end of its case-folded bytes, after a 0; these bytes."""
Special = tuple[U64, U8]
"""A hash table of words: the hash of each, 0 in a free slot, and its kinds."""

FACT, CAPITAL, MARKER = 1, 2, 4
"""Kinds of words: one that a form leaves blank; one that begins with a capital; one that marks a repeat. A character of
the first two begins such a word."""
LETTER, DIGIT, ALONE, JOINT = 8, 16, 32, 64
"""Kinds of characters: of a word, of a number, a word by itself, between digits of a number."""
NUMBER, NAME = 1, 2
"""Kinds of words in a sequence: a fact by itself, such as a number or month; a name."""
_KIND = 3
PAGE = 1 << 12
SHINGLE = 3
PASSAGE = 6
"""A passage of this number of facts counts as one fact, one of twice as many as two."""
LEAD = 40
"""The number of words of a lead, which says what a report is about."""
BRIDGE = 2
"""The greatest number of facts in both texts that do not divide a passage: by chance they are the same."""
_SEEN = 1 << 9
_ALL = 1 << 32
_FIRST, _PRIME = 0xCBF29CE484222325, 0x100000001B3
"""Of FNV-1a with 64 bits, which is the same in every process."""


@kernel
def number(data: U8, ends: I64, hashes: U64) -> None:
    """Hash words by FNV-1a.

    Args:
        data, ends: the bytes of the words, one after the other, and the end of each.
        hashes: out.
    """
    start = 0
    for word in range(len(ends)):
        value = np.uint64(_FIRST)
        for at in range(start, ends[word]):
            value = (value ^ np.uint64(data[at])) * np.uint64(_PRIME)
        hashes[word] = value
        start = ends[word]


@inlined
def _character(data, at):
    """The character at an offset of a text in UTF-8, and the offset behind it."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, at + 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | (data[at + 1] & 0x3F), at + 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | (data[at + 2] & 0x3F), at + 3
    upper = (first & 0x07) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
    return upper | (np.int64(data[at + 2]) & 0x3F) << 6 | (data[at + 3] & 0x3F), at + 4


@inlined
def _kinds_of(special, value):
    """The kinds of a word of the table with a hash; 0 for any other."""
    keys, kinds = special
    last = np.uint64(len(keys) - 1)
    slot = value & last
    while keys[slot] and keys[slot] != value:
        slot = (slot + np.uint64(1)) & last
    return kinds[slot] if keys[slot] == value else np.uint8(0)


@kernel
def words(data: U8, characters: Characters, special: Special, hashes: U64, kinds: U8) -> int:
    """Hash the words and numbers of a text, case-folded.

    Args:
        data: UTF-8.
        hashes, kinds: out, for each word; the first words, if there is no room for all.

    Returns:
        The number of words; if a page of characters is missing, -1 less its number.
    """
    pages, traits, folded, blob = characters
    count = 0
    at = 0
    while at < len(data) and count < len(hashes):
        value = np.uint64(_FIRST)
        complete = value
        kind = wanted = np.uint8(0)
        behind = at
        size = 0
        while at < len(data):
            character, following = _character(data, at)
            page = pages[character // PAGE]
            if page < 0:
                return -1 - character // PAGE
            place = page * PAGE + character % PAGE
            trait = traits[place]
            if size == 0:
                kind = trait & np.uint8(FACT | CAPITAL)
                if trait & ALONE:
                    wanted = np.uint8(ALONE)
                elif trait & DIGIT:
                    wanted = np.uint8(DIGIT | JOINT)
                else:
                    wanted = np.uint8(LETTER)
                    if not trait & LETTER:
                        at = following
                        continue
            elif wanted & ALONE or not trait & wanted:
                break
            for byte in range(folded[place], folded[place + 1]):
                value = (value ^ np.uint64(blob[byte])) * np.uint64(_PRIME)
            size += 1
            at = following
            if not trait & JOINT or wanted & ALONE:
                complete, behind = value, at
        if size == 0:
            break
        at = behind
        hashes[count] = complete
        kinds[count] = kind | _kinds_of(special, complete)
        count += 1
    return count


@inlined
def _mixed(mixed, part, place):
    """The hash of a row of numbers after one more, the `place`-th; its upper half is the one to use."""
    odd = np.uint64(0x9E3779B97F4A7C15)
    if place == 1:
        odd = np.uint64(0xC2B2AE3D27D4EB4F)
    elif place == 2:
        odd = np.uint64(0x165667B19E3779F9)
    mixed = (mixed ^ part) * odd
    return mixed ^ (mixed >> np.uint64(29))


@inlined
def _put(smallest, size, value):
    """Put a value among the smallest ones, ascending and each once. Returns how many there are."""
    if size == len(smallest) and value >= smallest[size - 1]:
        return size
    low, high = 0, size
    while low < high:
        middle = (low + high) >> 1
        if smallest[middle] < value:
            low = middle + 1
        else:
            high = middle
    if low == size or smallest[low] != value:
        size = min(size + 1, len(smallest))
        for place in range(size - 1, low, -1):
            smallest[place] = smallest[place - 1]
        smallest[low] = value
    return size


@kernel
def sketch(hashes: U64, kinds: U8, capitals: float, nouns: bool, shingles: U32, sequence: U16) -> tuple[int, int]:
    """Hash the runs of three words in a text, and make its sequence.

    Args:
        hashes, kinds: of its words.
        capitals: the share of words with a capital up to which a capital marks a name.
        nouns: True if nouns have a capital: then it marks a name only next to another name or a number.
        shingles: out; the smallest hashes of runs, ascending and each once.
        sequence: out; the first words in their order: of each the upper bits of a hash, and in the lower `NUMBER` or
            `NAME` if it is a fact. A word that is also without a capital among them is not a name.

    Returns:
        The number of shingles, and of words in the sequence.
    """
    words = len(hashes)
    loud = found = 0
    for kind in kinds:
        loud += (kind & CAPITAL) != 0
    for first in range(words - SHINGLE + 1):
        mixed = np.uint64(0)
        for place in range(SHINGLE):
            mixed = _mixed(mixed, hashes[first + place], place)
        found = _put(shingles, found, np.uint32(mixed >> np.uint64(32)))
    used = min(words, len(sequence))
    slots = 1
    while slots < 2 * used:
        slots *= 2
    last = np.uint64(slots - 1)
    plain = np.zeros(slots, np.int32)
    for at in range(used):
        if not kinds[at] & (FACT | CAPITAL):
            plain[_slot(plain, last, hashes, at)] = at + 1
    facts = np.zeros(used + 2, np.uint16)  # of each word, with one before and one behind all
    for at in range(used):
        if kinds[at] & MARKER:
            continue
        if kinds[at] & FACT:
            facts[at + 1] = NUMBER
        elif kinds[at] & CAPITAL and loud <= capitals * words and not plain[_slot(plain, last, hashes, at)]:
            facts[at + 1] = NAME
    for at in range(used):
        fact = facts[at + 1]
        if nouns and fact == NAME and not facts[at] and not facts[at + 2]:
            fact = np.uint16(0)
        upper = _mixed(np.uint64(0), hashes[at], 0) >> np.uint64(48)
        sequence[at] = np.uint16(upper) & np.uint16(~_KIND & 0xFFFF) | fact
    return found, used


@inlined
def _slot(table, last, hashes, at):
    """The slot of a word in a hash table of places, where it is or may be put."""
    slot = (hashes[at] >> np.uint64(20)) & last
    while table[slot] and hashes[table[slot] - 1] != hashes[at]:
        slot = (slot + np.uint64(1)) & last
    return slot


@kernel
def headline(hashes: U64, kinds: U8, out: U32) -> tuple[int, bool]:
    """Hash the words of a headline, without markers.

    Args:
        hashes, kinds: of its words.
        out: the hashes, in the order of the words.

    Returns:
        The number of hashes, and True if there are markers.
    """
    size = 0
    marked = False
    for at in range(len(hashes)):
        if kinds[at] & MARKER:
            marked = True
        else:
            out[size] = np.uint32(_mixed(np.uint64(0), hashes[at], 0) >> np.uint64(32))
            size += 1
    return size, marked


@kernel
def compare(one: U32, other: U32, without: U32, size: int) -> tuple[int, int, int, float]:
    """Compare two sketches by a common sample.

    Args:
        one, other: the smallest hashes of both, ascending and each once.
        without: hashes that do not count, ascending.
        size: of a sketch: one with fewer hashes has all.

    Returns:
        The number of hashes in the first, the second and both, and the share of the hash range that was sampled.
    """
    bound = np.int64(_ALL)
    if len(one) == size:
        bound = min(bound, np.int64(one[size - 1]) + 1)
    if len(other) == size:
        bound = min(bound, np.int64(other[size - 1]) + 1)
    i = j = k = 0
    first = second = both = 0
    while True:
        a = np.int64(one[i]) if i < len(one) else np.int64(_ALL)
        b = np.int64(other[j]) if j < len(other) else np.int64(_ALL)
        value = min(a, b)
        if value >= bound:
            break
        i += a == value
        j += b == value
        while k < len(without) and np.int64(without[k]) < value:
            k += 1
        if k < len(without) and np.int64(without[k]) == value:
            continue
        first += a == value
        second += b == value
        both += a == b
    return first, second, both, bound / _ALL


@kernel
def exchanged(one: U16, other: U16, headline: U32, another: U32) -> tuple[int, int, int, int, int]:
    """Align two sequences by their longest common subsequence (Hyyrö 2004, by bits), and look at what differs.

    Args:
        one, other: from `sketch`.
        headline, another: the words of the two headlines, from `headline`, ascending.

    Returns:
        The number of different facts exchanged in place, those that the headlines exchange too counted twice; of these,
        those that are names; the number of other passages that were replaced, which are rewordings; the number of
        passages that one text has in addition; and how many of the first `LEAD` words have a match in the other text,
        of the text with fewer. Passages that consist of facts, for the most part, are facts.
    """
    start, n, m = 0, len(one), len(other)
    my_lead, your_lead = min(n, LEAD), min(m, LEAD)  # those that have no match are taken away
    while start < n and start < m and one[start] >> 2 == other[start] >> 2:
        start += 1
    while n > start and m > start and one[n - 1] >> 2 == other[m - 1] >> 2:
        n -= 1
        m -= 1
    mine, yours = _held(one), _held(other)
    one, other = one[start:n], other[start:m]
    n -= start
    m -= start
    there = matches(one, other)
    my_lead -= _alone(there, n, LEAD - start)
    your_lead -= _unmatched(there, m, LEAD - start)
    seen = np.zeros(_SEEN, np.uint64)
    facts = named = rewordings = added = lost = gained = 0
    a = b = e = f = 0  # the passage that differs, in both
    i = j = 0
    bridge = 0  # words since it that both have
    while i < n or j < m or e > a or f > b:
        if i < n and j < m and there[i] == j:
            bridge += 1 if one[i] & _KIND else BRIDGE + 1
            i += 1
            j += 1
            continue
        if (i == n and j == m) or bridge > BRIDGE:
            my_facts, my_names, mixed = _read(one[a:e], np.uint64(0), 0)
            your_facts, your_names, mixed = _read(other[b:f], mixed, 1)
            if e == a and f == b:
                pass
            elif f == b and 2 * my_facts >= e - a:
                lost += _is_new_to(one[a:e], yours)
            elif e == a and 2 * your_facts >= f - b:
                gained += _is_new_to(other[b:f], mine)
            elif e == a or f == b:
                added += 1
            elif my_facts == 0 or your_facts == 0 or 2 * my_facts < e - a or 2 * your_facts < f - b:
                rewordings += 1
                facts += (one[a] & other[b] & NUMBER) + (one[e - 1] & other[f - 1] & NUMBER)
            elif _is_new(seen, mixed):
                size = 1 + (min(my_facts, your_facts) - 1) // PASSAGE
                if _is_titled(one[a:e], headline, another) and _is_titled(other[b:f], another, headline):
                    size += 1
                facts += size
                named += size * (my_names == my_facts or your_names == your_facts)
            a, b = i, j
        bridge = 0
        while i < n and there[i] < 0:
            i += 1
        j = there[i] if i < n else m
        e, f = i, j
    return facts + min(lost, gained), named + min(lost, gained), rewordings, added, min(my_lead, your_lead)


@inlined
def _alone(there, size, end):
    """The number of the words before `end`, of `size`, that have no match."""
    found = 0
    for at in range(min(size, end)):
        found += there[at] < 0
    return found


@inlined
def _unmatched(there, size, end):
    """The number of the words before `end`, of `size`, that are no match of another."""
    found = max(0, min(size, end))
    for place in there:
        found -= 0 <= place < end
    return found


@inlined
def _read(words, mixed, place):
    """The number of facts of a passage, of those that are names, and the hash after its words."""
    facts = names = 0
    for word in words:
        facts += (word & _KIND) != 0
        names += (word & NAME) != 0
        mixed = _mixed(mixed, np.uint64(word >> 2), place)
    return facts, names, mixed


@inlined
def _held(words):
    """For each hash of a word, 1 if a sequence has it."""
    held = np.zeros(1 << 14, np.uint8)
    for word in words:
        held[word >> 2] = 1
    return held


@inlined
def _is_new_to(words, held):
    """1 if none of the facts of a passage is anywhere in the other text: it was not moved."""
    for word in words:
        if word & _KIND and held[word >> 2]:
            return 0
    return 1


@inlined
def _is_titled(words, headline, another):
    """True if a fact of a passage is in a headline, and not in the other one."""
    found = False
    for word in words:
        found |= (word & _KIND) != 0 and _is_word_of(word, headline) and not _is_word_of(word, another)
    return found


@inlined
def _is_word_of(word, headline):
    """True if a word of a sequence is in a headline, as far as the bits of its hash tell."""
    low, high = 0, len(headline)
    while low < high:
        middle = (low + high) >> 1
        if headline[middle] >> 18 < word >> 2:
            low = middle + 1
        else:
            high = middle
    return low < len(headline) and headline[low] >> 18 == word >> 2


@inlined
def matches(one, other):
    """For each word of the first sequence the place of its match in the second, -1 without."""
    rows = _rows(one, other)
    there = np.full(len(one), -1, np.int64)
    i, j = len(one), len(other)
    while i and j:
        if rows[j - 1, (i - 1) >> 6] >> np.uint64((i - 1) & 63) & np.uint64(1):
            i -= 1
        elif j > 1 and not rows[j - 2, (i - 1) >> 6] >> np.uint64((i - 1) & 63) & np.uint64(1):
            j -= 1
        else:
            i -= 1
            j -= 1
            there[i] = j
    return there


@inlined
def _rows(one, other):
    """For each word of the second sequence, the bits of the first: 0 where the common subsequence becomes longer."""
    n, m = len(one), len(other)
    blocks = (n + 63) >> 6
    slots = 1
    while slots < 2 * n:
        slots *= 2
    last = slots - 1
    words = np.zeros(slots, np.uint32)
    places = np.zeros((slots, blocks), np.uint64)
    for at in range(n):
        word = np.uint32(one[at] >> 2) + np.uint32(1)
        slot = np.int64(word) & last
        while words[slot] and words[slot] != word:
            slot = (slot + 1) & last
        words[slot] = word
        places[slot, at >> 6] |= np.uint64(1) << np.uint64(at & 63)
    rows = np.empty((m, blocks), np.uint64)
    state = np.full(blocks, ~np.uint64(0), np.uint64)
    for at in range(m):
        word = np.uint32(other[at] >> 2) + np.uint32(1)
        slot = np.int64(word) & last
        while words[slot] and words[slot] != word:
            slot = (slot + 1) & last
        carry = np.uint64(0)
        for block in range(blocks):
            value = state[block]
            both = value & places[slot, block]
            total = value + both + carry
            carry = np.uint64(total < value or (carry == 1 and total == value))
            value = total | (value - both)
            state[block] = value
            rows[at, block] = value
    return rows


@inlined
def _is_new(seen, mixed):
    """Add a hash to a hash table, if there is room. Returns True if it was not in it."""
    last = np.uint64(len(seen) - 1)
    slot = (mixed >> np.uint64(20)) & last
    for _ in range(len(seen)):
        if seen[slot] == mixed:
            return False
        if seen[slot] == 0:
            seen[slot] = mixed
            return True
        slot = (slot + np.uint64(1)) & last
    return True
