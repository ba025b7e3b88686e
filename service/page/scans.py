"""The scanned pages of an article: their pictures, its place on them, and boxes around what is marked in its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.engine import Engine
from search.values import printed
from search.values.article import Article
from search.values.printed import Printed
from search.values.results import Mark
from search.values.scan import ScanPage
from service.api import scan as resource
from service.html.marking import Passage

MAX_SHEETS = 24
"""The greatest number of pages that are shown."""
MAX_BOXES = 2_000
"""The greatest number of words that are boxed on a page."""
ACROSS = 1_000
"""The width of a page, in the unit of cut-outs: large units of a scan would make a large drawing."""
LEAST = 180
"""The least width of a cut-out, in the same unit: a column of a broadsheet."""
SHAPE = 0.4
"""The height of a cut-out, divided by its width."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box around a word on a page.

    Attributes:
        kind: the facet that the word is evidence for; "" for a word of the query.
        word: the word in the article; the two parts of a hyphenated one have the same.
    """

    x: int
    y: int
    width: int
    height: int
    kind: str
    word: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to show.

    Attributes:
        number: its number among the pages of the article, from 1.
        label: the number printed on it; "" if unknown.
        url: of its picture; "" if there is none.
        paged: True if its picture is a document, which is linked and not shown.
        width, height: of the page, in the unit of the boxes.
        own: where the article is on it, as the path of an SVG; "" if that is not known.
        boxes: those of the marked words.
        hits: the number of words that were found.
        note: why there is no picture.
    """

    number: int
    label: str
    url: str
    paged: bool
    width: int
    height: int
    own: str
    boxes: tuple[Box, ...]
    hits: int
    note: str


@dataclass(frozen=True, slots=True)
class Cutout:
    """What a hit shows of the page that it is on: the first found word in its column, or where the article begins.

    Attributes:
        number: that of the page among those of the article, from 1.
        url: of the picture of the page.
        page: the height of the page; its width is `ACROSS`.
        x, y, width, height: the part that is shown, in the same unit.
        boxes: around the found words in it, as left, top, width and height.
    """

    number: int
    url: str
    page: int
    x: int
    y: int
    width: int
    height: int
    boxes: tuple[tuple[int, int, int, int], ...]


Marked = Mapping[str, tuple[Sequence[Mark], Sequence[Passage]]]
"""`text` or `title` → its highlights and its evidence, each ascending."""


def sheets(article: Article, marked: Marked, place: str, root: str) -> list[Sheet]:
    """The pages of an article.

    Args:
        place: the index, which stores the pictures.
        root: the path at which this service is mounted.
    """
    found = []
    for number, page in enumerate(article.scan[:MAX_SHEETS], 1):
        path = resource.stored(place, page)
        words = _words(page)
        boxes = list(_boxes(words, marked)) if path is not None else []
        sheet = Sheet(
            number=number,
            label=page.label,
            url=address(article, number, root) if path is not None else "",
            paged=path is not None and path.suffix == ".pdf",
            width=page.width,
            height=page.height,
            own=outline([*words["text"], *words["title"]], page.width, page.height) if path is not None else "",
            boxes=tuple(boxes[:MAX_BOXES]),
            hits=len({box.word for box in boxes if not box.kind}),
            note=page.note,
        )
        if sheet.url or sheet.note:
            found.append(sheet)
    return found


def cutouts(engine: Engine, articles: Sequence[Article], text: str, place: str, root: str) -> dict[str, Cutout]:
    """What hits show of their pages, by the id of the article; a picture has one URL for all of them.

    Args:
        text: the query whose words are boxed.
        place, root: as of `sheets`.
    """
    scanned = [article for article in articles if article.has]
    if not scanned:
        return {}
    found: dict[str, Cutout] = {}
    urls: dict[str, str] = {}
    for article, marked in zip(scanned, engine.marked(scanned, text), strict=True):
        marks: Marked = {"title": (marked.title, ()), "text": (marked.text, ())}
        shown = [
            (number, page, words, list(_boxes(words, marks)))
            for number, page in enumerate(article.scan[:MAX_SHEETS], 1)
            if page.width and (path := resource.stored(place, page)) is not None and path.suffix != ".pdf"
            for words in (_words(page),)
        ]
        best = next((one for one in shown if one[3]), shown[0] if shown else None)
        if best is not None:
            number, page, words, boxes = best
            url = urls.setdefault(page.picture, address(article, number, root))
            if (cut := _cutout(number, url, page, words, boxes)) is not None:
                found[article.id] = cut
    return found


def _cutout(
    number: int, url: str, page: ScanPage, words: Mapping[str, Sequence[Printed]], boxes: Sequence[Box]
) -> Cutout | None:
    """The part of a page around the first box, else where the article begins; None if that is not known."""
    printed_words = [*words["title"], *words["text"]]
    first = boxes[0] if boxes else next(iter(printed_words), None)
    if first is None:
        return None
    scale = ACROSS / page.width
    left, right = first.x, first.x + first.width
    for one in printed.blocks(printed_words):
        if one[0] <= first.x <= one[2] and one[1] <= first.y <= one[3]:
            left, right = min(left, one[0]), max(right, one[2])
            break
    high = max(1, round(page.height * scale))
    width = min(ACROSS, max(LEAST, round((right - left) * scale) + 20))
    height = min(high, round(width * SHAPE))
    x = min(max(0, round((left + right) * scale / 2) - width // 2), ACROSS - width)
    above = (height - round(first.height * scale)) // 2 if boxes else height // 12
    y = min(max(0, round(first.y * scale) - above), high - height)
    scaled = [tuple(round(side * scale) for side in (box.x, box.y, box.width, box.height)) for box in boxes]
    inside = [
        (left, top, max(1, across), max(1, down))
        for left, top, across, down in scaled
        if x <= left + across and left <= x + width and y <= top + down and top <= y + height
    ]
    return Cutout(number, url, high, x, y, width, height, tuple(inside[:MAX_BOXES]))


def address(article: Article, number: int, root: str) -> str:
    """The URL of the picture of a page of an article, by its number among them, from 1."""
    return f"{root}/article/{article.id}/scan/{number}"


def _words(page: ScanPage) -> dict[str, list[Printed]]:
    return {"text": printed.unpack(page.text), "title": printed.unpack(page.title)}


def _boxes(words: Mapping[str, Sequence[Printed]], marked: Marked) -> Iterator[Box]:
    for part, (marks, passages) in marked.items():
        by_kind = {"": list(marks)}
        for passage in passages:
            by_kind.setdefault(passage.kind, []).append((passage.start, passage.end))
        for kind in sorted(by_kind):  # words of the query first
            for word in printed.over(words[part], _apart(by_kind[kind])):
                yield Box(word.x, word.y, word.width, word.height, kind, (part, word.start))


def _apart(ranges: Sequence[Mark]) -> list[tuple[int, int]]:
    """Ranges as ascending ones that do not overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def outline(words: Sequence[Printed], width: int, height: int) -> str:
    """The blocks of an article on a page of this size, as the path of an SVG; "" if it has no words."""
    margin = max(2, min(width, height) // 150)
    return "".join(
        f"M{left - margin} {top - margin}H{right + margin}V{bottom + margin}H{left - margin}Z"
        for left, top, right, bottom in printed.blocks(words)
    )
