"""Articles from many places into one index, by several processes.

What an article is before it meets the index, its words and values as numbers and its record as bytes, is worked out
where it is read; the process that writes is sent arrays. Not for an archive's files as they are found (see
`indexer.pipeline`): whoever reads here answers for it that nothing it reads ends a process.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, TypeVar

from search.article import Article
from search.engine import Prepare, Writer

TOGETHER = 100
"""Articles prepared at once."""
AHEAD = 8
"""Parts that each process has before it."""
FEW = 64
"""Parts for which no process is started."""
ALONE = 16
"""Of more, those that this process reads itself while the others start, which takes them a second."""

Part = TypeVar("Part")

_prepare: Prepare | None = None
"""What this process prepares with, where it is one that reads."""


def load(writer: Writer, parts: Iterable[Part], read: Callable[[Part], Iterable[Article]], processes: int) -> int:
    """Add the articles of some parts, in their order, which are read by several processes; how many there were.

    Args:
        parts: what `read` is given, one at a time: each of a size that memory has room for several times over.
        read: the articles of a part; it is sent to other processes, so it is a function of a module.
        processes: how many read beside this one; 1 is this one alone.

    Raises:
        ArticleBlocked: when the id of one is kept out.
        BrokenProcessPool: when a process ends by what it reads. What `read` raises is raised here.
    """
    count = 0

    def read_here(some: Iterable[Part]) -> None:
        nonlocal count
        for part in some:
            for article in read(part):
                writer.add(article)
                count += 1

    more = iter(parts)
    first = list(islice(more, FEW)) if processes > 1 else []
    if len(first) < FEW:
        read_here(chain(first, more))
        return count
    alone, more = first[:ALONE], chain(first[ALONE:], more)
    with (
        writer.preparing() as preparer,
        ProcessPoolExecutor(processes, get_context("spawn"), _begin, (preparer,)) as pool,
    ):
        waiting = deque(pool.submit(_prepared, read, part) for part in islice(more, AHEAD * processes))
        try:
            read_here(alone)
            while waiting:
                for prepared in waiting.popleft().result():
                    writer.add_prepared(prepared, ())
                    count += len(prepared)
                waiting += [pool.submit(_prepared, read, part) for part in islice(more, 1)]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return count


def _begin(preparer: Callable[[], Prepare]) -> None:
    global _prepare
    _prepare = preparer()
    gc.freeze()  # what is there stays there: the collector need not look at it again


def _prepared(read: Callable[[Part], Iterable[Article]], part: Part) -> list[Any]:
    assert _prepare is not None
    found: list[Any] = []
    waiting: list[Article] = []
    for article in read(part):
        waiting.append(article)
        if len(waiting) == TOGETHER:
            found.append(_prepare(waiting))
            waiting = []
    if waiting:
        found.append(_prepare(waiting))
    return found
