"""Former generations retained because a cursor names them: `leases/generation_7.sum` in an index's directory.

A lease is a copy of the manifest; its modification time is the end of the lease. A reader, in any process, creates it
before it returns a cursor, and extends it when the cursor is used. A writer retains the files of the segments that it
names, and removes both after it has expired. A lease is not synced to disk: one that was torn by a power failure fails
its checksum, and is ignored.

A generation is retained while its lease lasts, while nothing has been taken down since (`Manifest.since`), and while
there are no more than `MOST` of them, nor more than `MOST_BYTES` of files that the last generation does not need; the
least recently used go first.

The directory of the index is locked (`exclusive`) while leases are created, extended or removed, so that a
generation is either leased before its manifest is removed, or the reader is told that it is too late.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from search.errors import CannotWrite, DatelineError
from search.local.format import manifest
from search.local.format.manifest import Manifest
from search.system import disk

FOLDER = "leases"
"""The subdirectory of the index with the leases."""
MOST = 64
"""Maximum number of former generations."""
MOST_BYTES = 4 << 30
"""Maximum bytes of former generations, not counting files of the last generation."""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Locks out others that create or use leases, or remove files. Raises CannotWrite if that is impossible."""
    with disk.locked(folder):
        yield


def take(folder: Path, generation: int, seconds: float) -> bool:
    """Create or extend the lease of a generation.

    Returns:
        False if another generation has replaced it and it is not retained.

    Raises:
        CannotWrite: if the directory cannot be written, such as one mounted read-only.
    """
    path = _path(folder, generation)
    with exclusive(folder):
        if not path.exists():
            try:
                with disk.read_only(manifest.path_of(folder, generation)) as file:
                    data = file.read()
            except FileNotFoundError:
                return False
            disk.make_folder(path.parent)
            disk.put(path, data, synced=False)
        disk.set_time(path, time.time() + seconds)
    return True


def renew(folder: Path, generation: int, seconds: float) -> bool:
    """Extend the lease of a generation, if it can be written. Returns False if it is no longer retained."""
    path = _path(folder, generation)
    with suppress(CannotWrite), exclusive(folder):
        if _until(path) < time.time():
            return False
        disk.set_time(path, time.time() + seconds)
    return _until(path) >= time.time()


def read(folder: Path, generation: int) -> Manifest | None:
    """The manifest of a leased generation, even if expired; None if there is no lease, or it is torn."""
    try:
        return manifest.read(folder / FOLDER, generation)
    except (OSError, DatelineError):
        return None


def retained(folder: Path, current: Manifest) -> tuple[list[Manifest], list[Path]]:
    """The retained former generations, the most recently used first, and the files of all other leases."""
    now = time.time()
    found = [path for path in (folder / FOLDER).glob("*") if path.is_file()]
    retained: list[Manifest] = []
    dropped: list[Path] = []
    names, room = set(current.files), MOST_BYTES
    for until, path in sorted(((_until(path), path) for path in found), reverse=True):
        generation = manifest.generation_of(path.name)
        former = None
        if generation is not None and until >= now and current.since <= generation <= current.generation:
            former = read(folder, generation)
        if former is None:
            dropped.append(path)
        elif former.generation < current.generation:
            more = {name: size for name, (size, _) in former.files.items() if name not in names}
            if len(retained) < MOST and sum(more.values()) <= room:
                retained.append(former)
                names.update(more)
                room -= sum(more.values())
            else:
                dropped.append(path)
    return retained, dropped


def _path(folder: Path, generation: int) -> Path:
    return manifest.path_of(folder / FOLDER, generation)


def _until(path: Path) -> float:
    """The end of a lease; 0 if there is none that can be read."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
