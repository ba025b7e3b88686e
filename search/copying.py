"""Copy an index into another one, of the same or the other backend."""

from __future__ import annotations

from search import backends
from search.query import Query


def copy(source: str, destination: str, replace: bool = False) -> int:
    """Copy every article that neither index blocks, with the authority file and the blocked ids.

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
            for article in engine.export(Query()):
                if article.id not in blocked:
                    writer.add(article)
                    count += 1
            for article_id in sorted(blocked):
                writer.block(article_id)
            if authority.entries:
                writer.set_authority(authority)
    return count
