"""Indexes articles from many sources in several processes.

The processes that read also prepare each article (its words and values as numbers, its record as bytes) and send arrays
to the process that writes. Not for files as archives have them (see `indexer.pipeline`): the caller guarantees that
nothing in the input crashes a process.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import Any, TypeVar

from search.engine import Prepare, Writer
from search.system.forks import begin, may_fork
from search.values.article import Article

TOGETHER = 100
"""Articles prepared at once."""
AHEAD = 8
"""Parts queued for each process."""
FEW = 64
"""Up to this many parts no processes are started."""
ALONE = 16
"""Parts that this process reads itself while others start that are no forks, which takes a second."""

Part = TypeVar("Part")

_prepare: Prepare | None = None
"""The prepare function of a reading process."""


def load(writer: Writer, parts: Iterable[Part], read: Callable[[Part], Iterable[Article]], processes: int) -> int:
    """Add the articles of some parts, in order, reading the parts in several processes.

    Args:
        parts: arguments of `read`; several of them must fit in memory.
        read: returns the articles of a part. It is sent to other processes, so it must be a function of a module.
        processes: the number of reading processes; with 1 this process reads.

    Returns:
        The number of articles.

    Raises:
        ArticleBlocked: if the id of one is blocked.
        BrokenProcessPool: if what it reads crashes a process. What `read` raises is raised here.
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
    from concurrent.futures import ProcessPoolExecutor  # not at the top: everything that imports `search` would wait
    from multiprocessing import get_context

    read_here(first[:1])  # forks then share what that loads
    forked = may_fork()
    alone, more = ([], chain(first[1:], more)) if forked else (first[1:ALONE], chain(first[ALONE:], more))
    context = get_context("fork" if forked else "spawn")
    with writer.preparing() as preparer, ProcessPoolExecutor(processes, context, _begin, (preparer,)) as pool:
        waiting = deque(pool.submit(_prepared, read, part) for part in islice(more, AHEAD * processes))
        try:
            read_here(alone)
            while waiting:
                for prepared in waiting.popleft().result():
                    writer.add_prepared(prepared, ())
                    count += len(prepared)
                waiting += [pool.submit(_prepared, read, part) for part in islice(more, 1)]
        except BaseException:  # also an interrupt: leaving the pool would wait for everything that is queued
            pool.shutdown(cancel_futures=True)
            raise
    return count


def _begin(preparer: Callable[[], Prepare]) -> None:
    global _prepare
    begin()
    _prepare = preparer()
    gc.freeze()  # existing objects stay: the collector need not scan them again


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
