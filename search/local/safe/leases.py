"""Former generations that are kept because a cursor names them: `leases/generation_7.sum` in an index's directory.

A lease is a copy of the manifest; its modification time says until when the generation is kept. A reader, in whatever
process, makes it before it gives out a cursor, and extends it when the cursor is used. A writer keeps the files of the
segments that it names, and removes both once it has expired. A lease is not synced to disk: one that was torn by a loss
of power fails its checksum, and counts as none.

A generation is kept while its lease lasts, while nothing has been taken down since (`Manifest.since`), and while no
more than `MOST` are kept, nor more than `MOST_BYTES` of files that the last generation does not need; the least
recently used go first.

The directory of the index is locked (`alone`) while leases are made, extended or swept, so that a generation is either
leased before its manifest is removed, or the reader is told that it is too late.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from search import disk
from search.errors import CannotWrite, DatelineError
from search.local.format import manifest
from search.local.format.manifest import Manifest

FOLDER = "leases"
"""The directory in that of the index where they are."""
MOST = 64
"""Former generations that are kept at most."""
MOST_BYTES = 4 << 30
"""Bytes that are kept for former generations at most, beside those that the last one needs itself."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody makes a lease, uses one or removes files meanwhile. Raises CannotWrite where that cannot be."""
    with disk.held(folder):
        yield


def take(folder: Path, generation: int, seconds: float) -> bool:
    """Keep a generation from now on, or for longer; False where another has taken its place and it is not kept.

    Raises:
        CannotWrite: when the directory cannot be written, as one that is mounted to be read.
    """
    path = _path(folder, generation)
    with alone(folder):
        if not path.exists():
            try:
                with disk.read_only(manifest.path_of(folder, generation)) as file:
                    data = file.read()
            except FileNotFoundError:
                return False
            disk.make_folder(path.parent)
            disk.put(path, data, synced=False)
        disk.date(path, time.time() + seconds)
    return True


def renew(folder: Path, generation: int, seconds: float) -> bool:
    """Keep a generation for longer, where that can be written; False where it is kept no more."""
    path = _path(folder, generation)
    with suppress(CannotWrite), alone(folder):
        if _until(path) < time.time():
            return False
        disk.date(path, time.time() + seconds)
    return _until(path) >= time.time()


def read(folder: Path, generation: int) -> Manifest | None:
    """A generation that is kept, whether or not its time has come; None where it is none, or torn."""
    try:
        return manifest.read(folder / FOLDER, generation)
    except (OSError, DatelineError):
        return None


def sorted_out(folder: Path, current: Manifest) -> tuple[list[Manifest], list[Path]]:
    """The former generations that are kept, those used last first, and the files of all other leases."""
    now = time.time()
    found = [path for path in (folder / FOLDER).glob("*") if path.is_file()]
    kept: list[Manifest] = []
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
            if len(kept) < MOST and sum(more.values()) <= room:
                kept.append(former)
                names.update(more)
                room -= sum(more.values())
            else:
                dropped.append(path)
    return kept, dropped


def _path(folder: Path, generation: int) -> Path:
    return manifest.path_of(folder / FOLDER, generation)


def _until(path: Path) -> float:
    """When a lease ends; long ago where there is none that can be read."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
