"""Copy an index into another one, of the same or the other backend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from search import backends
from search.article import Article
from search.local.safe import pictures
from search.query import Query


def copy(source: str, destination: str, replace: bool = False) -> int:
    """Copy every article that neither index blocks, with the authority file and the blocked ids.

    Pictures are copied from one directory to another; an index in a cluster has none.

    Args:
        source: the index to read; it is not changed.
        destination: the index to add to, which is created if there is none.
        replace: fill a second index, and replace the destination with it; for a cluster only.

    Returns:
        The number of articles copied.

    Raises:
        IndexProblem: if one of the two cannot be read or written.
    """
    count = 0
    with backends.open(source) as engine:
        with backends.writer(source) as before:
            authority, blocked = before.authority(), before.blocked()
        with backends.replacement(destination) if replace else backends.writer(destination) as writer:
            blocked |= writer.blocked()
            pictured = not backends.is_address(source) and not backends.is_address(destination)
            if pictured:
                pictures.copy(Path(source), Path(destination))
            for article in engine.export(Query()):
                if article.id not in blocked:
                    writer.add(article if pictured or not article.scan else _unpictured(article))
                    count += 1
            for article_id in sorted(blocked):
                writer.block(article_id)
            if authority.entries:
                writer.set_authority(authority)
    return count


def _unpictured(article: Article) -> Article:
    return replace(article, scan=tuple(replace(page, picture="") for page in article.scan))
