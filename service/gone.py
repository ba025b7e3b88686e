"""Missing articles: the withdrawn ones, which only the ledger lists, are reported as gone."""

from __future__ import annotations

from pathlib import Path

from indexer.withheld import withdrawn
from search.errors import ArticleGone, ArticleMissing, DatelineError
from search.values.article import ID_PATTERN
from service import seeing


def explained(place: str, error: DatelineError) -> DatelineError:
    """The error for the client: for a missing article that was withdrawn, it says so."""
    if not isinstance(error, ArticleMissing) or not ID_PATTERN.fullmatch(error.article_id):
        return error
    if not seeing.current().is_whole:  # what was withdrawn may have been hidden from this reader
        return ArticleMissing(error.article_id)
    if not withdrawn.known(Path(place), error.article_id):
        return error
    return ArticleGone(error.article_id, error.at if isinstance(error, ArticleGone) else None, withdrawn=True)
