"""Checksums of the SQLite files of an index: `ingest.sqlite.sum` for `ingest.sqlite`.

SQLite detects a damaged tree but not a damaged value. The checksum belongs to the file at one value of SQLite's change
counter; if the file was changed later, by a program that was stopped before it could update the checksum, only SQLite's
own check remains.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from search.errors import IndexDamaged, IndexLocked, IndexProblem
from search.files import row_sums
from search.files import sealed as sealed_file
from search.system import database, disk

ENDING = ".sum"
_CHANGES = struct.Struct(">24xI64xI")
"""The header of a SQLite file: its change counter, twice."""


class State(NamedTuple):
    """The state of a file at one value of its change counter."""

    changes: int
    bytes: int
    crc32: int


def seal(path: Path) -> None:
    """Write the checksum of a database, unless it is current.

    If another process or thread is writing to the database, it is left to that one.

    Raises:
        CannotWrite: if it cannot be written.
    """
    try:
        if _sealed(path) is not None and _sealed(path)[0] == _changes(path)[0]:  # type: ignore[index]
            return
    except IndexDamaged:  # it is replaced
        pass
    try:
        with _held(path, alone=True):
            sealed_file.write(seal_path(path), _state(path)._asdict())
    except IndexLocked:
        return


def faults(path: Path, sealed: bool = True) -> Iterator[str]:
    """The errors found in a database, one sentence each.

    Args:
        sealed: true if it must have a checksum, from its second change on.
    """
    try:
        if not path.exists():
            yield f"It is missing, although “{seal_path(path).name}” says that it was there."
            return
        with _held(path) as opened:
            problem = ""
            for problem in contradictions(opened):
                yield problem
            if not problem:
                yield from _unsealed(path, sealed)
    except (IndexProblem, OSError) as error:
        yield f"It cannot be read: {error}"


def contradictions(opened: database.Database) -> Iterator[str]:
    """The errors within a database, which may come from elsewhere: what it has is looked at before anything is read."""
    if strange := next(foreign(opened), None):
        yield strange
        return
    found = [row[0] for row in opened.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        yield f"SQLite finds: {'; '.join(found[:3])}."
    else:
        yield from row_sums.damaged(opened)


def foreign(opened: database.Database) -> Iterator[str]:
    """What a database has that none of ours has, one sentence each: reading it could take for ever, or all memory.

    Ours have tables of plain columns, and indexes of columns.
    """
    for kind, name, sql in opened.execute("SELECT type, name, sql FROM sqlite_schema").fetchall():
        shape = _SHAPES.get(kind)
        is_text = isinstance(name, str) and isinstance(sql, str | None)
        written = " ".join(sql.split()) if is_text and sql is not None else None
        is_ours = shape is not None and is_text and _NAME.fullmatch(name) is not None
        if is_ours and shape is not None and written is not None:
            is_ours = len(written) <= _LONGEST and shape.fullmatch(written) is not None
        if not is_ours:
            yield f"It has the {str(kind)[:20]} “{str(name)[:80]}”, which no database of Dateline has as it is."


def tables(opened: database.Database) -> list[str]:
    """The names of the tables of a database."""
    found = opened.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [str(row[0]) for row in found]


def refuse_foreign(opened: database.Database) -> None:
    """Raises IndexDamaged if a database has what none of ours has."""
    for strange in foreign(opened):
        raise IndexDamaged(f"“{opened.path}” is not as Dateline makes it. {strange} {opened.remedy}")


_NAME = re.compile(r"\w+")
_LONGEST = 4_000
"""Characters of a statement; ours have fewer than a thousand."""
_COLUMN = r"[\w']+(?: [\w']+)*"
_COLUMNS = rf"{_COLUMN}(?:, ?{_COLUMN})*"
_SHAPES = {
    "table": re.compile(
        rf"CREATE TABLE (?:\w+|\"\w+\") ?\((?!.*\b(?:AS|GENERATED|CHECK|COLLATE|REFERENCES)\b)"
        rf"(?:[\w' ,]|\({_COLUMNS}\))+\)(?: WITHOUT ROWID)?",
        re.IGNORECASE,
    ),
    "index": re.compile(
        rf"CREATE (?:UNIQUE )?INDEX \w+ ON \"?\w+\"? ?\({_COLUMNS}\)"
        r"(?: WHERE \w+ (?:> \d+|IS NOT NULL|IN \((?:'\w+'(?:, )?)+\)))?",
        re.IGNORECASE,
    ),
}
"""How the statements that made ours are written."""


def _refuse(path: Path, problems: Iterator[str]) -> None:
    for problem in problems:
        raise IndexDamaged(f"“{path}” is damaged, and is not copied. {problem}")


def _unsealed(path: Path, sealed: bool) -> Iterator[str]:
    """The differences between a database and its checksum file."""
    written = _sealed(path)
    if path.stat().st_size == 0:
        if written is not None:
            yield f"It is empty, although “{seal_path(path).name}” says that it was not."
        return
    changes, again = _changes(path)
    if changes != again:
        yield "Its header is not as written."
    elif written is None and sealed and changes > 1:
        yield f"“{seal_path(path).name}” is missing. The next run rewrites it."
    elif written is not None and written.changes > changes:
        yield "It is older than its checksum."
    elif written is not None and written.changes == changes and _state(path) != written:
        yield "Its bytes are not as written."


def copy(path: Path, to: Path) -> None:
    """Copy a database in a consistent state, durably, while others use it; the copy is whole when it gets its name.

    Raises:
        IndexDamaged: if it is damaged.
    """
    made = to.with_name(f"{to.name}{disk.TEMPORARY_SUFFIX}")
    with _held(path):
        _refuse(path, _unsealed(path, sealed=False))
    try:
        with closing(database.connect(path, make=False)) as source, closing(database.connect(made)) as copied:
            source.backup(copied)
            _refuse(path, contradictions(copied))  # not in the source, which others must be able to write to
        disk.sync_file(made)
        disk.rename(made, to)
        disk.sync_folder(to.parent)
    finally:
        disk.remove(made)
    if seal_path(path).exists():
        seal(to)


def move(path: Path, to: Path) -> None:
    """Replace a database with another that nobody has open, atomically and durably.

    The replaced one must have been opened since its last write, so that nothing of it waits in a journal.
    """
    disk.remove(seal_path(to))
    try:
        disk.rename(path, to)
        disk.sync_folder(to.parent)
    finally:
        seal(to)


def in_folder(folder: Path) -> list[Path]:
    """The databases of an index: existing ones, and those of which only the checksum exists."""
    there = {path for path in folder.iterdir() if path.suffix == ".sqlite"}
    return sorted(there | {folder / path.stem for path in folder.glob(f"*.sqlite{ENDING}")})


def seal_path(path: Path) -> Path:
    """The checksum file of a database."""
    return path.with_name(f"{path.name}{ENDING}")


def _sealed(path: Path) -> State | None:
    """The stored state of a database; None if there is none."""
    try:
        content: Any = sealed_file.read(seal_path(path))
    except FileNotFoundError:
        return None
    return State(**content)


@contextmanager
def _held(path: Path, alone: bool = False) -> Iterator[database.Database]:
    """A database that nobody writes to until the block ends; nobody else holds it like this if it is held alone."""
    with closing(database.connect(path, make=False)) as opened:
        opened.execute("BEGIN IMMEDIATE" if alone else "BEGIN")
        opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield opened


def _changes(path: Path) -> tuple[int, int]:
    first = next(database.pieces(path), b"")
    if len(first) < _CHANGES.size:
        raise IndexDamaged(f"“{path}” is not a whole database.")
    changes, again = _CHANGES.unpack_from(first)
    return changes, again


def _state(path: Path) -> State:
    changes, _ = _changes(path)
    crc = size = 0
    for piece in database.pieces(path):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    return State(changes, size, crc)
