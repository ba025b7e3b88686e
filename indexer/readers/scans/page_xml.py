"""A scanned page in PAGE XML 2010 to 2019: regions of lines, in the order of reading that it states.

Regions that are not in that order follow it, in the order of the file; a region within one that is in it comes with
that. A line without words has those of its text, each of them where the line is.

Source: PAGE, schema of page content, 2019-07-15, PRImA Research Lab.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from indexer.readers.scans.page import Box, Page, Word, number, share, size
from indexer.readers.shared.element import Element
from indexer.readers.shared.record import one_line
from indexer.readers.shared.xml import attribute, child, children, inside, local, words
from search.values.printed import clipped

MAX_LABEL = 20
"""The greatest number of characters of a region with the number of a page."""


def page_xml(root: Element) -> Page:
    """Parse a page from the root element of its document."""
    page = child(root, "Page")
    width, height = size(*(number(attribute(page, name)) for name in ("imageWidth", "imageHeight")))
    found: list[Word] = []
    places: dict[str, tuple[int, int]] = {}
    lines = count()
    label = ""
    for block, region in enumerate(_in_order(page)):
        at = len(found)
        for line in children(region, "TextLine") or [region]:
            begin, number_of_line = len(found), next(lines)
            for element in children(line, "Word") or [line]:
                box, equivalent = _box(element, (width, height)), _first(element)
                sure = share(attribute(equivalent, "conf"))
                for text in _text(equivalent).split():
                    found.append(Word(text, "", 0, number_of_line, block, False, box, sure))
            places[attribute(line, "id")] = (begin, len(found))
        places[attribute(region, "id")] = (at, len(found))
        if attribute(region, "type") == "page-number" and not label:
            stated = " ".join(word.text for word in found[at:])
            label = stated if len(stated) <= MAX_LABEL else ""
    places.pop("", None)
    return Page(found, places, label, width, height, attribute(page, "imageFilename"))


def _in_order(page: Element | None) -> list[Element]:
    """The regions with text, as they are read."""
    ranks = {name: rank for rank, name in enumerate(_stated(child(page, "ReadingOrder")))}
    unranked = len(ranks)
    rank_of: dict[Element, int] = {}
    for element in page.iter() if page is not None else ():
        if local(element).endswith("Region"):
            parent = element.getparent()
            above = rank_of.get(parent, unranked) if parent is not None else unranked
            rank_of[element] = ranks.get(attribute(element, "id"), above)
    return sorted((region for region in rank_of if local(region) == "TextRegion"), key=rank_of.__getitem__)


def _stated(order: Element | None) -> Iterator[str]:
    """The ids of regions in an order of reading, which consists of groups in groups."""
    waiting = [order] if order is not None else []
    while waiting:
        element = waiting.pop()
        if name := attribute(element, "regionRef"):
            yield name
        waiting += sorted(element, key=_index, reverse=True)


def _index(element: Element) -> float:
    return number(attribute(element, "index")) or 0


def _first(element: Element) -> Element | None:
    """The text of a region, a line or a word, as it is stated: the first of its alternatives."""
    return min(children(element, "TextEquiv"), key=_index, default=None)


def _text(stated: Element | None) -> str:
    text = child(stated, "Unicode")
    return one_line(words(text if text is not None else child(stated, "PlainText")))


def _box(element: Element, page: tuple[int, int]) -> Box | None:
    """The box around the outline of an element."""
    outline = child(element, "Coords")
    stated = [pair.split(",") for pair in attribute(outline, "points").split()]
    stated += [[attribute(point, "x"), attribute(point, "y")] for point in inside(outline, "Point")]
    points = [(number(pair[0]), number(pair[1])) for pair in stated if len(pair) == 2]
    across = [x for x, y in points if x is not None and y is not None]
    down = [y for x, y in points if x is not None and y is not None]
    if not across:
        return None
    return clipped(min(across), min(down), max(across) - min(across), max(down) - min(down), page)
