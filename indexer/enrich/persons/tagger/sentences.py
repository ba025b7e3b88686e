"""Splits a text into sentences, and these into words with offsets.

For names in English news: an abbreviation or an initial does not end a sentence, and a sentence in title case or
capitals is recognised, because its capitals show nothing (`headline_like`). Not for searching, which uses the words of
`search.text`.

Cost: about a microsecond a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from indexer.enrich.shared.lexicon import table

_LETTERS = r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*"
_UPPER = "A-ZÀ-ÖØ-Þ"
_APOSTROPHE = "['’ʼ]"
_CLOSING = frozenset("\"'”’)]»")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and punctuation marks of one sentence, with their offsets in the text, in code points.

    Attributes:
        capitals: the indexes of the words that begin with a capital letter.
    """

    words: Sequence[str]
    starts: Sequence[int]
    capitals: Sequence[int] = field(init=False, repr=False, compare=False)
    _headline_like: list[bool] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        capitals = [at for at, word in enumerate(self.words) if word[0].isupper()]
        object.__setattr__(self, "capitals", capitals)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets in the text of the words from `first` to `last`, exclusive."""
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])


@cache
def _token_pattern() -> re.Pattern[str]:
    abbreviations = "|".join(re.escape(word) for word, kinds in table("words").items() if "abbreviation" in kinds)
    return re.compile(
        r"[A-Za-z]++(?=[ ,\n])"  # fast path: most words
        r"|\n[^\S\n]*\n\s*"
        rf"|(?:[{_UPPER}]\.){{2,}}|[{_UPPER}]\.(?=\s*(?:[{_UPPER}]|(?:de|van|von|der|den|du|da|del|di|la|le|ter)\s))|\b(?=\w+\.)(?:{abbreviations})\."
        rf"|{_APOSTROPHE}[sS](?![^\W_])"
        rf"|{_LETTERS}(?:(?:{_APOSTROPHE}(?![sS](?![^\W_]))|[-‐‑])?{_LETTERS})*"
        r"|\d[\d.,:/-]*(?<![.,:/-])\w*"
        r"|\.\.+|[^\w\s]|_"
    )


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text; a blank line ends one, a full stop of an abbreviation or initial does not."""
    words = _token_pattern().findall(text)
    starts: list[int] = []
    at = 0
    for word in words:  # nothing between two of them could begin one
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
    if max(map(len, words), default=0) > _LONGEST_WORD:
        words = ["\n" if len(word) > _LONGEST_WORD else word for word in words]
    first, size = 0, len(words)
    for place in [place for place, word in enumerate(words) if word in _STOPS or word[0] == "\n"]:
        if place < first:
            continue
        end = place
        if words[place] in _STOPS:
            end += 1
            while end < size and words[end] in _CLOSING:
                end += 1
            if end < size and words[end][0] != "\n" and not _begins(words[end]):
                continue
        yield from _cut(words, starts, first, end)
        first = end + (end < size and words[end][0] == "\n")
    yield from _cut(words, starts, first, size)


def _cut(words: Sequence[str], starts: Sequence[int], first: int, end: int) -> Iterator[Sentence]:
    """Some words as a sentence, or as several if there are too many for one."""
    for at in range(first, end, _LONGEST):
        until = min(at + _LONGEST, end)
        yield Sentence(words[at:until], starts[at:until])


def _begins(word: str) -> bool:
    return word not in _CLOSING and not word[0].islower()


_STOPS = frozenset((".", "!", "?", "..", "..."))
_LONGEST_WORD = 200
"""The greatest length of a word; a longer one ends a sentence like a blank line."""
_LONGEST = 200
"""The greatest length of a sentence in words; tables and lists without a full stop are cut."""


def headline_like(sentence: Sentence) -> bool:
    """True if a sentence is in title case or capitals, so that a capital does not indicate a name.

    Title case: no full stop at its end, few commas and numbers, and four or more words of which nearly all, except
    short ones, are capitalised. Capitals: most words are in capitals.
    """
    known = sentence._headline_like
    if not known:
        known.append(_headline_like(sentence.words))
    return known[0]


@lru_cache(maxsize=1 << 16)
def _case(word: str) -> tuple[int, int, int, int, int]:
    """Properties of a word: begins with a letter, in capitals, has lower case, long, long and capitalised."""
    if not word[0].isalpha():
        return 0, 0, 0, 0, 0
    long = len(word) > 3
    small = any(map(str.islower, word))
    return 1, word.isupper() and len(word) > 1, small, long, long and word[0].isupper()


def _headline_like(words: Sequence[str]) -> bool:
    ended = words[-1] in _STOPS
    if (
        ended and sum(map(str.islower, words)) * 5 >= len(words) * 2
    ):  # most words are not in capitals: the usual sentence
        return False
    letters, loud, small, content, capital = map(sum, zip(*map(_case, words), strict=True))
    if letters and not small:
        return True
    if letters < 4:
        return False
    if loud > 0.6 * letters:
        return True
    if ended:
        return False
    marks = len(words) - letters
    if marks > 1 and marks * 4 >= len(words):  # a list of names, a table of results
        return False
    return content >= 4 and capital >= 0.85 * content
