"""A scanned page in ALTO 2 to 4: its words in order, and the text of a range of them.

A block is a paragraph, and its lines are joined by a space. A word hyphenated at a line end is joined, also if the next
line is in another block or on another page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.readers.shared.element import Element
from indexer.readers.shared.xml import attribute, inside, local

_HYPHENS = "-\u00ac\u2010\u2011\u2e17\u00ad"
"""What ends a line inside a word: hyphens, the not sign that OCR may read instead, the double oblique hyphen."""


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
    """

    text: str
    whole: str
    part: int
    line: int
    block: int
    hyphen: bool


@dataclass(frozen=True, slots=True)
class AltoPage:
    """A scanned page: its words, in the order of the file.

    Attributes:
        words: in document order.
        places: id of an element → its words, as [start, end) in `words`.
        label: the number printed on it; "" if unknown.
    """

    words: Sequence[Word]
    places: dict[str, tuple[int, int]]
    label: str


def alto_page(root: Element) -> AltoPage:
    """Parse a page from the root element of its document."""
    words: list[Word] = []
    places: dict[str, tuple[int, int]] = {}
    open_elements: list[tuple[Element, int]] = []
    line = block = -1
    for element in root.iter():
        name = local(element)
        while open_elements and element.getparent() is not open_elements[-1][0]:
            _close(open_elements.pop(), places, len(words))
        open_elements.append((element, len(words)))
        if name == "TextBlock":
            block += 1
        elif name == "TextLine":
            line += 1
        elif name == "String":
            part = {"HypPart1": 1, "HypPart2": 2}.get(attribute(element, "SUBS_TYPE"), 0)
            whole = attribute(element, "SUBS_CONTENT") if part else ""
            words.append(Word(attribute(element, "CONTENT").strip(), whole.strip(), part, line, block, False))
        elif name == "HYP" and words and words[-1].line == line:
            last = words[-1]
            words[-1] = Word(last.text, last.whole, last.part, last.line, last.block, True)
    while open_elements:
        _close(open_elements.pop(), places, len(words))
    page = next(inside(root, "Page"), None)
    return AltoPage(words, places, attribute(page, "PRINTED_IMG_NR") if page is not None else "")


def _close(element: tuple[Element, int], places: dict[str, tuple[int, int]], at: int) -> None:
    if (name := element[0].get("ID")) and name not in places:
        places[name] = (element[1], at)


def text_of(stretches: Iterable[Sequence[Word]]) -> str:
    """The text of ranges of words: a paragraph per block, a blank line between them, hyphenated words joined."""
    paragraphs: list[list[str]] = []
    before: Word | None = None
    for stretch in stretches:
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
                before = word
                continue
            joined = before is not None and _parted(before, word, fresh)
            if joined and paragraphs:
                paragraphs[-1][-1] = paragraphs[-1][-1].rstrip(_HYPHENS) + word.text
            elif fresh or before is None or before.block != word.block:
                paragraphs.append([word.whole if word.part == 1 and word.whole else word.text])
            else:
                paragraphs[-1].append(word.whole if word.part == 1 and word.whole else word.text)
            before, fresh = word, False
    return "\n\n".join(" ".join(words) for words in paragraphs)


def _parted(before: Word, word: Word, fresh: bool) -> bool:
    """True if a word continues a hyphenated word of the line before it that the scan has not joined."""
    if before.line == word.line and not fresh:
        return False
    if before.part == 1 and before.whole:
        return False
    hyphen = before.hyphen or before.part == 1 or (len(before.text) > 2 and before.text[-1] in _HYPHENS)
    return hyphen and word.text[:1].islower()
