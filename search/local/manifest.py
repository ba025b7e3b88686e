"""What a generation consists of, and how to tell it from anything else: `_MAIN_7.sum` beside `_MAIN_7.toc`.

It names every file of the generation with its size and checksum. Whoosh's table of contents is a pickle, which may do
anything when it is loaded: it is loaded only when its bytes are those that the manifest names. The files of arrays end
with a checksum of their own table, which has one of every array; the manifest has that.

A checksum guards against accidents. Whoever may write to the directory of an index may also write a manifest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from search.errors import IndexDamaged
from search.local import sealed
from search.local.files import identity

FORMAT = 5
"""What an index is, as a whole; counted up when an earlier one cannot be read any more."""
NAME = "MAIN"
"""What Whoosh calls the index."""

_TABLE = re.compile(rf"_{NAME}_([0-9]+)\.toc")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation.

    Attributes:
        generation: its number.
        table: SHA-256 of its table of contents, hexadecimal.
        files: the files of its segments: name → size, and checksum of the table at its end.
        beside: names of the files beside it that it cannot do without, which check themselves (see `sealed`).
    """

    generation: int
    table: str
    files: Mapping[str, tuple[int, int]]
    beside: tuple[str, ...]


def table_path(folder: Path, generation: int) -> Path:
    """Whoosh's table of contents of a generation."""
    return folder / f"_{NAME}_{generation}.toc"


def path_of(folder: Path, generation: int) -> Path:
    """The manifest of a generation."""
    return folder / f"_{NAME}_{generation}.sum"


def generation_of(name: str) -> int | None:
    """The generation of which a file is the table of contents; None where it is another file."""
    found = _TABLE.fullmatch(name)
    return int(found[1]) if found else None


def write(folder: Path, generation: int, table: bytes, names: Iterable[str], beside: Iterable[str]) -> None:
    """Write down a generation whose files are on disk, durably."""
    content = {
        "format": FORMAT,
        "generation": generation,
        "table": sha256(table).hexdigest(),
        "files": {name: identity(folder / name) for name in sorted(names)},
        "beside": sorted(beside),
    }
    sealed.write(path_of(folder, generation), content)


def read(folder: Path, generation: int) -> Manifest:
    """The manifest of a generation.

    Raises:
        OSError: when it cannot be read, or a commit has removed it meanwhile.
        IndexDamaged: when it is damaged or of another format, or has been taken away.
    """
    path = path_of(folder, generation)
    try:
        content = sealed.read(path)
    except FileNotFoundError:
        if not table_path(folder, generation).exists():  # which is removed first: there is another generation now
            raise
        raise IndexDamaged(
            f"“{folder}” has no “{path.name}”: it was made by an earlier version, or the file was lost. "
            "Make the index anew: dateline index NEW FOLDER."
        ) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else content
        raise IndexDamaged(
            f"“{folder}” is of format {found}; this program reads {FORMAT}. "
            "Make the index anew: dateline index NEW FOLDER."
        )
    files = {name: (size, checksum) for name, (size, checksum) in content["files"].items()}
    return Manifest(int(content["generation"]), content["table"], files, tuple(content["beside"]))


def table(folder: Path, manifest: Manifest) -> bytes:
    """The bytes of a generation's table of contents, which are those that were written.

    Raises:
        OSError: when it cannot be read.
        IndexDamaged: when they are others.
    """
    path = table_path(folder, manifest.generation)
    data = path.read_bytes()
    if sha256(data).hexdigest() != manifest.table:
        raise IndexDamaged(
            f"“{path}” cannot be read: it is not as it was written. Restore it, or index the archive again."
        )
    return data


def changed(folder: Path, manifest: Manifest, known: Iterable[str] = ()) -> list[str]:
    """Names of the files that are other ones than were written, as far as their ends tell; no array is read.

    Args:
        known: names of files that are open, which need no look.

    Raises:
        OSError: when one is missing.
    """
    passed = set(known)
    for name in manifest.beside:
        (folder / name).stat()
    return [
        name for name, written in manifest.files.items() if name not in passed and identity(folder / name) != written
    ]
