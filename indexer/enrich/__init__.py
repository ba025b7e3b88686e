"""Enrichment: one fact a module, each `enrich(article) -> Article`, chained in the order in which they need each other.

The language decides which models apply; persons come before countries, because "Jordan Henderson" is no country. What
the input stated stays as it is. An enricher reads the article and its own tables and models, never a file of the
archive, and gives the same article the same facts in any process and any order.
"""

from __future__ import annotations

from collections.abc import Callable

from indexer.enrich import countries, dates, language, persons, topics
from search.article import Article

VERSION = "1"
"""Part of an article's digest: when a model or a rule changes, articles are read as changed and enriched again."""

CHAIN: tuple[Callable[[Article], Article], ...] = (
    language.enrich,
    dates.enrich,
    persons.enrich,
    countries.enrich,
    topics.enrich,
)


def enrich(article: Article) -> Article:
    """The article with every fact that its text gives."""
    for step in CHAIN:
        article = step(article)
    return article
