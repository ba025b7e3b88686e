"""Words for the order of a result that nobody typed: those of its first articles.

If no article has all words of a query, the first ones still tell what it is about: what they are written with in their
first paragraphs makes other articles with these words more likely to be wanted (pseudo-relevance feedback). The matches
stay those of the query's own words; only the order uses more. If one of the first articles has all words, it may be the
very one that is sought, and the order stays that of the words.

A term's share is its part of an article's words, averaged over the first articles by their scores. The `TERMS` whose
share, times the square of their idf, is greatest are scored by BM25 like words of the query, weighted by it; together
they count `WEIGHT` times as much as these.

Cost: `ARTICLES` × `WORDS` words are tokenised, and at most `POSTINGS` articles that have the terms are scored.

Source: RM3 of Abdul-Jaleel et al., UMass at TREC 2004: Novelty and HARD, with weights of our own. Measured by
`python -m benchmarks.ranking`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from search.fields import TITLE_WEIGHT
from search.scoring import idfs
from search.syntax import write
from search.syntax.function_words import FUNCTION_WORDS
from search.syntax.nodes import Leaf, Word
from search.text.tokens import DEFAULT_LANGUAGE, beginning, index_terms, terms_in

ARTICLES = 5
WORDS = 200
"""Words of an article's text that are looked at: news begin with what they are about."""
TERMS = 50
WEIGHT = 0.5
POSTINGS = 500_000


class First(NamedTuple):
    """One of the first articles of a list, one of each story, and its score by the query's words."""

    title: str
    text: str
    language: str | None
    score: float


class Expansion(NamedTuple):
    """A term that the order uses, too.

    Attributes:
        term: as it is indexed.
        form: its most frequent form in the first articles.
        weight: the factor of its score.
    """

    term: str
    form: str
    weight: float


def expansions(
    firsts: Sequence[First], parts: int, having: Callable[[Sequence[str]], Sequence[int]], articles: int
) -> tuple[Expansion, ...]:
    """The terms of the first articles, the highest weight first, ties by term.

    Args:
        parts: the number of the query's parts that are counted.
        having: returns how many articles have each of some terms.
        articles: the number of all.
    """
    shares: dict[str, float] = {}
    spelled: list[tuple[str, str, int]] = []
    total = sum(first.score for first in firsts) or 1.0
    for first in firsts:
        found = _frequencies(first)
        share = first.score / total / (sum(found.values()) or 1)
        ignored = FUNCTION_WORDS.get(first.language or DEFAULT_LANGUAGE, frozenset())
        for term, (form, frequency) in zip(index_terms(list(found), first.language), found.items(), strict=True):
            if form not in ignored:
                shares[term] = shares.get(term, 0.0) + share * frequency
                spelled.append((term, form, frequency))
    terms = sorted(shares)
    counts = np.array(having(terms), np.int64)
    worth = np.round([shares[term] for term in terms] * idfs(counts, articles) ** 2, 12)
    worth[counts < 2] = 0.0  # one that no other article has changes nothing
    chosen: dict[str, float] = {}
    left = POSTINGS
    for number in np.argsort(-worth, kind="stable").tolist():
        if not worth[number] or len(chosen) == TERMS:
            break
        if counts[number] <= left:
            chosen[terms[number]] = float(worth[number])
            left -= int(counts[number])
    scale = WEIGHT * parts / (sum(chosen.values()) or 1.0)
    forms: dict[str, Counter[str]] = {term: Counter() for term in chosen}
    for term, form, frequency in spelled:
        if term in forms:
            forms[term][form] += frequency
    return tuple(Expansion(term, _usual(forms[term]), weight * scale) for term, weight in chosen.items())


def typed(leaves: Iterable[Leaf], languages: Sequence[str | None]) -> dict[str, str]:
    """The terms of a query's words, and the word that each is of, in canonical form."""
    words = [leaf for leaf in leaves if isinstance(leaf, Word)]
    return {term: write(leaf) for leaf in words for term in terms_in(leaf.word, languages)}


def _frequencies(first: First) -> Counter[str]:
    """The weighted frequency of each form of an article's beginning."""
    found = beginning(first.text, WORDS)
    for form, count in beginning(first.title, WORDS).items():
        found[form] += count * TITLE_WEIGHT
    return found


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))
