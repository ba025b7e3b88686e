"""Verifies an index: reads every byte, and checks that its contents are consistent.

Bytes first: each file against its checksums, starting from the manifest. Then, if the bytes are right, the contents:
lengths agree, articles can be read, ids are unique. Others can write meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import numpy as np
import orjson

from search.errors import DatelineError, IndexDamaged
from search.files import databases, pictures
from search.files.array_file import ArrayFile
from search.local.format import authority_file, blocked, manifest, removed
from search.local.format.layout import NAMES
from search.local.format.manifest import Manifest, SegmentEntry, segment_name
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import recovery
from search.local.safe.catalog import Catalog, segment_of, with_retries
from search.system import disk


@dataclass(frozen=True, slots=True)
class Defect:
    """An error in a file."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found.

    Attributes:
        generation: the one that was verified.
        articles: the number of live ones that could be counted.
        files, bytes: their number.
        faults: the errors; none if the index is intact.
        left_over: files that no generation names; the next writer removes them.
    """

    generation: int
    articles: int
    files: int
    bytes: int
    faults: tuple[Defect, ...]
    left_over: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """True if there are no errors."""
        return not self.faults


def verify(folder: Path) -> Verified:
    """Verify an index. Raises NotAnIndex, IndexProblem if there is no index to verify."""
    generation = Catalog.generation_in(folder)
    try:
        return with_retries(lambda: _verified(folder, generation), folder)
    except IndexDamaged as error:  # damaged so badly that nothing else can be read
        return Verified(generation, 0, 0, 0, (Defect(manifest.path_of(folder, generation).name, str(error)),), ())


def verified(folder: Path) -> None:
    """Make sure that an index is intact. Raises IndexDamaged, which names the first error."""
    found = verify(folder)
    if not found.whole:
        first = found.faults[0]
        raise IndexDamaged(
            f"“{folder}” is damaged: {first.file}: {first.problem} See: dateline verify {quote(str(folder))}."
        )


def _verified(folder: Path, generation: int) -> Verified:
    current = manifest.read(folder, Catalog.generation_in(folder))
    faults: list[Defect] = []
    try:
        manifest.table(folder, current)
    except (IndexDamaged, FileNotFoundError) as error:
        _check_not_replaced(folder, current)
        faults.append(Defect(manifest.table_path(folder, current.generation).name, str(error)))
    for name in current.files:
        faults += [Defect(name, problem) for problem in _bytes(folder, current, name)]
    faults += _side_files(folder, current)
    broken = {fault.file for fault in faults}
    shown: set[str] = set()
    intact = [entry for entry in current.segments if not broken.intersection(entry.files)]
    faults += _inconsistencies(folder, intact, shown)
    faults += [Defect(name, problem) for name, problem in pictures.faults(folder, shown)]
    paths = [folder / name for name in current.files]
    paths += [pictures.path_of(folder, name) for name in pictures.names(folder)]
    return Verified(
        generation=current.generation,
        articles=sum(entry.live for entry in current.segments),
        files=len(paths) + 2 + len(current.side_files),
        bytes=sum(path.stat().st_size for path in paths if path.exists()),
        faults=tuple(faults),
        left_over=tuple(path.name for path in recovery.left_over(folder, current)),
    )


def _check_not_replaced(folder: Path, current: Manifest) -> None:
    """Start again if a commit has removed a file that was expected. Raises FileNotFoundError then."""
    if Catalog.generation_in(folder) != current.generation:
        raise FileNotFoundError(f"generation {current.generation} has been replaced")


def _bytes(folder: Path, current: Manifest, name: str) -> Iterator[str]:
    try:
        file = ArrayFile(folder / name)
        if file.identity != current.files[name]:
            yield "It is not the file that was written."
        for array in file.damaged():
            yield (f"The bytes of “{array}” are not as written." if array else "There are other bytes around them.")
    except FileNotFoundError:
        _check_not_replaced(folder, current)
        yield "It is missing."
    except (DatelineError, OSError, ValueError) as error:
        yield str(error)


_READ: Mapping[str, Callable[[Path], object]] = {
    blocked.NAME: blocked.read,
    authority_file.NAME: authority_file.read,
    removed.NAME: removed.read,
}
"""The functions that read the self-checking files of an index."""


def _side_files(folder: Path, current: Manifest) -> Iterator[Defect]:
    """The errors in the files next to the segments."""
    for name, read in _READ.items():
        try:
            if name in current.side_files and not (folder / name).exists():
                yield Defect(name, "It is missing.")
            read(folder)
        except (DatelineError, OSError) as error:
            yield Defect(name, str(error))
    for path in sorted(folder.glob("*.json")):
        try:
            with disk.read_only(path) as file:
                orjson.loads(file.read())
        except (DatelineError, ValueError, OSError) as error:
            if path.name not in _READ:
                yield Defect(path.name, f"It cannot be read: {error}.")
    for path in databases.in_folder(folder):
        yield from (Defect(path.name, problem) for problem in databases.faults(path))
    for path in sorted(folder.glob("*/*.sqlite")):
        name = str(path.relative_to(folder))
        yield from (Defect(name, problem) for problem in databases.faults(path, sealed=False))


def _inconsistencies(folder: Path, entries: list[SegmentEntry], shown: set[str]) -> Iterator[Defect]:
    """The inconsistencies in files whose bytes are right. Adds the names of their pictures to `shown`."""
    live: dict[bytes, str] = {}
    for entry in entries:
        name = segment_name(entry.id)
        try:
            for problem in _segment(name, segment_of(folder, entry), SegmentData(folder, name), live, shown):
                yield Defect(name, problem)
        except DatelineError as error:
            yield Defect(name, str(error))
        except Exception as error:  # inconsistent arrays may make anything fail
            yield Defect(name, f"It cannot be read: {error!r}.")


def _segment(
    name: str, segment: ColumnarSegment, data: SegmentData, live: dict[bytes, str], shown: set[str]
) -> Iterator[str]:
    yield from _lengths(segment, data)
    for number, article_id in enumerate(data.columns.ids):
        if segment.is_deleted(number):
            continue
        if article_id in live:
            yield f"“{article_id.decode()}” is also in {live[article_id]}."
        live[article_id] = name
        try:
            article, title = data.article(number), data.title(number)
            shown.update(page.picture for page in article.scan if page.picture)
            if article.id.encode() != article_id:
                yield f"“{article_id.decode()}” is stored as “{article.id}”."
            if article.title != title:
                yield f"“{article_id.decode()}” is listed with the title “{title}”."
        except Exception as error:  # any exception of the decoder
            yield f"“{article_id.decode()}” cannot be read: {error!r}."


def _lengths(segment: ColumnarSegment, data: SegmentData) -> Iterator[str]:
    size = segment.doc_count_all()
    counted = {
        "days": len(data.columns.days),
        **{f"instants of {name}": len(column) for name, column in data.columns.instants.items()},
        "titles": len(data.columns.titles),
        "texts": len(data.columns.texts),
        "lengths": len(data.columns.lengths),
        "ids": len(data.columns.ids),
        "digests": len(data.columns.digests),
        "written titles": len(data.columns.written) or size,  # none at all before format 13
        "vectors": len(data.columns.meanings),
        "order of ids": len(data.columns.id_order),
        "ranks of ids": len(data.columns.id_ranks),
        **{name: len(data.values(name).sets) for name in NAMES},
    }
    for name, count in counted.items():
        if count != size:
            yield f"It has {size} articles, but {count} {name}."
    if not np.array_equal(np.sort(data.columns.id_order), np.arange(len(data.columns.id_order))):
        yield "The order of its ids is not a permutation."
    if len(data.postings.blocks) != len(data.postings.frequency) + 1:
        yield f"It has {len(data.postings.frequency)} terms, but blocks of {len(data.postings.blocks) - 1}."
