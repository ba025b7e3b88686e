"""Where an article is printed: the place of each of its words on the scanned pages that it is on.

Words are packed into a string of some six bytes each, which is stored with the article and unpacked only to show a
page. Coordinates are whole numbers in the unit of the scan's file, from the upper left corner: only their share of the
page's width and height matters.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from search.system.inflating import inflated

MAX_SIDE = 1_000_000
"""The greatest width and height of a page, in any unit."""


class Printed(NamedTuple):
    """A word, or the part of one on a line, on a scanned page.

    Attributes:
        start, end: the word, in code points of the article's text or title, end exclusive; both parts of a hyphenated
            word have those of the whole.
        x, y, width, height: its box on the page.
        block: the number of its block on the page.
    """

    start: int
    end: int
    x: int
    y: int
    width: int
    height: int
    block: int = 0


def pack(words: Sequence[Printed]) -> str:
    """Words in reading order as a string; "" for none.

    Differences to the word before are written column by column, and the bytes of each column by significance, of which
    most are zero.
    """
    if not words:
        return ""
    table = np.array(words, np.int64)
    start, end, x, y, width, height, block = table.T
    columns = np.stack(
        [
            np.diff(start, prepend=0),
            end - start,
            np.diff(x, prepend=0) - np.concatenate([[0], width[:-1]]),
            np.diff(y, prepend=0),
            width,
            height,
            np.diff(block, prepend=0),
        ]
    )
    folded = np.where(columns < 0, -2 * columns - 1, 2 * columns).astype("<u4")  # small ones have no high bytes
    data = np.ascontiguousarray(folded.view(np.uint8).reshape(len(columns), -1, 4).transpose(0, 2, 1)).tobytes()
    return base64.b85encode(zlib.compress(data, 9)).decode()


_MOST_BYTES = 64 << 20
"""Of the words of an article: 28 for each."""


def unpack(packed: str) -> list[Printed]:
    """The words that `pack` packed."""
    if not packed:
        return []
    data = np.frombuffer(inflated(base64.b85decode(packed), _MOST_BYTES), np.uint8)
    columns = len(Printed._fields)
    folded = np.ascontiguousarray(data.reshape(columns, 4, -1).transpose(0, 2, 1)).view("<u4")[:, :, 0].astype(np.int64)
    starts, lengths, xs, ys, widths, heights, blocks = np.where(folded % 2, -(folded + 1) // 2, folded // 2)
    start = np.cumsum(starts)
    x = np.cumsum(xs + np.concatenate([[0], widths[:-1]]))
    table = np.stack([start, start + lengths, x, np.cumsum(ys), widths, heights, np.cumsum(blocks)])
    return [Printed(*row) for row in table.T.tolist()]


def clipped(x: float, y: float, width: float, height: float, page: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """A box as whole numbers within a page; None if nothing of it is on the page, or it is not made of numbers."""
    if not all(-MAX_SIDE <= value <= 2 * MAX_SIDE for value in (x, y, width, height)):  # false for NaN, too
        return None
    left, top = max(0, round(x)), max(0, round(y))
    right, bottom = min(page[0], round(x + width)), min(page[1], round(y + height))
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def over(words: Iterable[Printed], ranges: Sequence[tuple[int, int]]) -> Iterator[Printed]:
    """The words that overlap any of some ranges of the text, which are ascending and do not overlap."""
    place = 0
    for word in sorted(words, key=lambda word: word.start):  # the parts of one word stay in order
        while place < len(ranges) and ranges[place][1] <= word.start:
            place += 1
        if place < len(ranges) and ranges[place][0] < word.end:
            yield word


def blocks(words: Iterable[Printed]) -> list[tuple[int, int, int, int]]:
    """The rectangle around the words of each block: left, top, right, bottom."""
    found: dict[int, tuple[int, int, int, int]] = {}
    for word in words:
        own = (word.x, word.y, word.x + word.width, word.y + word.height)
        left, top, right, bottom = found.get(word.block, own)
        found[word.block] = (min(left, own[0]), min(top, own[1]), max(right, own[2]), max(bottom, own[3]))
    return list(found.values())
