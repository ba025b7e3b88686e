"""Puts the right words of corrected lines (`lines`) into the text of an article, its evidence and its scanned pages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desk.corrections.lines import parted, places
from search.text.tokens import tokens
from search.values.article import Article, Evidence
from search.values.printed import Printed, pack, unpack
from search.values.scan import ScanPage


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An article's text with corrected lines, and what is at a place in it.

    Attributes:
        text: with the right words, without what was read.
        read: what was read, in the order of the text.
    """

    text: str
    read: tuple[str, ...]
    scan: tuple[ScanPage, ...]
    evidence: Mapping[str, tuple[Evidence, ...]]


def rewritten(article: Article, values: Iterable[str]) -> Rewritten | None:
    """The text of an article with corrected lines; None if none of them fits.

    Args:
        values: of corrections, the latest last. One whose words are not in the text once changes nothing, as do the
            earlier ones of those that overlap.
    """
    found: list[tuple[int, int, str]] = []
    both = [pair for value in values if (pair := parted(value))]
    where_read = places(article.text, {read for read, _ in both})
    for read, right in reversed(both):
        if (at := where_read.get(read)) is not None:
            found.append((at, at + len(read), right))
    lines: list[tuple[int, int, str]] = []
    taken: list[tuple[int, int]] = []
    for start, end, right in found:  # the latest first
        where = bisect_left(taken, (start, end))
        free = (where == 0 or taken[where - 1][1] <= start) and (where == len(taken) or end <= taken[where][0])
        if free:
            taken.insert(where, (start, end))
            lines.append((start, end, right))
    if not lines:
        return None
    lines.sort()
    text, at = [], 0
    for start, end, right in lines:
        text += [article.text[at:start], right]
        at = end
    moves = _Moves(lines)
    return Rewritten(
        "".join([*text, article.text[at:]]),
        tuple(article.text[start:end] for start, end, _ in lines),
        tuple(_page(page, lines, moves) for page in article.scan),
        {name: tuple(map(moves.evidence, entries)) for name, entries in article.evidence.items()},
    )


class _Moves:
    """Where offsets of a text are when its lines are corrected."""

    def __init__(self, lines: Sequence[tuple[int, int, str]]) -> None:
        self._starts = [start for start, _, _ in lines]
        self._ends = [end for _, end, _ in lines]
        self._by = [0]
        for start, end, right in lines:
            self._by.append(self._by[-1] + len(right) - (end - start))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The new offsets of a range; None if a line that is corrected has a part of it."""
        line = bisect_right(self._ends, start)
        if line < len(self._starts) and self._starts[line] < end:
            return None
        return start + self._by[line], end + self._by[line]

    def line(self, number: int) -> int:
        """The new offset at which a corrected line begins."""
        return self._starts[number] + self._by[number]

    def evidence(self, entry: Evidence) -> Evidence:
        """Evidence where it is now; without a place if its words are corrected."""
        if entry.within != "text" or entry.start is None or entry.end is None:
            return entry
        start, end = self.span(entry.start, entry.end) or (None, None)
        return replace(entry, start=start, end=end)


def _page(page: ScanPage, lines: Sequence[tuple[int, int, str]], moves: _Moves) -> ScanPage:
    """A page with its words where they are now: the right ones where their own were read, if they are as many."""
    words = unpack(page.text)
    by_start = sorted(words, key=lambda word: word.start)
    starts = [word.start for word in by_start]
    new = [word._replace(start=span[0], end=span[1]) for word in words if (span := moves.span(word.start, word.end))]
    for number, (start, end, right) in enumerate(lines):
        old = by_start[bisect_left(starts, start) : bisect_left(starts, end)]
        begin = moves.line(number)
        at = [(begin + token.start, begin + token.end) for token in tokens(right)]
        boxes = old if len(old) == len(at) else [_around(old)] * len(at) if old else []
        new += [box._replace(start=a, end=b) for (a, b), box in zip(at, boxes, strict=False)]
    return replace(page, text=pack(sorted(new, key=lambda word: word.start)))


def _around(words: Sequence[Printed]) -> Printed:
    left, top = min(word.x for word in words), min(word.y for word in words)
    right, bottom = max(word.x + word.width for word in words), max(word.y + word.height for word in words)
    return words[0]._replace(x=left, y=top, width=right - left, height=bottom - top)
