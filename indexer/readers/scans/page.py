"""A scanned page, whichever format states it: its words in order, where they are, and the text of a range of them.

A block is a paragraph, and its lines are joined by a space. A word hyphenated at a line end is joined, also if the next
line is in another block or on another page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from search.errors import BadRecord
from search.said import said
from search.values.printed import MAX_SIDE

_HYPHENS = "-\u00ac\u2010\u2011\u2e17\u00ad"
"""What ends a line inside a word: hyphens, the not sign that OCR may read instead, the double oblique hyphen."""

MAX_PAGES = 1000
"""The greatest number of pages of a file."""
Box = tuple[int, int, int, int]
"""Left, top, width and height, in the unit of the page."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as printed in a line.

    Attributes:
        text: the printed characters.
        whole: the complete word if this is a part of one; "" if it is complete.
        part: 1 or 2 for a part of a hyphenated word, otherwise 0.
        line: the number of its line on the page.
        block: the number of its block.
        hyphen: True if a mark of hyphenation follows it.
        box: where it is; None if the file does not say, or it is not on the page.
        sure: how sure the program was that read it, from 0 to 1; None if the file does not say.
    """

    text: str
    whole: str
    part: int
    line: int
    block: int
    hyphen: bool
    box: Box | None = None
    sure: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A scanned page: its words, in the order of the file.

    Attributes:
        words: in document order.
        places: id of an element → its words, as [start, end) in `words`.
        label: the number printed on it; "" if unknown.
        width, height: of the page, in the unit of the boxes; 0 if unknown.
        picture: the name of the picture that was read, as the program wrote it; "" if unknown.
        frame: the number of the page among those of its file that have this picture, from 0, as frames of a TIFF are.
    """

    words: list[Word]
    places: dict[str, tuple[int, int]]
    label: str
    width: int = 0
    height: int = 0
    picture: str = ""
    frame: int = 0


def check_count(pages: int) -> None:
    """Make sure that a file has not too many pages. Raises BadRecord."""
    if pages > MAX_PAGES:
        raise BadRecord(said("It has more than {most} pages. Split it.", most=MAX_PAGES))


def size(width: float | None, height: float | None) -> tuple[int, int]:
    """The width and height of a page; both are 0 unless both are known and of a page."""
    sides = [round(side) if side is not None and 0.5 < side <= MAX_SIDE else 0 for side in (width, height)]
    return (sides[0], sides[1]) if all(sides) else (0, 0)


def number(value: str) -> float | None:
    """What a file states as a number; None if it is none."""
    try:
        return float(value)
    except ValueError:
        return None


class Place(NamedTuple):
    """A word in a text.

    Attributes:
        stretch: the number of its range of words.
        start, end: in code points of the text; both parts of a hyphenated word have those of the whole.
    """

    stretch: int
    word: Word
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A text, and where each printed word is in it, in order."""

    text: str
    places: Sequence[Place]


def laid_out(stretches: Iterable[Sequence[Word]], between: str = "\n\n") -> LaidOut:
    """The text of ranges of words: a paragraph per block, a blank line between them, hyphenated words joined.

    Args:
        between: what separates paragraphs.
    """
    shown: list[list[str]] = []  # the parts of each word of the text
    paragraphs: list[int] = []  # the words that begin one
    printed: list[tuple[int, Word, int]] = []  # the stretch, the word as printed, the number of its word in the text
    before: Word | None = None
    for number, stretch in enumerate(stretches):
        fresh = True
        for word in stretch:
            if not word.text:
                continue
            if (
                before is not None
                and before.part == 1
                and word.part == 2
                and before.whole
                and before.whole == word.whole
            ):
                printed.append((number, word, len(shown) - 1))
                before = word
                continue
            if before is not None and _parted(before, word, fresh):
                shown[-1][-1] = shown[-1][-1].rstrip(_HYPHENS)
                shown[-1].append(word.text)
            else:
                if fresh or before is None or before.block != word.block:
                    paragraphs.append(len(shown))
                shown.append([word.whole if word.part == 1 and word.whole else word.text])
            printed.append((number, word, len(shown) - 1))
            before, fresh = word, False
    texts = ["".join(parts) for parts in shown]
    begins = set(paragraphs)
    apart = ["" if not number else between if number in begins else " " for number in range(len(texts))]
    starts, at = [], 0
    for space, text in zip(apart, texts, strict=True):
        starts.append(at + len(space))
        at += len(space) + len(text)
    places = [Place(n, word, starts[own], starts[own] + len(texts[own])) for n, word, own in printed]
    return LaidOut("".join(chain.from_iterable(zip(apart, texts, strict=True))), places)


def text_of(stretches: Iterable[Sequence[Word]]) -> str:
    """The text of `laid_out`."""
    return laid_out(stretches).text


def _parted(before: Word, word: Word, fresh: bool) -> bool:
    """True if a word continues a hyphenated word of the line before it that the scan has not joined."""
    if before.line == word.line and not fresh:
        return False
    if before.part == 1 and before.whole:
        return False
    hyphen = before.hyphen or before.part == 1 or (len(before.text) > 2 and before.text[-1] in _HYPHENS)
    return hyphen and word.text[:1].islower()


def quality(words: Iterable[Word]) -> float | None:
    """How sure a program was of some words, on average, to two digits; None if it says so of less than half of them."""
    every = list(words)
    stated = [word.sure for word in every if word.sure is not None]
    return round(sum(stated) / len(stated), 2) if stated and 2 * len(stated) >= len(every) else None


def share(text: str, of: int = 1) -> float | None:
    """A confidence as a share of its greatest value; None if it is none."""
    stated = number(text)
    return stated / of if stated is not None and 0 <= stated <= of else None
