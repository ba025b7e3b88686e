"""What an article means, as vectors of a model, if one is chosen (see `search.meaning`).

Not a step of the chain: a process that is forked must not have loaded the model before.
"""

from __future__ import annotations

from search.meaning import passages
from search.meaning.model import chosen
from search.values.article import Article, changed

LANGUAGE = "en"
"""The language the model was trained on; in others it misleads."""


def enrich(article: Article) -> Article:
    """Return the article with its vectors; as it is if it has some, is not in English, or no model is chosen."""
    model = None if article.meaning or (article.language or LANGUAGE) != LANGUAGE else chosen()
    return article if model is None else changed(article, meaning=passages.encoded(model, article.title, article.text))
