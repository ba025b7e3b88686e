"""The scanned pages of an article: their pictures, its place on them, and boxes around what is marked in its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.values import printed
from search.values.article import Article
from search.values.printed import Printed
from search.values.results import Mark
from service.api import scan as resource
from service.html.marking import Passage

MAX_SHEETS = 24
"""The greatest number of pages that are shown."""
MAX_BOXES = 2_000
"""The greatest number of words that are boxed on a page."""


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
        words = {"text": printed.unpack(page.text), "title": printed.unpack(page.title)}
        boxes = list(_boxes(words, marked)) if path is not None else []
        sheet = Sheet(
            number=number,
            label=page.label,
            url=f"{root}/article/{article.id}/scan/{number}" if path is not None else "",
            paged=path is not None and path.suffix == ".pdf",
            width=page.width,
            height=page.height,
            own=_own([*words["text"], *words["title"]], page.width, page.height) if path is not None else "",
            boxes=tuple(boxes[:MAX_BOXES]),
            hits=len({box.word for box in boxes if not box.kind}),
            note=page.note,
        )
        if sheet.url or sheet.note:
            found.append(sheet)
    return found


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


def _own(words: Sequence[Printed], width: int, height: int) -> str:
    """The blocks of an article on a page of this size, as a path."""
    margin = max(2, min(width, height) // 150)
    return "".join(
        f"M{left - margin} {top - margin}H{right + margin}V{bottom + margin}H{left - margin}Z"
        for left, top, right, bottom in printed.blocks(words)
    )
