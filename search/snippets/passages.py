"""Chooses the passages of a text to show, and cuts them: whole sentences if they fit.

Cost: some 2 ns a character up to the last match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from search.jit.arguments import I32, I64
from search.snippets import points, signs
from search.snippets.kernels import passages as kernels
from search.snippets.paragraphs import PARAGRAPH
from search.snippets.points import Joined
from search.values.results import Mark, Snippet

Span = tuple[int, int, int, int]
"""A match: start, end, the number of the query's leaf, and the end of the last word it includes."""


class Found(NamedTuple):
    """The matches in texts: see `kernels.choose`."""

    spans: I32
    ends: I64


LENGTH = 240
"""Target length of a snippet, in characters."""
COUNT = 2
"""Snippets shown for an article; of sentences that follow each other they are one."""
MAX_CHARACTERS = 400_000
"""Only this many characters of a text are searched for passages."""
AROUND = 20_000
"""Characters before and after a span in which its passage is looked for."""


def choose(
    texts: Sequence[str], of_texts: Joined, found: Found, leaves: int, language: str | None
) -> list[tuple[Snippet, ...]]:
    """The best passages of each text, in text order; its beginning, unmarked, if there is no match.

    Args:
        of_texts: their code points.
        found: the matches.
        leaves: the number of leaves.
        language: that of the texts, whose sentences are cut by it.
    """
    passages, marks = np.empty((COUNT * len(texts), 5), np.int32), np.empty((len(found.spans), 2), np.int32)
    ends, seen = np.empty(len(texts), np.int64), np.empty(leaves, np.int64)
    kernels.choose(
        of_texts.points, points.kinds(), of_texts.ends, found.spans, found.ends, COUNT, LENGTH, signs.of(language),
        seen, passages, ends, marks,
    )  # fmt: skip
    places = ends.tolist()
    rows = passages[: places[-1]].tolist() if places else []
    ranges = iter(marks[: sum([row[4] for row in rows])].tolist())
    shown, begun = [], 0
    for text, end in zip(texts, places, strict=True):
        shown.append(tuple([_snippet(text, row, ranges) for row in _joined(text, rows[begun:end])]))
        begun = end
    return shown


def around(text: str, start: int, end: int, language: str | None) -> Snippet:
    """The passage around a span of a text, with the span marked: whole sentences if they fit."""
    return each_around([text], [(start, end)], [language])[0]


def each_around(texts: Sequence[str], spans: Sequence[Mark], languages: Sequence[str | None]) -> list[Snippet]:
    """The same for a span of each of several texts, in less time."""
    of: dict[str | None, list[int]] = {}
    for place, language in enumerate(languages):
        of.setdefault(language, []).append(place)
    shown: dict[int, Snippet] = {}
    for language, places in of.items():
        some = _each_around([texts[place] for place in places], [spans[place] for place in places], language)
        shown |= zip(places, some, strict=True)
    return [shown[place] for place in range(len(texts))]


def _each_around(texts: Sequence[str], spans: Sequence[Mark], language: str | None) -> list[Snippet]:
    firsts = [max(0, start - AROUND) for start, _ in spans]
    near = [text[first : first + 2 * AROUND] for text, first in zip(texts, firsts, strict=True)]
    rows = [(start - first, end - first, 0, end - first) for (start, end), first in zip(spans, firsts, strict=True)]
    found = Found(np.array(rows, np.int32).reshape(-1, 4), np.arange(1, len(rows) + 1))
    return [chosen for (chosen,) in choose(near, points.joined(near), found, 1, language)]


def _joined(text: str, rows: Iterable[list[int]]) -> list[list[int]]:
    """Passages of a text, as rows of `kernels.choose`: whole ones that follow each other in a paragraph are one."""
    joined: list[list[int]] = []
    for row in rows:
        before = joined[-1] if joined else None
        if before is not None and _is_whole(before) and _is_whole(row) and _is_space(text[before[1] : row[0]]):
            joined[-1] = [before[0], row[1], before[2], row[3], before[4] + row[4]]
        else:
            joined.append(row)
    return joined


def _is_whole(row: Sequence[int]) -> bool:
    start, end, cut_start, cut_end, _ = row
    return (start, end) == (cut_start, cut_end)


def _is_space(between: str) -> bool:
    return not between.strip() and PARAGRAPH.search(between) is None


def _snippet(text: str, row: Sequence[int], ranges: Iterator[Sequence[int]]) -> Snippet:
    """A passage, with the next ranges as its marks."""
    start, end, cut_start, cut_end, count = row
    passage, shift = text[cut_start:cut_end].replace("\n", " "), cut_start
    if cut_start > start:
        passage, shift = f"… {passage}", cut_start - 2
    if cut_end < end:
        passage += " …"
    return Snippet(passage, tuple([(a - shift, b - shift) for a, b in islice(ranges, count)]))


def merge(spans: Iterable[list[int]]) -> tuple[Mark, ...]:
    """The ranges to highlight: ascending, not overlapping."""
    merged: list[Mark] = []
    for start, end, *_ in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
