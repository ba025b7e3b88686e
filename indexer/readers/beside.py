"""The files beside a file, for formats that are several: a text and its metadata, a METS and its pages.

What is asked for is written down with its size and time, so that a file whose neighbour changed is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol


class Beside(Protocol):
    """Gives the files beside a file by their names, with `/` between folders."""

    def open(self, name: str) -> BinaryIO | None:
        """A file, to be closed by who asked; None where there is none, or the name leads elsewhere."""
        ...


Stamp = tuple[int, int]
"""Size in bytes and time of change in nanoseconds; (-1, 0) for a file that is not there."""


class Folder:
    """The files in a folder and those below it.

    Attributes:
        asked: name → its stamp, of every file that was asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: dict[str, Stamp] = {}

    def open(self, name: str) -> BinaryIO | None:
        """A file; None where there is none, or the name leads out of the folder."""
        if not stays_within(name):
            return None
        path = self._folder / name
        self.asked[name] = stamp(path)
        if self.asked[name][0] < 0 or not path.resolve().is_relative_to(self._folder.resolve()):
            return None
        return path.open("rb")


class Members:
    """The members of an archive, by a function that opens them by their name in it."""

    def __init__(self, folder: str, opened: Callable[[str], BinaryIO | None]) -> None:
        self._folder = PurePosixPath(folder)
        self._opened = opened

    def open(self, name: str) -> BinaryIO | None:
        """A member; None where there is none, or the name leads out of the folder."""
        return self._opened(str(self._folder / name)) if stays_within(name) else None


class Nothing:
    """No files."""

    def open(self, name: str) -> BinaryIO | None:
        """None."""
        return None


def stays_within(name: str) -> bool:
    """Whether a name leads to a folder's own files: neither absolute, nor up, nor to another drive."""
    parts = name.replace("\\", "/").split("/")
    return (
        bool(name)
        and "\0" not in name
        and ".." not in parts
        and not name.startswith(("/", "\\"))
        and ":" not in parts[0]
    )


def stamp(path: Path) -> Stamp:
    """What tells a file from the same one changed."""
    try:
        found = path.stat()
    except OSError:
        return (-1, 0)
    return (found.st_size, found.st_mtime_ns)
