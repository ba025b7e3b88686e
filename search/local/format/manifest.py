"""The manifest: the contents of a generation, `generation_7.sum`.

It names every segment with its size and its deleted articles, and every file with its size and checksum. Renaming it
into place is the commit. It is JSON, and read strictly: a value that no writer of ours would have written, such as a
name that leads out of the directory, is damage. Nothing that is read from an index is ever unpickled.

Next to it is `_MAIN_7.toc`, the same for plain Whoosh, as pickled Python: it is written, copied and compared with its
checksum, and never loaded here. Our own files have names that Whoosh neither knows nor removes.

Array files end with a checksum of their own table, which has one of every array; the manifest has the former. A
checksum protects against accidents. Anyone who may write to the directory of an index may also write a manifest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from search.errors import IndexDamaged
from search.files import sealed
from search.files.array_file import identity
from search.local.format import authority_file, blocked, steps
from search.local.format.layout import ENDINGS
from search.system import disk
from search.system.json import Json

NAME = "MAIN"
"""Whoosh's name of the index."""

_SEGMENT_ID = re.compile(r"[0-9a-z]{1,32}")
_GENERATION = re.compile(r"generation_(0|[1-9][0-9]{0,14})\.sum")
_TABLE = re.compile(rf"_{NAME}_([0-9]{{1,15}})\.toc")
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST = 1 << 53
_MOST_ARTICLES = (1 << 32) - 1
_OF_EACH = 15
"""The version from which on a manifest has the format of each segment; in earlier ones all are of its own."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of a generation.

    Attributes:
        id: identifies it; see `segment_name`.
        size: its articles, deleted ones included.
        deleted: the deleted ones, as runs: the first and the last number of each.
        format: the version of its files (see `steps`).
    """

    id: str
    size: int
    deleted: tuple[tuple[int, int], ...]
    format: int = steps.FORMAT

    @property
    def live(self) -> int:
        """Articles that are not deleted."""
        return self.size - sum(last + 1 - first for first, last in self.deleted)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(f"{segment_name(self.id)}{ending}" for ending in ENDINGS)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation consists of.

    Attributes:
        generation: its number.
        format: its version (see `steps`).
        segments: its segments, in order.
        table: SHA-256 of the table of contents for plain Whoosh, hexadecimal.
        files: the files of its segments: name → size, and checksum of the table at its end.
        side_files: names of further required files next to it, which check themselves (see `sealed`).
        since: the oldest generation that may still be searched; articles taken down were removed before it.
    """

    generation: int
    format: int
    segments: tuple[SegmentEntry, ...]
    table: str
    files: Mapping[str, tuple[int, int]]
    side_files: tuple[str, ...]
    since: int

    @property
    def mark(self) -> int:
        """Distinguishes it from a generation with the same number of a rebuilt index."""
        return int(self.table[:8], 16)


def segment_name(segment_id: str) -> str:
    """The name of the files of a segment, without their endings. Whoosh removes no file with such a name."""
    return f"segment_{segment_id}"


def table_path(folder: Path, generation: int) -> Path:
    """The table of contents of a generation, for plain Whoosh."""
    return folder / f"_{NAME}_{generation}.toc"


def path_of(folder: Path, generation: int) -> Path:
    """The manifest of a generation."""
    return folder / f"generation_{generation}.sum"


def generation_of(name: str) -> int | None:
    """The generation of a manifest's file; None for any other file."""
    found = _GENERATION.fullmatch(name)
    return int(found[1]) if found else None


def table_of(name: str) -> int | None:
    """The generation of a table of contents; None for any other file."""
    found = _TABLE.fullmatch(name)
    return int(found[1]) if found else None


def write(folder: Path, generation: int, segments: Iterable[SegmentEntry], table: bytes, since: int = 0) -> None:
    """Publish segments whose files are on disk as a generation, durably: renaming the manifest is the commit."""
    entries = list(segments)
    content = {
        "format": steps.FORMAT,
        "generation": generation,
        "segments": [
            {"id": entry.id, "size": entry.size, "deleted": entry.deleted, "format": entry.format} for entry in entries
        ],
        "table": sha256(table).hexdigest(),
        "files": {name: identity(folder / name) for name in sorted(name for entry in entries for name in entry.files)},
        "beside": sorted(name for name in (blocked.NAME, authority_file.NAME) if (folder / name).exists()),
        "since": since,
    }
    sealed.write(path_of(folder, generation), content)


