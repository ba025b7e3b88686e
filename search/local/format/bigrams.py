"""The bigrams of a segment: which adjacent words have postings of their own.

Of two words that most articles have, nearly all positions would have to be read to find them next to each other. So the
postings of adjacent very frequent words are written with those of the words: `bigram.words` in `.lex` are the stems in
question, `bigram.keys` the pairs of them that occur, in the order of their postings, which begin at `bigram.first`.

Source: Hugh E. Williams, Justin Zobel and Dirk Bahle, “Fast phrase querying with combined indexes”, 2004.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.files.array_file import ArrayFile, ArrayFileWriter
from search.local.format.layout import BIGRAM

NOWHERE = -1
"""Instead of the number of a bigram that no article has."""


def write(file: ArrayFileWriter, words: NDArray[np.int64], keys: NDArray[np.int64]) -> None:
    """Write which bigrams have postings.

    Args:
        words: the numbers of the stems, ascending.
        keys: of each bigram the place of its first word among them, times their number, plus that of its second.
    """
    file.add(f"{BIGRAM}.words", words.astype(np.uint32))
    file.add(f"{BIGRAM}.keys", keys.astype(np.uint32))


class Bigrams:
    """The bigrams that `write` wrote; none in a segment older than they are.

    Args:
        first: the number of the first one's postings.
    """

    def __init__(self, file: ArrayFile, first: int) -> None:
        there = f"{BIGRAM}.words" in file
        self._places = {word: place for place, word in enumerate(file[f"{BIGRAM}.words"].tolist())} if there else {}
        self._keys: NDArray[np.uint32] = file[f"{BIGRAM}.keys"] if there else np.empty(0, np.uint32)
        self._first = first

    def find(self, words: Sequence[int]) -> int | None:
        """The number of the postings of two adjacent words.

        Returns:
            `NOWHERE` if they are adjacent in no article; None if they are not two words of which that is known.
        """
        places = [self._places.get(word) for word in words]
        match places:
            case [int(before), int(after)]:
                key = before * len(self._places) + after
                at = int(np.searchsorted(self._keys, key))
                return self._first + at if at < len(self._keys) and self._keys[at] == key else NOWHERE
        return None
