"""The generations of an index, with the segments of each, read and written as a whole.

A generation is a manifest, renamed into place when everything it names is on disk. A table of contents is written with
it for plain Whoosh; that is a pickle, and nothing here reads it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple, TypeVar

from search.errors import IndexDamaged, IndexMissing, IndexProblem, NotAnIndex
from search.local.format import manifest, steps
from search.local.format.layout import COLUMNS, ENDINGS
from search.local.format.manifest import NAME, Manifest, SegmentEntry
from search.local.format.segment import SegmentData
from search.local.plain_whoosh import table
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import lock, recovery
from search.system import disk
from search.text.tokens import DEFAULT_LANGUAGE
from search.values.outdated import Outdated

T = TypeVar("T")

_ARTICLE_BYTES = 4
"""The least bytes of an article in the columns of its segment: its day."""
_ATTEMPTS = 20
_PAUSE_S = 0.05


class GenerationStamp(NamedTuple):
    """Identifies a generation: its number, and its manifest's file."""

    generation: int
    inode: int
    modified_ns: int


class Catalog:
    """The generations of the index in a directory.

    Raises:
        NotAnIndex, IndexDamaged, IndexProblem: if there is no index that can be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.generation_in(folder)
        self._manifests = str(manifest.path_of(folder, 0)).removesuffix("0.sum")
        with_retries(self.read, folder)

    @property
    def generation(self) -> int:
        """The number of the last generation; −1 if there is none any more."""
        return _generation(self.folder)

    @staticmethod
    def generation_in(folder: Path) -> int:
        """The number of the last generation in a directory.

        Raises:
            NotAnIndex, IndexDamaged, IndexProblem: if there is none.
        """
        try:
            generation = _generation(folder)
        except OSError as error:
            hint = disk.hint_for(error) or "Choose another place."
            raise IndexProblem(f"The index “{folder}” cannot be opened: {error.strerror or error}. {hint}") from error
        if generation < 0:
            raise _missing_index(folder)
        return generation

    def stamp(self, last: GenerationStamp | None = None) -> GenerationStamp:
        """A value that identifies the last generation, and changes when the index is rebuilt under the same number.

        Args:
            last: the previous result: while its manifest is there and the next one is not, it is returned without
                listing the directory.

        Raises:
            IndexMissing: if the index has been removed.
        """
        if last is not None and self._stamp(last.generation) == last and self._stamp(last.generation + 1) is None:
            return last
        for _ in range(_ATTEMPTS):
            generation = self.generation
            if (stamp := self._stamp(generation)) is not None:
                return stamp
            if generation < 0:
                break
        raise IndexMissing(f"The index “{self.folder}” has been removed. Index the archive again.")

    def _stamp(self, generation: int) -> GenerationStamp | None:
        """The stamp of a generation; None if it does not exist."""
        try:
            found = os.stat(f"{self._manifests}{generation}.sum")
        except FileNotFoundError:
            return None
        return GenerationStamp(generation, found.st_ino, found.st_mtime_ns)

    def manifest(self) -> Manifest:
        """The manifest of the last generation.

        Raises:
            OSError: if a commit removes it meanwhile (see `with_retries`).
            IndexMissing, IndexDamaged: if there is none, or it is damaged.
        """
        generation = self.generation
        if generation < 0:
            raise IndexMissing(f"The index “{self.folder}” has been removed. Index the archive again.")
        return manifest.read(self.folder, generation)

    def read(self, known: Collection[str] = ()) -> tuple[Manifest, list[ColumnarSegment]]:
        """The last generation: its manifest and its segments.

        Args:
            known: names of segments whose files are open.

        Raises:
            OSError: if a commit removes it meanwhile (see `with_retries`).
            IndexMissing, IndexDamaged, NotAnIndex: if there is none that can be read.
        """
        current = self.manifest()
        try:
            changed = manifest.changed(self.folder, current, {f"{name}{e}" for name in known for e in ENDINGS})
        except FileNotFoundError as error:
            if self.generation != current.generation:
                raise
            raise IndexDamaged(f"“{error.filename}” is missing. Restore it, or index the archive again.") from error
        if changed:
            raise IndexDamaged(f"“{self.folder / changed[0]}” is damaged. Restore it, or index the archive again.")
        return current, [segment_of(self.folder, entry) for entry in current.segments]

    def outdated(self) -> Outdated | None:
        """What a writer has to convert; None if it is of the current format."""
        current = with_retries(self.manifest, self.folder)
        former = [entry for entry in current.segments if steps.is_former(entry.format)]
        oldest = min((entry.format for entry in former), default=current.format)
        if oldest == steps.FORMAT:
            return None
        return Outdated(oldest, steps.FORMAT, sum(entry.live for entry in former), True, steps.changes_since(oldest))

    def has_table(self) -> bool:
        """True if the table of contents for plain Whoosh is as it was written."""
        try:
            manifest.table(self.folder, self.manifest())
        except (FileNotFoundError, IndexDamaged):
            return False
        return True

    def write(self, generation: int, segments: list[ColumnarSegment], since: int) -> None:
        """Publish these segments as the next generation, durably, and remove unneeded files (see `publish`)."""
        publish(self.folder, generation, segments, since)


def _generation(folder: Path) -> int:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return -1
    return max((number for name in names if (number := manifest.generation_of(name)) is not None), default=-1)


def _missing_index(folder: Path) -> IndexProblem:
    """The error for a directory without a generation."""
    if any(folder.glob(f"_{NAME}_*.sum")):
        return IndexDamaged(
            f"“{folder}” is of an earlier format; this program reads {steps.OLDEST} to {steps.FORMAT}. "
            "Rebuild the index: dateline index NEW FOLDER."
        )
    if any(folder.glob("segment_*.*")):
        return IndexDamaged(f"“{folder}” has lost its manifest, “generation_….sum”. Restore it, or rebuild the index.")
    if any(folder.glob("_*_*.toc")):
        return NotAnIndex(f"“{folder}” is an index of another program. Choose another place.")
    return NotAnIndex(f"“{folder}” is not an index. Make one: dateline index NAME FOLDER.")


def segment_of(folder: Path, entry: SegmentEntry) -> ColumnarSegment:
    """The segment that a manifest names, if its files are large enough.

    Raises:
        OSError: if it does not exist.
        IndexDamaged: if its columns cannot have that many articles.
    """
    columns = folder / f"{manifest.segment_name(entry.id)}{COLUMNS}"
    if columns.stat().st_size < entry.size * _ARTICLE_BYTES:
        raise IndexDamaged(f"“{columns}” has fewer articles than its manifest says. Restore it, or rebuild the index.")
    return ColumnarSegment.of(entry)


def opened(folder: Path, segment: ColumnarSegment) -> SegmentData:
    """The open files of a segment, checked to have as many articles as the manifest says.

    Raises:
        IndexDamaged: if the number is different, or they cannot be read.
    """
    data = SegmentData(folder, segment.name)
    if data.size != segment.doc_count_all():
        raise IndexDamaged(
            f"“{folder / segment.name}” has {data.size} articles, and its manifest says {segment.doc_count_all()}. "
            "Restore it, or rebuild the index."
        )
    return data


def publish(folder: Path, generation: int, segments: list[ColumnarSegment], since: int) -> None:
    """Publish segments whose files are on disk as a generation, durably, and remove unneeded files.

    Renaming the manifest is the commit: before it the previous generation is the last, after it this one.

    Args:
        since: the oldest generation that may still be searched.
    """
    contents = table.of(generation, segments, _languages(folder, segments))
    # before the manifest, which has its checksum: a crash in between leaves a table that no generation names
    disk.put(manifest.table_path(folder, generation), contents)
    disk.sync_folder(folder)
    manifest.write(folder, generation, [segment.entry for segment in segments], contents, since)
    recovery.tidy(folder, manifest.read(folder, generation))


def _languages(folder: Path, segments: list[ColumnarSegment]) -> tuple[str, ...]:
    """The languages of the articles, for plain Whoosh; first that of articles without a language, if there are any."""
    used: set[str] = set()
    for segment in segments:
        column = SegmentData(folder, segment.name).values("language")
        if not column.sets.all():
            used.add(DEFAULT_LANGUAGE)
        used.update(code.decode() for code in column.values)
    return tuple(sorted(used, key=lambda code: (code != DEFAULT_LANGUAGE, code))) or (DEFAULT_LANGUAGE,)


def create(folder: Path) -> None:
    """Create the directory of an index, if it does not exist.

    Raises:
        NotAnIndex: if something else is there.
        IndexProblem: if it cannot be created.
    """
    try:
        if folder.is_dir() and any(manifest.generation_of(path.name) is not None for path in folder.iterdir()):
            return
        if folder.exists() and (not folder.is_dir() or any(not _begun(path) for path in folder.iterdir())):
            if folder.is_dir() and isinstance(reason := _missing_index(folder), IndexDamaged):
                raise reason
            raise NotAnIndex(f"“{folder}” is not an index. Choose a new directory, or one with an index.")
        disk.make_folder(folder)
        disk.sync_folder(folder.parent)
    except OSError as error:
        raise _no_index(folder, error) from error


def begin(folder: Path) -> None:
    """Create an empty index in a directory that has none. The caller holds its lock.

    Raises:
        IndexProblem: if it cannot be created.
    """
    try:
        if all(manifest.generation_of(path.name) is None for path in folder.iterdir()):
            publish(folder, 0, [], 0)
    except OSError as error:
        raise _no_index(folder, error) from error


def _no_index(folder: Path, error: OSError) -> IndexProblem:
    what = f"“{folder}” cannot be read" if os.path.exists(folder) else f"No index can be created at “{folder}”"
    hint = disk.hint_for(error) or "Choose a writable place."
    return IndexProblem(f"{what}: {error.strerror or error}. {hint}")


def _begun(path: Path) -> bool:
    """True if a file is left over from an interrupted creation of an index."""
    first = manifest.path_of(path.parent, 0), manifest.table_path(path.parent, 0)
    return path.name.startswith(tuple(name.stem for name in first)) or path.name == lock.FILE


def with_retries(read: Callable[[], T], folder: Path) -> T:
    """Read the last generation, trying again if a commit removes its files meanwhile.

    Raises:
        IndexDamaged: if files are still missing after a second.
        IndexProblem: if they cannot be read.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return read()
        except OSError as error:
            if (hint := disk.hint_for(error)) is not None:  # an error of the machine: trying again would not help
                raise IndexProblem(f"The index “{folder}” cannot be opened: {error.strerror}. {hint}") from error
            if attempt == _ATTEMPTS - 1:
                raise IndexDamaged(f"The index “{folder}” cannot be read: {error}. Index the archive again.") from error
            time.sleep(_PAUSE_S)
    raise AssertionError("unreachable")
