"""Copy an index into another one, of the same or the other backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from search import apart, backends, dates
from search.article import Article
from search.authority import joined
from search.errors import BadAuthority
from search.local.safe import pictures

PIECE = 100
"""Articles that are copied together."""


class Copied(NamedTuple):
    """What was copied.

    Attributes:
        articles: the number of articles.
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
    count = 0
    if not (replace and backends.is_address(destination)):  # which fills an index of its own
        apart.check(source, destination)
    filling = backends.replacement if replace else backends.writer
    with backends.open(source) as engine, filling(destination) as writer:
        blocked = writer.blocked() | engine.blocked()
        together = partial(joined, at=dates.now(), what=f"copy of {source}")
        try:
            together(writer.authority(), engine.authority())  # what cannot be is said before articles are copied
        except BadAuthority as error:
            raise BadAuthority(
                f"The names of “{source}” and “{destination}” cannot be joined. {error} "
                "Undo one of the two there, then copy again: dateline authority INDEX undo."
            ) from None
        pictured = not backends.is_address(source) and not backends.is_address(destination)
        if pictured:
            pictures.copy(Path(source), Path(destination))
        articles = engine.as_added()
        while piece := list(islice(articles, PIECE)):
            known = writer.digests(article.id for article in piece)
            for article in piece:
                if article.id not in blocked and not keeps_out(article, known.get(article.id, "")):
                    writer.add(change(article if pictured or not article.scan else _unpictured(article)))
                    count += 1
        blocked |= engine.blocked()  # of which some may have been copied
        new = tuple(sorted(blocked - writer.blocked()))
        for article_id in sorted(blocked):
            writer.block(article_id)
        ours = writer.authority()
        if (names := together(ours, engine.authority())) != ours:
            writer.set_authority(names)
    return Copied(count, new)


def _unpictured(article: Article) -> Article:
    return replace(article, scan=tuple(replace(page, picture="") for page in article.scan))
