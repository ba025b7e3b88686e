"""The words of all texts, numbered: what is true of a word by itself is found once, however often it occurs.

A `Table` numbers words in the order in which they are first met; what is derived from a word alone is in `Columns`,
arrays that are filled as words are needed. Loops over a text are then loops over numbers (`kernels`). A table that has
grown large is replaced by an empty one; whoever holds numbers of it holds the table too.

Cost: some microseconds a word that is new, some ten nanoseconds for others; 40 MB with all columns when full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from indexer.enrich.kernels import reading
from indexer.enrich.shared.lexicon import flag_bits, flag_bits_of

MOST = 1 << 17
"""The number of words from which a table is replaced."""

LONGEST = 200
"""The greatest length of a word that is numbered; a longer one stands as a `reading.BREAK`."""

_USUAL_BREAK = 4
_NEW = -1

STOPS = frozenset((".", "!", "?", "..", "..."))
CLOSING = frozenset("\"'”’)]»")

Numbers = NDArray[np.int32]


class Table:
    """Numbers of words; threads take turns.

    Attributes:
        spellings: the words by number; 0 is a break.
        columns: what has been found of them.
    """

    def __init__(self) -> None:
        self.spellings: list[str] = ["\n"]
        self._numbers: dict[str, int] = {"\n": reading.BREAK}
        self.columns: dict[Columns, tuple[NDArray[Any], ...]] = {}
        self._lock = Lock()

    def numbers(self, words: Sequence[str]) -> Numbers:
        """The numbers of some words, in order; words that are too long, and white space, stand as breaks."""
        found = np.fromiter(map(self._numbers.get, words, repeat(_NEW)), np.int32, len(words))
        new = np.flatnonzero(found == _NEW)
        if len(new):
            with self._lock:
                found[new] = [self._number(words[at]) for at in new.tolist()]
        return found

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            if len(word) > LONGEST:
                return reading.BREAK
            if word[0] == "\n":
                if len(word) <= _USUAL_BREAK:
                    self._numbers[word] = reading.BREAK
                return reading.BREAK
            number = len(self.spellings)
            self.spellings.append(word)
            self._numbers[word] = number
        return number

    def number(self, word: str) -> int:
        """The number of a word."""
        with self._lock:
            return self._number(word)


class Columns:
    """What is true of each word of a table by itself, found when it is first needed.

    Args:
        types: of the columns; in the first, 0 stands for what has not been found yet.
        of: gives for a word of a table its value in each column.
    """

    def __init__(self, types: Sequence[DTypeLike], of: Callable[[Table, Sequence[str]], Sequence[ArrayLike]]) -> None:
        self._types = tuple(np.dtype(each) for each in types)
        self._of = of

    def of(self, table: Table, numbers: Numbers) -> tuple[NDArray[Any], ...]:
        """The columns by number of a word, filled for some numbers; of others they may be empty."""
        columns = table.columns.get(self)
        size = len(table.spellings)
        if columns is None or len(columns[0]) < size:
            columns = table.columns[self] = tuple(self._grown(size, columns))
        missing = numbers[columns[0][numbers] == 0]
        if len(missing):
            missing = np.unique(missing)
            found = self._of(table, [table.spellings[number] for number in missing.tolist()])
            for column, values in zip(reversed(columns), reversed(found), strict=True):  # the first says it is done
                column[missing] = values
        return columns

    def _grown(self, size: int, columns: tuple[NDArray[Any], ...] | None) -> Iterator[NDArray[Any]]:
        for number, kind in enumerate(self._types):
            larger = np.zeros(2 * size, kind)
            if columns is not None:
                larger[: len(columns[number])] = columns[number]
            yield larger


def _look(word: str) -> int:
    """The bits of `kernels.reading` that a word has."""
    first, size = word[0], len(word)
    flags = flag_bits(word)
    bits = _FOUND | flags << reading.FLAGS_FROM
    letter = first.isalpha()
    if letter:
        bits |= reading.LETTER | reading.LONG * (size > 3)
    else:
        bits |= reading.STOP * (word in STOPS) | reading.CLOSING * (word in CLOSING)
    if word.islower():
        bits |= reading.LOWER | reading.MIXED * letter
    elif letter:
        bits |= reading.LOUD * (size > 1 and word.isupper()) | reading.MIXED * any(map(str.islower, word))
    if first.islower():
        bits |= reading.LOWER_FIRST
    elif first.isupper():
        bits |= reading.UPPER_FIRST | reading.CONTENT * (letter and size > 3)
        bits |= reading.LONGER * (size > 2) | reading.FIRM * (size > 2 and flags & _FIRM != 0)
        bits |= reading.LEADS * (flags & _LEADS != 0 or (size == 2 and word[1] == "."))
    return bits


_FOUND = 1 << 15
_FIRM, _LEADS = flag_bits_of("o"), flag_bits_of("gt")
LOOKS = Columns(
    (np.uint32, np.uint8, np.int32),
    lambda table, words: (
        [_look(word) for word in words],
        [len(word) for word in words],
        table.numbers([word.lower() for word in words]),
    ),
)
"""Of each word its bits, its length in code points, and the number of it in lower case."""


def current() -> Table:
    """The table for a new text."""
    global _current
    if len(_current.spellings) > MOST:
        _current = Table()
    return _current


_current = Table()
