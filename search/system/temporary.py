"""Temporary directories and files in the system's directory for them, through `disk`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from search.system import disk
from search.system.closeable import Closeable


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A temporary directory, removed when the block ends."""
    place = new_folder(prefix)
    try:
        yield place
    finally:
        disk.remove_tree(place)


def new_folder(prefix: str) -> Path:
    """A new temporary directory; remove it with `disk.remove_tree`."""
    above = Path(tempfile.gettempdir())
    return disk.call("make_folder", above, lambda: Path(tempfile.mkdtemp(prefix=prefix)))


class Spooled(Closeable):
    """Bytes in memory, moved to an unnamed file when there are many."""

    def __init__(self, most: int) -> None:
        self._file = tempfile.SpooledTemporaryFile(most)  # noqa: SIM115  closed by `close`
        self._place = Path(tempfile.gettempdir())

    def write(self, data: bytes) -> int:
        """Write bytes."""
        return disk.call("write", self._place, lambda: self._file.write(data))

    def truncate(self, size: int | None = None) -> int:
        """Truncate it here, or at a size."""
        return disk.call("truncate", self._place, lambda: self._file.truncate(size) or 0)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a position; the bytes written before are flushed to the file."""
        return disk.call("seek", self._place, lambda: self._file.seek(place, whence))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file)

    def close(self) -> None:
        """Close and remove it."""
        self._file.close()


def spooled(most: int) -> IO[bytes]:
    """A file to write to and read from, in memory up to this many bytes."""
    return cast(IO[bytes], Spooled(most))
