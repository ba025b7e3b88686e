"""Articles that are not there: those that their publishers withdrew, which only the ledger knows, are gone."""

from __future__ import annotations

from pathlib import Path

import search
from indexer.withheld import withdrawn
from search.article import ID_PATTERN
from search.errors import ArticleGone, ArticleMissing, DatelineError


def told(place: str, error: DatelineError) -> DatelineError:
    """An error as it is told to whoever asked: of a missing article it says that it was withdrawn, where it was."""
    if not isinstance(error, ArticleMissing) or search.is_address(place) or not ID_PATTERN.fullmatch(error.article_id):
        return error
    if not withdrawn.known(Path(place), error.article_id):
        return error
    return ArticleGone(error.article_id, error.at if isinstance(error, ArticleGone) else None, withdrawn=True)
