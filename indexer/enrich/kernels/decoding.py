"""The kernel of the tagger: scores of words, the most likely labels and their probabilities.

Compiled at first use, which takes some seconds, and cached on disk.

Source: Lafferty, McCallum, Pereira (2001), Conditional random fields; decoding by Viterbi, probabilities by the scaled
forward-backward recursion.
"""

from __future__ import annotations

import numpy as np

from indexer.enrich.kernels.reading import IS_NAMED, IS_ORGANISED, IS_SMALL, UPPER_FIRST
from search.jit.compiling import inlined, kernel

OWN, BEFORE, AFTER, SECOND_BEFORE, SECOND_AFTER = range(5)
"""The words that a word contributes to: itself, the one after it, the one before, the second after and before."""

LABELS = 9
"""Of a model: none, and the first and other words of persons, places, organisations, others. A constant number, so
that the loops over them are unrolled.
"""

FIRST_MARK, LAST_MARK, SMALL_MARK, SMALL_FIRST_MARK, NAMED_MARK, ORGANISED_MARK = range(6)
"""The rows of the contributions of the ends of a sentence, and of how a text uses a word."""

KIND_BITS = 16
"""Bits of each kind in the key of three."""
OTHER, FIRST, LAST = range(1, 4)
"""Kinds there: one that no key has, the ends of a sentence; 0 is for a word that is not known yet."""
ANY = (1 << KIND_BITS) - 1
"""In a key, matches any kind."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@inlined
def _slot(key, size):
    """Where to look for a key first, in a table whose size is a power of two."""
    return np.int64((np.uint64(key) * _SPREAD) >> np.uint64(32)) & (size - 1)


@kernel
def place(keys, table, slots):
    """Fill a hash table with some keys, all different.

    Args:
        keys: int64; not 0.
        table: int64, zeros; out; a power of two of slots, more than there are keys.
        slots: int64; out; the one of each key.
    """
    for at in range(len(keys)):
        slot = _slot(keys[at], len(table))
        while table[slot]:
            slot = (slot + 1) & (len(table) - 1)
        table[slot], slots[at] = keys[at], slot


@inlined
def _add_join(before, here, after, keys, weights, total):
    """Add the weights of a key, if there are any."""
    key = (np.int64(before) << 2 * KIND_BITS) | (np.int64(here) << KIND_BITS) | np.int64(after)
    slot = _slot(key, len(keys))
    while keys[slot]:
        if keys[slot] == key:
            for y in range(LABELS):
                total[y] += weights[slot, y]
            break
        slot = (slot + 1) & (len(keys) - 1)


@inlined
def _add(total, more):
    for y in range(LABELS):
        total[y] += more[y]


@kernel
def decode(text, words, joins, ends_and_marks, steps, inside, labelled, names):
    """Label the words of the sentences of a text, and find the names: words with labels of one kind.

    Args:
        text: int32, int32, bool: the numbers of its words; the end of each sentence there; True if it is skipped.
        words: of each word of the table: bits of `reading`, its number in lower case, its kind, float32, (5, labels),
            what it contributes; of the first words of the table how the text uses them (see `reading.mark_words`).
        joins: int64 and float32, (keys, labels); a hash table of kinds of up to three neighbouring words: before, here,
            after, where 0 is an empty key; and the contributions of each to the word here, if it is capitalised.
        ends_and_marks: float32, (rows, labels).
        steps: float64, (labels, labels); the weight of each transition.
        inside: int8; for each label the one of further words of the same name.
        labelled: int8, zeros, and float64; out; the most likely label of each word, 0 for none, and its probability
            if the sentence has a label.
        names: int32, (words, 4), and float64; out; in order, the sentence of each name, its first and last word
            (exclusive) there, its label; and the lowest probability of any of its words.

    Returns:
        The number of names.
    """
    numbers, ends, skipped = text
    bits, small, kinds, given, used = words
    keys, weights = joins
    labels, sure = labelled
    places, chances = names
    found = 0
    longest = begin = 0
    for end in ends:
        longest = max(longest, end - begin)
        begin = end
    risen = np.exp(steps)
    risen_to = np.ascontiguousarray(risen.T)
    score, ahead = np.empty((longest, LABELS)), np.empty((longest, LABELS))
    scale = np.empty(longest)
    came = np.empty((longest, LABELS), np.int8)
    total, joined = np.empty(LABELS, np.float32), np.empty(LABELS)
    here, following = np.empty(LABELS), np.empty(LABELS)
    origin = np.empty(LABELS, np.int64)
    end = 0
    for sentence in range(len(ends)):
        begin, end = end, ends[sentence]
        size = end - begin
        if skipped[sentence]:
            continue
        for at in range(size):
            number = numbers[begin + at]
            for y in range(LABELS):
                total[y] = given[number, OWN, y]
            if bits[number] & UPPER_FIRST:
                before = kinds[numbers[begin + at - 1]] if at > 0 else FIRST
                after = kinds[numbers[begin + at + 1]] if at < size - 1 else LAST
                for y in range(LABELS):
                    joined[y] = 0.0
                _add_join(before, kinds[number], ANY, keys, weights, joined)
                _add_join(ANY, kinds[number], after, keys, weights, joined)
                _add_join(before, kinds[number], after, keys, weights, joined)
                for y in range(LABELS):
                    total[y] += np.float32(joined[y])
            _add(total, given[numbers[begin + at - 1], BEFORE] if at > 0 else ends_and_marks[FIRST_MARK])
            if at > 1:
                _add(total, given[numbers[begin + at - 2], SECOND_BEFORE])
            _add(total, given[numbers[begin + at + 1], AFTER] if at < size - 1 else ends_and_marks[LAST_MARK])
            if at < size - 2:
                _add(total, given[numbers[begin + at + 2], SECOND_AFTER])
            if bits[number] & UPPER_FIRST:
                if small[number] < len(used) and used[small[number]] & IS_SMALL:
                    _add(total, ends_and_marks[SMALL_FIRST_MARK if at == 0 else SMALL_MARK])
                if number < len(used):
                    if used[number] & IS_NAMED:
                        _add(total, ends_and_marks[NAMED_MARK])
                    if used[number] & IS_ORGANISED:
                        _add(total, ends_and_marks[ORGANISED_MARK])
            for y in range(LABELS):
                score[at, y] = total[y]
        for y in range(LABELS):
            here[y] = score[0, y]
        for at in range(1, size):
            for y in range(LABELS):
                following[y] = here[0] + steps[0, y]
                origin[y] = 0
            for x in range(1, LABELS):
                for y in range(LABELS):
                    value = here[x] + steps[x, y]
                    better = value > following[y]
                    following[y] = value if better else following[y]
                    origin[y] = x if better else origin[y]
            for y in range(LABELS):
                here[y] = following[y] + score[at, y]
                came[at, y] = origin[y]
        label = np.argmax(here)
        some = False
        for at in range(size - 1, -1, -1):
            labels[begin + at] = label
            some |= label != 0
            label = came[at, label]
        if not some:
            continue
        for y in range(LABELS):
            following[y] = 1.0
        for at in range(size):
            top = score[at, 0]
            for y in range(1, LABELS):
                top = max(top, score[at, y])
            whole = 0.0
            for y in range(LABELS):
                score[at, y] = np.exp(score[at, y] - top)
                here[y] = following[y] * score[at, y]
                whole += here[y]
            scale[at] = whole
            for y in range(LABELS):
                here[y] /= whole
                ahead[at, y] = here[y]
                following[y] = 0.0
            for x in range(LABELS):
                for y in range(LABELS):
                    following[y] += here[x] * risen[x, y]
        for y in range(LABELS):
            following[y] = 1.0
        for at in range(size - 1, -1, -1):
            label = labels[begin + at]
            sure[begin + at] = ahead[at, label] * following[label]
            for y in range(LABELS):
                here[y] = following[y] * score[at, y] / scale[at]
                following[y] = 0.0
            for y in range(LABELS):
                for x in range(LABELS):
                    following[x] += here[y] * risen_to[y, x]
        at = 0
        while at < size:
            label = labels[begin + at]
            if label == 0:
                at += 1
                continue
            places[found, 0], places[found, 1], places[found, 3] = sentence, at, label
            least = sure[begin + at]
            at += 1
            while at < size and labels[begin + at] == inside[label]:
                least = min(least, sure[begin + at])
                at += 1
            places[found, 2], chances[found] = at, least
            found += 1
    return found
