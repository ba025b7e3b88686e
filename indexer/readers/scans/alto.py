"""Scanned pages in ALTO 2 to 4."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from indexer.readers.scans.page import Box, Page, Word, check_count, number, share, size
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import one_line
from indexer.readers.shared.xml import attribute, inside, local, words
from search.values.printed import clipped


def alto_pages(root: Element) -> list[Page]:
    """Parse the pages from the root element of their document, which has one unless it says otherwise.

    Coordinates are in one unit within a page, whichever it is. Margins are ignored: those of real files contradict the
    size of the page. Several pages are frames of one picture.
    """
    picture = words(next(inside(root, "fileName"), None))
    pages: list[Page] = []
    of = Page([], {}, "")
    open_elements: list[_Open] = []
    line = block = -1
    for element in root.iter():
        name = local(element)
        while open_elements and element.getparent() is not open_elements[-1].element:
            _close(open_elements.pop())
        if name == "Page":
            check_count(len(pages) + 1)
            of = _page(element, picture, len(pages))
            pages.append(of)
        found = of.words
        open_elements.append(_Open(element, of, len(found)))
        if name == "TextBlock":
            block += 1
        elif name == "TextLine":
            line += 1
        elif name == "String":
            part = {"HypPart1": 1, "HypPart2": 2}.get(attribute(element, "SUBS_TYPE"), 0)
            whole = one_line(attribute(element, "SUBS_CONTENT")) if part else ""
            text, box = one_line(attribute(element, "CONTENT")), _box(element, (of.width, of.height))
            found.append(Word(text, whole, part, line, block, False, box, share(attribute(element, "WC"))))
        elif name == "HYP" and found and found[-1].line == line:
            found[-1] = replace(found[-1], hyphen=True)
    while open_elements:
        _close(open_elements.pop())
    return pages or [of]


class _Open(NamedTuple):
    """An element that has begun, the page on which it did, and how many words the page had by then."""

    element: Element
    page: Page
    at: int


def _close(ended: _Open) -> None:
    if (name := ended.element.get("ID")) and name not in ended.page.places:
        ended.page.places[name] = (ended.at, len(ended.page.words))


def _page(element: Element, picture: str, frame: int) -> Page:
    width, height = size(number(attribute(element, "WIDTH")), number(attribute(element, "HEIGHT")))
    return Page([], {}, attribute(element, "PRINTED_IMG_NR"), width, height, picture, frame)


def _box(element: Element, page: tuple[int, int]) -> Box | None:
    x, y, width, height = (number(attribute(element, name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if x is None or y is None or width is None or height is None:
        return None
    return clipped(x, y, width, height, page)
