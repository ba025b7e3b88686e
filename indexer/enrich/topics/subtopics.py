"""Narrower topics below those of the model: found if a text calls one by its name, in its title or often.

A topic of the IPTC Media Topics is assigned if its label, an everyday word for it, such as football, or another of its
names occurs `OFTEN` times in the text (an occurrence in the title counts as two), and the model chose the top level it
belongs to. An occurrence of a word that most news has (government, president) counts for little. What the vocabulary
disambiguates by brackets (executive) is not looked for, nor are everyday words that people only ask with
(`topic-asked`), or that say who somebody is, as titles do: a text with a minister is not about ministers.
`topic_signs` has words of which nobody asks, but which tell a topic: wicket. Singular and plural are treated alike,
other endings are not: a product is not productivity. So there are few, each with clear evidence.

A word that ends longer names of other topics counts for the one that is named otherwise: football, in an article on the
NFL, is American football. A longer name counts for broader topics within it: rugby union for rugby.

Cost: a fiftieth of a millisecond an article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from indexer.enrich.kernels import phrases as kernels
from indexer.enrich.shared import phrases
from indexer.enrich.shared.words import Columns, Numbers, Table
from indexer.enrich.topics.words import Words
from indexer.languages import Language
from search.names.vocabulary import vocabulary
from search.text.tokens import MAX_WORD, fold, fold_word, runs, stem
from search.values.article import Evidence

OFTEN = 3
"""The least number of occurrences of a name in an article."""

TITLE = 2
"""The factor for occurrences in the title."""

RARE = 3.5
"""The rarity (see `topics.Model`) from which a single word is specific enough to be a topic's name."""

STEEP = 3
"""The power of a word's rarity that is what an occurrence counts."""

MOST = 3
"""The greatest number of narrower topics of an article."""

IN_TITLE, IN_TEXT = 0.8, 0.7
"""The confidence of a narrower topic."""

_LONGEST = 4
SKIPPED = "in-no-topic"
"""The kind of small words that no name of a topic has that is looked for."""
ASKED = "topic-asked"
"""The kind of everyday words of topics that are not looked for in texts."""
TITLES = "titles"
"""The table of titles of persons, which are not looked for either."""
SIGNS = "topic_signs"
"""The table of words that tell a topic."""


@dataclass(frozen=True, slots=True)
class Name:
    """A topic that has a name.

    Attributes:
        top: the top level it belongs to.
        within: broader topics that have a name within this one: rugby, of rugby union.
        rivals: others of the top level that have a longer name that ends so: American football, of football.
    """

    code: str
    top: str
    within: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


def find(title: Words, text: Words, tops: Sequence[str], rarity: Mapping[str, float]) -> list[Evidence]:
    """Evidence for each narrower topic below some top levels, the most frequent first.

    Args:
        title, text: their words, as far as they are read.
        rarity: of stems; a stem that is missing is rare.
    """
    allowed = frozenset(tops)
    topics = vocabulary("topic")
    counts: dict[str, float] = {}
    first: dict[str, _Place] = {}
    shared: list[tuple[Name, float, _Place]] = []
    for passage, weight in ((text, 1), (title, TITLE)):
        for begins, names, place, times in _found(passage, allowed):
            worth = weight * times * (_worth(begins, passage.table.language, rarity) if place.size == 1 else 1)
            for name in names:
                if name.rivals:
                    shared.append((name, worth, place))
                    continue
                for code in (name.code, *name.within):
                    counts[code] = counts.get(code, 0) + worth
                    first.setdefault(code, place)
    otherwise = dict(counts)
    for name, worth, place in shared:
        code = max((name.code, *name.rivals), key=lambda each: otherwise.get(each, 0))
        counts[code] = counts.get(code, 0) + worth
        first.setdefault(code, place)
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


class _Place(NamedTuple):
    """Where a name begins, by the number of its first word, and its number of words."""

    passage: Words
    at: int
    size: int


