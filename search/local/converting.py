"""Converts a segment that an earlier version wrote: its articles are read as it stored them, and indexed again.

So a new version of the format needs no way to change bytes into others, only to read stored articles. The result is
what a writer makes of the same articles: without deleted ones, in the same order, in more than one segment if they need
more memory than a batch may have.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from search.local import segments
from search.local.format.scratch import Scratches
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.write import heap
from search.local.write import word_numbers as words
from search.local.write.inverter import Inverter
from search.local.write.numbering import Numberer

TOLD = 100
"""Articles after which progress is told."""


def converted(
    folder: Path, segment: ColumnarSegment, memory_bytes: int, progress: Callable[[int], None]
) -> list[ColumnarSegment]:
    """Write the live articles of a segment as segments of the current format, after reading it to verify it.

    Args:
        memory_bytes: the memory of a batch.
        progress: called with the number of articles done since the last call.

    Raises:
        IndexDamaged: if a byte of it is not as written.
    """
    data = segments.verified(folder, segment)
    made: list[ColumnarSegment] = []
    numberer = Numberer(words.MANY)
    inverter = Inverter(numberer)
    scratches = Scratches()

    def flush() -> None:
        nonlocal numberer, inverter
        if inverter.size:
            batch = inverter.finished()
            made.append(ColumnarSegment(batch.size))
            segments.write(folder, made[-1], partial(batch.write, scratches))
            if numberer.full:
                numberer = Numberer(words.MANY)
            inverter = Inverter(numberer)

    waiting = 0
    for number in range(data.size):
        if segment.is_deleted(number):
            continue
        inverter.add(data.article(number))
        waiting += 1
        if waiting == TOLD:
            progress(waiting)
            waiting = 0
            data.release(*data.files)
        if inverter.memory > memory_bytes:
            flush()
    flush()
    progress(waiting)
    heap.trim()
    return made
