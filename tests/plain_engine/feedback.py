"""`rank=best` in the plainest way: which words of the first articles score, and what each adds to an article."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from search.syntax.function_words import FUNCTION_WORDS
from search.text.tokens import fold_word, term, words
from search.values.article import Article
from tests.plain_engine.words import length_of, terms_of

Added = dict[str, tuple[str, float]]
"""Term → its usual form in the first articles, and its weight."""


def idf(having: int, articles: int) -> float:
    """Of a term that so many of all articles have."""
    return math.log(1 + (articles - having + 0.5) / (having + 0.5))


def bm25(frequency: int, length: int, mean: float) -> float:
    """Of a term with this frequency in an article of this length, without its idf."""
    return frequency / (frequency + 1.2 * (1 - 0.75 + 0.75 * length / mean))


class Feedback:
    """The terms of all articles of an archive, as they are indexed."""

    def __init__(self, held: Sequence[Article]) -> None:
        self._counts = {a.id: Counter(terms_of(a.title, a.language) * 3 + terms_of(a.text, a.language)) for a in held}
        self._having = Counter(one for counts in self._counts.values() for one in counts)
        self._mean = sum(map(length_of, held)) / max(1, len(self._counts))

    def added(self, firsts: Sequence[tuple[Article, float]], parts: int) -> Added:
        """What the first articles and their scores add to a query of so many parts."""
        total = sum(score for _, score in firsts) or 1.0
        shares: Counter[str] = Counter()
        forms: dict[str, Counter[str]] = {}
        for article, score in firsts:
            begun = _begun(article)
            length = sum(weight for _, weight in begun)
            for word, weight in begun:
                if word not in FUNCTION_WORDS.get(article.language or "en", ()):
                    one = term(word, article.language)
                    shares[one] += score / total * weight / length  # type: ignore[assignment]
                    forms.setdefault(one, Counter())[word] += weight
        worth = {one: round(share * self._idf(one) ** 2, 12) for one, share in shares.items() if self._having[one] > 1}
        best = sorted(worth, key=lambda one: (-worth[one], one))[:50]
        scale = 0.5 * parts / (sum(worth[one] for one in best) or 1.0)
        usual = {one: min(forms[one], key=lambda form: (-forms[one][form], form)) for one in best}
        return {one: (usual[one], worth[one] * scale) for one in best}

    def score(self, one: str, article: Article) -> float:
        """What a term adds to an article, unweighted."""
        return self._idf(one) * bm25(self._counts[article.id][one], length_of(article), self._mean)

    def _idf(self, one: str) -> float:
        return idf(self._having[one], len(self._counts))


def _begun(article: Article) -> list[tuple[str, int]]:
    """The folded words that an article begins with, each with its weight."""
    found = [(fold_word(word), 3) for word in words(article.title)[:200]]
    found += [(fold_word(word), 1) for word in words(article.text)[:200]]
    return [(word, weight) for word, weight in found if word]