def _found(passage: Words, tops: frozenset[str]) -> Iterator[tuple[str, Sequence[Name], _Place, int]]:
    """The different names in a passage, of topics below some top levels: the first word, the topics, the first
    occurrence, the number of occurrences. At each place the longest name counts.
    """
    if not len(passage.numbers):
        return
    (column,) = _IN_NAMES.of(passage.table, passage.numbers)
    places, sizes, phrases = np.empty((3, len(passage.numbers)), np.int32)
    names = _names(passage.table.language)
    count = kernels.find(passage.numbers, column, _FIRST, names.tree, places, sizes, phrases)
    met = phrases[:count].tolist()
    first = dict(zip(reversed(met), range(count - 1, -1, -1), strict=True))
    for phrase, times in Counter(met).items():
        begins, meant, above = names.phrases[phrase]
        if not above.isdisjoint(tops):
            at = first[phrase]
            place = _Place(passage, int(places[at]), int(sizes[at]))
            yield begins, [name for name in meant if name.top in tops], place, times


_FIRST = 2
"""Of numbers in the column of `_IN_NAMES`, where 0 is a word that is not known yet, 1 one that is in no name."""


def _worth(word: str, language: Language, rarity: Mapping[str, float]) -> float:
    """What an occurrence of a name of one word counts, up to 1: a word that most news has says little."""
    return float(min(1.0, rarity.get(_stem(word, language.code), RARE) / RARE)) ** STEEP


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


Phrase = tuple[str, ...]
"""The words of a name, as compared."""


@cache
def _names(language: Language) -> _Names:
    """The names of all topics in a language, without those that several topics of one top level share."""
    topics = vocabulary("topic")
    found = _called(language)
    longer: dict[Phrase, set[tuple[str, str]]] = {}
    for words, some in found.items():
        for at in range(1, len(words)):
            longer.setdefault(words[at:], set()).update(some)
    names: dict[Phrase, tuple[Name, ...]] = {}
    for words, pairs in sorted(found.items()):
        tops = [top for _, top in pairs]
        inside = [words[a:b] for b in range(1, len(words) + 1) for a in range(b) if b - a < len(words)]
        shorter = {code for part in inside for code, _ in found.get(part, ())}
        named = []
        for code, top in sorted(pairs):
            if tops.count(top) == 1:
                within = tuple(above for above in topics.ancestors(code) if above in shorter)
                rivals = {other for other, its in longer.get(words, ()) if its == top and _is_apart(other, code)}
                named.append(Name(code, top, within, tuple(sorted(rivals))))
        if named:
            names[words] = tuple(named)
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for words in names for word in words))}
    tree = phrases.tree([[numbers[word] for word in words] for words in names])
    rows = [(words[0], each, frozenset(name.top for name in each)) for words, each in names.items()]
    return _Names(numbers, tree, rows)


def _called(language: Language) -> dict[Phrase, set[tuple[str, str]]]:
    """What narrower topics are called in texts → their codes, each with that of its top level."""
    topics, skipped = vocabulary("topic"), language.words(SKIPPED)
    asked = {*language.words(ASKED), *map(fold, language.table(TITLES))}
    called = []
    for code, entry in topics.entries.items():
        everyday = [word for word in entry.everyday if fold(word) not in asked]
        called += [(name, code) for name in (entry.label, *entry.aliases, *everyday)]
    called += [(sign, code) for sign, codes in language.table(SIGNS).items() for code in codes]
    found: dict[Phrase, set[tuple[str, str]]] = {}
    for name, code in called:
        above, words = topics.ancestors(code), tuple(_singular(match[0]) for match in runs(name))
        if above and "(" not in name and 0 < len(words) <= _LONGEST and skipped.isdisjoint(words):
            found.setdefault(words, set()).add((code, above[-1]))
    return found


def _is_apart(code: str, other: str) -> bool:
    """True if neither of two topics is broader than the other."""
    above = vocabulary("topic").ancestors
    return code != other and code not in above(other) and other not in above(code)


def _numbers(table: Table, words: Sequence[str], _of: Numbers) -> tuple[list[int]]:
    known = _names(table.language).words
    return ([known.get(_singular(word) if len(word) <= MAX_WORD else "", -1) + _FIRST for word in words],)


def learn(passage: Words) -> None:
    """Find the words of a passage in the names."""
    _IN_NAMES.of(passage.table, passage.numbers)


_IN_NAMES = Columns((np.int32,), _numbers)
"""Of each word its number in the names."""
