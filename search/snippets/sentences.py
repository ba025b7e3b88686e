"""Where the sentences of a text begin, and which of them begin a paragraph.

A sentence ends at `.`, `!`, `?` or `…`, with the quotes and brackets that close after it, before spaces and a letter or
digit that is not a small one of ASCII, which an opening quote or bracket may precede; not after an initial (`J. Smith`)
or an abbreviation of `signs.STORED` (`Mr. Smith`). It ends at `。`, `！` and `？` wherever they stand, and wherever a
paragraph ends (`paragraphs.PARAGRAPH`). A title is one sentence, whatever it contains.

By this definition `oil /s iran` finds both words in one, and marks show them. It is the same in every language, since
the beginnings are stored; what is shown of a text is cut by the signs of its language (`signs.of`). It does not look at
what words mean. Cost: some 2 ns a character.
"""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U8
from search.snippets import points, signs
from search.snippets.kernels import passages as kernels
from search.snippets.points import Joined


def cut(of_texts: Joined, whole: U8) -> tuple[I64, U8, I64]:
    """Cut texts into sentences, which together are the whole text.

    Args:
        whole: uint8, for each text: not 0 if it is one sentence, such as a title.

    Returns:
        The end of each sentence, as an index of all code points (int64); 1 for each sentence that begins a paragraph
        (uint8); the number of sentences up to the end of each text (int64).
    """
    room = len(of_texts.points) + len(whole)
    ends, breaks, counts = np.empty(room, np.int64), np.empty(room, np.uint8), np.empty(len(whole), np.int64)
    count = kernels.cut(*of_texts, points.kinds(), whole, signs.STORED, ends, breaks, counts)
    return ends[:count], breaks[:count], counts


def starts(text: str) -> list[tuple[int, bool]]:
    """The start of each sentence of a text, in code points, and whether it begins a paragraph."""
    ends, breaks, _ = cut(points.joined((text,)), np.zeros(1, np.uint8))
    return list(zip([0, *ends[:-1].tolist()], breaks.astype(bool).tolist(), strict=True)) if text else []
