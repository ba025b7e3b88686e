"""Replaces an index with a backup, as its next generation; articles removed since the backup stay removed.

The backup's segments are copied next to the current ones, and one commit makes them the last generation: before it the
index is as it was, after it as in the backup. Readers and the service continue, and the spool is not changed.

Decisions made since the backup outlive it. Each file next to the segments has a rule for that (see
`search.files.reconciling`): it merges the backup's version with the index's, durably and before the commit, and removes
articles that must not be in the restored generation. A file without a rule is taken from the backup. Rules run in the
given order, blocked ids first; each is idempotent, so that it may be run again after a crash.

What the index blocks may have been erased since, from everything but this backup. So if it blocks anything, a copy of
the backup is made in the index's directory, and articles are erased from that before anything is read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from search import apart
from search.errors import CannotWrite, IndexDamaged, IndexProblem, NotAnIndex
from search.files import backup_list, changes, databases, pictures
from search.files.array_file import identity
from search.files.reconciling import Incoming, Reconcile, counted
from search.local.format import authority_file, blocked, manifest, removed
from search.local.format.layout import ENDINGS
from search.local.format.segment import SegmentData
from search.local.plain_whoosh.codec import ColumnarSegment
from search.local.safe import backup
from search.local.safe.catalog import Catalog, publish, with_retries
from search.local.safe.lock import WriteLock
from search.local.safe.verify import verified
from search.names.authority import NEVER
from search.system import disk
from search.values import tombstones

WORK_FOLDER = "backup.restored"
"""The directory with the copy of a backup."""
_PIECE = 1 << 20

Forget = Callable[[Path, frozenset[str]], int]
"""Erases articles from the copy of a backup, and all that tells of them. Returns how many it had."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The result of a restoration.

    Attributes:
        generation: the one with the contents of the backup.
        retained: what was retained of the index, as in “3 blocked ids”.
        removed: articles of the backup that were therefore omitted.
    """

    generation: int
    retained: tuple[str, ...]
    removed: int


class Arriving(Incoming):
    """The articles to be restored."""

    def __init__(self, source: Path) -> None:
        catalog = Catalog(source)
        self._segments: list[ColumnarSegment] = with_retries(lambda: catalog.read()[1], source)
        self._data = [SegmentData(source, segment.name) for segment in self._segments]
        self.removed = 0
        self.blocked = frozenset()

    @property
    def names(self) -> list[str]:
        """The files of its segments."""
        return [f"{segment.name}{ending}" for segment in self._segments for ending in ENDINGS]

    @property
    def segments(self) -> list[ColumnarSegment]:
        """Its segments, without those of which everything was removed."""
        return [segment for segment in self._segments if segment.live]

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        """The digests of the articles with these ids; unknown ids are omitted."""
        found = ((article_id, self._at(article_id)) for article_id in ids)
        return {
            article_id: self._data[at[0]].columns.digests[at[1]].decode() for article_id, at in found if at is not None
        }

    def remove(self, article_id: str) -> bool:
        """Omit an article. Returns True if it was there."""
        at = self._at(article_id)
        if at is None:
            return False
        self._segments[at[0]].delete_documents([at[1]])
        self.removed += 1
        return True

    def _at(self, article_id: str) -> tuple[int, int] | None:
        for place, (segment, data) in enumerate(zip(self._segments, self._data, strict=True)):
            number = data.columns.number(article_id)
            if number is not None and not segment.is_deleted(number):
                return place, number
        return None


def replace(
    source: Path, folder: Path, rules: Mapping[str, Reconcile], forget: Forget = lambda _copy, _ids: 0
) -> Replaced:
    """Replace an index with a backup, durably, if every byte of it is intact.

    Args:
        rules: the rules for further files next to the segments, by name; those of this package have theirs.
        forget: erases what the index blocks.

    Raises:
        IndexDamaged: if the backup is damaged, or the blocked ids of the index cannot be read.
        IndexLocked: if another process is writing to the index.
        IndexProblem: if it cannot be written, or is the backup itself; the index is unchanged then.
    """
    apart.check(source, folder)
    verified(source)
    last = _last_generation(folder)
    held = WriteLock(folder)
    try:
        disk.make_private(folder)
        with _without(source, folder, forget) as (backup_of_rest, erased):
            done = _replaced(backup_of_rest, folder, last, {**OWN, **rules})
        return dataclasses.replace(done, removed=done.removed + erased)
    except OSError as error:
        raise IndexProblem(f"“{folder}” cannot be replaced: {error.strerror or error}.") from error
    finally:
        held.release()


@contextmanager
def _without(source: Path, folder: Path, forget: Forget) -> Iterator[tuple[Path, int]]:
    """A backup without what an index blocks, and how many articles that were; the backup itself if there is none."""
    work = folder / WORK_FOLDER
    for left in folder.glob(f"{WORK_FOLDER}*"):
        disk.remove_tree(left)
    if not (ids := _blocked_by(folder)):
        yield source, 0
        return
    try:
        backup.create(source, work, copied=True)
        yield work, forget(work, ids)
    finally:
        with suppress(CannotWrite):  # the next restore removes it
            disk.remove_tree(work)


def _replaced(source: Path, folder: Path, last: int, rules: Mapping[str, Reconcile]) -> Replaced:
    incoming = Arriving(source)
    made: list[Path] = []
    try:
        _copy_segments(source, folder, incoming.names, made)
        pictures.copy(source, folder)
        retained = [sentence for rule in rules.values() for sentence in rule(source, folder, incoming)]
        for path in [*source.glob("*.json"), *databases.in_folder(source)]:
            if path.name not in rules:
                copy_whole(path, folder / path.name)
    except BaseException:  # also an interrupt: no file of the backup is left
        for path in made:
            with suppress(CannotWrite):
                disk.remove(path)
        raise
    publish(folder, last + 1, incoming.segments, since=last + 1)
    return Replaced(last + 1, tuple(retained), incoming.removed)


def _copy_segments(source: Path, folder: Path, names: Iterable[str], made: list[Path]) -> None:
    """Copy the files of segments into an index, replacing damaged ones of the same name; record the new ones."""
    for name in names:
        path = folder / name
        if path.exists():
            if path.samefile(source / name):
                continue
        else:
            made.append(path)
            if source.parent == folder and disk.link(source / name, path):
                continue
        copy_whole(source / name, path)
    for name in names:
        if identity(folder / name) != identity(source / name):
            raise IndexDamaged(f"“{folder / name}” is not a correct copy of that in “{source}”. Check both disks.")
    disk.sync_folder(folder)


def copy_whole(path: Path, to: Path) -> None:
    """Replace a file with a copy of another, atomically; its name is on disk after `sync_folder`."""
    with path.open("rb") as file:
        disk.put(to, iter(lambda: file.read(_PIECE), b""))


def _last_generation(folder: Path) -> int:
    """The number of the last generation, even of an index without a manifest or of an earlier format."""
    names = [path.name for path in folder.iterdir()]
    numbers = [number for name in names for number in (manifest.generation_of(name), manifest.table_of(name))]
    last = max((number for number in numbers if number is not None), default=None)
    if last is None:
        raise NotAnIndex(f"“{folder}” is not an index, and is not replaced. Choose another place.")
    return last


def _blocked(source: Path, folder: Path, incoming: Incoming) -> list[str]:
    """The blocked ids of both are blocked."""
    before, now = blocked.read(source), _blocked_by(folder)
    if before - now:
        blocked.write(folder, before | now)
    incoming.blocked = before | now
    for article_id in now:
        incoming.remove(article_id)
    return counted(len(now - before), "blocked id")


def _blocked_by(folder: Path) -> frozenset[str]:
    try:
        return blocked.read(folder)
    except IndexDamaged as error:
        raise IndexDamaged(
            f"“{folder / blocked.NAME}” cannot be read, so it is unknown which ids “{folder}” blocks. Remove it to "
            "restore without."
        ) from error


def _authority(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """The authority file whose last decision is newer is used; that of the backup, if that of the index is damaged."""
    before = authority_file.read(source)
    last = max((change.time for change in before.journal), default=NEVER)
    try:
        since = [change for change in authority_file.read(folder).journal if change.time > last]
    except IndexDamaged:
        since = []
    if since:
        return [f"{len(since)} decision{'' if len(since) == 1 else 's'} about names"]
    if (folder / authority_file.NAME).exists() or (source / authority_file.NAME).exists():
        authority_file.write(folder, before)
    return []


def _removed(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """The tombstones of both are merged; readers ignore those of restored articles."""
    before, now = removed.read(source), removed.read(folder)
    if before or now:
        removed.write(folder, tombstones.limited({**before, **now}))
    return []


def _backups(_source: Path, _folder: Path, _incoming: Incoming) -> list[str]:
    """A list in a backup is not taken: a purge would change what it names, which may be anybody's."""
    return []


def _changes(_source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """What was changed between generations of the backup is nothing to those who follow the index."""
    changes.remove(folder)
    return []


OWN: Mapping[str, Reconcile] = {
    blocked.NAME: _blocked,
    authority_file.NAME: _authority,
    removed.NAME: _removed,
    backup_list.NAME: _backups,
    changes.FILE: _changes,
}
"""The rules for the files of this package."""
