"""Missing articles: the withdrawn ones, which only the ledger lists, are reported as gone."""

from __future__ import annotations

from pathlib import Path

from indexer.withheld import withdrawn
from search.errors import ArticleGone, ArticleMissing, DatelineError
from search.values.article import ID_PATTERN


def explained(place: str, error: DatelineError) -> DatelineError:
    """The error for the client: for a missing article that was withdrawn, it says so."""
    if not isinstance(error, ArticleMissing) or not ID_PATTERN.fullmatch(error.article_id):
        return error
    if not withdrawn.known(Path(place), error.article_id):
        return error
    return ArticleGone(error.article_id, error.at if isinstance(error, ArticleGone) else None, withdrawn=True)
