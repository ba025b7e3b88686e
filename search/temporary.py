"""What does not outlast the process: directories and files in the system's place for such, through `disk`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self, cast

from search import disk


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A directory for as long."""
    place = new_folder(prefix)
    try:
        yield place
    finally:
        disk.remove_tree(place)


def new_folder(prefix: str) -> Path:
    """A new directory in the system's place for such; `disk.remove_tree` ends it."""
    above = Path(tempfile.gettempdir())
    return disk.ask("make_folder", above, lambda: Path(tempfile.mkdtemp(prefix=prefix)))


class Spooled:
    """Bytes in memory, and in a file without a name once they are many."""

    def __init__(self, most: int) -> None:
        self._file = tempfile.SpooledTemporaryFile(most)  # noqa: SIM115  closed by `close`
        self._place = Path(tempfile.gettempdir())

    def write(self, data: bytes) -> int:
        """Write bytes."""
        return disk.ask("write", self._place, lambda: self._file.write(data))

    def truncate(self, size: int | None = None) -> int:
        """Cut it off here, or at a size."""
        return disk.ask("truncate", self._place, lambda: self._file.truncate(size) or 0)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place; what was written before is on its way to the file then."""
        return disk.ask("seek", self._place, lambda: self._file.seek(place, whence))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def spooled(most: int) -> IO[bytes]:
    """A file to write to and read from, in memory up to so many bytes."""
    return cast(IO[bytes], Spooled(most))
