"""The features of the tagger: of a word itself, of its neighbours, and of its use in the article as a whole.

Each feature is a string. A word contributes some to itself (`own`) and some to the words around it (`beside`), whatever
they are; only `joined` depends on three words, and only on their kinds. So a tagger can sum the contributions of a word
once (see `crf`); `features` lists them all, for training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.shared.lexicon import flags
from search.text import fold

FIRST, LAST = b"first", b"last"
SMALL, SMALL_FIRST, NAMED, ORGANISED = b"a=small", b"a=small first", b"a=named", b"a=organised"


@lru_cache(maxsize=1 << 16)
def shape(word: str) -> str:
    """The shape of a word: capitals as X, lower case as x, digits as 9, other characters unchanged, runs as one."""
    kinds: list[str] = []
    for character in word:
        mark = "X" if character.isupper() else "x" if character.isalpha() else "9" if character.isdigit() else character
        if not kinds or kinds[-1] != mark:
            kinds.append(mark)
    return "".join(kinds)


@lru_cache(maxsize=1 << 16)
def kind(word: str) -> str:
    """A word as a feature of its neighbours: its shape and flags, or the word itself if it is lower case and short."""
    if word[0].isupper():
        return shape(word)[:4] + flags(word)
    return f"x{flags(word)}" if word[0].isalpha() else shape(word)[:1]


@lru_cache(maxsize=1 << 17)
def own(word: str) -> tuple[bytes, ...]:
    """The features of a word itself."""
    small = fold(word)
    found = [f"w={small}", f"c={kind(word)}"]
    if word[0].isupper():
        found += [f"s={shape(word)}", f"n={min(len(word), 8)}"]
        found += [f"f={flag}" for flag in flags(word)]
        found += [f"<{small[:size]}" for size in (2, 3, 4) if len(small) > size]
    found += [f">{small[-size:]}" for size in (2, 3, 4) if len(small) > size]
    return tuple(feature.encode() for feature in found)


@lru_cache(maxsize=1 << 17)
def beside(word: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...], bytes, bytes]:
    """The features a word contributes to the word after it, before it, two after and two before."""
    small, here = fold(word), kind(word)
    seen = [f"w={small}", f"c={here}"]
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
def joined(before: str, here: str, after: str) -> tuple[bytes, ...]:
    """The feature of a capitalised word with its neighbours, by their kinds; `^` and `$` are the ends."""
    return (
        f"-c={before}|{here}".encode(),
        f"+c={here}|{after}".encode(),
        f"3c={before}|{here}|{after}".encode(),
    )


@dataclass(frozen=True, slots=True)
class Context:
    """How an article as a whole uses its capitalised words.

    Attributes:
        small: words that also occur in lower case.
        named: words that somewhere follow a known given name, an initial or a title.
        organised: words that somewhere precede a word such as Inc or University.
    """

    small: frozenset[str]
    named: frozenset[str]
    organised: frozenset[str]


def context(text: Sequence[Sentence]) -> Context:
    """The context of an article's sentences."""
    seen: set[str] = set()
    named: set[str] = set()
    organised: set[str] = set()
    for sentence in text:
        words = sentence.words
        seen.update(words)
        for at in sentence.capitals:
            if at:
                before, word = words[at - 1], words[at]
                here = _part(word)
                if here & _FIRM:
                    organised.add(before)
                elif here & _LONG and _part(before) & _LEADS:
                    named.add(word)
    return Context(frozenset(word for word in seen if word[0].islower()), frozenset(named), frozenset(organised))


_LONG, _FIRM, _LEADS = 1, 2, 4


@lru_cache(maxsize=1 << 17)
def _part(word: str) -> int:
    """The kind of a capitalised word as a neighbour: a longer word, one such as Inc, one that leads a name."""
    if not word[0].isupper():
        return 0
    known = flags(word)
    long = len(word) > 2
    leads = "g" in known or "t" in known or (len(word) == 2 and word[1] == ".")
    return _LONG * long | _FIRM * (long and "o" in known) | _LEADS * leads


def features(sentence: Sentence, around: Context) -> list[list[bytes]]:
    """The features of each word of a sentence."""
    words = sentence.words
    last = len(words) - 1
    kinds = ["^", *map(kind, words), "$"]
    sides = [beside(word) for word in words]
    found: list[list[bytes]] = []
    for at, word in enumerate(words):
        seen = list(own(word))
        if at:
            seen += sides[at - 1][0]
            if at > 1:
                seen.append(sides[at - 2][2])
        else:
            seen.append(FIRST)
        if at < last:
            seen += sides[at + 1][1]
            if at + 1 < last:
                seen.append(sides[at + 2][3])
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
