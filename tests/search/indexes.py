"""Indexes in directories, made in a line."""

from __future__ import annotations

from pathlib import Path

import search
from search import Article


def written(place: Path, *articles: Article) -> Path:
    """Add articles to an index, in one commit; returns its place."""
    with search.writer(place) as writer:
        for article in articles:
            writer.add(article)
    return place
