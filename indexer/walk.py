"""Here is a path, give me its files: folders walked in order of name, hidden files and `README*` passed over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.readers import load_sidecar, sidecars
from indexer.readers.record import Origin
from search.errors import BadRecord, DatelineError

_TEXT_SUFFIXES = (".txt", ".text", ".md")


class NothingThere(DatelineError):
    """A path that was named does not exist."""


class SameName(DatelineError):
    """Two files of a run would go by the same name, and one take the other's place."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: its path, where its articles come from, its size in bytes.

    Attributes:
        problem: why it cannot be read, where that is known already (a folder that may not be entered).
    """

    path: Path
    origin: Origin
    size: int
    problem: str | None = None


def check(paths: Sequence[Path]) -> None:
    """Make sure that paths exist. Raises NothingThere where one does not."""
    for path in paths:
        try:
            there = path.exists()
        except OSError as error:
            raise NothingThere(f"“{_name(path)}” cannot be read: {error.strerror or error}.") from None
        if not there:
            raise NothingThere(f"There is nothing at “{_name(path)}”. Name a file or a folder of the archive.")


def walk(paths: Sequence[Path], collection: str | None, apart: Path | None = None) -> Iterator[SourceFile]:
    """The files of these paths, in a fixed order.

    Args:
        collection: the name of them all; None gives each path its own name.
        apart: a directory to stay out of (the index, where it lies within the archive).

    Raises:
        NothingThere: when a path does not exist.
        SameName: when two files would go by the same name in the same collection.
    """
    check(paths)
    seen: dict[tuple[str, str], str] = {}
    for path in paths:
        for file in _source_files(path, collection or collection_of(path), apart):
            key = (file.origin.collection, file.origin.name)
            if seen.setdefault(key, file.origin.path) != file.origin.path:
                hint = "Index them apart, each with a --collection of its own."
                raise SameName(f"“{seen[key]}” and “{file.origin.path}” both are “{key[1]}” of “{key[0]}”. {hint}")
            yield file


def collection_of(path: Path) -> str:
    """The name of an archive that is given none."""
    return _clean(path.resolve().name) or "archive"


def _source_files(path: Path, collection: str, apart: Path | None) -> Iterator[SourceFile]:
    if path.is_file():
        yield SourceFile(path, Origin(collection, _name(path), _clean(path.name)), path.stat().st_size)
        return
    barred: list[OSError] = []
    for file in _files(path, apart.resolve() if apart else None, barred.append):
        name = _clean(file.relative_to(path).as_posix())
        yield SourceFile(file, Origin(collection, _name(file), name), file.stat().st_size)
    for error in barred:
        place = Path(error.filename)
        origin = Origin(collection, _name(place), _clean(place.name))
        yield SourceFile(place, origin, 0, f"It cannot be read: {error.strerror or error}.")


def _files(folder: Path, apart: Path | None, barred: Callable[[OSError], None]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=barred):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not _is_index(Path(root) / f, apart))
        for name in sorted(names):
            file = Path(root) / name
            if not name.startswith((".", "README")) and file.is_file() and not _belongs_to_a_text(file, names):
                yield file


def _is_index(folder: Path, apart: Path | None) -> bool:
    """Whether a folder is an index: the one that is written, or another."""
    return folder.resolve() == apart or any(folder.glob("_*_*.toc"))


def _belongs_to_a_text(file: Path, names: Sequence[str]) -> bool:
    """Whether a file is the metadata beside a text, and no article itself."""
    if file.suffix.lower() != ".json":
        return False
    beside = [name for name in (file.stem, *(file.stem + suffix for suffix in _TEXT_SUFFIXES)) if name in names]
    if not any(file in sidecars(file.with_name(name)) for name in beside):
        return False
    try:
        return load_sidecar(file) is not None
    except BadRecord:
        return True  # the text it belongs to says what is wrong with it


def _name(path: Path) -> str:
    return _clean(str(path))


def _clean(name: str) -> str:
    """A name as text, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "replace")
