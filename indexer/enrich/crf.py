"""Names in running text: a linear CRF over cached word features.

`Tagger.tag` finds the names of persons (`PER`), places (`LOC`), organisations (`ORG`) and the rest (`MISC`); only the
first are kept as persons, the others are there to be told from them. Made for news in English as it is printed, in
sentence case. Not for headlines in title case or capitals: see `sentences.headline_like`.

Cost: about seven microseconds a word on one core, `sentences` included, and 25 MB of memory for model and tables;
words seen before are cached.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import pycrfsuite

from indexer.enrich.lexicon import flags
from indexer.enrich.sentences import Sentence, headline_like
from search.text import fold


@dataclass(frozen=True, slots=True)
class Span:
    """A name the tagger found: words `first` to `last` (exclusive) of a sentence.

    Attributes:
        confidence: the lowest probability the model gives to the label of any of its words.
    """

    sentence: int
    first: int
    last: int
    label: str
    confidence: float


@lru_cache(maxsize=1 << 16)
def _shape(word: str) -> str:
    """Capitals as X, small letters as x, digits as 9, other marks as they are; runs of one kind as one."""
    kinds: list[str] = []
    for character in word:
        kind = "X" if character.isupper() else "x" if character.isalpha() else "9" if character.isdigit() else character
        if not kinds or kinds[-1] != kind:
            kinds.append(kind)
    return "".join(kinds)


@lru_cache(maxsize=1 << 16)
def _class(word: str) -> str:
    """A word as its neighbours see it: its shape and flags, or itself where it is small and short."""
    if word[0].isupper():
        return _shape(word)[:4] + flags(word)
    return f"x{flags(word)}" if word[0].isalpha() else _shape(word)[:1]


@lru_cache(maxsize=1 << 17)
def _own(word: str) -> tuple[bytes, ...]:
    small = fold(word)
    found = [f"w={small}", f"c={_class(word)}"]
    if word[0].isupper():
        found += [f"s={_shape(word)}", f"n={min(len(word), 8)}"]
        found += [f"f={flag}" for flag in flags(word)]
        found += [f"<{small[:size]}" for size in (2, 3, 4) if len(small) > size]
    found += [f">{small[-size:]}" for size in (2, 3, 4) if len(small) > size]
    return tuple(feature.encode() for feature in found)


@lru_cache(maxsize=1 << 17)
def _beside(word: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...], bytes, bytes]:
    """What a word gives to the word after it, before it, two after and two before."""
    small, kind = fold(word), _class(word)
    seen = [f"w={small}", f"c={kind}"]
    if len(small) > 3:
        seen.append(f">{small[-3:]}")
    seen += [f"f={flag}" for flag in flags(word)]
    return (
        tuple(f"-1{feature}".encode() for feature in seen),
        tuple(f"+1{feature}".encode() for feature in seen),
        f"-2w={small}".encode(),
        f"+2w={small}".encode(),
    )


@lru_cache(maxsize=1 << 16)
def _joined(before: str, here: str, after: str) -> tuple[bytes, ...]:
    return (
        f"-c={before}|{here}".encode(),
        f"+c={here}|{after}".encode(),
        f"3c={before}|{here}|{after}".encode(),
    )


@dataclass(frozen=True, slots=True)
class Context:
    """What an article as a whole says of its capitalised words.

    Attributes:
        small: words that also stand in small letters.
        named: words that somewhere follow a known given name, an initial or a title.
        organised: words that somewhere stand before a word such as Inc or University.
    """

    small: frozenset[str]
    named: frozenset[str]
    organised: frozenset[str]


def context(text: Sequence[Sentence]) -> Context:
    """The context of an article's sentences."""
    small: set[str] = set()
    named: set[str] = set()
    organised: set[str] = set()
    for sentence in text:
        before = ""
        for word in sentence.words:
            if word[0].islower():
                small.add(word)
            elif before and word[0].isupper() and len(word) > 2:
                kind = flags(before)
                if "o" in flags(word):
                    organised.add(before)
                elif ("g" in kind or "t" in kind or (len(before) == 2 and before[1] == ".")) and before[0].isupper():
                    named.add(word)
            before = word
    return Context(frozenset(small), frozenset(named), frozenset(organised))


def features(sentence: Sentence, around: Context) -> list[list[bytes]]:
    """For each word of a sentence, what the model looks at."""
    words = sentence.words
    last = len(words) - 1
    classes = ["^", *map(_class, words), "$"]
    beside = [_beside(word) for word in words]
    found: list[list[bytes]] = []
    for at, word in enumerate(words):
        seen = list(_own(word))
        if at:
            seen += beside[at - 1][0]
            if at > 1:
                seen.append(beside[at - 2][2])
        else:
            seen.append(b"first")
        if at < last:
            seen += beside[at + 1][1]
            if at + 1 < last:
                seen.append(beside[at + 2][3])
        else:
            seen.append(b"last")
        if word[0].isupper():
            seen += _joined(classes[at], classes[at + 1], classes[at + 2])
            if word.lower() in around.small:
                seen.append(b"a=small" if at else b"a=small first")
            if word in around.named:
                seen.append(b"a=named")
            if word in around.organised:
                seen.append(b"a=organised")
        found.append(seen)
    return found


class Tagger:
    """A trained model. One at a time may ask it: see `tagger`.

    Args:
        model: the bytes of a crfsuite model over `features`, labels `B-PER`, `I-PER`, `O`, ….
    """

    def __init__(self, model: bytes) -> None:
        self._bytes = model  # the model reads from them as long as it lives
        self._model = pycrfsuite.Tagger()
        self._model.open_inmemory(model)

    def tag(self, text: Sequence[Sentence], around: Context) -> list[Span]:
        """The names in an article's sentences, in order; sentences that are `headline_like` are passed over."""
        found: list[Span] = []
        for number, sentence in enumerate(text):
            if any(word[0].isupper() for word in sentence.words) and not headline_like(sentence):
                found += self.tag_sentence(number, sentence, around)
        return found

    def tag_sentence(self, number: int, sentence: Sentence, around: Context) -> list[Span]:
        """The names in one sentence, whatever its case."""
        labels: list[str] = self._model.tag(pycrfsuite.ItemSequence(features(sentence, around)))
        found = []
        first = 0
        while first < len(labels):
            if labels[first] == "O":
                first += 1
                continue
            kind = labels[first][2:]
            last = first + 1
            while last < len(labels) and labels[last] == f"I-{kind}":
                last += 1
            confidence = min(self._model.marginal(labels[at], at) for at in range(first, last))
            found.append(Span(number, first, last, kind, round(confidence, 3)))
            first = last
        return found


_taggers = threading.local()


def tagger() -> Tagger:
    """The model that is shipped; each thread has its own."""
    if not hasattr(_taggers, "persons"):
        model = resources.files("indexer.enrich") / "models" / "persons.crfsuite"
        _taggers.persons = Tagger(model.read_bytes())
    found: Tagger = _taggers.persons
    return found
