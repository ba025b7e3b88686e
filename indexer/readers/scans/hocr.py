"""hOCR: scanned pages as a program for OCR writes them, in XHTML. Each page is an article.

Source: hOCR 1.2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from indexer.files.neighbours import Neighbours, Nothing
from indexer.readers.scans.alone import covered, pages_alone
from indexer.readers.scans.page import Box, Page, Word, check_count, number, share, size
from indexer.readers.shared import xml
from indexer.readers.shared.element import Element
from indexer.readers.shared.pictures import Pictures
from indexer.readers.shared.record import Item, Origin, one_line
from search.errors import BadRecord
from search.said import said
from search.values.printed import clipped

BLOCKS = frozenset(("ocr_carea", "ocr_par"))
LINES = frozenset(("ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"))
WORD = "ocrx_word"
PAGE = "ocr_page"
MADE_BY = "dateline-ocr"
"""The meta element with what has read a page, and in which languages, where `dateline ocr` has read it."""
_PART = re.compile(r"""\"[^\"]*\"|'[^']*'|\S+""")


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is a web page that says that it is hOCR, at its beginning."""
    return xml.root_of(head) == "html" and (b"ocr-system" in head or PAGE.encode() in head)


def read(
    file: BinaryIO, origin: Origin, neighbours: Neighbours | None = None, pictures: Pictures | None = None
) -> Iterator[Item]:
    """Read the pages, unless a METS file gives them.

    Args:
        neighbours: the files next to it.
        pictures: the pictures among them.
    """
    neighbours = neighbours or Nothing()
    if covered(origin, neighbours):
        return
    try:
        root = xml.document(file)
        pages = hocr_pages(root)
    except BadRecord as problem:
        yield problem
        return
    if not pages:
        yield BadRecord(said("It is hOCR without a page (class ocr_page)."))
    yield from pages_alone(pages, origin, neighbours, pictures, read_by(root))


def hocr_pages(root: Element) -> list[Page]:
    """Parse the pages from the root element of their document.

    A line without words has those of its text, each of them where the line is. Pages that name the same picture, or all
    none, are its frames, but those that begin at different places of it, as the two of an open book do.
    """
    pages: list[Page] = []
    before: Counter[tuple[str, tuple[float, ...]]] = Counter()
    line = block = -1
    open_line: Element | None = None
    open_word: Element | None = None
    of, begun = Page([], {}, ""), 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if element is open_word:
                open_word = None
            elif open_line is not None and element is open_line:
                if len(of.words) == begun:
                    _add(of, open_line, line, block)
                open_line = None
            continue
        classes = frozenset(xml.attribute(element, "class").split())
        if PAGE in classes:
            check_count(len(pages) + 1)
            page = _page(_properties(element))
            place = (page.picture, (_corners(_properties(element)) or (0, 0))[:2])
            pages.append(replace(page, frame=before[place]))
            before[place] += 1
        elif not pages:
            continue
        elif BLOCKS & classes:
            block += 1
        elif LINES & classes and open_line is None:
            line += 1
            open_line, of, begun = element, pages[-1], len(pages[-1].words)
        elif WORD in classes and open_word is None:
            open_word = element
            _add(pages[-1], element, line, block)
    return pages


def read_by(root: Element) -> str:
    """The program that has read the pages, as their head states it; "" if it does not."""
    stated = {
        xml.attribute(meta, "name"): one_line(xml.attribute(meta, "content")) for meta in xml.inside(root, "meta")
    }
    return stated.get(MADE_BY) or stated.get("ocr-system") or ""


def _add(page: Page, element: Element, line: int, block: int) -> None:
    stated = _properties(element)
    box, sure = _box(stated, (page.width, page.height)), share(" ".join(stated.get("x_wconf", ())), of=100)
    page.words.extend(Word(text, "", 0, line, block, False, box, sure) for text in one_line(xml.words(element)).split())


def _page(properties: Mapping[str, list[str]]) -> Page:
    corners = _corners(properties)
    width, height = size(corners[2], corners[3]) if corners else (0, 0)
    return Page([], {}, " ".join(properties.get("lpageno", ())), width, height, " ".join(properties.get("image", ())))


def _box(properties: Mapping[str, list[str]], page: tuple[int, int]) -> Box | None:
    corners = _corners(properties)
    if corners is None:
        return None
    left, top, right, bottom = corners
    return clipped(left, top, right - left, bottom - top, page)


def _corners(properties: Mapping[str, list[str]]) -> tuple[float, float, float, float] | None:
    """The left, top, right and bottom of an element, in pixels of the picture."""
    stated = [side for value in properties.get("bbox", ()) if (side := number(value)) is not None]
    return (stated[0], stated[1], stated[2], stated[3]) if len(stated) == 4 else None


def _properties(element: Element) -> dict[str, list[str]]:
    """The properties of an element: `bbox 0 0 20 30; image "a.png"`."""
    found = [_PART.findall(one) for one in xml.attribute(element, "title").split(";")]
    return {parts[0]: [part.strip("\"'") for part in parts[1:]] for parts in found if parts}
