"""A small issue as libraries keep it: METS, ALTO and the picture of each page, drawn so that each word is a black box.

What the ALTO says of a word is therefore where the picture is black.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 600, 800
_LINE, _HIGH, _LETTER = 40, 24, 12


class Drawn(NamedTuple):
    """A word on a page: what is printed, its attributes as part of a hyphenated one, and its box in pixels."""

    text: str
    more: str
    x: int
    y: int
    width: int
    height: int
    block: int


def drawn(*blocks: str) -> list[Drawn]:
    """The words of blocks, one under the other; lines are apart by `/`. `har-~harbour` is the first part of a word."""
    words, y = [], 40
    for number, block in enumerate(blocks, 1):
        carried = ""
        for line in block.split(" / "):
            x = 40
            for text in line.split():
                more = ""
                if carried:
                    more, carried = f" SUBS_TYPE='HypPart2' SUBS_CONTENT='{carried}'", ""
                if "~" in text:
                    text, carried = text.split("~")
                    more = f" SUBS_TYPE='HypPart1' SUBS_CONTENT='{carried}'"
                words.append(Drawn(text, more, x, y, _LETTER * len(text), _HIGH, number))
                x += _LETTER * (len(text) + 1)
            y += _LINE
        y += _LINE
    return words


def _lines(words: Sequence[Drawn]) -> list[list[list[Drawn]]]:
    """Words by block and line."""
    blocks = [list(block) for _, block in groupby(words, lambda word: word.block)]
    return [[list(line) for _, line in groupby(block, lambda word: word.y)] for block in blocks]


def alto(words: Sequence[Drawn], unit: str = "pixel", scale: float = 1, picture: str = "") -> str:
    """A page with these words, in a unit of so many to the pixel."""
    blocks = ""
    for number, block in enumerate(_lines(words), 1):
        lines = ""
        for line in block:
            strings = "".join(
                f"<String CONTENT='{word.text}'{word.more} HPOS='{word.x * scale:g}' VPOS='{word.y * scale:g}' "
                f"WIDTH='{word.width * scale:g}' HEIGHT='{word.height * scale:g}' WC='0.9'/>"
                for word in line
            )
            lines += f"<TextLine>{strings}</TextLine>"
        blocks += f"<TextBlock ID='B{number}'>{lines}</TextBlock>"
    source = f"<sourceImageInformation><fileName>{picture}</fileName></sourceImageInformation>" if picture else ""
    return (
        f"<alto><Description><MeasurementUnit>{unit}</MeasurementUnit>{source}</Description><Layout>"
        f"<Page WIDTH='{WIDTH * scale:g}' HEIGHT='{HEIGHT * scale:g}'><PrintSpace>{blocks}</PrintSpace></Page>"
        "</Layout></alto>"
    )


def page_xml(words: Sequence[Drawn]) -> str:
    """The same in PAGE XML, its regions in the wrong order but for the stated one."""
    regions = []
    for number, block in enumerate(_lines(words), 1):
        lines = ""
        for line in block:
            spelled = "".join(
                f"<Word><Coords points='{word.x},{word.y} {word.x + word.width},{word.y + word.height}'/>"
                f"<TextEquiv index='1'><Unicode>wrong</Unicode></TextEquiv>"
                f"<TextEquiv index='0' conf='0.9'><Unicode>{word.text}</Unicode></TextEquiv></Word>"
                for word in line
            )
            lines += f"<TextLine>{spelled}<TextEquiv><Unicode>not read</Unicode></TextEquiv></TextLine>"
        regions.append(f"<TextRegion id='B{number}'>{lines}</TextRegion>")
    order = "".join(f"<RegionRefIndexed index='{n}' regionRef='B{n}'/>" for n in range(len(regions), 0, -1))
    return (
        "<PcGts xmlns='http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15'>"
        f"<Page imageFilename='page1.png' imageWidth='{WIDTH}' imageHeight='{HEIGHT}'>"
        f"<ReadingOrder><OrderedGroup>{order}</OrderedGroup></ReadingOrder>{''.join(reversed(regions))}</Page></PcGts>"
    )


def hocr(words: Sequence[Drawn]) -> str:
    """The same in hOCR."""
    blocks = ""
    for block in _lines(words):
        lines = ""
        for line in block:
            spelled = " ".join(
                f"<span class='ocrx_word' title='bbox {word.x} {word.y} {word.x + word.width} {word.y + word.height}; "
                f"x_wconf 90'>{word.text}</span>"
                for word in line
            )
            lines += f"<span class='ocr_line' title='bbox 0 0 9 9; baseline 0 0'>{spelled}</span>"
        blocks += f"<div class='ocr_carea'><p class='ocr_par'>{lines}</p></div>"
    return (
        "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Transitional//EN' 'x.dtd'>"
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title></title><meta name='ocr-system' content='x'/></head>"
        f"<body><div class='ocr_page' title='image &quot;page1.png&quot;; bbox 0 0 {WIDTH} {HEIGHT}; ppageno 0'>"
        f"{blocks}</div></body></html>"
    )


PAGES = (alto, page_xml, hocr)
"""A page with these words in each format."""


def png(words: Sequence[Drawn], width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A picture of a page: black boxes on white."""
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for word in words:
        for y in range(word.y, min(word.y + word.height, height)):
            rows[y][word.x : word.x + word.width] = bytes(min(word.width, width - word.x))
    data = b"".join(b"\0" + row for row in rows)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(data)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


