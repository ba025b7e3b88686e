"""The files next to a file, for formats of several files: a text and its metadata, a METS and its pages.

Each requested file is recorded with its size and time, so that a file is read again after its neighbour has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from indexer.files.regular import open_file, refusal


class Neighbours(Protocol):
    """Opens the files next to a file by name, with `/` between folders; `../` leads to the parent folder."""

    def open(self, name: str) -> BinaryIO | None:
        """Open a file, which the caller closes; None if there is none, or the name leads elsewhere."""
        ...

    def names(self) -> Sequence[str]:
        """The names of the files next to it, and of those in the parent folder, if that is in the archive."""
        ...


ABOVE = "../"

Stamp = tuple[int, int]
"""Size in bytes and time of change in nanoseconds; (-1, 0) if it is not a regular file."""


class Folder:
    """The files in a folder and its subfolders.

    Attributes:
        asked: name → its stamp, for every requested file.

    Args:
        has_above: True if the parent folder is in the archive too.
    """

    def __init__(self, folder: Path, has_above: bool = False) -> None:
        self._folder = folder
        self._has_above = has_above
        self.asked: dict[str, Stamp] = {}

    def open(self, name: str) -> BinaryIO | None:
        """Open a file; None if there is none, or the name leads out of the folder."""
        above = self._has_above and name.startswith(ABOVE)
        if not stays_within(name.removeprefix(ABOVE) if above else name):
            return None
        path = self._folder / name
        self.asked[name] = stamp(path)
        top = self._folder.parent if above else self._folder
        if self.asked[name][0] < 0 or not _real(path).is_relative_to(_real(top)):
            return None
        return open_file(path)

    def names(self) -> Sequence[str]:
        """The files of the folder, and of its parent."""
        return [*_files(self._folder), *(ABOVE + name for name in _files(self._folder.parent) if self._has_above)]


class Members:
    """The members of an archive, by functions that open a member by its name and list those of a folder."""

    def __init__(
        self, folder: str, opened: Callable[[str], BinaryIO | None], listed: Callable[[str], Iterable[str]]
    ) -> None:
        self._folder = PurePosixPath(folder)
        self._opened = opened
        self._listed = listed

    def open(self, name: str) -> BinaryIO | None:
        """Open a member; None if there is none, or the name leads out of the folder."""
        folder = self._folder
        if name.startswith(ABOVE) and folder.parts:
            folder, name = folder.parent, name.removeprefix(ABOVE)
        return self._opened(str(folder / name)) if stays_within(name) else None

    def names(self) -> Sequence[str]:
        """The members in the folder, and in its parent."""
        above = self._listed(str(self._folder.parent)) if self._folder.parts else ()
        return [*sorted(self._listed(str(self._folder))), *(ABOVE + name for name in sorted(above))]


class Nothing:
    """No files."""

    def open(self, name: str) -> BinaryIO | None:
        """Return None."""
        return None

    def names(self) -> Sequence[str]:
        """Return no names."""
        return ()


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve raises if links form a cycle


def _files(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if os.path.isfile(entry.path))
    except OSError:  # not listable
        return []


def stays_within(name: str) -> bool:
    """True if a name leads to a folder's own files: not absolute, not upwards, not to another drive."""
    parts = name.replace("\\", "/").split("/")
    return (
        bool(name)
        and "\0" not in name
        and ".." not in parts
        and not name.startswith(("/", "\\"))
        and ":" not in parts[0]
    )


def stamp(path: Path) -> Stamp:
    """The size and the time of change of a file."""
    try:
        found = path.stat()
    except OSError:
        return (-1, 0)
    if refusal(found.st_mode) is not None:
        return (-1, 0)
    return (found.st_size, found.st_mtime_ns)
