"""The words of a title or text that decide its topics, and how often each of their stems occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import counting
from indexer.enrich.kernels import parts as kernels
from indexer.enrich.shared.runs import Cut, Parts, Runs, cut
from indexer.enrich.shared.words import Columns, Numbers, Table
from indexer.languages import Language
from search.fields import TITLE_WEIGHT
from search.text.tokens import fold_word, runs, stems, words

READ = 1_000
"""The number of words of a text that are read; later ones rarely change the topics."""


def _parts(table: Runs, written: Sequence[str]) -> tuple[list[int], list[Numbers]]:
    """The words of some runs: the number in each, and the numbers of all."""
    found = [[run] if run.isascii() and run.isalnum() else words(run) for run in written]
    return [len(each) for each in found], [table.words.numbers([word for each in found for word in each])]


WORDS = Parts((np.int32,), _parts)
"""The words of `search.text.tokens`, as they are written."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a passage that are read, by their numbers in a table."""

    cut: Cut
    numbers: Numbers

    @property
    def table(self) -> Table:
        """The table of all words."""
        return self.cut.table.words

    @property
    def passage(self) -> str:
        """The whole passage."""
        return self.cut.text

    def span(self, at: int) -> tuple[int, int]:
        """The offsets of a word in the passage."""
        run, place = kernels.run_of(self.cut.numbers, WORDS.known(self.cut.table).ends, at)
        start = self.cut.start(run)
        first, end = next(islice(runs(self.cut.from_run(run)), place, None)).span()
        return start + first, start + end


def read(passage: str, language: Language) -> Words:
    """The words of a title or text that are read."""
    found = cut(passage, language)
    return Words(found, found.spelled(WORDS, READ))


def joined(passages: Sequence[str], language: Language) -> Words:
    """The words of some passages that are read, one after the other; there is at least one."""
    found = [cut(passage, language) for passage in passages]
    last = found[-1]  # those before may be of a table that was replaced
    numbers = [each.spelled(WORDS, READ) for each in found if each.table is last.table]
    return Words(last, np.concatenate(numbers))


class Stems:
    """Rows for stems.

    Args:
        rows: stem → row, from 0.
        language: of the stems.
    """

    def __init__(self, rows: Mapping[str, int], language: str) -> None:
        def of(_table: Table, written: Sequence[str], _numbers: Numbers) -> tuple[list[int]]:
            return ([rows.get(stem, -1) + _FIRST for stem in stems(list(map(fold_word, written)), language)],)

        self._columns = Columns((np.int32,), of)

    def rows(self, passage: Words) -> NDArray[np.int32]:
        """The rows of stems by number of a word, plus `_FIRST`; filled for the words of a passage."""
        column: NDArray[np.int32] = self._columns.of(passage.table, passage.numbers)[0]
        return column

    def place(self, passage: Words, row: int) -> int | None:
        """The first word with a stem; None if there is none."""
        places = np.flatnonzero(self.rows(passage)[passage.numbers] == row + _FIRST)
        return int(places[0]) if len(places) else None


_FIRST = 2
"""Of rows in the column of `Stems`, where 0 is a word that is not known yet, 1 a word without a row."""


def count(title: Words, text: Words, stems: Stems) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The rows of the stems that occur, in the order of their first occurrence, and the number of occurrences of each.

    Title words are weighted as in search.
    """
    return add_up((text.numbers, stems.rows(text)), (title.numbers, stems.rows(title)))


def add_up(text: counting.Text, title: counting.Text | None = None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The same of numbers of words with the rows of their stems (see `Stems.rows`)."""
    title = title or (text[0][:0], text[1])
    rows, counts = np.empty((2, len(text[0]) + len(title[0])), np.int32)
    size = counting.count(text, title, _FIRST, TITLE_WEIGHT, rows, counts)
    return rows[:size], counts[:size]
