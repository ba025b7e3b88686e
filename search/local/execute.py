"""Here is a query tree, give me the articles that match, and their scores.

Each node becomes a list of article numbers, ascending, with a score each; AND intersects lists, OR merges them, NOT
takes away. A word is looked for under its stem in each language of the archive, and a prefix under all words it stands
for; either is scored as one term.

Scores are BM25 as in Lucene ≥ 8 (k1 = 1.2, b = 0.75), over title and text as one field in which the title stands
three times: idf · tf / (tf + k1 · (1 − b + b · length / mean length)), idf = ln(1 + (N − n + 0.5) / (n + 0.5)).
Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009); Lucene BM25Similarity.
A phrase has the sum of its words' idf and its own frequency. N counts all articles of the segments.

Cost: linear in the postings of the query's words; a phrase reads the positions of the articles that have all its words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.errors import BadParameter, BadQuery
from search.fields import TITLE_WEIGHT
from search.local import kernels
from search.local.segment import Occurrences, SegmentData
from search.local.snapshot import Snapshot
from search.syntax import All, And, Leaf, Node, Not, Or, Phrase, Prefix, Word, leaves, write
from search.text import stem

MAX_EXPANSIONS = 1000

_FIELDS = {None: 0, "title": 1, "text": 2}
_NONE = np.empty(0, np.uint32)


class Matches(NamedTuple):
    """The articles that match, deleted ones among them: ascending numbers (uint32), and their scores (float64)."""

    articles: NDArray[np.uint32]
    scores: NDArray[np.float64]


class Found(NamedTuple):
    """The articles that have a word, prefix or phrase: ascending numbers, and how often (uint32)."""

    articles: NDArray[np.uint32]
    frequencies: NDArray[np.uint32]


class Executor:
    """Walks one query tree over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._found: dict[Leaf, Found] = {}

    def matches(self, node: Node) -> Matches:
        """Evaluate a tree."""
        match node:
            case All():
                return self._everything()
            case Word() | Prefix() | Phrase():
                return self._scored(node)
            case Not(part):
                return _without(self._everything(), self.matches(part).articles)
            case And(parts):
                return self._all_of(parts)
            case Or(parts):
                return reduce(_either, sorted(map(self.matches, parts), key=lambda m: len(m.articles)))

    def counts(self, tree: Node) -> list[tuple[str, int]]:
        """Each word and phrase of the tree in canonical form, and the number of live articles that have it."""
        snapshot = self._snapshot
        return [(write(leaf), snapshot.count_live(self._find(leaf).articles)) for leaf in leaves(tree)]

    def _everything(self) -> Matches:
        return Matches(self._snapshot.numbers, np.zeros(self._snapshot.size))

    def _all_of(self, parts: Sequence[Node]) -> Matches:
        """Intersect the wanted parts, the shortest first, then take the unwanted away.

        Of a word only the articles that stay are scored.
        """
        words = sorted((p for p in parts if isinstance(p, Leaf)), key=lambda leaf: len(self._find(leaf).articles))
        others = [self.matches(part) for part in parts if not isinstance(part, Leaf | Not)]
        others.sort(key=lambda m: len(m.articles))
        found = reduce(_both, others) if others else self._scored(words.pop(0)) if words else self._everything()
        for word in words:
            found = self._narrowed(found, word)
        for part in parts:
            if isinstance(part, Not):
                unwanted = part.part
                gone = self._find(unwanted).articles if isinstance(unwanted, Leaf) else self.matches(unwanted).articles
                found = _without(found, gone)
        return found

    def _narrowed(self, matches: Matches, leaf: Leaf) -> Matches:
        found = self._find(leaf)
        size = min(len(matches.articles), len(found.articles))
        articles, scores = np.empty(size, np.uint32), np.empty(size)
        size = kernels.both_scored(*matches, *found, self._snapshot.norms, self._weight(leaf), articles, scores)
        return Matches(articles[:size], scores[:size])

    def _scored(self, leaf: Leaf) -> Matches:
        found = self._find(leaf)
        scores = np.empty(len(found.articles))
        kernels.score(found.articles, found.frequencies, self._snapshot.norms, self._weight(leaf), scores)
        return Matches(found.articles, scores)

    def _weight(self, leaf: Leaf) -> float:
        """The idf of a word; of a phrase, the sum of its words'."""
        words = [Word(word, leaf.field) for word in leaf.words] if isinstance(leaf, Phrase) else [leaf]
        having = (len(self._find(word).articles) for word in words)
        return sum(math.log(1 + (self._snapshot.size - n + 0.5) / (n + 0.5)) for n in having)

    def _find(self, leaf: Leaf) -> Found:
        found = self._found.get(leaf)
        if found is None:
            found = self._found[leaf] = self._look_up(leaf)
        return found

    def _look_up(self, leaf: Leaf) -> Found:
        field = _FIELDS[leaf.field]
        languages = self._snapshot.languages
        match leaf:
            case Word(word):
                terms = sorted({stem(word, language) for language in languages})
                return _union([_weighed(self._snapshot.stem(term), field) for term in terms])
            case Prefix(letters):
                return _union([_weighed(self._snapshot.form(form), field) for form in self._expand(letters)])
            case Phrase(words):
                forms = sorted({tuple(stem(word, language) for word in words) for language in languages})
                return _union([self._phrase(stems, field) for stems in forms])

    def _expand(self, letters: str) -> list[str]:
        words = self._snapshot.beginning(letters, MAX_EXPANSIONS)
        if len(words) > MAX_EXPANSIONS:
            reason = f"“{letters}*” stands for more than {MAX_EXPANSIONS:,} words of this archive."
            raise BadQuery([BadParameter("q", f"{letters}*", reason, "Give more letters.")])
        return words

    def _phrase(self, stems: tuple[str, ...], field: int) -> Found:
        parts = [(start, _phrase_in(segment, stems, field)) for start, segment in self._snapshot.placed_segments]
        return Found(
            np.concatenate([_NONE, *(found.articles + np.uint32(start) for start, found in parts)]),
            np.concatenate([_NONE, *(found.frequencies for _, found in parts)]),
        )


