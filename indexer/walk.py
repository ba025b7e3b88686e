"""Here is a path, give me its files: folders walked in order of name, hidden files and `README*` passed over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.readers import load_sidecar, sidecars
from indexer.readers.record import Origin
from search.errors import BadRecord, DatelineError

_TEXT_SUFFIXES = ("", ".txt", ".text", ".md")


class NothingThere(DatelineError):
    """A path that was named does not exist."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: its path, where its articles come from, its size in bytes."""

    path: Path
    origin: Origin
    size: int


def walk(paths: Sequence[Path], collection: str | None, apart: Path | None = None) -> Iterator[SourceFile]:
    """The files of these paths, in a fixed order.

    Args:
        collection: the name of them all; None gives each path its own name.
        apart: a directory to stay out of (the index, where it lies within the archive).

    Raises:
        NothingThere: when a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise NothingThere(f"There is nothing at “{path}”. Name a file or a folder of the archive.")
    for path in paths:
        name = collection or path.resolve().name or "archive"
        if path.is_file():
            yield SourceFile(path, Origin(name, str(path), path.name), path.stat().st_size)
            continue
        for file in _files(path, apart.resolve() if apart else None):
            yield SourceFile(file, Origin(name, str(file), file.relative_to(path).as_posix()), file.stat().st_size)


def _files(folder: Path, apart: Path | None) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (Path(root) / f).resolve() != apart)
        for name in sorted(names):
            file = Path(root) / name
            if not name.startswith((".", "README")) and file.is_file() and not _belongs_to_a_text(file, set(names)):
                yield file


def _belongs_to_a_text(file: Path, names: set[str]) -> bool:
    """Whether a file is the metadata beside a text, and no article itself."""
    if file.suffix.lower() != ".json":
        return False
    texts = [name for name in (file.stem, *(file.stem + suffix for suffix in _TEXT_SUFFIXES)) if name in names]
    if not any(file in sidecars(file.with_name(name)) for name in texts if Path(name).suffix.lower() != ".json"):
        return False
    try:
        return load_sidecar(file) is not None
    except BadRecord:
        return True  # the text it belongs to says what is wrong with it
