"""The author of an article whose metadata has none: from a line at the head of the text that begins with By.

The person it names is not one of the story (see `credits`).
"""

from __future__ import annotations

from indexer import languages
from indexer.enrich.shared import heading
from search.values.article import Article, changed


def enrich(article: Article) -> Article:
    """Return the article with its byline, unless it has one."""
    language = languages.named(article.language or languages.DEFAULT)
    if article.byline is not None or language is None:
        return article
    found = heading.byline(article.text, language)
    return changed(article, byline=found.name) if found else article
