"""The words of all texts, numbered: what is true of a word by itself is found once, however often it occurs.

A `Table` numbers the words of a language in the order in which they are first met; what is derived from a word alone is
in `Columns`, arrays that are filled as words are needed. Loops over a text are then loops over numbers (`kernels`). A
table that has grown large is replaced by an empty one; what has numbers of it refers to the table too.

Cost: some microseconds a word that is new, some ten nanoseconds for others; 35 MB with all columns and notes when full.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from indexer.enrich.kernels import numbering, reading
from indexer.enrich.shared.lexicon import flag_bits, flag_bits_of
from indexer.languages import Language

MOST = 1 << 16
"""The number of words from which a table is replaced."""

LONGEST = 200
"""The greatest length of a word that is numbered; a longer one stands as a `reading.BREAK`."""

STOPS = frozenset((".", "!", "?", "..", "..."))
CLOSING = frozenset("\"'”’)]»")
"""What belongs to the sentence that ends before it, in every language; see the kind `closing` for others."""

Numbers = NDArray[np.int32]
Codes = NDArray[np.uint32]


class Index:
    """Numbers of words by their code points, for kernels; the first word is number 1.

    Attributes:
        known: the number that the next new word gets.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._slots, self._begins = np.zeros(1 << 8, np.int32), np.zeros(1 << 7, np.int32)
        self._pool = np.empty(1 << 10, np.uint32)
        self._seed = np.uint64(secrets.randbits(63) << 1 | 1)
        self.known = 1
        text, firsts, ends = _in_a_row(words)
        self.number(codes_of(text), firsts, ends)

    @property
    def arrays(self) -> numbering.Index:
        """The hash table, until more words are numbered."""
        return self._slots, self._pool, self._begins, self._seed

    @property
    def nbytes(self) -> int:
        """The size of its arrays."""
        return self._slots.nbytes + self._pool.nbytes + self._begins.nbytes

    def number(self, codes: Codes, firsts: Numbers, ends: Numbers) -> Numbers:
        """The numbers of words, which stand from `firsts` to `ends` in some code points; new ones get the next."""
        numbers, done = np.empty(len(firsts), np.int32), 0
        while True:
            done, self.known = numbering.number(codes, firsts, ends, done, self.arrays, self.known, LONGEST, numbers)
            if done == len(firsts):
                return numbers
            self._grow()

    def _grow(self) -> None:
        if self.known + 1 == len(self._begins):
            self._begins = _twice(self._begins)
        if self._begins[self.known] + LONGEST > len(self._pool):
            self._pool = _twice(self._pool)
        if 2 * self.known >= len(self._slots):
            self._slots = np.zeros(4 * len(self._slots), np.int32)
            numbering.fill(self.arrays, self.known)


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _in_a_row(words: Sequence[str]) -> tuple[str, Numbers, Numbers]:
    """Some words as a text, and where each begins and ends there."""
    sizes = np.fromiter(map(len, words), np.int32, len(words))
    ends = np.cumsum(sizes, dtype=np.int32)
    return "".join(words), ends - sizes, ends


def _twice(array: NDArray[Any]) -> NDArray[Any]:
    """An array with twice as much room."""
    larger = np.zeros(2 * len(array), array.dtype)
    larger[: len(array)] = array
    return larger


