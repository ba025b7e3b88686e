"""More like this: the most characteristic words of an article, as a query.

Each term of title and text is represented by its most frequent form, and weighted by frequency (times three in the
title) and idf. The `TERMS` with the highest weights are joined by OR, and scored like any query. Cost: bounded by
`WORDS` words of the article, and by `POSTINGS` articles that have its terms; terms of most articles are skipped.

Source: the idea of Lucene's MoreLikeThis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice

from search.fields import TITLE_WEIGHT
from search.syntax.nodes import Node, Or, Word
from search.text.tokens import term, tokens
from search.values.article import Article

TERMS = 25
WORDS = 5000
POSTINGS = 500_000


def query(
    article: Article, having: Callable[[Word], int], idf: Callable[[Word], float], indexed: bool = True
) -> Node | None:
    """The query that finds similar articles; None if no other article shares a word with this one.

    Args:
        indexed: False if the article is not one of those that are counted.
        having: returns the number of articles that have a word.
        idf: returns the inverse document frequency of a word.
    """
    scored: list[tuple[float, str]] = []
    for form, frequency in _frequencies(article).items():
        if having(Word(form)) > indexed:
            scored.append((-frequency * idf(Word(form)), form))
    chosen: list[Word] = []
    left = POSTINGS
    for _, form in sorted(scored):
        if (count := having(Word(form))) <= left:
            chosen.append(Word(form))
            left -= count
        if len(chosen) == TERMS:
            break
    if len(chosen) < 2:
        return chosen[0] if chosen else None
    return Or(tuple(chosen))


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
