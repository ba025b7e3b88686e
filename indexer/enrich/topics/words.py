"""The words of a title or text that decide its topics, and how often each of their stems occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import counting
from indexer.enrich.shared.words import Columns, Numbers, Table, current
from search.fields import TITLE_WEIGHT
from search.text import fold_word, runs, stem, words

READ = 1_000
"""The number of words of a text that are read; later ones rarely change the topics."""

_SHORT = 16 * READ
"""Characters of a text whose words are found at once, and then cut off."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a passage that are read, as they are written, and their numbers in a table."""

    passage: str
    words: Sequence[str]
    numbers: Numbers
    table: Table

    def span(self, at: int) -> tuple[int, int]:
        """The offsets of a word in the passage."""
        return next(islice(runs(self.passage), at, None)).span()

    def part(self, first: int, end: int) -> Words:
        """Some of the words, for counting; their offsets are not known."""
        return Words("", self.words[first:end], self.numbers[first:end], self.table)

    def places(self, columns: Columns, value: int) -> NDArray[np.intp]:
        """The words, in order, for which the first of some columns has a value."""
        return np.flatnonzero(columns.of(self.table, self.numbers)[0][self.numbers] == value)


def read(passage: str) -> Words:
    """The words of a title or text that are read."""
    short = len(passage) <= _SHORT
    found = words(passage)[:READ] if short else [match[0] for match in islice(runs(passage), READ)]
    table = current()
    return Words(passage, found, table.numbers(found), table)


class Stems:
    """Rows for stems.

    Args:
        rows: stem → row, from 0.
        language: of the stems.
    """

    def __init__(self, rows: Mapping[str, int], language: str) -> None:
        def of(_table: Table, written: Sequence[str]) -> tuple[list[int]]:
            return ([rows.get(stem(fold_word(word), language), -1) + _FIRST for word in written],)

        self.size = len(rows)
        self.columns = Columns((np.int32,), of)

    def places(self, passage: Words, row: int) -> NDArray[np.intp]:
        """The words, in order, that have a stem."""
        return passage.places(self.columns, row + _FIRST)


_FIRST = 2
"""Of rows in the column of `Stems`, where 0 is a word that is not known yet, 1 a word without a row."""


def count(title: Words, text: Words, stems: Stems) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The rows of the stems that occur, in the order of their first occurrence, and the number of occurrences of each.

    Title words are weighted as in search.
    """
    places = np.zeros(stems.size, np.int32)
    size = len(text.words) + len(title.words)
    rows, counts, used = np.empty(size, np.int32), np.empty(size, np.int32), 0
    for each, weight in ((text, 1), (title, TITLE_WEIGHT)):
        (column,) = stems.columns.of(each.table, each.numbers)
        used = counting.count(each.numbers, column, _FIRST, weight, places, rows, counts, used)
    return rows[:used], counts[:used]
