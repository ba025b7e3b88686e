"""Where the sentences of a text begin, and which of them begin a paragraph.

A sentence ends at `.`, `!`, `?` or `…`, with the quotes and brackets that close after it, before spaces and a letter or
digit that is not a small one, which an opening quote or bracket may precede; not after an initial (`J. Smith`) or an
abbreviation (`Mr. Smith`). Quotes, small letters and abbreviations are those of the text's language (`signs.of`). It
ends at `。`, `！` and `？` wherever they stand, and wherever a paragraph ends (`paragraphs.PARAGRAPH`). A title is one
sentence, whatever it contains.

By this definition `oil /s iran` finds both words in one, marks show them, and excerpts are cut. It does not look at
what words mean. Cost: some 2 ns a character.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from search.jit.arguments import I64, U8
from search.snippets import points, signs
from search.snippets.kernels import passages as kernels
from search.snippets.points import Joined


def cut(of_texts: Joined, whole: U8, languages: Sequence[str | None]) -> tuple[I64, U8, I64]:
    """Cut texts into sentences, which together are the whole text.

    Args:
        whole: uint8, for each text: not 0 if it is one sentence, such as a title.
        languages: that of each text.

    Returns:
        The end of each sentence, as an index of all code points (int64); 1 for each sentence that begins a paragraph
        (uint8); the number of sentences up to the end of each text (int64).
    """
    room = len(of_texts.points) + len(whole)
    ends, breaks, counts = np.empty(room, np.int64), np.empty(room, np.uint8), np.empty(len(whole), np.int64)
    count = first = 0
    for language, same in groupby(languages):
        last = first + sum(1 for _ in same)
        count = kernels.cut(*of_texts, points.kinds(), whole, signs.of(language), first, last, ends, breaks, counts)
        first = last
    return ends[:count], breaks[:count], counts


def starts(text: str, language: str | None) -> list[tuple[int, bool]]:
    """The start of each sentence of a text, in code points, and whether it begins a paragraph."""
    ends, breaks, _ = cut(points.joined((text,)), np.zeros(1, np.uint8), (language,))
    return list(zip([0, *ends[:-1].tolist()], breaks.astype(bool).tolist(), strict=True)) if text else []