def _weighed(found: Occurrences, field: int) -> Found:
    if not field:
        return Found(found.articles, found.weights)
    articles, frequencies = np.empty_like(found.articles), np.empty_like(found.counts)
    size = kernels.weigh(found.articles, found.counts, found.titles, field, TITLE_WEIGHT, articles, frequencies)
    return Found(articles[:size], frequencies[:size])


def _union(parts: list[Found]) -> Found:
    """Several lists as one, frequencies added."""
    parts = [part for part in parts if len(part.articles)]
    if len(parts) <= 1:
        return parts[0] if parts else Found(_NONE, _NONE)
    articles = np.concatenate([part.articles for part in parts])
    frequencies = np.concatenate([part.frequencies for part in parts])
    different, places = np.unique(articles, return_inverse=True)
    return Found(different, np.bincount(places, weights=frequencies).astype(np.uint32))


def _both(a: Matches, b: Matches) -> Matches:
    size = min(len(a.articles), len(b.articles))
    articles, scores = np.empty(size, np.uint32), np.empty(size)
    size = kernels.both(*a, *b, articles, scores)
    return Matches(articles[:size], scores[:size])


def _either(a: Matches, b: Matches) -> Matches:
    size = len(a.articles) + len(b.articles)
    articles, scores = np.empty(size, np.uint32), np.empty(size)
    size = kernels.either(*a, *b, articles, scores)
    return Matches(articles[:size], scores[:size])


def _without(a: Matches, b: NDArray[np.uint32]) -> Matches:
    articles, scores = np.empty_like(a.articles), np.empty_like(a.scores)
    size = kernels.without(*a, b, articles, scores)
    return Matches(articles[:size], scores[:size])


def _phrase_in(segment: SegmentData, stems: tuple[str, ...], field: int) -> Found:
    """The articles of one segment in which stems stand side by side."""
    numbers = [segment.stems.find(term.encode()) for term in stems]
    if None in numbers:
        return Found(_NONE, _NONE)
    found = {number: segment.occurrences(number) for number in numbers if number is not None}
    having = reduce(_in_both, sorted((o.articles for o in found.values()), key=len))
    if not len(having):
        return Found(_NONE, _NONE)
    places = {number: segment.positions_in(number, occurrences, having) for number, occurrences in found.items()}
    starts, ends = places[numbers[0]]  # type: ignore[index]
    for distance, number in enumerate(numbers[1:], 1):
        kept, kept_ends = np.empty_like(starts), np.empty_like(ends)
        kernels.follow(starts, ends, *places[number], distance, kept, kept_ends)  # type: ignore[index]
        starts, ends = kept, kept_ends
    articles, frequencies = np.empty_like(having), np.empty_like(having)
    size = kernels.count_phrases(starts, ends, having, segment.titles, field, TITLE_WEIGHT, articles, frequencies)
    return Found(articles[:size], frequencies[:size])


def _in_both(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return _both(Matches(a, np.zeros(len(a))), Matches(b, np.zeros(len(b)))).articles
