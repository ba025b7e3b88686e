"""A scanned page in ALTO 2 to 4: its words in order, where they are on it, and the text of a range of them.

A block is a paragraph, and its lines are joined by a space. A word hyphenated at a line end is joined, also if the next
line is in another block or on another page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from indexer.readers.shared.element import Element
from indexer.readers.shared.record import one_line
from indexer.readers.shared.xml import attribute, inside, local, words
from search.values.printed import MAX_SIDE, clipped

_HYPHENS = "-\u00ac\u2010\u2011\u2e17\u00ad"
"""What ends a line inside a word: hyphens, the not sign that OCR may read instead, the double oblique hyphen."""

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
    """

    text: str
    whole: str
    part: int
    line: int
    block: int
    hyphen: bool
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class AltoPage:
    """A scanned page: its words, in the order of the file.

    Attributes:
        words: in document order.
        places: id of an element → its words, as [start, end) in `words`.
        label: the number printed on it; "" if unknown.
        width, height: of the page, in the unit of the boxes; 0 if unknown.
        picture: the name of the picture that was read, as the program wrote it; "" if unknown.
    """

    words: Sequence[Word]
    places: dict[str, tuple[int, int]]
    label: str
    width: int = 0
    height: int = 0
    picture: str = ""


def alto_page(root: Element) -> AltoPage:
    """Parse a page from the root element of its document.

    Coordinates are in one unit within a page, whichever it is. Margins are ignored: those of real files contradict the
    size of the page.
    """
    found: list[Word] = []
    places: dict[str, tuple[int, int]] = {}
    open_elements: list[tuple[Element, int]] = []
    page = next(inside(root, "Page"), None)
    width, height = _size(page, "WIDTH"), _size(page, "HEIGHT")
    if not width or not height:
        width = height = 0
    line = block = -1
    for element in root.iter():
        name = local(element)
        while open_elements and element.getparent() is not open_elements[-1][0]:
            _close(open_elements.pop(), places, len(found))
        open_elements.append((element, len(found)))
        if name == "TextBlock":
            block += 1
        elif name == "TextLine":
            line += 1
        elif name == "String":
            part = {"HypPart1": 1, "HypPart2": 2}.get(attribute(element, "SUBS_TYPE"), 0)
            whole = one_line(attribute(element, "SUBS_CONTENT")) if part else ""
            text, box = one_line(attribute(element, "CONTENT")), _box(element, (width, height))
            found.append(Word(text, whole, part, line, block, False, box))
        elif name == "HYP" and found and found[-1].line == line:
            last = found[-1]
            found[-1] = Word(last.text, last.whole, last.part, last.line, last.block, True, last.box)
    while open_elements:
        _close(open_elements.pop(), places, len(found))
    label = attribute(page, "PRINTED_IMG_NR") if page is not None else ""
    return AltoPage(found, places, label, width, height, words(next(inside(root, "fileName"), None)))


def _close(element: tuple[Element, int], places: dict[str, tuple[int, int]], at: int) -> None:
    if (name := element[0].get("ID")) and name not in places:
        places[name] = (element[1], at)


def _size(page: Element | None, name: str) -> int:
    value = _number(page, name) if page is not None else None
    return round(value) if value is not None and 0.5 < value <= MAX_SIDE else 0


def _number(element: Element, name: str) -> float | None:
    try:
        return float(attribute(element, name))
    except ValueError:
        return None


def _box(element: Element, page: tuple[int, int]) -> Box | None:
    x, y, width, height = (_number(element, name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if x is None or y is None or width is None or height is None:
        return None
    return clipped(x, y, width, height, page)


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
