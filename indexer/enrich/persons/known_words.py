"""The words of the table of people known by one name that are in a text, or beside a name in it.

Not for whom they speak: see `known`.

Cost: some twenty microseconds a text, a few for the words beside a name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import numpy as np

from indexer.enrich.persons import trait
from indexer.enrich.persons.known_rows import LONGEST, begun, next_words, said
from indexer.enrich.persons.tagger.sentences import Sentence, Text
from indexer.enrich.shared.words import Columns
from search.text import fold

NEAR = 15
"""The number of words on either side of a name that are near it."""


def words_in(text: Sequence[Sentence]) -> frozenset[str]:
    """The words of the table that are in some sentences."""
    whole = Text.of(text)
    spellings, numbers = whole.table.spellings, whole.numbers
    bits = _BITS.of(whole.table, numbers)[0].take(numbers)
    found = {word for number in set(numbers[bits & _ALONE > 0].tolist()) for word in begun(spellings[number])[1]}
    pairs = np.flatnonzero((bits[:-1] & _FIRST > 0) & (bits[1:] & _SECOND > 0))
    places = zip(pairs.tolist(), numbers[pairs].tolist(), numbers[pairs + 1].tolist(), strict=True)
    ends = whole.ends.tolist()
    for at, first, second in places:
        if _follow(spellings[first], spellings[second]):
            sentence = bisect_right(ends, at)
            words = whole[sentence].words
            place = at - ends[sentence] + len(words)
            found.update(_said(tuple(words[place : place + LONGEST])))
    return frozenset(found)


@lru_cache(maxsize=1 << 13)
def _follow(first: str, second: str) -> bool:
    """True if two words may begin one of the table."""
    return fold(second) in begun(first)[2]


@lru_cache(maxsize=1 << 12)
def _said(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of the table that the first word is, alone or with the others."""
    return tuple(said(words, 0, len(words)))


def words_beside(sentence: Sentence, first: int, last: int) -> frozenset[str]:
    """The words of the table near a name; as if it were not there, the words on either side of it are neighbours."""
    if not sentence.any_traits & trait.SAID:
        return frozenset()
    start, end, sought = max(first - NEAR, 0), last + NEAR, trait.SAID
    words = [*sentence.words[start:first], *sentence.words[last:end]]
    traits = sentence.traits[start:first] + sentence.traits[last:end]
    return frozenset(word for at, each in enumerate(traits) if each & sought for word in said(words, at, len(words)))


_FOUND, _ALONE, _FIRST, _SECOND = 1, 2, 4, 8


def _bits(words: Sequence[str]) -> Iterator[int]:
    """Of each word, if it is one of the table alone, and the first or second of several."""
    seconds = _seconds()
    for word in words:
        folded, alone, after = begun(word)
        yield _FOUND | _ALONE * bool(alone) | _FIRST * bool(after) | _SECOND * (folded in seconds)


@cache
def _seconds() -> frozenset[str]:
    return frozenset(word for words in next_words().values() for word in words)


_BITS = Columns((np.uint8,), lambda _table, words, _numbers: (list(_bits(words)),))
