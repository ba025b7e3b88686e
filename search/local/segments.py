"""The files of segments: written, merged, and checked, so that a writer never copies damaged data."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from search.errors import IndexDamaged
from search.files.array_file import ArrayFileWriter, check
from search.local.format import steps
from search.local.format.layout import ENDINGS, GROUP
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import catalog
from search.local.write import merge
from search.system import disk


def opened(folder: Path, segment: ColumnarSegment) -> SegmentData:
    """A segment whose bytes are checked, large files in the background, since a writer decides by them."""
    data = catalog.opened(folder, segment)
    check(data.files.values())
    return data


def write(folder: Path, segment: ColumnarSegment, fill: Callable[[dict[str, ArrayFileWriter]], None]) -> None:
    """Write the files of a segment, which `fill` adds arrays to."""
    with ExitStack() as open_files:
        files = {
            ending: ArrayFileWriter(open_files.enter_context(disk.create(folder / f"{segment.name}{ending}")))
            for ending in ENDINGS
        }
        fill(files)
        for file in files.values():
            file.close()


def verified(folder: Path, segment: ColumnarSegment) -> SegmentData:
    """A segment of which every byte has been read to verify it."""
    data = SegmentData(folder, segment.name)
    for file in data.files.values():
        if file.damaged():
            raise IndexDamaged(f"“{file.path}” is damaged. Restore it, or index the archive again.")
    return data


def merged(folder: Path, segments: list[ColumnarSegment]) -> ColumnarSegment:
    """Write one segment with the live articles of several, after reading all of them to verify them."""
    result = ColumnarSegment(sum(segment.live for segment in segments))
    sources = [(segment.deleted_docs(), verified(folder, segment)) for segment in segments]
    write(folder, result, partial(merge.merge, sources))
    return result


def fewer(folder: Path, segments: list[ColumnarSegment]) -> list[ColumnarSegment]:
    """The same articles in fewer segments, if small ones have accumulated; none while any is of an earlier format."""
    if any(steps.is_former(segment.format) for segment in segments):
        return segments  # their words are others: they are converted, never merged
    while group := merge.too_many([segment.live for segment in segments]):
        one = merged(folder, [segments[n] for n in group])
        segments = [*segments[: group[0]], one, *segments[group[-1] + 1 :]]
    return segments


def having(data: SegmentData, column: str, value: str) -> list[int]:
    """The articles that have a value in a column, live or not."""
    values = data.values(column)
    ordinal = values.values.find(value.encode())
    return [] if ordinal is None else data.postings.articles(values.first + ordinal).tolist()


def holds(data: SegmentData, ids: Collection[str]) -> bool:
    """True if a segment has data of any of the articles, live or not: their ids, or a group named after one."""
    groups = data.values(GROUP).values
    return any(data.columns.number(name) is not None or groups.find(name.encode()) is not None for name in ids)
