"""A snapshot takes the place of the index that is there, as its next generation; what was taken down stays down.

The snapshot's segments are copied beside the ones in use, and one commit makes them the generation that is answered
from: before it the index is what it was, after it what the snapshot has. Readers and the service go on, and what waits
in the spool stays.

What was decided since the snapshot was made outlives it. Each file beside the segments has a rule for that, a
`Reconcile`: it brings together what the snapshot has and what the index has, durably and before the commit, and takes
out of the restored generation what may not be in it. A file that no rule names comes from the snapshot. Rules run in
the order given, the ids kept out first; each may be run again after a crash, and loses nothing then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from search import disk, tombstones
from search.errors import CannotWrite, IndexDamaged, IndexProblem, NotAnIndex
from search.local.format import authority_file, blocked, manifest, removed
from search.local.format.array_file import identity
from search.local.format.layout import ENDINGS
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import databases, snapshots
from search.local.safe.catalog import Catalog, patiently, publish
from search.local.safe.lock import WriteLock
from search.local.safe.verify import verified

_PIECE = 1 << 20

Reconcile = Callable[[Path, Path, "Incoming"], Sequence[str]]
"""Given the snapshot, the index and the generation that is about to be restored: brings the file up to date in the
index, and says what of the index it kept, as in “3 blocked ids”; nothing where it kept nothing."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of it.

    Attributes:
        generation: the one that has what the snapshot had.
        kept: what of the index outlived it, as in “3 blocked ids”.
        removed: articles of the snapshot that this keeps out.
    """

    generation: int
    kept: tuple[str, ...]
    removed: int


class Incoming:
    """The articles that are about to be restored."""

    def __init__(self, source: Path) -> None:
        catalog = Catalog(source)
        self._segments: list[ColumnarSegment] = patiently(lambda: catalog.read()[1], source)
        self._data = [SegmentData(source, segment.name) for segment in self._segments]
        self.removed = 0

    @property
    def names(self) -> list[str]:
        """The files of its segments."""
        return [f"{segment.name}{ending}" for segment in self._segments for ending in ENDINGS]

    @property
    def segments(self) -> list[ColumnarSegment]:
        """Its segments, without those of which everything was removed."""
        return [segment for segment in self._segments if segment.live]

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        """The digests of the articles of these ids; one that is not there is left out."""
        found = ((article_id, self._at(article_id)) for article_id in ids)
        return {article_id: self._data[at[0]].digests[at[1]].decode() for article_id, at in found if at is not None}

    def remove(self, article_id: str) -> bool:
        """Leave an article out; whether it was there."""
        at = self._at(article_id)
        if at is None:
            return False
        self._segments[at[0]].delete_documents([at[1]])
        self.removed += 1
        return True

    def _at(self, article_id: str) -> tuple[int, int] | None:
        for place, (segment, data) in enumerate(zip(self._segments, self._data, strict=True)):
            number = data.number(article_id)
            if number is not None and not segment.is_deleted(number):
                return place, number
        return None


def replace(source: Path, folder: Path, beside: Mapping[str, Reconcile]) -> Replaced:
    """Put a snapshot in the place of the index that is there, durably, when every byte of it is good.

    Args:
        beside: the rules for the files that stand beside the segments, by name; for those of this package there are.

    Raises:
        IndexDamaged: when the snapshot is not whole, or what the index keeps out cannot be read.
        IndexLocked: when another process is writing to the index.
        IndexProblem: when it cannot be written; it is as it was then.
    """
    verified(source)
    last = _last_generation(folder)
    held = WriteLock(folder)
    try:
        disk.tighten(folder)
        return _replaced(source, folder, last, {**OWN, **beside})
    except OSError as error:
        raise IndexProblem(f"“{folder}” cannot be replaced: {error.strerror or error}.") from error
    finally:
        held.release()


def _replaced(source: Path, folder: Path, last: int, rules: Mapping[str, Reconcile]) -> Replaced:
    incoming = Incoming(source)
    made: list[Path] = []
    try:
        _bring(source, folder, incoming.names, made)
        kept = [sentence for rule in rules.values() for sentence in rule(source, folder, incoming)]
        for path in [*source.glob("*.json"), *databases.in_folder(source)]:
            if path.name not in rules:
                copy_whole(path, folder / path.name)
    except BaseException:
        for path in made:
            with suppress(CannotWrite):
                disk.remove(path)
        raise
    publish(folder, last + 1, incoming.segments, since=last + 1)
    return Replaced(last + 1, tuple(kept), incoming.removed)


def _bring(source: Path, folder: Path, names: Iterable[str], made: list[Path]) -> None:
    """Copy the files of segments into an index, in place of damaged ones of the same name; note what was not there."""
    for name in names:
        path = folder / name
        if path.exists():
            if path.samefile(source / name):
                continue
        else:
            made.append(path)
        copy_whole(source / name, path)
    for name in names:
        if identity(folder / name) != identity(source / name):
            raise IndexDamaged(f"“{folder / name}” was not copied as it is in “{source}”. Look at both disks.")
    disk.sync_folder(folder)


def copy_whole(path: Path, to: Path) -> None:
    """Put a copy of a file in the place of another, whole or not at all; the name is on disk after `sync_folder`."""
    with path.open("rb") as file:
        disk.put(to, iter(lambda: file.read(_PIECE), b""))


def _last_generation(folder: Path) -> int:
    """The number of the last generation, also of an index that has lost its manifest or is of an earlier format."""
    names = [path.name for path in folder.iterdir()]
    numbers = [number for name in names for number in (manifest.generation_of(name), manifest.table_of(name))]
    last = max((number for number in numbers if number is not None), default=None)
    if last is None:
        raise NotAnIndex(f"“{folder}” is not an index, and is not replaced. Name another place.")
    return last


def counted(count: int, what: str) -> list[str]:
    """“3 blocked ids”; nothing where there is none."""
    return [f"{count:,} {what}{'' if count == 1 else 's'}"] if count else []


def _blocked(source: Path, folder: Path, incoming: Incoming) -> list[str]:
    """Ids that either keeps out stay out."""
    before = blocked.read(source)
    try:
        now = blocked.read(folder)
    except IndexDamaged as error:
        path = folder / blocked.NAME
        raise IndexDamaged(
            f"“{path}” cannot be read, and without it nobody knows what “{folder}” keeps out. "
            "Remove it to restore without."
        ) from error
    if before - now:
        blocked.write(folder, before | now)
    for article_id in now:
        incoming.remove(article_id)
    return counted(len(now - before), "blocked id")


def _authority(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Which names are one is as the snapshot says."""
    if (folder / authority_file.NAME).exists() or (source / authority_file.NAME).exists():
        authority_file.write(folder, authority_file.read(source))
    return []


def _removed(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """What either remembers as removed is remembered; readers pass over what the snapshot brings back."""
    before, now = removed.read(source), removed.read(folder)
    if before or now:
        removed.write(folder, tombstones.limited({**before, **now}))
    return []


def _snapshots(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """The snapshots of either are those of the index."""
    snapshots.add(folder, *snapshots.read(source))
    return []


OWN: Mapping[str, Reconcile] = {
    blocked.NAME: _blocked,
    authority_file.NAME: _authority,
    removed.NAME: _removed,
    snapshots.NAME: _snapshots,
}
"""The rules for the files of this package."""
