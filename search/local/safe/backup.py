"""A copy of an index that can be put back: `snapshot` makes it while the index is in use, `restore` puts it back
where none is (`search.local.safe.restoring` in the place of one).

Files of segments never change, so that a snapshot on the same disk needs only new names for them (hard links); they
take room once the index has let go of them. What stands beside is copied, databases as they are at one moment: those
first, so that what they remember is in the index. What waits in a spool is not part of it.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from search import disk
from search.errors import CannotWrite, IndexProblem
from search.local.format import authority_file, blocked, manifest
from search.local.format.manifest import Manifest
from search.local.safe import databases, lock
from search.local.safe.catalog import Catalog, patiently
from search.local.safe.verify import verified

PARTIAL = ".partial"
"""What a directory is called, behind its name, until it is whole."""


def snapshot(folder: Path, to: Path, copied: bool = False) -> int:
    """Make a snapshot of an index, durably, while others use it; the generation that it is of.

    Args:
        copied: copy every byte, where hard links would do: for a disk that may fail.

    Raises:
        IndexProblem: when it cannot be made, or something is there.
    """
    partial = _begun(to)
    try:
        Catalog(folder).close()
        generation = _fill(folder, partial, copied)
        disk.rename(partial, to)
        disk.sync_folder(to.parent)
    except OSError as error:
        raise IndexProblem(f"“{folder}” cannot be read for a snapshot: {error.strerror or error}.") from error
    finally:
        with suppress(CannotWrite):  # what went wrong first is told
            disk.remove_tree(partial)
    return generation


def restore(source: Path, folder: Path) -> int:
    """Put a snapshot back as an index where none is, durably, when every byte of it is good; its generation.

    Nothing is known there of what was taken down since it was made; `restoring.replace` knows.

    Raises:
        IndexDamaged: when the snapshot is not whole.
        IndexProblem: when it cannot be put there, or something is there.
    """
    verified(source)
    return snapshot(source, folder, copied=True)


def _begun(to: Path) -> Path:
    """A directory to fill; refused where something is."""
    if to.exists():
        raise IndexProblem(f"“{to}” is there already. Name a place where nothing is.")
    partial = to.with_name(f"{to.name}{PARTIAL}.{os.getpid()}")
    disk.make_folder(partial, new=True)
    return partial


def _fill(folder: Path, partial: Path, copied: bool) -> int:
    """Put the last generation of an index into a directory; its number."""
    for path in databases.in_folder(folder):
        databases.copy(path, partial / path.name)
    with ExitStack() as held:
        current, files = patiently(lambda: _opened(folder, held), folder)
        for name, file in files.items():
            if copied or name not in current.files or not disk.link(folder / name, partial / name):
                disk.copy(file, partial / name)
    lock.make(partial)
    disk.tighten(partial)  # a link has the rights of the file
    disk.sync_folder(partial)
    return current.generation


def _opened(folder: Path, held: ExitStack) -> tuple[Manifest, dict[str, BinaryIO]]:
    """The last generation and its files, which stay what they are when a commit removes their names.

    Raises:
        FileNotFoundError: when it has been replaced before all were open.
    """
    current = manifest.read(folder, Catalog.generation_in(folder))
    manifest.table(folder, current)
    names = {
        *current.files,
        *current.beside,
        manifest.path_of(folder, current.generation).name,
        manifest.table_path(folder, current.generation).name,
        *(path.name for path in folder.glob("*.json") if path.name not in (blocked.NAME, authority_file.NAME)),
    }
    with ExitStack() as opening:
        files: dict[str, BinaryIO] = {
            name: opening.enter_context(disk.read_only(folder / name)) for name in sorted(names)
        }
        held.push(opening.pop_all())
    return current, files
