"""Splits texts at their highlights, so that a template can escape each piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from search.snippets.paragraphs import PARAGRAPH
from search.values.article import Article
from search.values.results import Mark
from service.wording.evidence import numbered

T = TypeVar("T")

WRAPPED = 35
"""The least length of a line that was wrapped at a fixed width, as in newswires."""


class Piece(NamedTuple):
    """A run of a text.

    Attributes:
        hit: True if it matches the query.
        kind: the facet that it is evidence for, `person`, `country` or `topic`; "" for none.
        number: the number of the evidence that ends here, in the list next to the text; None if none does.
    """

    text: str
    hit: bool = False
    kind: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text, split at its highlights.

    Attributes:
        verse: True if its line breaks are intended, as in a poem or a table, rather than wrapping.
    """

    pieces: tuple[Piece, ...]
    verse: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """Evidence in the text or title: its offsets, its facet, and its number in the list."""

    start: int
    end: int
    kind: str
    number: int


def pieces(text: str, marks: Sequence[Mark], passages: Sequence[Passage] = ()) -> list[Piece]:
    """A text, split at its highlights, which are ascending and do not overlap, and evidence."""
    if passages:
        return list(_cut(text, 0, marks, passages))
    found, at = [], 0
    for start, end in marks:
        if at < start:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def paragraphs(text: str, marks: Sequence[Mark], passages: Sequence[Passage] = ()) -> Iterator[Paragraph]:
    """The paragraphs of a text, each split at highlights and evidence."""
    start = 0
    marked, proved = _Sweep([(a, b, None) for a, b in marks]), _Sweep([(p.start, p.end, p) for p in passages])
    breaks = [match.span() for match in PARAGRAPH.finditer(text)]
    for end, after in [*breaks, (len(text), len(text))]:
        cut = _cut(
            text[start:end],
            start,
            [(a, b) for a, b, _ in marked.over(start, end)],
            [p for _, _, p in proved.over(start, end)],
        )
        yield Paragraph(tuple(cut), _is_verse(text[start:end]))
        start = after


def _is_verse(paragraph: str) -> bool:
    """True if half of its lines, apart from the last, are too short to have been wrapped."""
    *lines, _ = paragraph.split("\n")
    return bool(lines) and 2 * sum(len(line.strip()) < WRAPPED for line in lines) >= len(lines)


def _cut(text: str, at: int, marks: Sequence[Mark], passages: Sequence[Passage]) -> Iterator[Piece]:
    """The pieces of a part of a text that begins at an offset; of overlapping evidence, the first is used."""
    ends = {at, at + len(text)}
    for start, end in [*marks, *((p.start, p.end) for p in passages)]:
        ends |= {min(max(place, at), at + len(text)) for place in (start, end)}
    hits, proofs = _Sweep([(a, b, None) for a, b in marks]), _Sweep([(p.start, p.end, p) for p in passages])
    for start, end in pairwise(sorted(ends)):
        passage: Passage | None = next((p for _, _, p in proofs.over(start, end)), None)
        last = passage is not None and end in (passage.end, at + len(text))
        yield Piece(
            text[start - at : end - at],
            bool(hits.over(start, end)),
            passage.kind if passage else "",
            passage.number if passage and last else None,
        )


class _Sweep(Generic[T]):
    """Spans (start, end, value) sorted by start, looked up at ascending offsets.

    Each span is visited only where it overlaps, so the cost is linear in a long text with many spans.
    """

    def __init__(self, spans: Sequence[tuple[int, int, T]]) -> None:
        self._spans = sorted(spans, key=lambda span: (span[0], -span[1]))
        self._next = 0
        self._here: list[tuple[int, int, T]] = []

    def over(self, start: int, end: int) -> list[tuple[int, int, T]]:
        """The spans that overlap a range, which begins no earlier than the previous one."""
        while self._next < len(self._spans) and self._spans[self._next][0] < end:
            self._here.append(self._spans[self._next])
            self._next += 1
        self._here = [span for span in self._here if span[1] > start]
        return self._here


def passages(article: Article, kinds: Sequence[str], within: str = "text") -> list[Passage]:
    """The evidence of some facets in the text or the title, numbered as by `numbered`, in order."""
    found = [
        Passage(entry.start, entry.end, kind, number)
        for number, (kind, entry) in enumerate(numbered(article), 1)
        if kind in kinds and entry.within == within and entry.start is not None and entry.end is not None
    ]
    return sorted(found, key=lambda passage: (passage.start, -passage.end))
