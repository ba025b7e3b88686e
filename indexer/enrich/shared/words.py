"""The words of all texts, numbered: what is true of a word by itself is found once, however often it occurs.

A `Table` numbers words in the order in which they are first met; what is derived from a word alone is in `Columns`,
arrays that are filled as words are needed. Loops over a text are then loops over numbers (`kernels`). A table that has
grown large is replaced by an empty one; whoever holds numbers of it holds the table too.

Cost: some microseconds a word that is new, some ten nanoseconds for others; 40 MB with all columns when full.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from indexer.enrich.kernels import numbering, reading
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
Codes = NDArray[np.uint32]


class Index:
    """Numbers of words by their code points, for kernels; the first word is number 1."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._slots = np.zeros(1 << 8, np.int32)
        self._pool = np.empty(1 << 10, np.uint32)
        self._begins = np.zeros(1 << 8, np.int32)
        self._seed = np.uint64(secrets.randbits(63) << 1 | 1)
        self.size = 1
        self.enter(words)

    @property
    def arrays(self) -> numbering.Index:
        """The hash table, until more words are entered."""
        return self._slots, self._pool, self._begins, self._seed

    @property
    def nbytes(self) -> int:
        """The size of its arrays."""
        return self._slots.nbytes + self._pool.nbytes + self._begins.nbytes

    def enter(self, words: Sequence[str]) -> None:
        """Number some words, which are new, in order."""
        if not words:
            return
        added = codes_of("".join(words))
        first, self.size = self.size, self.size + len(words)
        used = int(self._begins[first])
        self._begins = _room(self._begins, self.size + 1)
        self._begins[first + 1 : self.size + 1] = np.cumsum([len(word) for word in words]) + used
        self._pool = _room(self._pool, used + len(added))
        self._pool[used : used + len(added)] = added
        if 2 * self.size > len(self._slots):
            self._slots = np.zeros(1 << (3 * self.size).bit_length(), np.int32)
            first = 1
        numbering.enter(self.arrays, first, self.size)


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _room(array: NDArray[Any], size: int) -> NDArray[Any]:
    """An array with room for more, twice as much if it has too little."""
    if size <= len(array):
        return array
    larger = np.zeros(2 * size, array.dtype)
    larger[: len(array)] = array
    return larger


class Table:
    """Numbers of words; threads take turns.

    Attributes:
        spellings: the words by number; 0 is a break.
        columns: what has been found of them.
    """

    def __init__(self) -> None:
        self.spellings: list[str] = ["\n"]
        self._numbers: dict[str, int] = {"\n": reading.BREAK}
        self._index = Index()
        self.columns: dict[Columns, tuple[NDArray[Any], ...]] = {}
        self._lock = Lock()

    def numbered(self, text: str, codes: Codes, firsts: Numbers, ends: Numbers) -> Numbers:
        """The numbers of the words of a text, in order, which stand from `firsts` to `ends` in its code points. Words
        that are too long, or empty, stand as breaks.
        """
        numbers = np.empty(len(firsts), np.int32)
        with self._lock:
            self._index.enter(self.spellings[self._index.size :])
            if numbering.look_up(codes, firsts, ends, self._index.arrays, LONGEST, numbers):
                for at in np.flatnonzero(numbers == _NEW).tolist():
                    numbers[at] = self._number(text[firsts[at] : ends[at]])
        return numbers

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
