"""The words of the table of people known by one name that are in a text, or near a name in it.

Not for whom they speak: see `known`.

Cost: a few microseconds a text, one or two a row; a few for the words near a name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from indexer.enrich.persons import trait
from indexer.enrich.persons.known_rows import said, sayers
from indexer.enrich.persons.tagger.sentences import Sentence, Text
from search.system.lazy import cached_property

NEAR = 15
"""The number of words on either side of a name that are near it."""


class Said:
    """Tells which words of the table are in some sentences.

    What is asked for are the few words of a row, so they are looked for, by the numbers of the words that say them.
    """

    def __init__(self, text: Sequence[Sentence]) -> None:
        self._text = Text.of(text)

    def any_of(self, words: tuple[str, ...]) -> bool:
        """True if one of some words of the table is there."""
        known, here = sayers(self._text.table), self._here
        if not here:
            return False
        if any(not here.isdisjoint(known.alone.get(word, ())) for word in words):
            return True
        for first, of in _by_first(words):
            if (begun := here.intersection(known.first.get(first, ()))) and not self._together(begun).isdisjoint(of):
                return True
        return False

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        """Where the words stand that begin one of the table, and their numbers."""
        places = np.flatnonzero(self._text.traits & trait.SAID)
        return places.tolist(), self._text.numbers[places].tolist()

    @cached_property
    def _here(self) -> frozenset[int]:
        return frozenset(self._places[1])

    def _together(self, begun: Collection[int]) -> set[str]:
        """The words of the table that begin with some words, by their numbers."""
        whole, found = self._text, set[str]()
        for place, number in zip(*self._places, strict=True):
            if number in begun:
                sentence = bisect_right(whole.ends, place)
                words = whole[sentence].words
                at = place - int(whole.ends[sentence]) + len(words)
                found.update(said(words, at, len(words), whole.table.language))
        return found


@lru_cache(maxsize=1 << 12)
def _by_first(words: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Those of several words, by the first."""
    several = [(word.partition(" ")[0], word) for word in words if " " in word]
    return tuple((each, frozenset(word for first, word in several if first == each)) for each in dict(several))


def words_near(sentence: Sentence, first: int, last: int) -> frozenset[str]:
    """The words of the table near a name; as if it were not there, the words on either side of it are neighbours."""
    if not sentence.any_traits & trait.SAID:
        return frozenset()
    start, end, sought = max(first - NEAR, 0), last + NEAR, trait.SAID
    words = [*sentence.words[start:first], *sentence.words[last:end]]
    traits = sentence.traits[start:first] + sentence.traits[last:end]
    places = [at for at, each in enumerate(traits) if each & sought]
    return frozenset(word for at in places for word in said(words, at, len(words), sentence.language))