Article = tuple[str, str, str, str]
"""Its id, its title or "", the block of its heading or "", the blocks of its text as in `B2 B3`."""


def mets(
    articles: Sequence[Article],
    picture: str = "page1.png",
    page: str = "page1.xml",
    label: str = "7",
    day: str = "1899-02-03",
) -> str:
    """An issue of one page, and the number printed on it."""
    described, divisions = "", ""
    for name, title, heading, blocks in articles:
        described += (
            f"<dmdSec ID='D-{name}'><mods><identifier type='local'>{name}</identifier>"
            f"<titleInfo><title>{title}</title></titleInfo></mods></dmdSec>"
        )
        head = f"<div TYPE='HEADING'>{_area(heading)}</div>" if heading else ""
        body = "".join(map(_area, blocks.split()))
        divisions += f"<div TYPE='ARTICLE' DMDID='D-{name}'>{head}<div TYPE='BODY'>{body}</div></div>"
    return (
        "<mets xmlns:xlink='http://www.w3.org/1999/xlink'>"
        "<dmdSec ID='I'><mods><titleInfo><title>The Gazette</title></titleInfo>"
        f"<originInfo><dateIssued>{day}</dateIssued></originInfo></mods></dmdSec>{described}"
        f"<fileSec><fileGrp><file ID='A1'><FLocat xlink:href='{page}'/></file>"
        f"<file ID='P1'><FLocat xlink:href='{picture}'/></file></fileGrp></fileSec>"
        f"<structMap TYPE='PHYSICAL'><div TYPE='NEWSPAPER'><div TYPE='PAGE' ORDERLABEL='{label}'><fptr FILEID='A1'/>"
        "<fptr FILEID='P1'/></div></div></structMap>"
        f"<structMap TYPE='LOGICAL'><div TYPE='ISSUE' DMDID='I'>{divisions}</div></structMap></mets>"
    )


def _area(block: str) -> str:
    return f"<fptr><area FILEID='A1' BETYPE='IDREF' BEGIN='{block}'/></fptr>"


BLOCKS = (
    "Ferry sinks",
    "The old ferry sank in the har-~harbour / bour at dawn and nobody was hurt",
    "Mayor opens bridge",
    "The mayor opened a bridge over / the river before a great crowd",
)
ARTICLES: tuple[Article, ...] = (
    ("ferry", "Ferry sinks", "B1", "B2"),
    ("bridge", "Mayor opens bridge", "B3", "B4"),
)


def issue(folder: Path, picture: bytes | None = None) -> list[Drawn]:
    """Write an issue of one page with two articles. Returns the words of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    words = drawn(*BLOCKS)
    (folder / "mets.xml").write_text(mets(ARTICLES), "utf-8")
    (folder / "page1.xml").write_text(alto(words), "utf-8")
    (folder / "page1.png").write_bytes(png(words) if picture is None else picture)
    return words


def issue_of_pages(folder: Path, *labels: str) -> None:
    """Write an issue of several pages, with these numbers and an article on each, as a folder for each page."""
    for label in labels:
        there = folder / f"page-{label}"
        there.mkdir(parents=True)
        words = drawn(f"Harbour news {label}", f"A ship came to / the harbour of page {label} / and lay there")
        (there / "mets.xml").write_text(
            mets([(f"on-{label}", f"Harbour news {label}", "B1", "B2")], label=label), "utf-8"
        )
        (there / "page1.xml").write_text(alto(words), "utf-8")
        (there / "page1.png").write_bytes(png(words))


FIRST = date(1897, 1, 2)
"""The first day of a title, a Saturday."""
SKIPPED = (5, 60, 61)
"""The weeks of a title without an issue."""


def title_of_years(folder: Path, weeks: int = 156) -> None:
    """Write a weekly title: two pages an issue, two articles each; all first pages look the same, as do all second."""
    for week in range(weeks):
        if week not in SKIPPED:
            day = (FIRST + timedelta(weeks=week)).isoformat()
            for label in ("1", "2"):
                there = folder / day / label
                there.mkdir(parents=True)
                _page_of_title(there, day, label, f"{week + 100}")


def _page_of_title(folder: Path, day: str, label: str, number: str) -> None:
    heads = (f"Ferry report {number}", f"Market prices {number}")
    words = drawn(
        heads[0], f"The ferry number {number} came / to the harbour of page {label}",
        heads[1], f"Corn was sold for {number} / pence in the old market",
    )  # fmt: skip
    articles = [(f"{day}-{label}-{at}", head, f"B{at}", f"B{at + 1}") for at, head in zip((1, 3), heads, strict=True)]
    (folder / "mets.xml").write_text(mets(articles, label=label, day=day), "utf-8")
    (folder / "page1.xml").write_text(alto(words), "utf-8")
    (folder / "page1.png").write_bytes(_boxed(tuple(word._replace(text="", more="") for word in words)))


@cache
def _boxed(words: tuple[Drawn, ...]) -> bytes:
    return png(words)
