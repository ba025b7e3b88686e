"""Checksums of the SQLite files of an index: `ingest.sqlite.sum` for `ingest.sqlite`.

SQLite detects a damaged tree but not a damaged value. The checksum belongs to the file at one value of SQLite's change
counter; if the file was changed later, by a program that was stopped before it could update the checksum, only SQLite's
own check remains.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from search import database, disk
from search.errors import IndexDamaged, IndexLocked, IndexProblem
from search.local.format import sealed as sealed_file

ENDING = ".sum"
_PIECE = 1 << 20
_CHANGES = struct.Struct(">24xI64xI")
"""The header of a SQLite file: its change counter, twice."""


class State(NamedTuple):
    """The state of a file at one value of its change counter."""

    changes: int
    bytes: int
    crc32: int


def seal(path: Path) -> None:
    """Write the checksum of a database, unless it is current.

    If another process is writing to the database, it is left to that process.

    Raises:
        CannotWrite: if it cannot be written.
    """
    try:
        if _sealed(path) is not None and _sealed(path)[0] == _changes(path)[0]:  # type: ignore[index]
            return
    except IndexDamaged:  # it is replaced
        pass
    try:
        with _held(path):
            state = _state(path)
    except IndexLocked:
        return
    sealed_file.write(_seal_path(path), state._asdict())


def faults(path: Path, sealed: bool = True) -> Iterator[str]:
    """The errors found in a database, one sentence each.

    Args:
        sealed: true if it must have a checksum, from its second change on.
    """
    try:
        with _held(path) as opened:
            found = [row[0] for row in opened.execute("PRAGMA integrity_check")]
            written = _sealed(path)
            changes, again = _changes(path)
            if found != ["ok"]:
                yield f"SQLite finds: {'; '.join(found[:3])}."
            elif changes != again:
                yield "Its header is not as written."
            elif written is None and sealed and changes > 1:
                yield f"“{_seal_path(path).name}” is missing. The next run rewrites it."
            elif written is not None and written.changes == changes and _state(path) != written:
                yield "Its bytes are not as written."
    except (IndexProblem, OSError) as error:
        yield f"It cannot be read: {error}"


def copy(path: Path, to: Path) -> None:
    """Copy a database in a consistent state, durably, while others use it."""
    with closing(database.connect(path, make=False)) as source, closing(database.connect(to)) as copied:
        source.backup(copied)
    disk.sync_file(to)
    if _seal_path(path).exists():
        seal(to)


def move(path: Path, to: Path) -> None:
    """Replace a database with another that nobody has open, atomically and durably.

    The replaced one must have been opened since its last write, so that nothing of it waits in a journal.
    """
    disk.remove(_seal_path(to))
    try:
        disk.rename(path, to)
        disk.sync_folder(to.parent)
    finally:
        seal(to)


def in_folder(folder: Path) -> list[Path]:
    """The databases of an index: existing ones, and those of which only the checksum exists."""
    there = {path for path in folder.iterdir() if path.suffix == ".sqlite"}
    return sorted(there | {folder / path.stem for path in folder.glob(f"*.sqlite{ENDING}")})


def _seal_path(path: Path) -> Path:
    return path.with_name(f"{path.name}{ENDING}")


def _sealed(path: Path) -> State | None:
    """The stored state of a database; None if there is none."""
    try:
        content: Any = sealed_file.read(_seal_path(path))
    except FileNotFoundError:
        return None
    return State(**content)


@contextmanager
def _held(path: Path) -> Iterator[database.Database]:
    """A database that nobody writes to until the block ends."""
    with closing(database.connect(path, make=False)) as opened:
        opened.execute("BEGIN")
        opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield opened


def _changes(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        changes, again = _CHANGES.unpack(file.read(_CHANGES.size))
        return changes, again


def _state(path: Path) -> State:
    crc = size = 0
    with path.open("rb") as file:
        changes, _ = _CHANGES.unpack(file.read(_CHANGES.size))
        file.seek(0)
        while piece := file.read(_PIECE):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
    return State(changes, size, crc)