class Table:
    """Numbers of words; threads take turns.

    Attributes:
        language: of the words.
        spellings: the words by number; 0 is a break.
        columns: what has been found of them.
        ahead: texts that have been numbered and will be read soon: the offset of each word, and its number.
        notes: what else is stored about them, by the type of it.
        whole: False while words are numbered, and for ever if that was interrupted.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.spellings: list[str] = ["\n"]
        self.columns: dict[Columns, tuple[NDArray[Any], ...]] = {}
        self.ahead: dict[str, tuple[Numbers, Numbers]] = {}
        self.notes: dict[type, Any] = {}
        self.whole = True
        self._index = Index()
        self._lock = Lock()

    def numbered(self, text: str, codes: Codes, firsts: Numbers, ends: Numbers) -> Numbers:
        """The numbers of the words of a text, in order, which stand from `firsts` to `ends` in its code points. Words
        that are too long, empty or white space stand as breaks.
        """
        with self._lock:
            self.whole = False  # until the end: an exception that a signal raises may come at any moment
            known = len(self.spellings)
            numbers = self._index.number(codes, firsts, ends)
            if self._index.known > known:
                places = np.flatnonzero(numbers >= known)
                for at, number in zip(places.tolist(), numbers[places].tolist(), strict=True):
                    if number == len(self.spellings):
                        self.spellings.append(text[firsts[at] : ends[at]])
            self.whole = True
        return numbers

    def numbers(self, words: Sequence[str]) -> Numbers:
        """The numbers of some words, in order; words that are too long, and white space, stand as breaks."""
        text, firsts, ends = _in_a_row(words)
        return self.numbered(text, codes_of(text), firsts, ends)

    def number(self, word: str) -> int:
        """The number of a word."""
        return int(self.numbers((word,))[0])

    @property
    def full(self) -> bool:
        """True if a text should rather be numbered by an empty table."""
        return not self.whole or len(self.spellings) > MOST


class Columns:
    """What is true of each word of a table by itself, found when it is first needed.

    Args:
        types: of the columns, with the shape of a value if it is an array; in the first, 0 is the value of what has
            not been found yet.
        of: gives for words of a table, which have some numbers there, their values in each column.
    """

    def __init__(
        self, types: Sequence[DTypeLike], of: Callable[[Table, Sequence[str], Numbers], Sequence[ArrayLike]]
    ) -> None:
        self._types = tuple(np.dtype(each) for each in types)
        self._of = of

    def of(self, table: Table, numbers: Numbers) -> tuple[NDArray[Any], ...]:
        """The columns by number of a word, filled for some numbers; of others they may be empty."""
        columns = table.columns.get(self)
        size = len(table.spellings)
        if columns is None or len(columns[0]) < size:
            columns = table.columns[self] = tuple(self._grown(size, columns))
        done = columns[0].take(numbers)
        if np.count_nonzero(done) < len(numbers):
            missing = numbers[done == 0]
            new = np.array(list(dict.fromkeys(missing.tolist())), np.int32)
            found = self._of(table, [table.spellings[number] for number in new.tolist()], new)
            for column, values in zip(reversed(columns), reversed(found), strict=True):  # the first says it is done
                column[new] = values
        return columns

    def _grown(self, size: int, columns: tuple[NDArray[Any], ...] | None) -> Iterator[NDArray[Any]]:
        for number, kind in enumerate(self._types):
            larger = np.zeros(2 * size, kind)
            if columns is not None:
                larger[: len(columns[number])] = columns[number]
            yield larger


def _look(word: str, language: Language) -> int:
    """The bits of `kernels.reading` that a word of a language has."""
    first, size = word[0], len(word)
    flags = flag_bits(word, language)
    bits = _FOUND | flags << reading.FLAGS_FROM
    bits |= reading.INSIDE * (word in language.words("inside")) | reading.LISTS * (word in language.words("between"))
    if word.isalpha() and word.islower():  # fast path
        return bits | _SMALL | reading.LONG * (size > 3) | reading.LOWER_FIRST * first.islower()
    letter = first.isalpha()
    if letter:
        bits |= reading.LETTER | reading.LONG * (size > 3)
    else:
        closes = word in CLOSING or word in language.words("closing")
        bits |= reading.STOP * (word in STOPS) | reading.CLOSING * closes
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


_SMALL = reading.LETTER | reading.LOWER | reading.MIXED


def _looks(table: Table, words: Sequence[str], numbers: Numbers) -> tuple[list[int], list[int], Numbers]:
    """The bits of words, their lengths, and their numbers in lower case."""
    found = numbers.copy()
    small = [word.lower() for word in words]
    others = [at for at, word in enumerate(words) if word != small[at]]
    if others:
        found[others] = table.numbers([small[at] for at in others])
    return [_look(word, table.language) for word in words], list(map(len, words)), found


_FOUND = 1 << 15
_FIRM, _LEADS = flag_bits_of("o"), flag_bits_of("gt")
LOOKS = Columns((np.uint32, np.uint8, np.int32), _looks)
"""Of each word its bits, its length in code points, and the number of it in lower case."""


def current(language: Language) -> Table:
    """The table for a new text in a language."""
    table = _current.get(language)
    if table is None or table.full:
        table = _current[language] = Table(language)
    return table


_current: dict[Language, Table] = {}
