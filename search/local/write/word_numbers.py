"""Here is a word, give me its number: all words a writer has seen, with their stems.

A word here is a form with its stem: the same form in two languages with different stems counts twice. Numbers are
assigned in order of first occurrence and do not change; batches share them, so that a word is folded and stemmed once
for any number of segments.

An exception at any moment, as signals raise them, leaves what is here right: a compiled loop stores a word with its
number, and the table of runs of a tokeniser that was interrupted is replaced by an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.kernels import string_numbers as kernels
from search.kernels.runs import grown
from search.local.format.string_arrays import Strings
from search.local.write.growing_strings import HashTable, StringList
from search.local.write.tokenise import Tokeniser
from search.text.tokens import index_terms

MANY = 2_000_000
"""Words after which the next batch starts over, at some 300 bytes each."""
RUN_BYTES = 200
"""Bytes of runs allowed for each of these words: Chinese has few words and an unlimited number of runs."""
_FORM = np.uint64(32)
"""Bits of a word's form, below those of its stem."""
_START = 1 << 6


class StringNumbers:
    """Different strings, numbered in order of first occurrence."""

    def __init__(self) -> None:
        self._names = StringList()
        self._table = HashTable()

    def __len__(self) -> int:
        return len(self._names)

    def numbers(self, names: Iterable[str]) -> NDArray[np.uint32]:
        """The numbers of strings of Python; see `number`."""
        return self.number(Strings.of(list(names)))

    def number(self, strings: Strings) -> NDArray[np.uint32]:
        """The numbers of strings: uint32; new ones get the next numbers."""
        names = self._names
        names.make_room(strings)
        self._table.reach(len(names) + len(strings))
        out = np.empty(len(strings), np.uint32)
        kernels.number(strings.data, strings.ends, self._table.slots, names.data, names.ends, names.known, out)
        return out

    @property
    def all(self) -> Strings:
        """All strings, in order of their numbers."""
        return self._names.all

    def __getitem__(self, number: int) -> str:
        return self.all[number].decode()

    def among(self, used: NDArray[np.bool_]) -> tuple[NDArray[np.uint32], Strings]:
        """The index of each used name in the order of their bytes, and these names in that order.

        Args:
            used: bool, as long as there were names when it was made; others may have been added since.
        """
        numbers = np.flatnonzero(used)
        names = self.all.some(numbers)
        order = names.order()
        places = np.zeros(len(used), np.uint32)
        places[numbers[order]] = np.arange(len(numbers), dtype=np.uint32)
        return places, names.some(order)


class Words:
    """All words so far.

    Args:
        many: the number from which on it is `full`.

    Attributes:
        names: their stems and forms, which are mostly the same.
    """

    def __init__(self, many: int) -> None:
        self._many = many
        self.names = StringNumbers()
        self._pairs = np.empty(_START, np.uint64)
        self._known = np.zeros(1, np.int64)
        self._table = HashTable()
        self._tokenisers: dict[str | None, Tokeniser] = {}

    def __len__(self) -> int:
        return int(self._known[0])

    @property
    def full(self) -> bool:
        """True if the next batch should start over."""
        runs = sum(tokeniser.memory for tokeniser in self._tokenisers.values())
        return len(self) > self._many or runs > RUN_BYTES * self._many

    def tokeniser(self, language: str | None) -> Tokeniser:
        """The tokeniser for a language."""
        found = self._tokenisers.get(language)
        if found is None or not found.whole:
            found = self._tokenisers[language] = Tokeniser(
                lambda words: self.numbers(Strings.of(index_terms(words, language)), Strings.of(words))
            )
        return found

    def numbers(self, stems: Strings, forms: Strings) -> NDArray[np.uint32]:
        """The numbers of words, each a stem and a form: uint32; new ones get the next numbers."""
        form_numbers, stem_numbers = self.names.number(forms), self.names.number(stems)
        needed = len(self) + len(forms)
        if needed > len(self._pairs):
            self._pairs = grown(self._pairs, needed)
        self._table.reach(needed)
        out = np.empty(len(forms), np.uint32)
        kernels.number_pairs(stem_numbers, form_numbers, self._table.slots, self._pairs, self._known, out)
        return out

    def since(self, number: int) -> tuple[Strings, Strings]:
        """The stems and the forms of the words from a number on."""
        names = self.names.all
        stems, forms = (column.astype(np.int64) for column in self.columns(number))
        return names.some(stems), names.some(forms)

    def columns(self, first: int = 0) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The stem and the form of each word so far, from a first one on: uint32, indices in `names`."""
        pairs = self._pairs[first : len(self)]
        return (pairs >> _FORM).astype(np.uint32), pairs.astype(np.uint32)
