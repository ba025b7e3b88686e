"""Copy an index into another one, of the same or the other backend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from search import apart, backends
from search.engine import Writer
from search.errors import BadAuthority
from search.files import pictures
from search.names.authority import joined
from search.system import temporary
from search.system.closeable import Closeable
from search.text import dates
from search.values.article import Article
from search.values.query import Query

PIECE = 100
"""Articles that are copied together."""
_MEMORY_BYTES = 1 << 20
"""Bytes of ids that wait in memory; more go to a temporary file."""


class Copied(NamedTuple):
    """What was copied.

    Attributes:
        articles: the number of articles; those that were blocked while articles were copied are not among them.
        blocked: the ids that the source blocks and the destination did not, in order.
    """

    articles: int
    blocked: tuple[str, ...]


def copy(
    source: str,
    destination: str,
    replace: bool = False,
    change: Callable[[Article], Article] = lambda article: article,
    keeps_out: Callable[[Article, str], bool] = lambda _article, _known: False,
) -> Copied:
    """Copy every article that neither index blocks, as it was added, with the authority file and the blocked ids.

    Of two decisions about a name, in the authority files of both, the later one counts.

    Pictures are copied from one directory to another; an index in a cluster has none.

    Args:
        source: the index to read; it is not changed.
        destination: the index to add to, which is created if there is none.
        replace: fill a second index, and replace the destination with it; for a cluster only.
        change: makes the article to write of each article read.
        keeps_out: true for an article that is not copied, and the digest of that with its id in the destination, or "".

    Raises:
        IndexProblem: if one of the two cannot be read or written, or the destination is in the source.
    """
    if not (replace and backends.folder(destination) is None):  # which fills an index of its own
        apart.check(source, destination)
    filling = backends.replacement if replace else backends.writer
    with _Ids() as copied:
        with backends.open(source) as engine, filling(destination) as writer:
            blocked = writer.blocked() | engine.removals().blocked
            together = partial(joined, at=dates.now(), what=f"copy of {source}")
            try:
                together(writer.authority(), engine.authority())  # what cannot be is said before articles are copied
            except BadAuthority as error:
                raise BadAuthority(
                    f"The names of “{source}” and “{destination}” cannot be joined. {error} "
                    "Undo one of the two there, then copy again: dateline authority INDEX undo."
                ) from None
            folder, to = backends.folder(source), backends.folder(destination)
            if pictured := folder is not None and to is not None:
                pictures.copy(folder, to)
            for article, known in _with_known(engine.export(Query(), as_added=True), writer):
                if article.id not in blocked and not keeps_out(article, known):
                    writer.add(change(article if pictured or not article.scan else _unpictured(article)))
                    copied.add(article.id)
            blocked |= engine.removals().blocked  # of which some may have been copied
            new = tuple(sorted(blocked - writer.blocked()))
            for article_id in sorted(blocked):
                writer.block(article_id)
            ours = writer.authority()
            if (names := together(ours, engine.authority())) != ours:
                writer.set_authority(names)
        with backends.open(destination) as engine:
            blocked |= engine.removals().blocked  # as others have asked for meanwhile
        return Copied(copied.count - copied.among(blocked), new)


def _with_known(articles: Iterator[Article], writer: Writer) -> Iterator[tuple[Article, str]]:
    """Articles, each with the digest of the one with its id in the destination, or ""."""
    while piece := list(islice(articles, PIECE)):
        known = writer.digests(article.id for article in piece)
        yield from ((article, known.get(article.id, "")) for article in piece)


class _Ids(Closeable):
    """The ids of copied articles, in a file if there are many."""

    def __init__(self) -> None:
        self._lines = temporary.spooled(_MEMORY_BYTES)
        self.count = 0

    def add(self, article_id: str) -> None:
        """Add one, which is added once."""
        self._lines.write(article_id.encode() + b"\n")
        self.count += 1

    def among(self, ids: Collection[str]) -> int:
        """The number of those that are among some ids."""
        self._lines.seek(0)
        return sum(line[:-1].decode() in ids for line in self._lines) if ids else 0

    def close(self) -> None:
        """Remove the file."""
        self._lines.close()


def _unpictured(article: Article) -> Article:
    return replace(article, scan=tuple(replace(page, picture="") for page in article.scan))
