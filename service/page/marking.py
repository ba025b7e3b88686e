"""Texts cut at their marks, for a template to write each piece escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from search.article import Article
from search.results import Mark
from search.snippets import PARAGRAPH
from service.evidence import numbered

T = TypeVar("T")

WRAPPED = 35
"""Characters that a line has at least where lines are wrapped at a width, as those of newswires are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text.

    Attributes:
        hit: whether the question's words stand here.
        kind: the facet whose evidence it is, `person`, `country` or `topic`; "" for none.
        number: of the evidence it ends, in the list beside the text; None where it ends none.
    """

    text: str
    hit: bool = False
    kind: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text, cut at its marks.

    Attributes:
        verse: whether its lines end where they do on purpose, as in a poem or a table; else they are only wrapped.
    """

    pieces: tuple[Piece, ...]
    verse: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """Evidence that stands in the text: where, for which facet, and its number in the list."""

    start: int
    end: int
    kind: str
    number: int


def pieces(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """A text cut at its marks."""
    return list(_cut(text, 0, marks, ()))


def paragraphs(text: str, marks: Sequence[Mark], passages: Sequence[Passage] = ()) -> Iterator[Paragraph]:
    """The paragraphs of a text, each cut at its marks and at the evidence."""
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
    """Whether half its lines but the last are too short to have been wrapped."""
    *lines, _ = paragraph.split("\n")
    return bool(lines) and 2 * sum(len(line.strip()) < WRAPPED for line in lines) >= len(lines)


def _cut(text: str, at: int, marks: Sequence[Mark], passages: Sequence[Passage]) -> Iterator[Piece]:
    """Pieces of a text that begins at a place of the whole; where passages overlap, the first one counts."""
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
    """Spans (start, end, what they are) in the order of their starts, looked up at places that only go forward.

    Each is looked at by the places it overlaps and no others, so that many of them in a long text cost no more each.
    """

    def __init__(self, spans: Sequence[tuple[int, int, T]]) -> None:
        self._spans = sorted(spans, key=lambda span: (span[0], -span[1]))
        self._next = 0
        self._here: list[tuple[int, int, T]] = []

    def over(self, start: int, end: int) -> list[tuple[int, int, T]]:
        """Those that overlap a place, which begins no earlier than the last one."""
        while self._next < len(self._spans) and self._spans[self._next][0] < end:
            self._here.append(self._spans[self._next])
            self._next += 1
        self._here = [span for span in self._here if span[1] > start]
        return self._here


def passages(article: Article, kinds: Sequence[str]) -> list[Passage]:
    """The evidence of these facets that stands in the text, numbered as `numbered` numbers it, in order."""
    found = [
        Passage(entry.start, entry.end, kind, number)
        for number, (kind, entry) in enumerate(numbered(article), 1)
        if kind in kinds and entry.start is not None and entry.end is not None
    ]
    return sorted(found, key=lambda passage: (passage.start, -passage.end))
