"""The pictures of an index: files in its directory `scans/`, each named after the SHA-256 of its bytes.

A picture is stored once, however many articles are on it, and never changes, so that its name proves its bytes. It is
complete and on disk when it gets its name. Which article is on which is in the ledger (`indexer.withheld.pictures`).
A picture that was erased has a mark, a file with the hashes of the blocked articles on it. While there is one of them,
the picture is not stored again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from search.errors import CannotWrite, DatelineError
from search.system import disk

FOLDER = "scans"
MAX_BYTES = 64 * 1024 * 1024
"""The greatest size of a picture."""
TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".pdf": "application/pdf",
}
"""Suffix → media type, of the files that browsers show."""
ERASED = ".erased"
"""The suffix of a mark."""
_NAME = re.compile(rf"([0-9a-f]{{64}})({'|'.join(map(re.escape, TYPES))})")
_MARK = re.compile(rf"[0-9a-f]{{64}}{re.escape(ERASED)}")
_PIECE = 1 << 20
_MADE, _HEAD = re.compile(rb"Made by Dateline of ([0-9a-f]{64})"), 4096


class TooLarge(DatelineError):
    """A picture has more than `MAX_BYTES`."""


def is_name(name: str) -> bool:
    """True if it is the name of a stored picture."""
    return _NAME.fullmatch(name) is not None


def path_of(folder: Path, name: str) -> Path:
    """The path of a picture of an index, which need not exist; its name must be one."""
    return folder / FOLDER / name


def digest(file: BinaryIO) -> str:
    """The digits of a name, for the bytes of an open file. Raises TooLarge."""
    return _read(file, len)


def keep(folder: Path, file: BinaryIO, suffix: str) -> str:
    """Store a picture in an index, durably, unless it is there or was erased. Any number of processes may do so.

    Returns:
        Its name, also if it is not stored because a blocked article is on it.

    Raises:
        TooLarge: if it is too large; nothing is stored.
        CannotWrite: if it cannot be written.
        OSError: if it cannot be read.
    """
    place = folder / FOLDER
    disk.make_folder(place)
    made = place / f"{secrets.token_hex(8)}{disk.TEMPORARY_SUFFIX}"
    try:
        with disk.create(made, new=True) as copy:
            name = _read(file, copy.write) + suffix
            wanted = not (place / name).exists() and not _is_refused(folder, name)
            if wanted:
                disk.sync(copy)
        if wanted:
            disk.rename(made, place / name)
            disk.remove(place / _mark(name))
            disk.sync_folder(place)
    finally:
        disk.remove(made)
    return name


def _read(file: BinaryIO, take: Callable[[bytes], int]) -> str:
    found, size = sha256(), 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > MAX_BYTES:
            raise TooLarge(f"It is larger than {MAX_BYTES // 2**20} MB.")
        found.update(piece)
        take(piece)
    return found.hexdigest()


def names(folder: Path) -> list[str]:
    """The names of the stored pictures, in order."""
    return sorted(name for name in _files(folder) if is_name(name))


def marks(folder: Path) -> list[str]:
    """The names of the marks of erased pictures, in order."""
    return sorted(name for name in _files(folder) if _MARK.fullmatch(name))


def remove(folder: Path, unwanted: Iterable[str]) -> None:
    """Remove pictures, durably."""
    removed = False
    for name in unwanted:
        if is_name(name):
            disk.remove(path_of(folder, name))
            removed = True
    if removed:
        disk.sync_folder(folder / FOLDER)


def source(data: bytes) -> str:
    """The digits of what a picture is made of: the bytes of a file."""
    return sha256(data).hexdigest()


def of_frame(source: str, frame: int) -> str:
    """The digits of one of the frames of a file, from 0; the first one has those of the file."""
    return sha256(f"{source} {frame}".encode()).hexdigest() if frame else source


def made_of(source: str) -> bytes:
    """The comment in a picture that is made of a source, by which it is not made again once erased."""
    return b"Made by Dateline of " + source.encode()


def may_be_made(folder: Path, source: str) -> bool:
    """False if a picture made of a source was erased, and a blocked article is on it."""
    return not _is_refused(folder, source)


def _source(path: Path) -> str | None:
    """The digits of the file that a stored picture was made of; None if it was stored as it was."""
    try:
        with disk.read_only(path) as file:
            found = _MADE.search(file.read(_HEAD))
    except OSError:  # it is removed all the same
        return None
    return found[1].decode() if found else None


def erase(folder: Path, name: str, blocked: str = "") -> None:
    """Remove a picture for good, durably, with what another program would make of the same file.

    Args:
        blocked: the id of a blocked article on it, because of which it is not stored again.
    """
    if not is_name(name):
        return
    disk.make_folder(folder / FOLDER)
    for each in filter(None, (_source(path_of(folder, name)), name)):
        mark = folder / FOLDER / _mark(each)
        disk.put(mark, _lines(_reasons(mark) | ({_reason(each, blocked)} if blocked else set())))
    disk.remove(path_of(folder, name))
    disk.sync_folder(folder / FOLDER)


def forgive(folder: Path, ids: Collection[str]) -> None:
    """Forget that blocked articles are on some erased pictures, which may be stored again without other reasons.

    Cost: reads each mark once; a microsecond for each id and mark, since a mark does not say whose it is.
    """
    for name in marks(folder):
        mark = folder / FOLDER / name
        before = _reasons(mark)
        if before and (after := before.difference(_reason(name, one) for one in ids)) != before:
            disk.put(mark, _lines(after))


def is_erased(folder: Path, name: str) -> bool:
    """True if a picture was erased, and has not been stored again."""
    return (folder / FOLDER / _mark(name)).exists()


def _is_refused(folder: Path, name: str) -> bool:
    return bool(_reasons(folder / FOLDER / _mark(name)))


def _reason(name: str, article_id: str) -> str:
    return sha256(f"{name[:64]} {article_id}".encode()).hexdigest()


def _reasons(mark: Path) -> frozenset[str]:
    try:
        with disk.read_only(mark) as file:
            return frozenset(file.read().decode("ascii", "replace").split())
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise CannotWrite(f"“{mark}” cannot be read: {error.strerror or error}.") from error


def _lines(reasons: Iterable[str]) -> bytes:
    return "".join(f"{reason}\n" for reason in sorted(reasons)).encode()


def left_over(folder: Path) -> Iterator[Path]:
    """The unfinished files of interrupted processes; nobody may be storing pictures."""
    for name in _files(folder):
        if name.endswith(disk.TEMPORARY_SUFFIX):
            yield folder / FOLDER / name


def faults(folder: Path, shown: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The errors in the pictures of an index: the path within it, and what is wrong.

    Args:
        shown: the pictures that its articles name.
    """
    there = names(folder)
    for name in there:
        try:
            with disk.read_only(path_of(folder, name)) as file:
                if digest(file) != name[:64]:
                    yield f"{FOLDER}/{name}", "Its bytes are not as written."
        except (DatelineError, OSError) as error:
            yield f"{FOLDER}/{name}", f"It cannot be read: {error}"
    for name in sorted(set(shown).difference(there)):
        if not is_erased(folder, name):
            yield f"{FOLDER}/{name}", "It is missing."


