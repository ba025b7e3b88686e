"""What a run enters into an index: noted before each commit, so that it can be undone (`Run.undo`).

A note is on disk before what it tells of is in the index. So after a crash it may tell of articles that are not there,
which undoing passes over, and never lacks one that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson

from indexer.withheld import embargo
from search.values.article import Article


class Entered(NamedTuple):
    """An article that a run adds, replaces or stores under embargo.

    Attributes:
        digest: of the article as the run entered it.
        before: the article that it replaced, with the facts that were found of it; None if there was none.
    """

    id: str
    digest: str
    before: Article | None


Note = Callable[[Sequence[Entered]], None]
"""Called before each commit."""


def line(entered: Entered) -> bytes:
    """It as a line of a file."""
    before = orjson.Fragment(embargo.encoded(entered.before)) if entered.before is not None else None
    return orjson.dumps((entered.id, entered.digest, before), option=orjson.OPT_APPEND_NEWLINE)


def read(lines: Iterable[bytes]) -> Iterator[Entered]:
    """What lines tell. One that a crash has cut short tells nothing: its articles were not entered."""
    for one in lines:
        try:
            article_id, digest, before = orjson.loads(one)
        except orjson.JSONDecodeError:
            continue
        yield Entered(article_id, digest, embargo.decoded(orjson.dumps(before)) if before is not None else None)


def together(entered: Iterable[Entered]) -> dict[str, Entered]:
    """One for each id, of several with what was there before the first, and what is since the last."""
    found: dict[str, Entered] = {}
    for one in entered:
        first = found.get(one.id, one)
        found[one.id] = one._replace(before=first.before)
    return found
