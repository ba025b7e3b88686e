"""Lines that a machine has misread, as people correct them: what was read stays, and what it should be comes after it.

A correction of a line says which words of the text should be which: `the harbonr → the harbour`. The text keeps the
words that were read, so that every place in it stays where it is, and gets a paragraph with the right ones at its end.
So both are found, and both are shown. The new words are printed where the old ones are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from search.text.tokens import tokens
from search.values.article import Article
from search.values.printed import Printed, pack, unpack
from search.values.scan import ScanPage

ARROW = "→"
_ARROWS = (ARROW, "->")


def parted(value: str) -> tuple[str, str] | None:
    """The words as they were read, and as they should be; None if a value does not say so."""
    for arrow in _ARROWS:
        read, found, right = value.partition(arrow)
        if found:
            read, right = read.strip(), right.strip()
            return (read, right) if read and right and read != right and arrow not in right else None
    return None


def joined(read: str, right: str) -> str:
    """The value of a correction."""
    return f"{read} {ARROW} {right}"


def place(text: str, read: str) -> int | None:
    """Where words are in a text, in code points; None if they are not, or more than once."""
    at = text.find(read)
    return at if at >= 0 and text.find(read, at + 1) < 0 else None


def with_lines(article: Article, values: Iterable[str]) -> tuple[str, tuple[ScanPage, ...]]:
    """The text of an article with corrected lines, and its pages with their words.

    Args:
        values: of corrections; of one whose words are not in the text, or more than once, nothing is added.
    """
    text, added = article.text, list[tuple[int, int, int, int]]()
    for value in values:
        read, right = parted(value) or ("", "")
        at = place(article.text, read) if read else None
        if at is not None:
            begin = len(text) + 2
            text = f"{text}\n\n{right}"
            added.append((at, at + len(read), begin, len(text)))
    return text, tuple(_with_places(page, text, added) for page in article.scan) if added else article.scan


def without_lines(article: Article, length: int) -> tuple[str, tuple[ScanPage, ...]]:
    """The text of so many characters, as it was read, and its pages."""
    return article.text[:length], tuple(
        replace(page, text=pack([word for word in unpack(page.text) if word.end <= length])) for page in article.scan
    )


def _with_places(page: ScanPage, text: str, added: Sequence[tuple[int, int, int, int]]) -> ScanPage:
    """A page with the added words: each where its own was read, if they are as many, else where all of them were."""
    words = unpack(page.text)
    by_start = sorted(words, key=lambda word: word.start)
    starts = [word.start for word in by_start]
    new: list[Printed] = []
    for start, end, begin, stop in added:
        old = by_start[bisect_left(starts, start) : bisect_left(starts, end)]
        right = [(begin + token.start, begin + token.end) for token in tokens(text[begin:stop])]
        boxes = old if len(old) == len(right) else [_around(old)] * len(right) if old else []
        new += [box._replace(start=a, end=b) for (a, b), box in zip(right, boxes, strict=False)]
    return replace(page, text=pack([*words, *new])) if new else page


def _around(words: Sequence[Printed]) -> Printed:
    left, top = min(word.x for word in words), min(word.y for word in words)
    right, bottom = max(word.x + word.width for word in words), max(word.y + word.height for word in words)
    return words[0]._replace(x=left, y=top, width=right - left, height=bottom - top)
