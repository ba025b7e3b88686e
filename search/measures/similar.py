"""More like this: the most characteristic words of an article, as a query.

Each term of title and text is represented by its most frequent form, and weighted by frequency (times three in the
title) and idf. The `TERMS` with the highest weights are joined by OR, and scored like any query. Cost: bounded by
`WORDS` words of the article, and by `POSTINGS` articles that have its terms; terms of most articles are skipped.

Source: the idea of Lucene's MoreLikeThis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from search.fields import TITLE_WEIGHT
from search.scoring import idf
from search.syntax import write
from search.syntax.nodes import Or, Word, joined
from search.text.tokens import term, tokens
from search.values.article import Article

TERMS = 25
WORDS = 5000
POSTINGS = 500_000


def query(
    article: Article, frequencies: Callable[[Sequence[str]], Sequence[int]], articles: int, indexed: bool = True
) -> str | None:
    """The text of the query that finds similar articles; None if no other article shares a word with this one.

    Args:
        frequencies: returns how many articles have each of some words (see `Engine.frequencies`).
        articles: of how many, which the idf of a word depends on.
        indexed: False if the article is not one of those that are counted.
    """
    weights = _frequencies(article)
    having = dict(zip(weights, frequencies(list(weights)), strict=True))
    best = sorted((-weights[form] * idf(count, articles), form) for form, count in having.items() if count > indexed)
    chosen: list[Word] = []
    left = POSTINGS
    for _, form in best:
        if having[form] <= left:
            chosen.append(Word(form))
            left -= having[form]
        if len(chosen) == TERMS:
            break
    return write(joined(Or, tuple(chosen))) if chosen else None


def _frequencies(article: Article) -> dict[str, int]:
    """The most frequent form of each term, and the weighted frequency of that term."""
    frequency: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for text, weight in ((article.title, TITLE_WEIGHT), (article.text, 1)):
        for token in islice(tokens(text), WORDS):
            root = term(token.word, article.language)
            frequency[root] += weight
            forms.setdefault(root, Counter())[token.word] += 1
    return {min(forms[root], key=lambda form: (-forms[root][form], form)): n for root, n in frequency.items()}
