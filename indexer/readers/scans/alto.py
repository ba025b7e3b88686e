"""A scanned page in ALTO 2 to 4."""

from __future__ import annotations

from dataclasses import replace

from indexer.readers.scans.page import Box, Page, Word, number, share, size
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import one_line
from indexer.readers.shared.xml import attribute, inside, local, words
from search.values.printed import clipped


def alto_page(root: Element) -> Page:
    """Parse a page from the root element of its document.

    Coordinates are in one unit within a page, whichever it is. Margins are ignored: those of real files contradict the
    size of the page.
    """
    found: list[Word] = []
    places: dict[str, tuple[int, int]] = {}
    open_elements: list[tuple[Element, int]] = []
    page = next(inside(root, "Page"), None)
    width, height = size(number(attribute(page, "WIDTH")), number(attribute(page, "HEIGHT")))
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
            found.append(Word(text, whole, part, line, block, False, box, share(attribute(element, "WC"))))
        elif name == "HYP" and found and found[-1].line == line:
            found[-1] = replace(found[-1], hyphen=True)
    while open_elements:
        _close(open_elements.pop(), places, len(found))
    label = attribute(page, "PRINTED_IMG_NR") if page is not None else ""
    return Page(found, places, label, width, height, words(next(inside(root, "fileName"), None)))


def _close(element: tuple[Element, int], places: dict[str, tuple[int, int]], at: int) -> None:
    if (name := element[0].get("ID")) and name not in places:
        places[name] = (element[1], at)


def _box(element: Element, page: tuple[int, int]) -> Box | None:
    x, y, width, height = (number(attribute(element, name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if x is None or y is None or width is None or height is None:
        return None
    return clipped(x, y, width, height, page)
