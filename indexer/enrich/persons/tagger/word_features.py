"""The features of the tagger: of a word itself, of its neighbours, and of its use in the article as a whole.

Each feature is a string. A word contributes some to itself (`own`) and some to the words around it (`contributed`),
whatever they are; only `joined` depends on three words, and only on their kinds. So a tagger can sum the contributions
of a word once (see `crf`); `features` lists them all, for training.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.enrich.kernels import reading
from indexer.enrich.persons.tagger.clusters import classed
from indexer.enrich.persons.tagger.sentences import Sentence, Text
from indexer.enrich.shared.lexicon import flags
from indexer.enrich.shared.words import LOOKS, Table
from indexer.languages import Language
from search.system.lazy import cached_property
from search.text.tokens import fold

FIRST, LAST = b"first", b"last"
SMALL, SMALL_FIRST, NAMED, ORGANISED = b"a=small", b"a=small first", b"a=named", b"a=organised"


def shape(word: str) -> str:
    """The shape of a word: capitals as X, lower case as x, digits as 9, other characters unchanged, runs as one."""
    kinds: list[str] = []
    for character in word:
        mark = "X" if character.isupper() else "x" if character.isalpha() else "9" if character.isdigit() else character
        if not kinds or kinds[-1] != mark:
            kinds.append(mark)
    return "".join(kinds)


def kind(word: str, language: Language) -> str:
    """A word as a feature of its neighbours: its shape and flags, or the word itself if it is lower case and short."""
    if word[0].isupper():
        return shape(word)[:4] + flags(word, language)
    return f"x{flags(word, language)}" if word[0].isalpha() else shape(word)[:1]


def own(word: str, language: Language) -> tuple[bytes, ...]:
    """The features of a word itself."""
    small = fold(word)
    found = [f"w={small}", f"c={kind(word, language)}"]
    if word[0].isupper():
        found += [f"s={shape(word)}", f"n={min(len(word), 8)}"]
        found += [f"f={flag}" for flag in flags(word, language)]
        found += [f"<{small[:size]}" for size in (2, 3, 4) if len(small) > size]
    found += [f">{small[-size:]}" for size in (2, 3, 4) if len(small) > size]
    found += chain.from_iterable(classed(word, language))
    return tuple(feature.encode() for feature in found)


def contributed(word: str, language: Language) -> tuple[tuple[bytes, ...], ...]:
    """The features a word contributes to the word after it, before it, two after and two before."""
    small, here = fold(word), kind(word, language)
    seen = [f"w={small}", f"c={here}"]
    if len(small) > 3:
        seen.append(f">{small[-3:]}")
    seen += [f"f={flag}" for flag in flags(word, language)]
    written, _, ends = classed(word, language)
    near, far = (*seen, *written, *ends), (seen[0], *written[:1])
    return tuple(
        tuple(f"{side}{feature}".encode() for feature in features)
        for side, features in (("-1", near), ("+1", near), ("-2", far), ("+2", far))
    )


def joined(before: str, here: str, after: str) -> tuple[bytes, ...]:
    """The feature of a capitalised word with its neighbours, by their kinds; `^` and `$` are the ends."""
    return (
        f"-c={before}|{here}".encode(),
        f"+c={here}|{after}".encode(),
        f"3c={before}|{here}|{after}".encode(),
    )


class Context:
    """How an article as a whole uses its capitalised words.

    Attributes:
        table: of the numbers of words.
        marks: the bits `IS_SMALL`, `IS_NAMED`, `IS_ORGANISED` of the first words of the table; of others none.
    """

    def __init__(self, table: Table, marks: NDArray[np.uint8]) -> None:
        self.table, self.marks = table, marks

    def of(self, table: Table) -> NDArray[np.uint8]:
        """The marks of the first words of a table."""
        if table is self.table:
            return self.marks
        kinds = ((self.small, reading.IS_SMALL), (self.named, reading.IS_NAMED), (self.organised, reading.IS_ORGANISED))
        numbered = [(table.numbers(list(words)), bit) for words, bit in kinds]
        marks = np.zeros(len(table.spellings), np.uint8)
        for numbers, bit in numbered:
            marks[numbers] |= bit
        return marks

    def has_small(self, sentence: Sentence, at: int) -> bool:
        """True if a word of a sentence, in lower case, is one of those that also occur so."""
        if sentence.table is not self.table:
            return sentence.words[at].lower() in self.small
        return self._is_marked(self.table.columns[LOOKS][2][sentence.numbers[at]], reading.IS_SMALL)

    def has_organised(self, sentence: Sentence, at: int) -> bool:
        """True if a word of a sentence is one of those `organised`."""
        if sentence.table is not self.table:
            return sentence.words[at] in self.organised
        return self._is_marked(sentence.numbers[at], reading.IS_ORGANISED)

    def _is_marked(self, number: int, bit: int) -> bool:
        return bool(number < len(self.marks) and self.marks[number] & bit)

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that also occur in lower case."""
        return self._marked(reading.IS_SMALL)

    @property
    def named(self) -> frozenset[str]:
        """The words that somewhere follow a known given name, an initial or a title."""
        return self._marked(reading.IS_NAMED)

    @property
    def organised(self) -> frozenset[str]:
        """The words that somewhere precede a word such as Inc or University."""
        return self._marked(reading.IS_ORGANISED)

    def _marked(self, bit: int) -> frozenset[str]:
        spellings = self.table.spellings
        return frozenset([spellings[number] for number in np.flatnonzero(self.marks & bit).tolist()])


def context(text: Sequence[Sentence]) -> Context:
    """The context of an article's sentences."""
    whole = Text.of(text)
    marks = np.zeros(len(whole.table.spellings), np.uint8)
    reading.mark_words(whole.numbers, whole.ends, whole.looks[0], marks)
    return Context(whole.table, marks)


def features(sentence: Sentence, around: Context) -> list[list[bytes]]:
    """The features of each word of a sentence."""
    words, language = sentence.words, sentence.language
    last = len(words) - 1
    kinds = ["^", *(kind(word, language) for word in words), "$"]
    sides = [contributed(word, language) for word in words]
    found: list[list[bytes]] = []
    for at, word in enumerate(words):
        seen = list(own(word, language))
        if at:
            seen += sides[at - 1][0]
            if at > 1:
                seen += sides[at - 2][2]
        else:
            seen.append(FIRST)
        if at < last:
            seen += sides[at + 1][1]
            if at + 1 < last:
                seen += sides[at + 2][3]
        else:
            seen.append(LAST)
        if word[0].isupper():
            seen += joined(kinds[at], kinds[at + 1], kinds[at + 2])
            if word.lower() in around.small:
                seen.append(SMALL if at else SMALL_FIRST)
            if word in around.named:
                seen.append(NAMED)
            if word in around.organised:
                seen.append(ORGANISED)
        found.append(seen)
    return found
