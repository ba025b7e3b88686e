"""Every call that changes the disk: files are made, made durable, named and removed here, and nowhere else in an index.

A file is whole on disk before it gets the name it is looked for by; a name is on disk when its directory has been
synced. So whatever ends the program, or the power, between any two of these calls leaves what was there before.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from search.errors import IndexDamaged

ASIDE = ".new"
"""What a file is called, behind its name, until it is whole."""


def create(path: Path) -> BinaryIO:
    """A new file to write to, in place of any of this name."""
    return path.open("wb")


def read_only(path: Path) -> BinaryIO:
    """A file of an index, to be read. One that is not a plain file is not opened: a pipe, a link out of the directory.

    Raises:
        OSError: when it cannot be read.
        IndexDamaged: when it is something else.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _no_file(path) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(path)
    return open(descriptor, "rb")


def _no_file(path: Path) -> IndexDamaged:
    return IndexDamaged(f"“{path}” is not a regular file, and is not opened. Restore it, or index the archive again.")


def sync(file: BinaryIO) -> None:
    """Force what was written to a file to disk."""
    file.flush()
    os.fsync(file.fileno())


def rename(path: Path, name: Path) -> None:
    """Give a file another name, in place of any other of that name."""
    path.replace(name)


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Force the names in a directory to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(path: Path, data: bytes) -> None:
    """Put these bytes in the place of a file, whole or not at all; the name is on disk after `sync_folder`."""
    aside = path.with_name(f"{path.name}{ASIDE}")
    with create(aside) as file:
        file.write(data)
        sync(file)
    rename(aside, path)
