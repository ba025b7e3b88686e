"""Narrower topics below those of the model: found if a text uses the vocabulary's own name, in its title or often.

A topic of the IPTC Media Topics is assigned if its label, or another of its names, occurs `OFTEN` times in the text (an
occurrence in the title counts as two), and the model chose the top level it belongs to. Words that occur in most news
(government, party) are ignored, as are those that the vocabulary disambiguates by brackets (trial, executive). Singular
and plural are treated alike, other endings are not: a product is not productivity. So there are few, each with clear
evidence. Not for topics whose label does not occur in news; these are never found.

Cost: a fiftieth of a millisecond an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from indexer.enrich.kernels import phrases as kernels
from indexer.enrich.shared import phrases
from indexer.enrich.shared.words import Columns, Numbers, Table
from indexer.enrich.topics.words import Words
from indexer.languages import Language
from search.names.vocabulary import vocabulary
from search.text.tokens import MAX_WORD, fold_word, runs, stem
from search.values.article import Evidence

OFTEN = 3
"""The least number of occurrences of a name in an article."""

TITLE = 2
"""The factor for occurrences in the title."""

RARE = 3.5
"""The rarity (see `topics.Model`) from which a single word is specific enough to be a topic's name."""

MOST = 3
"""The greatest number of narrower topics of an article."""

IN_TITLE, IN_TEXT = 0.8, 0.7
"""The confidence of a narrower topic."""

_LONGEST = 4
SKIPPED = "in-no-topic"
"""The kind of small words that no name of a topic has that is looked for."""


@dataclass(frozen=True, slots=True)
class Name:
    """A topic that has a name, and the top level it belongs to."""

    code: str
    top: str


def find(title: Words, text: Words, tops: Sequence[str], rarity: Mapping[str, float]) -> list[Evidence]:
    """Evidence for each narrower topic below some top levels, the most frequent first.

    Args:
        title, text: their words, as far as they are read.
        rarity: of stems; a stem that is missing is rare.
    """
    allowed = frozenset(tops)
    counts: dict[str, int] = {}
    first: dict[str, tuple[Words, int, int]] = {}
    for passage, weight in ((text, 1), (title, TITLE)):
        for at, size, begins, names in _found(passage, allowed):
            if size == 1 and rarity.get(_stem(begins, passage.table.language.code), RARE) < RARE:
                continue
            for name in names:
                if name.top in allowed:
                    counts[name.code] = counts.get(name.code, 0) + weight
                    if name.code not in first:
                        first[name.code] = (passage, at, size)
    topics = vocabulary("topic")
    found = sorted((code for code, count in counts.items() if count >= OFTEN), key=lambda c: (-counts[c], c))
    broader = {above for code in found for above in topics.ancestors(code)}
    evidence = []
    for code in [code for code in found if code not in broader][:MOST]:
        passage, at, size = first[code]
        start, end = passage.span(at)[0], passage.span(at + size - 1)[1]
        if passage is title:
            evidence.append(Evidence(code, start, end, title.passage[start:end], "label", IN_TITLE, "title"))
        else:
            evidence.append(Evidence(code, start, end, text.passage[start:end], "label", IN_TEXT))
    return evidence


def _found(passage: Words, tops: frozenset[str]) -> Iterator[tuple[int, int, str, tuple[Name, ...]]]:
    """The names in a passage, the longest at each place, of those below some top levels: where it begins, its number of
    words, the first one, names.
    """
    if not len(passage.numbers):
        return
    (column,) = _IN_NAMES.of(passage.table, passage.numbers)
    places, sizes, phrases = np.empty((3, len(passage.numbers)), np.int32)
    names = _names(passage.table.language)
    count = kernels.find(passage.numbers, column, _FIRST, names.tree, places, sizes, phrases)
    each = (part[:count].tolist() for part in (places, sizes, phrases))
    for at, size, phrase in zip(*each, strict=True):
        begins, meant, above = names.phrases[phrase]
        if not above.isdisjoint(tops):
            yield at, size, begins, meant


_FIRST = 2
"""Of numbers in the column of `_IN_NAMES`, where 0 is a word that is not known yet, 1 one that is in no name."""


_stem = lru_cache(maxsize=1 << 12)(stem)


def _singular(word: str) -> str:
    """A word as compared: folded, without a plural ending. It is not cached: a table of words asks once for each."""
    folded = fold_word(word)
    if len(folded) > 4 and folded.endswith("ies"):
        return f"{folded[:-3]}y"
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and folded[-2] not in "siu" else folded


@dataclass(frozen=True, slots=True)
class _Names:
    """All names: words → number, the phrases that they are, and of each its first word, the topics of this name, and
    their top levels.
    """

    words: Mapping[str, int]
    tree: kernels.Tree
    phrases: Sequence[tuple[str, tuple[Name, ...], frozenset[str]]]


@cache
def _names(language: Language) -> _Names:
    """The names of all topics in a language, without those that several topics of one top level share."""
    topics, skipped = vocabulary("topic"), language.words(SKIPPED)
    found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for code, entry in topics.entries.items():
        above = topics.ancestors(code)
        if not above:
            continue
        for name in (entry.label, *entry.aliases):
            words = tuple(_singular(match[0]) for match in runs(name))
            if "(" not in name and 0 < len(words) <= _LONGEST and skipped.isdisjoint(words):
                found.setdefault(words, set()).add((code, above[-1]))
    names: dict[tuple[str, ...], tuple[Name, ...]] = {}
    for words, codes in sorted(found.items()):
        tops = [top for _, top in codes]
        if alone := tuple(Name(code, top) for code, top in sorted(codes) if tops.count(top) == 1):
            names[words] = alone
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for words in names for word in words))}
    tree = phrases.tree([[numbers[word] for word in words] for words in names])
    named = [(words[0], each, frozenset(name.top for name in each)) for words, each in names.items()]
    return _Names(numbers, tree, named)


def _numbers(table: Table, words: Sequence[str], _of: Numbers) -> tuple[list[int]]:
    known = _names(table.language).words
    return ([known.get(_singular(word) if len(word) <= MAX_WORD else "", -1) + _FIRST for word in words],)


def learn(passage: Words) -> None:
    """Find the words of a passage in the names."""
    _IN_NAMES.of(passage.table, passage.numbers)


_IN_NAMES = Columns((np.int32,), _numbers)
"""Of each word its number in the names."""
