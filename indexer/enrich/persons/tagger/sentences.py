"""Splits a text into sentences, and these into words with offsets.

For names in news: an abbreviation or an initial does not end a sentence, and a sentence in title case or
capitals is recognised, because its capitals show nothing. Not for searching, which uses the words of
`search.text.tokens`.

Cost: half a microsecond a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import numbering, reading, tokenising
from indexer.enrich.persons import trait
from indexer.enrich.persons.names import ELIDED
from indexer.enrich.persons.trait import BEYOND, TRAITS
from indexer.enrich.shared import characters
from indexer.enrich.shared.words import LOOKS, Index, Numbers, Table, codes_of, current
from indexer.languages import Language
from search.system.lazy import cached_property

LONGEST_SENTENCE = 200
"""The greatest length of a sentence in words; tables and lists without a full stop are cut."""


class Words:
    """The words of a text, one sentence after the other.

    Args:
        numbers: in the `table` of all words.
        starts: the offset of each in the text, in code points.
    """

    def __init__(self, numbers: Numbers, starts: NDArray[np.integer[Any]], table: Table) -> None:
        self.numbers, self.table = numbers, table
        self._starts = starts

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each word in the text."""
        listed: list[int] = self._starts.tolist()
        return listed


class Sentence:
    """Words and punctuation marks of one sentence, with their offsets in the text, in code points.

    Attributes:
        words: as they are written; `numbers`: in the `table` of all words.
        starts: the offset of each.
        capitals: the indexes of the words that begin with a capital letter.
        headline_like: True if it is in title case or capitals, so that a capital does not indicate a name; see
            `kernels.reading.like_headline`.
        traits: of each word, and of what is beyond the ends (see `persons.trait`); `any_traits`: of any of the words.
    """

    __slots__ = ("_end", "_first", "_of", "any_traits", "capitals", "headline_like", "traits", "words")

    def __init__(
        self,
        of: Words,
        first: int,
        end: int,
        words: Sequence[str],
        traits: list[int],
        capitals: Sequence[int],
        headline_like: bool,
        any_traits: int,
    ) -> None:
        self._of, self._first, self._end = of, first, end
        self.words, self.traits = words, traits
        self.capitals, self.headline_like, self.any_traits = capitals, headline_like, any_traits

    @property
    def starts(self) -> Sequence[int]:
        """The offset of each word."""
        return self._of.starts[self._first : self._end]

    @property
    def numbers(self) -> Numbers:
        """The numbers of the words."""
        return self._of.numbers[self._first : self._end]

    @property
    def table(self) -> Table:
        """The table of all words."""
        return self._of.table

    @property
    def language(self) -> Language:
        """The language of the text."""
        return self._of.table.language

    @classmethod
    def of(cls, words: Sequence[str], language: Language, starts: Sequence[int] = ()) -> Sentence:
        """Some words as one sentence."""
        table = current(language)
        numbers = table.numbers(words)
        capitals = [at for at, word in enumerate(words) if word[0].isupper()]
        alike = bool(words) and reading.like_headline(numbers, 0, len(words), LOOKS.of(table, numbers)[0])
        traits = TRAITS.of(table, numbers)[0][numbers]
        of = Words(numbers, np.array(starts or range(len(words)), np.int32), table)
        united = int(np.bitwise_or.reduce(traits))
        return cls(of, 0, len(words), words, traits.tolist() + BEYOND, capitals, alike, united)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets in the text of the words from `first` to `last`, exclusive."""
        starts, before = self._of.starts, self._first
        return starts[before + first], starts[before + last - 1] + len(self.words[last - 1])


class Text(list[Sentence]):
    """The sentences of a text, in order.

    Attributes:
        numbers: of all their words, one after the other, in the `table` of all words; `traits`: of each.
        ends: of each sentence there.
        looks: the columns `LOOKS` of the table, filled for these words.
        capitals: the numbers of the words that begin with a capital letter.
        listing: of each sentence, how many of its words stand between members of a list.
        runs: of capitalised words, with particles between them: sentence, first word, last word (exclusive).
    """

    __slots__ = ("capitals", "ends", "listing", "looks", "numbers", "runs", "table", "traits")

    def __init__(
        self,
        sentences: Iterable[Sentence],
        words: tuple[Numbers, NDArray[np.int64], Numbers],
        table: Table,
        looks: tuple[NDArray[Any], ...],
        capitals: list[int],
        listing: list[int],
        runs: list[list[int]],
    ) -> None:
        super().__init__(sentences)
        self.looks, self.capitals = looks, capitals
        self.numbers, self.traits, self.ends = words
        self.table, self.listing, self.runs = table, listing, runs

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> Text:
        """Some sentences as a text, at least one; itself if it is one."""
        if isinstance(sentences, Text):
            return sentences
        table = sentences[0].table
        numbers = np.concatenate([sentence.numbers for sentence in sentences])
        ends = np.cumsum([len(sentence.numbers) for sentence in sentences], dtype=np.int32)
        words = numbers, TRAITS.of(table, numbers)[0].take(numbers), ends
        looks = LOOKS.of(table, numbers)
        capitals = [number for each in sentences for number in each.numbers[each.capitals].tolist()]
        return cls(sentences, words, table, looks, capitals, *_united(words, looks[0])[1:])

    @classmethod
    def empty(cls, table: Table) -> Text:
        """A text without sentences."""
        none = np.zeros(0, np.int32)
        return cls((), (none, np.zeros(0, np.int64), none), table, LOOKS.of(table, none), [], [], [])


def sentences(text: str, language: Language, table: Table | None = None) -> Text:
    """The sentences of a text; a blank line ends one, a full stop of an abbreviation or initial does not.

    There is only white space between two words. A word of more than `LONGEST` letters ends a sentence, too.

    Args:
        table: of numbers of words; the current one by default.
    """
    table = table or current(language)
    known = table.ahead.pop(text, None)
    starts, numbers = known or _cut(text, table)
    if not len(numbers):
        return Text.empty(table)
    return _split(starts, numbers, table, LOOKS.of(table, numbers))


def numbers_of(texts: Sequence[str], language: Language) -> tuple[Numbers, Table]:
    """The numbers of the words of some texts, in their table; what sentences need to know of them is found."""
    table = current(language)
    table.ahead = {text: _cut(text, table) for text in texts}
    numbers = np.concatenate([each for _, each in table.ahead.values()])
    LOOKS.of(table, numbers)
    TRAITS.of(table, numbers)
    return numbers, table


def _cut(text: str, table: Table) -> tuple[Numbers, Numbers]:
    """The offset of each word of a text, and its number."""
    codes = codes_of(text)
    firsts, ends = np.empty((2, len(codes)), np.int32)
    count = (
        tokenising.tokenise(codes, characters.bits_for(codes), *_indexes(table.language), firsts, ends) if text else 0
    )
    starts = firsts[:count].copy()
    return starts, table.numbered(text, codes, starts, ends[:count])


@cache
def _indexes(language: Language) -> tuple[numbering.Index, numbering.Index, numbering.Index]:
    """Abbreviations, what an initial may stand before besides a capital, and elided words, for the kernel."""
    words = language.table("words").items()
    abbreviations = Index([f"{word}." for word, kinds in words if "abbreviation" in kinds])
    elided = Index([word + mark for word in language.listed(ELIDED) for mark in _APOSTROPHES])
    return abbreviations.arrays, Index(language.listed("after-initial")).arrays, elided.arrays


_APOSTROPHES = "'’ʼ"


def _split(starts: Numbers, numbers: Numbers, table: Table, looks: tuple[NDArray[Any], ...]) -> Text:
    """Words as sentences."""
    bits: reading.U32 = looks[0]
    size = len(numbers)
    ends, capital_ends, capitals, names = np.empty((4, size), np.int32)
    loud = np.empty(size, np.bool_)
    count = reading.split(numbers, starts, bits, LONGEST_SENTENCE, (ends, capital_ends, loud), capitals, names)
    if not count:
        return Text.empty(table)
    ends = ends[:count]
    numbers = numbers[: ends[-1]]
    traits = TRAITS.of(table, numbers)[0].take(numbers)
    unions, listing, runs = _united((numbers, traits, ends), bits)
    capitals, names = capitals[: capital_ends[count - 1]], names[: capital_ends[count - 1]]
    listed, of = capitals.tolist(), Words(numbers, starts, table)
    words, marks = list(map(table.spellings.__getitem__, numbers.tolist())), traits.tolist()
    found, first, used = list[Sentence](), 0, 0
    for end, capital_end, alike, union in zip(
        ends.tolist(), capital_ends[:count].tolist(), loud[:count].tolist(), unions, strict=True
    ):
        some = slice(first, end)
        capital = listed[used:capital_end]
        found.append(Sentence(of, first, end, words[some], marks[some] + BEYOND, capital, alike, union))
        first, used = end, capital_end
    return Text(found, (numbers, traits, ends), table, looks, names.tolist(), listing, runs)


MOST_PARTICLES = 3
"""Particles that may follow each other inside a name."""

_IN_RUN = trait.UPPER | trait.SMALL_SURNAME
_PARTS = _IN_RUN | trait.SMALL_PARTICLE, _IN_RUN, trait.UPPER


def _united(
    words: tuple[Numbers, NDArray[np.int64], Numbers], bits: reading.U32
) -> tuple[list[int], list[int], list[list[int]]]:
    """Of each sentence the traits of any word, and how many of them list something; and the runs of capitalised words.

    Args:
        words: their numbers, their traits, and the end of each sentence.
    """
    size, count = len(words[0]), len(words[2])
    unions, listing, runs = np.empty(count, np.int64), np.empty(count, np.int32), np.empty((size // 2 + 1, 3), np.int32)
    found = reading.unite(words, bits, _PARTS, MOST_PARTICLES, unions, listing, runs)
    return unions.tolist(), listing.tolist(), runs[:found].tolist()
