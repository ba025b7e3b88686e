"""Here is a query tree, give me the articles that match, and their scores.

Each node becomes a mask over all articles and, where it scores, an array of scores; AND and OR add the scores of their
parts, NOT only takes away. A word is looked for under its stem in each language of the archive, and a prefix under
all words it stands for; either is scored as one term.

Scores are BM25 as in Lucene ≥ 8 (k1 = 1.2, b = 0.75), over title and text as one field in which the title stands
three times: idf · tf / (tf + k1 · (1 − b + b · length / mean length)), idf = ln(1 + (N − n + 0.5) / (n + 0.5)).
Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009); Lucene BM25Similarity.
A phrase has the sum of its words' idf and its own frequency. N counts all articles of the segments.

Cost: a few array operations over all articles for each node; a phrase also reads positions, one object a posting.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.errors import BadParameter, BadQuery
from search.local.columns import Mask
from search.local.schema import TEXTS, form_field
from search.local.snapshot import Snapshot
from search.syntax import All, And, Leaf, Node, Not, Or, Phrase, Prefix, Word, leaves, write
from search.text import stem

K1 = 1.2
B = 0.75
MAX_EXPANSIONS = 1000

Scores = NDArray[np.float64]


class Matches(NamedTuple):
    """The articles that match, deleted ones among them, and the score of each (float64, 0 where it has none)."""

    mask: Mask
    scores: Scores


class Executor:
    """Walks one query tree over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._frequencies: dict[Leaf, Scores] = {}

    def matches(self, node: Node) -> Matches:
        """Evaluate a tree."""
        match node:
            case All():
                return Matches(np.ones(self._snapshot.size, np.bool_), np.zeros(self._snapshot.size))
            case Word() | Prefix() | Phrase():
                return self._leaf(node)
            case Not(part):
                return Matches(~self.matches(part).mask, np.zeros(self._snapshot.size))
            case And(parts):
                found = [self.matches(part) for part in parts]
                mask = reduce(np.logical_and, (m.mask for m in found))
                return Matches(mask, np.where(mask, sum(m.scores for m in found), 0.0))
            case Or(parts):
                found = [self.matches(part) for part in parts]
                mask = reduce(np.logical_or, (m.mask for m in found))
                return Matches(mask, np.asarray(sum(m.scores for m in found)))

    def counts(self, tree: Node) -> list[tuple[str, int]]:
        """Each word and phrase of the tree in canonical form, and the number of live articles that have it."""
        live = self._snapshot.live
        return [(write(leaf), int((live & (self._frequency(leaf) > 0)).sum())) for leaf in leaves(tree)]

    def _leaf(self, leaf: Leaf) -> Matches:
        frequency = self._frequency(leaf)
        mask = frequency > 0
        if not mask.any():
            return Matches(mask, frequency)
        words = [Word(word, leaf.field) for word in leaf.words] if isinstance(leaf, Phrase) else [leaf]
        idf = sum(self._idf(self._frequency(word)) for word in words)
        snapshot = self._snapshot
        norm = K1 * (1 - B + B * snapshot.lengths / snapshot.mean_length)
        return Matches(mask, idf * frequency / (frequency + norm))

    def _idf(self, frequency: Scores) -> float:
        having = int(np.count_nonzero(frequency))
        return math.log(1 + (self._snapshot.size - having + 0.5) / (having + 0.5))

    def _frequency(self, leaf: Leaf) -> Scores:
        """How often each article has a leaf, an occurrence in the title counting three times."""
        if leaf not in self._frequencies:
            frequency = np.zeros(self._snapshot.size)
            for field in (leaf.field,) if leaf.field else TEXTS:
                match leaf:
                    case Word(word):
                        terms = {stem(word, language) for language in self._snapshot.languages}
                        self._add(frequency, field, field, sorted(terms))
                    case Prefix(letters):
                        self._add(frequency, field, form_field(field), self._expand(field, letters))
                    case Phrase(words):
                        for language_stems in {
                            tuple(stem(word, language) for word in words) for language in self._snapshot.languages
                        }:
                            self._add_phrase(frequency, field, language_stems)
            self._frequencies[leaf] = frequency
        return self._frequencies[leaf]

    def _add(self, frequency: Scores, field: str, terms_field: str, terms: list[str]) -> None:
        for term in terms:
            postings = self._snapshot.postings.read(terms_field, term)
            frequency[postings.articles] += TEXTS[field] * postings.frequencies

    def _expand(self, field: str, letters: str) -> list[str]:
        words = self._snapshot.postings.expand(form_field(field), letters, MAX_EXPANSIONS)
        if len(words) > MAX_EXPANSIONS:
            reason = f"“{letters}*” stands for more than {MAX_EXPANSIONS:,} words of this archive."
            raise BadQuery([BadParameter("q", f"{letters}*", reason, "Give more letters.")])
        return words

    def _add_phrase(self, frequency: Scores, field: str, stems: tuple[str, ...]) -> None:
        postings = self._snapshot.postings
        both = reduce(np.intersect1d, (postings.read(field, term).articles for term in stems))
        if not len(both):
            return
        places = {term: postings.positions(field, term, both) for term in set(stems)}
        for article in both.tolist():
            starts = set(places[stems[0]][article])
            for distance, term in enumerate(stems[1:], 1):
                starts &= {position - distance for position in places[term][article]}
            frequency[article] += TEXTS[field] * len(starts)
