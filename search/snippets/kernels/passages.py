"""Cuts texts into sentences, and chooses the passages that show their matches: whole sentences if they fit."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I32, I64, U8, U32, U64
from search.jit.compiling import inlined, kernel
from search.snippets.kernels.word_matching import ALNUM, DECIMAL, SPACE

NEWLINE, TAB, BLANK, WIDE_BLANK, LOW_LINE, DOT = 0x0A, 0x09, 0x20, 0x3000, 0x5F, 0x2E
EXCLAMATION, QUESTION, ELLIPSIS = 0x21, 0x3F, 0x2026
WIDE_DOT, WIDE_EXCLAMATION, WIDE_QUESTION = 0x3002, 0xFF01, 0xFF1F
NONE = -1
STRETCH = 32
"""Code points that are looked at together, for the end of a sentence."""

NO_BREAK, NARROW = 0xA0, 0x202F

Signs = tuple[U32, U32, U32, U32, U64]
"""What may close a sentence, and open the next; what may close it after a space; small letters besides those of ASCII;
and the abbreviations and numbers after which a full stop ends none, a character a byte, the first one lowest. What
opens may have a space after it if there are such letters."""


@inlined
def _among(signs, point):
    """True if a code point is one of some."""
    found = False
    for i in range(len(signs)):
        if signs[i] == point:
            found = True
    return found


@inlined
def _is(kinds, point, kind):
    """True if a code point is of a kind."""
    return point < len(kinds) and kinds[point] & kind != 0


@kernel
def _after_break(points: U32, kinds: U8, at: int, end: int) -> int:
    """The end of what separates paragraphs after a newline: a blank line, or the indent of the next; `NONE` if it only
    wraps a line. `at` is after the newline.
    """
    i = at
    while i < end and points[i] != NEWLINE and _is(kinds, points[i], SPACE):
        i += 1
    if i < end and points[i] == NEWLINE:
        while i < end and _is(kinds, points[i], SPACE):
            i += 1
        return i
    i = at
    while i < end and (points[i] == BLANK or points[i] == WIDE_BLANK):
        i += 1
    if i - at >= 2:
        return i
    return at + 1 if at < end and points[at] == TAB else NONE


@kernel
def _has_break(points: U32, kinds: U8, start: int, end: int) -> bool:
    """True if there is a separator of paragraphs."""
    i = start
    while i < end and (points[i] != NEWLINE or _after_break(points, kinds, i + 1, end) == NONE):
        i += 1
    return i < end


@kernel
def _abbreviated(points: U32, kinds: U8, first: int, stop: int, abbreviations: U64) -> bool:
    """True if an abbreviation or an initial ends before `stop`, with a dot."""
    if points[stop - 1] != DOT:
        return False
    begin = stop - 1
    key = np.uint64(0)
    while begin > first and (points[begin - 1] == LOW_LINE or _is(kinds, points[begin - 1], ALNUM)):
        begin -= 1
        if stop - begin > 6:
            return False
        key = key << np.uint64(8) | np.uint64(min(points[begin], 255))
    if stop - begin == 2 and points[begin] != LOW_LINE and not _is(kinds, points[begin], DECIMAL):
        return True
    return _among(abbreviations, key)


@kernel
def _after_blanks(points: U32, at: int, end: int) -> int:
    """The first place from `at` on that has none of the spaces of a line."""
    while at < end and (points[at] == BLANK or points[at] == NO_BREAK or points[at] == NARROW):
        at += 1
    return at


@inlined
def _ends_before_space(point):
    """True if a code point ends a sentence before a space."""
    return (point == DOT) | (point == EXCLAMATION) | (point == QUESTION) | (point == ELLIPSIS)


@inlined
def _ends_anywhere(point):
    """True if a code point ends a sentence wherever it stands."""
    return (point == WIDE_DOT) | (point == WIDE_EXCLAMATION) | (point == WIDE_QUESTION)


@kernel
def _next_likely(points: U32, start: int, stop: int) -> int:
    """The beginning of the first stretch of a range in which a sentence may end."""
    at, end = np.uint64(start), np.uint64(stop)
    while at < end:
        last = min(at + np.uint64(STRETCH), end)
        likely = np.uint32(0)
        for i in range(at, last):  # without a branch, so that it is vectorized
            point = points[i]
            likely |= np.uint32((point == NEWLINE) | _ends_before_space(point) | _ends_anywhere(point))
        if likely:
            return np.int64(at)
        at = last
    return stop


@kernel
def _sentence(points: U32, kinds: U8, first: int, start: int, end: int, signs: Signs) -> int:
    """The end of the sentence that begins at `start`, including the spaces after it.

    Args:
        first, end: the text; nothing before or after it is looked at.
    """
    closing, opening, spaced, small, abbreviations = signs
    at = looked = start
    while at < end:
        if at >= looked:
            at = _next_likely(points, at, end)
            if at == end:
                break
            looked = at + STRETCH
        point = points[at]
        at += 1
        if point == NEWLINE:
            after = _after_break(points, kinds, at, end)
            if after != NONE:
                return after
        elif _ends_before_space(point):
            i = at
            while i < end and _among(closing, points[i]):
                i += 1
            if len(spaced):
                after = _after_blanks(points, i, end)
                if after < end and _among(spaced, points[after]):
                    i = after + 1
            space = i
            while i < end and _is(kinds, points[i], SPACE):
                i += 1
            if i == space:
                continue
            begin = i
            if i < end and _among(opening, points[i]):
                begin = _after_blanks(points, i + 1, end) if len(small) else i + 1
            if (
                begin < end
                and _is(kinds, points[begin], ALNUM)
                and not 97 <= points[begin] <= 122
                and not _among(small, points[begin])
            ):
                if not _abbreviated(points, kinds, first, at, abbreviations) or _has_break(points, kinds, space, i):
                    return i
                at = i
        elif _ends_anywhere(point):
            return at
    return end


@kernel
def _trimmed(points: U32, kinds: U8, start: int, end: int) -> tuple[int, int]:
    """A range without the spaces around it."""
    while start < end and _is(kinds, points[end - 1], SPACE):
        end -= 1
    while start < end and _is(kinds, points[start], SPACE):
        start += 1
    return start, end


@kernel
def cut(
    points: U32, ends: I64, kinds: U8, whole: U8, signs: Signs, first: int, last: int, ends_out: I64, breaks: U8,
    counts: I64,
) -> int:  # fmt: skip
    """Cut texts of one language into sentences, after those before: see `search.snippets.sentences.cut`.

    A text without a character has one, too.

    Args:
        points, ends, kinds: see `words.find`.
        first, last: the texts; the last exclusive.
        ends_out, breaks, counts: out; as those before `first` have been cut.

    Returns:
        The number of sentences up to the end of these.
    """
    count = counts[first - 1] if first else 0
    begin = ends[first - 1] if first else 0
    for text in range(first, last):
        own = points[begin : ends[text]]
        size = len(own)
        at = 0
        breaks[count] = 1
        while not whole[text] and at < size:
            stop = _sentence(own, kinds, at, at, size, signs)
            if stop == size:
                break
            _, trimmed = _trimmed(own, kinds, at, stop)
            ends_out[count] = begin + stop
            count += 1
            breaks[count] = _has_break(own, kinds, trimmed, stop)
            at = stop
        ends_out[count] = ends[text]
        count += 1
        counts[text] = count
        begin = ends[text]
    return count


@kernel
def _next(points: U32, kinds: U8, at: int, end: int, signs: Signs) -> tuple[int, int, int]:
    """The next sentence that is not blank, and the end of the spaces after it; an empty one at the end."""
    first = at
    while at < end:
        stop = _sentence(points, kinds, first, at, end, signs)
        start, last = _trimmed(points, kinds, at, stop)
        at = stop
        if start < last:
            return start, last, at
    return end, end, end


@kernel
def _grown(points: U32, kinds: U8, start: int, end: int, length: int, signs: Signs) -> int:
    """The end of a passage with the next sentences of the same paragraph, while they fit."""
    while True:
        begin, last, _ = _next(points, kinds, end, min(end + length, len(points)), signs)
        if begin == last or last - start > length or _has_break(points, kinds, end, last) or last == end + length:
            return end
        end = last


@kernel
def _cut(points: U32, start: int, end: int, length: int, inside: tuple[int, int]) -> tuple[int, int]:
    """A passage, cut down around its first match if it is much longer than `length`.

    Args:
        inside: the start and the end of the match.
    """
    if 2 * (end - start) <= 3 * length:
        return start, end
    first, last = inside
    left = max(start, min(first - length // 3, end - length))
    right = min(end, max(left + length, last))
    if left > start:
        start = left
        for i in range(left, first):
            if points[i] == BLANK:
                start = i + 1
                break
    if right < end:
        end = right
        for i in range(right - 1, max(last, start) - 1, -1):
            if points[i] == BLANK:
                end = i if i > start else right
                break
    return start, end


@kernel
def _lead(points: U32, kinds: U8, length: int, signs: Signs) -> tuple[int, int, int]:
    """The beginning of a text: start and end, and the end before it was cut down."""
    start, end, _ = _next(points, kinds, 0, min(4 * length, len(points)), signs)
    if start == end:
        return 0, 0, 0
    whole = _grown(points, kinds, start, end, length, signs)
    return (*_cut(points, start, whole, length, (start, start)), whole)


@kernel
def _choose(
    points: U32, kinds: U8, spans: I32, length: int, signs: Signs, seen: I64, passages: I32, marks: I32
) -> tuple[int, int]:
    """Choose the passages with the most different leaves, of these the ones with the most matches, then the earliest.

    Returns:
        The number of passages, and of their marks.
    """
    count = len(spans)
    wanted = len(passages)
    size = len(points)
    best = np.zeros((wanted, 4), np.int64)  # leaves, matches, start, end
    chosen = 0
    seen[:] = NONE
    at = stop = 0
    number = 0
    while at < count:
        start, end, stop = _next(points, kinds, stop, size, signs)
        if start == end:
            break
        leaves = 0
        begun = at
        while at < count and spans[at, 0] < end:
            leaf = spans[at, 2]
            if seen[leaf] != number:
                seen[leaf] = number
                leaves += 1
            while end < spans[at, 3]:  # words of one leaf may extend into the next sentence
                _, end, stop = _next(points, kinds, stop, size, signs)
            at += 1
        number += 1
        if not leaves:
            continue
        place = chosen
        while place > 0 and (leaves, at - begun) > (best[place - 1, 0], best[place - 1, 1]):
            place -= 1
        if place < wanted:
            chosen = min(chosen + 1, wanted)
            for i in range(chosen - 1, place, -1):
                for k in range(4):  # for a whole row, Numba compiles messages about shapes, in four seconds
                    best[i, k] = best[i - 1, k]
            best[place, 0], best[place, 1], best[place, 2], best[place, 3] = leaves, at - begun, start, end
    for i in range(1, chosen):  # in the order of the text
        for j in range(i, 0, -1):
            if best[j, 2] < best[j - 1, 2]:
                for k in range(4):
                    best[j, k], best[j - 1, k] = best[j - 1, k], best[j, k]
    if chosen == 1:
        best[0, 3] = _grown(points, kinds, best[0, 2], best[0, 3], length, signs)
    total = 0
    at = 0
    for i in range(chosen):
        start, end = best[i, 2], best[i, 3]
        while at < count and spans[at, 0] < start:
            at += 1
        first, last = start, start
        for j in range(at, count):
            if spans[j, 0] >= end:
                break
            if spans[j, 1] <= end:
                first, last = np.int64(spans[j, 0]), np.int64(spans[j, 1])
                break
        cut_start, cut_end = _cut(points, start, end, length, (first, last))
        begun = total
        for j in range(at, count):
            if spans[j, 0] >= cut_end:
                break
            if spans[j, 0] >= cut_start and spans[j, 1] <= cut_end:
                if total > begun and spans[j, 0] < marks[total - 1, 1]:
                    marks[total - 1, 1] = max(marks[total - 1, 1], spans[j, 1])
                else:
                    marks[total, 0], marks[total, 1] = spans[j, 0], spans[j, 1]
                    total += 1
        passages[i, 0], passages[i, 1], passages[i, 2], passages[i, 3] = start, end, cut_start, cut_end
        passages[i, 4] = total - begun
    return chosen, total


@kernel
def choose(
    points: U32, kinds: U8, ends: I64, spans: I32, span_ends: I64, most: int, length: int, signs: Signs, seen: I64,
    passages: I32, passage_ends: I64, marks: I32,
) -> None:  # fmt: skip
    """Choose the best passages of texts; the beginning of one that has no match.

    Args:
        points, ends, kinds: see `words.find`.
        spans: int32, shape (matches, 4); start, end and leaf of each, and the end of the last word it includes; by
            text, then by start, the longest first.
        span_ends: int64; the end of each text's matches.
        most: passages of a text.
        length: the target length of a passage.
        seen: int64, shape (leaves,); working memory.
        passages: int32, shape (texts * most, 5), out; one row each, in the order of the text: start and end before and
            after it was cut down, and the number of its marks.
        passage_ends: int64, out; the end of each text's passages.
        marks: int32, as many as matches, out; the ranges to highlight, one passage after the other.
    """
    begin = first = row = mark = 0
    for text in range(len(ends)):
        own = points[begin : ends[text]]
        rows = passages[row : row + most]
        if span_ends[text] > first:
            chosen, total = _choose(own, kinds, spans[first : span_ends[text]], length, signs, seen, rows, marks[mark:])
            row += chosen
            mark += total
        else:
            start, end, whole = _lead(own, kinds, length, signs)
            if start < end:
                rows[0, 0], rows[0, 1], rows[0, 2], rows[0, 3], rows[0, 4] = start, whole, start, end, 0
                row += 1
        begin, first = ends[text], span_ends[text]
        passage_ends[text] = row
