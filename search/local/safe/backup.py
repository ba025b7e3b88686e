"""Backups: `create` makes one while the index is in use, `restore` restores it to a new directory
(`search.local.safe.restoring` to an existing index).

Files of segments never change, so a backup on the same disk only needs new names for them (hard links); they take space
once the index has removed them. Other files are copied, databases in a consistent state: these first, so that articles
they refer to are in the index. Articles waiting in a spool are not included.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from search import apart
from search.errors import CannotWrite, IndexProblem
from search.files import backup_list, databases, pictures
from search.files.reconciling import DESK
from search.local.format import authority_file, blocked, manifest
from search.local.format.manifest import Manifest
from search.local.safe import lock
from search.local.safe.catalog import Catalog, with_retries
from search.local.safe.verify import verified
from search.system import disk

_NOT_COPIED = frozenset({blocked.NAME, authority_file.NAME, backup_list.NAME, DESK})
"""Files that are among those of the generation, or about this index alone."""
PARTIAL = ".partial"
"""The suffix of a directory's name until it is complete."""


def create(folder: Path, to: Path, copied: bool = False, more: Callable[[Path], None] = lambda _partial: None) -> int:
    """Make a backup of an index, durably, while it is in use.

    Args:
        copied: copy every byte instead of using hard links: for a disk that may fail.
        more: puts what is not in the index's directory into that of the backup.

    Returns:
        The generation that it contains.

    Raises:
        IndexProblem: if it cannot be made, something is there already, or it would be in the index.
    """
    apart.check(folder, to)
    partial = _begun(to)
    try:
        Catalog(folder)  # refuses what is not an index
        more(partial)
        generation = _fill(folder, partial, copied)
        disk.rename(partial, to)
        disk.sync_folder(to.parent)
    except OSError as error:
        raise IndexProblem(f"“{folder}” cannot be read for a snapshot: {error.strerror or error}.") from error
    finally:
        with suppress(CannotWrite):  # the first error is reported
            disk.remove_tree(partial)
    return generation


def restore(source: Path, folder: Path) -> int:
    """Restore a backup to a new directory, durably, if every byte of it is intact.

    A new directory has no record of articles removed since the backup; `restoring.replace` respects it.

    Returns:
        Its generation.

    Raises:
        IndexDamaged: if the backup is damaged.
        IndexProblem: if it cannot be written there, or something is there already.
    """
    if folder.is_dir():
        raise IndexProblem(
            f"“{folder}” exists already. Give --replace to replace the index there, or a path that does not exist."
        )
    verified(source)
    return create(source, folder, copied=True)


def _begun(to: Path) -> Path:
    """A directory to fill. Raises IndexProblem if something is there."""
    if to.exists():
        raise IndexProblem(f"“{to}” exists already. Choose a path that does not exist.")
    partial = to.with_name(f"{to.name}{PARTIAL}.{os.getpid()}")
    disk.make_folder(partial, new=True)
    return partial


def _fill(folder: Path, partial: Path, copied: bool) -> int:
    """Copy the last generation of an index to a directory. Returns its number."""
    pictures.copy(folder, partial, linked=not copied)  # and again below, for those that come meanwhile
    for path in databases.in_folder(folder):
        databases.copy(path, partial / path.name)
    with ExitStack() as held:
        current, files = with_retries(lambda: _opened(folder, held), folder)
        for name, file in files.items():
            if copied or name not in current.files or not disk.link(folder / name, partial / name):
                disk.copy(file, partial / name)
    pictures.copy(folder, partial, linked=not copied)
    lock.make(partial)
    disk.make_private(partial)  # a hard link has the permissions of the file
    disk.sync_folder(partial)
    return current.generation


def _opened(folder: Path, held: ExitStack) -> tuple[Manifest, dict[str, BinaryIO]]:
    """The last generation and its files, open, so that they stay readable when a commit removes their names.

    Raises:
        FileNotFoundError: if it was replaced before all were open.
    """
    current = manifest.read(folder, Catalog.generation_in(folder))
    manifest.table(folder, current)
    names = {
        *current.files,
        *current.side_files,
        manifest.path_of(folder, current.generation).name,
        manifest.table_path(folder, current.generation).name,
        *(path.name for path in folder.glob("*.json") if path.name not in _NOT_COPIED),
    }
    with ExitStack() as opening:
        files: dict[str, BinaryIO] = {
            name: opening.enter_context(disk.read_only(folder / name)) for name in sorted(names)
        }
        held.push(opening.pop_all())
    return current, files