def read(folder: Path, generation: int) -> Manifest:
    """The manifest of a generation.

    Raises:
        OSError: if it cannot be read, or a commit has removed it meanwhile.
        IndexProblem: if a later version of Dateline wrote it.
        IndexDamaged: if it is damaged, too old, or has values that no writer would have written.
    """
    path = path_of(folder, generation)
    content = sealed.read(path)
    if not isinstance(content, dict):
        content = {"format": content}
    steps.check(folder, content.get("format"))
    try:
        return _checked(content, generation)
    except (_Wrong, KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexDamaged(
            f"“{path}” cannot be read: invalid value for {str(error)[:60]}. Restore it, or index the archive again."
        ) from None


class _Wrong(Exception):
    """An invalid value in a manifest."""


def _checked(content: Json, generation: int) -> Manifest:
    if content["generation"] != generation or type(content["generation"]) is not int:
        raise _Wrong("generation")
    version = content["format"]
    entries = tuple(_entry(found, version) for found in content["segments"])
    names = [name for entry in entries for name in entry.files]
    if len(set(names)) != len(names):
        raise _Wrong("segments")
    files = {name: _identity(found) for name, found in content["files"].items()}
    if files.keys() != set(names):
        raise _Wrong("files")
    if not isinstance(content["table"], str) or not _HASH.fullmatch(content["table"]):
        raise _Wrong("table")
    side_files = content["beside"]
    if not isinstance(side_files, list) or not all(name in (blocked.NAME, authority_file.NAME) for name in side_files):
        raise _Wrong("beside")
    since = _number(content["since"])
    if since > generation:
        raise _Wrong("since")
    return Manifest(generation, version, entries, content["table"], files, tuple(side_files), since)


def _entry(found: Json, version: int) -> SegmentEntry:
    own = version if version < _OF_EACH else _number(found["format"])
    if not steps.OLDEST <= own <= version:
        raise _Wrong("formats of segments")
    segment_id, size, runs = found["id"], _number(found["size"]), found["deleted"]
    if not isinstance(segment_id, str) or not _SEGMENT_ID.fullmatch(segment_id):
        raise _Wrong("segments")
    if size > _MOST_ARTICLES:
        raise _Wrong("sizes of segments")
    flat = [_number(number) for first, last in runs for number in (first, last + 1)]
    if any(a >= b for a, b in pairwise(flat)) or (flat and flat[-1] > size):
        raise _Wrong("deleted articles")
    return SegmentEntry(segment_id, size, tuple((first, last) for first, last in runs), own)


def _identity(found: list[Any]) -> tuple[int, int]:
    size, checksum = found
    return _number(size), _number(checksum)


def _number(found: object) -> int:
    if type(found) is not int or not 0 <= found <= _MOST:
        raise _Wrong("numbers")
    return found


def runs_of(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """The runs of consecutive numbers: the first and the last number of each."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def table(folder: Path, manifest: Manifest) -> bytes:
    """The bytes of a generation's table of contents for plain Whoosh.

    Raises:
        OSError: if it cannot be read.
        IndexDamaged: if they are not as written.
    """
    path = table_path(folder, manifest.generation)
    with disk.read_only(path) as file:
        data = file.read()
    if sha256(data).hexdigest() != manifest.table:
        raise IndexDamaged(
            f"“{path}”, by which plain Whoosh reads the index, is not as written. "
            "Dateline works without it; the next run of dateline index rewrites it."
        )
    return data


def changed(folder: Path, manifest: Manifest, known: Iterable[str] = ()) -> list[str]:
    """Names of the files that differ from those that were written, judged by their ends; no array is read.

    Args:
        known: names of files that are open, which are not checked.

    Raises:
        OSError: if one is missing.
    """
    passed = set(known)
    for name in manifest.side_files:
        (folder / name).stat()
    return [
        name for name, written in manifest.files.items() if name not in passed and identity(folder / name) != written
    ]