def copy(folder: Path, to: Path, linked: bool = False) -> None:
    """Give another index the pictures and marks of one, durably, except those that it has erased itself.

    Args:
        linked: by hard links, where they are possible.
    """
    if not (folder / FOLDER).is_dir():
        return
    disk.make_folder(to / FOLDER)
    for name in names(folder):
        path, copied = path_of(folder, name), path_of(to, name)
        if copied.exists() or is_erased(to, name) or (linked and disk.link(path, copied)):
            continue
        with suppress(FileNotFoundError), disk.read_only(path) as file:  # a run has just removed it
            disk.put(copied, iter(lambda file=file: file.read(_PIECE), b""))  # type: ignore[misc]
    for name in marks(folder):
        mark, copied = folder / FOLDER / name, to / FOLDER / name
        there = [to / FOLDER / (name.removesuffix(ERASED) + suffix) for suffix in TYPES]
        if _reasons(mark) or not any(path.exists() for path in there):
            disk.put(copied, _lines(_reasons(mark) | _reasons(copied)))
            for path in there:
                disk.remove(path)
    disk.sync_folder(to / FOLDER)


def _mark(name: str) -> str:
    return name[:64] + ERASED


def _files(folder: Path) -> list[str]:
    try:
        return [path.name for path in (folder / FOLDER).iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotWrite(f"“{folder / FOLDER}” cannot be listed: {error.strerror or error}.") from error
