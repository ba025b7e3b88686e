"""The files next to a file, for formats of several files: a text and its metadata, a METS and its pages.

Each requested file is recorded with its size and time, so that a file is read again after its neighbour has changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from indexer.files.file_names import name_of, path_of
from indexer.files.regular import open_file, refusal
from search.said import said


class Neighbours(Protocol):
    """Opens the files next to a file by name, with `/` between folders; `../` leads to the parent folder."""

    def open(self, name: str) -> BinaryIO | None:
        """Open a file, which the caller closes; None if there is none, or the name leads elsewhere."""
        ...

    def refused(self, name: str) -> str:
        """Why a file that is there is not opened, as a sentence; "" if there is none, or it is opened."""
        ...

    def like(self, pattern: re.Pattern[str]) -> Sequence[str]:
        """The names of the files next to it, and of those in the parent folder, if that is in the archive, that match.

        Cost: a folder is listed once for all files in it.
        """
        ...


ABOVE = "../"
LEADS_OUT = said("Its name leads out of the folder. Put it next to the article.")
LINK_OUT = said("It is a link that leads out of the folder. Put the file itself there.")

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
        path = path_of(self._folder, name)
        self.asked[name] = stamp(path)
        top = self._folder.parent if above else self._folder
        if self.asked[name][0] < 0 or not _real(path).is_relative_to(_real(top)):
            return None
        return open_file(path)

    def refused(self, name: str) -> str:
        """Why it is not opened: its name or a link leads out of the folder, or it is a pipe, a device or a folder."""
        above = self._has_above and name.startswith(ABOVE)
        if not stays_within(name.removeprefix(ABOVE) if above else name):
            return LEADS_OUT
        path = path_of(self._folder, name)
        top = self._folder.parent if above else self._folder
        if not os.path.lexists(path):
            return ""
        if not _real(path).is_relative_to(_real(top)):
            return LINK_OUT
        try:
            return refusal(path.stat().st_mode) or ""
        except OSError as error:
            return said("It cannot be read: {why}.", why=error.strerror or str(error))

    def like(self, pattern: re.Pattern[str]) -> Sequence[str]:
        """The files of the folder, and of its parent, that match."""
        above = _files(self._folder.parent, pattern) if self._has_above else ()
        return [*_files(self._folder, pattern), *(ABOVE + name for name in above)]


class Members:
    """The members of an archive.

    Args:
        folder: the one of the member whose neighbours they are.
        opened: opens a member by its name; None if there is none, or it is refused.
        listed: the names of the members in a folder that match, in order.
        refused: why a member is refused; "" if it is not, or there is none.
    """

    def __init__(
        self,
        folder: str,
        opened: Callable[[str], BinaryIO | None],
        listed: Callable[[str, re.Pattern[str]], Sequence[str]],
        refused: Callable[[str], str],
    ) -> None:
        self._folder = PurePosixPath(folder)
        self._opened = opened
        self._listed = listed
        self._refused = refused

    def open(self, name: str) -> BinaryIO | None:
        """Open a member; None if there is none, or the name leads out of the folder."""
        path = self._path(name)
        return self._opened(path) if path is not None else None

    def refused(self, name: str) -> str:
        """Why it is not opened: its name leads out of the folder, or it is a link or encrypted."""
        path = self._path(name)
        return self._refused(path) if path is not None else LEADS_OUT

    def _path(self, name: str) -> str | None:
        """The path of a member in the archive; None if its name leads out of the folder."""
        folder = self._folder
        if name.startswith(ABOVE) and folder.parts:
            folder, name = folder.parent, name.removeprefix(ABOVE)
        return str(folder / name) if stays_within(name) else None

    def like(self, pattern: re.Pattern[str]) -> Sequence[str]:
        """The members in the folder, and in its parent, that match."""
        above = self._listed(str(self._folder.parent), pattern) if self._folder.parts else ()
        return [*self._listed(str(self._folder), pattern), *(ABOVE + name for name in above)]


class Nothing:
    """No files."""

    def open(self, name: str) -> BinaryIO | None:
        """Return None."""
        return None

    def refused(self, name: str) -> str:
        """Return ""."""
        return ""

    def like(self, pattern: re.Pattern[str]) -> Sequence[str]:
        """Return no names."""
        return ()


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve raises if links form a cycle


def _files(folder: Path, pattern: re.Pattern[str]) -> Sequence[str]:
    try:
        return _files_at(folder, folder.stat().st_mtime_ns, pattern)
    except OSError:  # not listable
        return ()


@lru_cache(maxsize=32)
def _files_at(folder: Path, changed: int, pattern: re.Pattern[str]) -> Sequence[str]:
    """The files that match in a folder, as it is since it was changed."""
    with os.scandir(folder) as entries:
        named = ((name_of(entry.name), entry.path) for entry in entries)
        return sorted(name for name, path in named if pattern.fullmatch(name) and os.path.isfile(path))


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
