"""The files of a path: folders are walked in order of name, hidden files, `README*` and pictures are skipped.

A link within a folder is followed if it leads to a file in that folder; one that leads out of it is rejected.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.files.file_names import name_of
from indexer.files.regular import NotRegular, open_file, refusal
from indexer.files.sidecar import belongs_to_a_text
from indexer.readers.shared.pictures import ONLY_PICTURES
from indexer.readers.shared.record import Origin
from search.errors import DatelineError

LINK_OUTSIDE = "It is a link that leads out of the folder. To index its target, name the target."
SKIPPED = ("hidden", "README", "pictures")
"""The kinds of files that are skipped, in the order in which they are told."""


class PathMissing(DatelineError):
    """A given path does not exist."""


class SameName(DatelineError):
    """Two files of a run would have the same name, and one replace the other."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: its path, where its articles come from, its size in bytes.

    Attributes:
        changed_ns: the time of its last change, in nanoseconds.
        inode: its number in the file system.
        problem: why it cannot be read, if that is known already (a folder without access).
        alone: True if it is not of a folder of an archive: no file next to it belongs to it.
        hides_nothing: True if the thing with the problem cannot be a file of an archive, such as a pipe.
    """

    path: Path
    origin: Origin
    size: int
    changed_ns: int = 0
    inode: int = 0
    problem: str | None = None
    hides_nothing: bool = False
    alone: bool = False


def check(paths: Sequence[Path]) -> None:
    """Make sure that paths exist. Raises PathMissing if one does not."""
    for path in paths:
        try:
            there = path.exists()
        except OSError as error:
            raise PathMissing(f"“{_name(path)}” cannot be read: {error.strerror or error}.") from None
        if not there:
            raise PathMissing(f"There is nothing at “{_name(path)}”. Name a file or a folder of the archive.")


def walk(paths: Sequence[Path], collection: str | None, apart: Path | None = None) -> Iterator[SourceFile]:
    """The files of these paths, in a fixed order.

    Args:
        collection: the name of them all; None gives each path its own name.
        apart: a directory to skip (the index, if it is inside the archive).

    Raises:
        PathMissing: if a path does not exist.
        SameName: if two files would have the same name in the same collection.
    """
    check(paths)
    seen: dict[tuple[str, str], str] = {}
    for path in paths:
        for file in _source_files(path, collection or collection_of(path), apart):
            key = (file.origin.collection, file.origin.name)
            if seen.setdefault(key, file.origin.path) != file.origin.path:
                hint = "Index them separately, each with its own --collection."
                raise SameName(f"“{seen[key]}” and “{file.origin.path}” both are “{key[1]}” of “{key[0]}”. {hint}")
            yield file


def skipped_in(paths: Sequence[Path]) -> dict[str, int]:
    """How many files of each kind are skipped in folders, by the names of the kinds."""
    found: Counter[str] = Counter()
    for path in paths:
        for root, _, names in os.walk(path):
            is_hidden = any(part.startswith(".") for part in Path(root).relative_to(path).parts)
            found.update(filter(None, ("hidden" if is_hidden else _skipped(Path(name)) for name in names)))
    return {kind: found[kind] for kind in SKIPPED if found[kind]}


def _skipped(name: Path) -> str:
    """The kind of file of a name that is skipped; "" if it is read."""
    are = (name.name.startswith("."), name.name.startswith("README"), _is_picture(name))
    return next((kind for kind, is_it in zip(SKIPPED, are, strict=True) if is_it), "")


def collection_of(path: Path) -> str:
    """The default name of an archive."""
    return name_of(path.resolve().name) or "archive"


def _source_files(path: Path, collection: str, apart: Path | None) -> Iterator[SourceFile]:
    if not path.is_dir():
        yield _source_file(path, Origin(collection, _name(path), name_of(path.name)))
        return
    barred: list[OSError] = []
    top = Path(os.path.realpath(path))
    for file, leads_out in _files(path, top, apart.resolve() if apart else None, barred.append):
        origin = Origin(collection, _name(file), name_of(file.relative_to(path).as_posix()))
        found = SourceFile(file, origin, 0, problem=LINK_OUTSIDE) if leads_out else _source_file(file, origin)
        yield replace(found, hides_nothing=True) if found.problem and _is_picture(file) else found
    for error in barred:
        place = Path(error.filename)
        origin = Origin(collection, _name(place), name_of(place.name))
        yield SourceFile(place, origin, 0, problem=f"It cannot be read: {error.strerror or error}.")


def _source_file(path: Path, origin: Origin) -> SourceFile:
    try:
        found = path.stat()
    except OSError as error:  # removed since its folder was listed, or without access
        return SourceFile(path, origin, 0, problem=f"It cannot be read: {error.strerror or error}.")
    if (why := refusal(found.st_mode)) is not None:
        return SourceFile(path, origin, 0, problem=why, hides_nothing=True)
    return SourceFile(path, origin, found.st_size, found.st_mtime_ns, found.st_ino)


def _files(
    folder: Path, top: Path, apart: Path | None, barred: Callable[[OSError], None]
) -> Iterator[tuple[Path, bool]]:
    """Yield the files below a folder; with True for a link that leads out of it."""
    for root, folders, names in os.walk(folder, onerror=barred):
        here = Path(root)
        entered = sorted(f for f in folders if not f.startswith(".") and not _is_index(here / f, apart))
        folders[:] = entered
        links = [f for f in entered if (here / f).is_symlink()]
        present = frozenset(map(name_of, names))
        for name in sorted((*names, *links)):
            file = here / name
            if name.startswith((".", "README")) or (_is_picture(file) and file.is_file() and not file.is_symlink()):
                continue
            if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(top):
                yield file, True
            elif not file.is_dir() and not (file.is_file() and (_is_picture(file) or _is_metadata(file, present))):
                yield file, False


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in ONLY_PICTURES


def _is_metadata(file: Path, names: frozenset[str]) -> bool:
    """True if a file is the metadata of a text next to it."""
    try:
        return belongs_to_a_text(name_of(file.name), names, lambda: open_file(file))
    except (OSError, NotRegular):  # its reader reports the problem
        return False


def _is_index(folder: Path, apart: Path | None) -> bool:
    """True if a folder is an index: the one being written, or another."""
    return folder.resolve() == apart or any(folder.glob("_*_*.toc")) or any(folder.glob("generation_*.sum"))


def _name(path: Path) -> str:
    return name_of(str(path))
