"""Here is a word, give me its number: all words a writer has seen, with their stems.

A word here is a form with its stem: the same form in two languages with different stems counts twice. Numbers are
assigned in order of first occurrence and do not change; batches share them, so that a word is folded and stemmed once
for any number of segments.

An exception at any moment, as signals raise them, leaves what is here right: a word is stored before its number is
known, and the table of runs of a tokeniser that was interrupted is replaced by an empty one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from search.local.write.tokenise import Tokeniser
from search.text import index_terms

MANY = 2_000_000
"""Words after which the next batch starts over, at some 400 bytes each."""
RUN_BYTES = 200
"""Bytes of runs allowed for each of these words: Chinese has few words and an unlimited number of runs."""
_FORM = 32
_FORMS = (1 << _FORM) - 1
"""Bits of a word's form, below those of its stem."""


class StringNumbers:
    """Different strings, numbered in order of first occurrence, and sorted on demand."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._encoded: list[bytes] = []
        self._sorted: list[bytes] = []
        self._order = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._names)

    def numbers(self, names: Iterable[str]) -> list[int]:
        """The numbers of strings; new ones get the next numbers."""
        known, there = self._numbers, self._names
        numbers = []
        for name in names:
            number = known.get(name)
            if number is None:
                number = len(there)
                there.append(name)
                known[name] = number
            numbers.append(number)
        return numbers

    def since(self, number: int) -> list[str]:
        """The strings from a number on."""
        return self._names[number:]

    def __getitem__(self, number: int) -> str:
        return self._names[number]

    def among(self, used: NDArray[np.bool_]) -> tuple[NDArray[np.uint32], list[bytes]]:
        """The index of each used name in the order of their bytes, and these names in that order.

        Args:
            used: bool, as long as there were names when it was made; others may have been added since.
        """
        if len(used) > len(self._sorted):
            names = self._encoded
            names += [name.encode() for name in self._names[len(names) : len(used)]]
            new = sorted(range(len(self._sorted), len(names)), key=names.__getitem__)
            order = sorted([*self._order.tolist(), *new], key=names.__getitem__)  # two sorted lists are merged
            self._order = np.array(order, np.int64)
            self._sorted = [names[number] for number in order]
        flags = np.zeros(len(self._sorted), np.bool_)
        flags[: len(used)] = used
        kept = flags[self._order]
        numbers = self._order[kept]
        places = np.zeros(len(used), np.uint32)
        places[numbers] = np.arange(len(numbers), dtype=np.uint32)
        return places, self._sorted if kept.all() else list(compress(self._sorted, kept.tolist()))


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
        self._pairs = array("Q")
        self._numbers: dict[int, int] = {}
        self._tokenisers: dict[str | None, Tokeniser] = {}

    @property
    def full(self) -> bool:
        """True if the next batch should start over."""
        runs = sum(tokeniser.memory for tokeniser in self._tokenisers.values())
        return len(self._pairs) > self._many or runs > RUN_BYTES * self._many

    def tokeniser(self, language: str | None) -> Tokeniser:
        """The tokeniser for a language."""
        found = self._tokenisers.get(language)
        if found is None or not found.whole:
            found = self._tokenisers[language] = Tokeniser(
                lambda words: self.numbers(index_terms(words, language), words)
            )
        return found

    def numbers(self, stems: Sequence[str], forms: Sequence[str]) -> list[int]:
        """The numbers of words, each a stem and a form; new ones get the next numbers."""
        form_numbers = self.names.numbers(forms)
        stem_numbers = list(form_numbers)
        other = [at for at, (stem, form) in enumerate(zip(stems, forms, strict=True)) if stem != form]
        for at, number in zip(other, self.names.numbers([stems[at] for at in other]), strict=True):
            stem_numbers[at] = number
        known, there = self._numbers, self._pairs
        numbers = []
        for stem, form in zip(stem_numbers, form_numbers, strict=True):
            found = known.get(pair := stem << _FORM | form)
            if found is None:
                found = len(there)
                there.append(pair)
                known[pair] = found
            numbers.append(found)
        return numbers

    def since(self, number: int) -> tuple[list[str], list[str]]:
        """The stems and the forms of the words from a number on."""
        pairs = self._pairs[number:]
        return [self.names[pair >> _FORM] for pair in pairs], [self.names[pair & _FORMS] for pair in pairs]

    def columns(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The stem and the form of each word so far: uint32, shape (words,), indices in `names`."""
        pairs = np.array(self._pairs, np.uint64)
        return (pairs >> np.uint64(_FORM)).astype(np.uint32), pairs.astype(np.uint32)
