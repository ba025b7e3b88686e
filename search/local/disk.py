"""Every call that changes the disk: files are made, made durable, named and removed here, and nowhere else in an index.

A file is whole on disk before it gets the name it is looked for by; a name is on disk when its directory has been
synced. So whatever ends the program, or the power, between any two of these calls leaves what was there before.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

ASIDE = ".new"
"""What a file is called, behind its name, until it is whole."""


def create(path: Path) -> BinaryIO:
    """A new file to write to, in place of any of this name."""
    return path.open("wb")


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
