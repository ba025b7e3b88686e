"""Here is a word, give me its number: all words that a writer has met, with their stems.

A word here is a form with its stem: the same form in two languages that stem it differently is two. Numbers are given
as words come and stay; batches share them, so that a word is folded and stemmed once however many segments it is
written to.
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
"""Words from which on the next batch starts anew, at some 400 bytes each."""
RUN_BYTES = 200
"""For each of so many words, what runs of bytes may take before that: Chinese has few words and no end of runs."""


class Names:
    """Different strings, numbered as they come, and sorted when that is wanted."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._encoded: list[bytes] = []
        self._sorted: list[bytes] = []
        self._order = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._names)

    def numbers(self, names: Iterable[str]) -> list[int]:
        """The numbers of strings; those not met before get the next ones, as they come."""
        known, there = self._numbers, self._names
        numbers = []
        for name in names:
            number = known.setdefault(name, len(there))
            if number == len(there):
                there.append(name)
            numbers.append(number)
        return numbers

    def since(self, number: int) -> list[str]:
        """The strings from a number on."""
        return self._names[number:]

    def __getitem__(self, number: int) -> str:
        return self._names[number]

    def among(self, used: NDArray[np.bool_]) -> tuple[NDArray[np.uint32], list[bytes]]:
        """The place of each used name in the order of their bytes, and these names in that order.

        Args:
            used: bool, as long as there were names when it was made; others may have come since.
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
    """All words met so far.

    Args:
        many: how many make it `full`.

    Attributes:
        names: their stems and forms, which are mostly the same.
    """

    def __init__(self, many: int) -> None:
        self._many = many
        self.names = Names()
        self._stem_of = array("I")
        self._form_of = array("I")
        self._pairs: dict[int, int] = {}
        self._tokenisers: dict[str | None, Tokeniser] = {}

    @property
    def full(self) -> bool:
        """Whether a new batch had better start anew."""
        runs = sum(tokeniser.memory for tokeniser in self._tokenisers.values())
        return len(self._stem_of) > self._many or runs > RUN_BYTES * self._many

    def tokeniser(self, language: str | None) -> Tokeniser:
        """What numbers the words of a language."""
        found = self._tokenisers.get(language)
        if found is None:
            found = self._tokenisers[language] = Tokeniser(
                lambda words: self.numbers(index_terms(words, language), words)
            )
        return found

    def numbers(self, stems: Sequence[str], forms: Sequence[str]) -> list[int]:
        """The numbers of words, each a stem and a form; those not met before get the next ones."""
        form_numbers = self.names.numbers(forms)
        stem_numbers = list(form_numbers)
        other = [at for at, (stem, form) in enumerate(zip(stems, forms, strict=True)) if stem != form]
        for at, number in zip(other, self.names.numbers([stems[at] for at in other]), strict=True):
            stem_numbers[at] = number
        known, numbers = self._pairs, []
        for stem, form in zip(stem_numbers, form_numbers, strict=True):
            number = known.setdefault(stem << 32 | form, len(known))
            if number == len(self._stem_of):
                self._stem_of.append(stem)
                self._form_of.append(form)
            numbers.append(number)
        return numbers

    def since(self, number: int) -> tuple[list[str], list[str]]:
        """The stems and the forms of the words from a number on."""
        return [self.names[n] for n in self._stem_of[number:]], [self.names[n] for n in self._form_of[number:]]

    def columns(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The stem and the form of each word so far: uint32, shape (words,), places in `names`."""
        return np.array(self._stem_of, np.uint32), np.array(self._form_of, np.uint32)
