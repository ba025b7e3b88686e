"""Yields the members of an archive file: zip, tar, gzip, bzip2, xz and zstandard.

Unpacked bytes are limited to a hundred times the size of the container, or 64 MB if that is more. Members are limited,
and so is time that yields no article (`Allowance`). The content of nested containers counts too. Names that lead out of
the container, links, devices, encrypted members and overlapping entries are rejected with the reason, and the rest is
read. Memory does not grow with the size of a member: members are unpacked while they are read, those of a tar through a
temporary file.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Self, cast

import zstandard

from indexer.files import sidecar
from indexer.files.neighbours import Members, Neighbours, Nothing, stays_within
from indexer.readers.shared.pictures import ONLY_PICTURES
from indexer.safe import speed
from indexer.safe.limits import TooMuch, Transient
from search.errors import BadRecord
from search.said import said
from search.system import temporary

RATIO = 100
LEAST_BYTES = 64 * 1024 * 1024
LEAST_MEMBERS = 10_000
BYTES_PER_MEMBER = 100
"""A container may have a member per hundred bytes of its own, or `LEAST_MEMBERS` if that is more."""
LEAST_SECONDS = 10.0
"""On the reference machine of `speed`, as is the next."""
BYTES_PER_SECOND = 100 * 1024
"""The size for which a second more of fruitless reading is allowed: three times what pages without a text take."""
SPOOL_BYTES = 8 * 1024 * 1024
"""The size from which a temporary file is on disk."""
MAX_NAME = 1000

_PIECE = 1024 * 1024
_LOCAL_HEADER = 30
"""The least number of bytes before a member of a zip."""
_TAR_MARK = slice(257, 262)
_COMPRESSED: dict[bytes, tuple[str, Callable[[BinaryIO], IO[bytes]]]] = {
    b"\x1f\x8b": ("gzip", lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file))),
    b"BZh": ("bzip2", bz2.BZ2File),
    b"\xfd7zXZ": ("xz", lzma.LZMAFile),
    b"\x28\xb5\x2f\xfd": (
        "zstandard",
        lambda file: cast(
            IO[bytes],
            zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
                file, read_across_frames=True, closefd=False
            ),
        ),
    ),
}
_ENDINGS = {".gz", ".bz2", ".xz", ".zst", ".zstd"}
_TAR_ENDINGS = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_BROKEN = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, zstandard.ZstdError, tarfile.TarError)
_DOCUMENTS = {"[Content_Types].xml": said("an Office document"), "mimetype": said("an OpenDocument file or an e-book")}


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a container.

    Attributes:
        name: its name there, with `/` between folders.
        file: its bytes, seekable; None if it is rejected.
        size: its bytes, packed or not; 0 if unknown.
        neighbours: the files next to it.
        problem: the reason why it is rejected.
    """

    name: str
    file: BinaryIO | None
    size: int
    neighbours: Neighbours
    problem: str | None = None


class Allowance:
    """The limits of a file with all its contents; reading ends when one is exceeded.

    Time counts only if it yielded no article, so that a large archive of real articles is read whole.

    Attributes:
        over: True if it is used up.

    Args:
        size: of the container, in bytes.
    """

    def __init__(self, size: int) -> None:
        self._bytes = self._most_bytes = max(LEAST_BYTES, RATIO * size)
        self._members = self._most_members = max(LEAST_MEMBERS, size // BYTES_PER_MEMBER)
        self._most_seconds = LEAST_SECONDS + size / BYTES_PER_SECOND
        self._spent = 0.0
        self.over = False

    @property
    def left(self) -> tuple[int, int]:
        """The number of bytes and members that are left."""
        return self._bytes, self._members

    def reset(self, left: tuple[int, int]) -> None:
        """Reset the remaining bytes and members: the container is read again."""
        self._bytes, self._members = left

    def take(self, count: int) -> None:
        """Count unpacked bytes. Raises BadRecord if there are too many."""
        self._bytes -= count
        if self._bytes < 0:
            self.over = True
            raise BadRecord(
                said("It unpacks to more than {mb} MB, far more than its size: rejected.", mb=self._most_bytes // 2**20)
            )

    def member(self) -> None:
        """Count a member. Raises BadRecord if there are too many."""
        self._members -= 1
        if self._members < 0:
            self.over = True
            raise BadRecord(
                said("It has more than {most} members: the rest is not read. Split it.", most=self._most_members)
            )

    def spend(self, seconds: float) -> None:
        """Count CPU time that yielded no article. Raises TooMuch if it was too much."""
        self._spent += seconds
        most = self._most_seconds * speed.slowness()
        if self._spent > most:
            self.over = True
            raise TooMuch(
                said(
                    "Its records that are not articles took more than {most} s to read: the rest is not read.",
                    most=f"{most:.0f}",
                )
            )


def kind_of(head: bytes, name: str) -> str | None:
    """The kind of a container, by its first bytes; None for other files. A gzipped WARC is left to its reader."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head[_TAR_MARK] == b"ustar" or (name.lower().endswith(".tar") and _is_old_tar(head)):
        return "tar"
    if name.lower().endswith(".warc.gz"):
        return None
    return next((kind for mark, (kind, _) in _COMPRESSED.items() if head.startswith(mark)), None)


def members(kind: str, file: BinaryIO, name: str, allowance: Allowance) -> Iterator[Member]:
    """The members of a container, in order.

    Args:
        kind: as returned by `kind_of`.
        name: the container's name.

    Raises:
        BadRecord: if it cannot be read, or not to its end.
    """
    try:
        if kind == "zip":
            yield from _zip(file, allowance)
        elif kind == "tar":
            yield from _tar(file, allowance)
        else:
            allowance.member()
            yield _decompressed(kind, file, name, allowance)
    except (OSError, *_BROKEN) as error:
        raise _unreadable(error) from None


class Unpacking(io.RawIOBase):
    """The bytes of a member as they are unpacked, counted.

    Seeking backwards opens it again; seeking forwards reads the bytes between. A corrupt part raises once, then the
    file ends there.
    """

    def __init__(self, opened: Callable[[], IO[bytes]], allowance: Allowance) -> None:
        self._opened = opened
        self._file = opened()
        self._allowance = allowance
        self._place = self._furthest = 0
        self._broken = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True; seeking backwards unpacks again."""
        return True

    def tell(self) -> int:
        """The number of bytes unpacked so far."""
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Unpack some bytes."""
        if self._broken:
            return 0
        try:
            read = getattr(self._file, "read1", self._file.read)  # return the bytes before a corrupt part
            data: bytes = read(min(len(buffer), _PIECE))
        except (OSError, RuntimeError, NotImplementedError, *_BROKEN) as error:
            self._broken = True
            raise _unreadable(error) from None
        buffer[: len(data)] = data
        self._place += len(data)
        if self._place > self._furthest:
            try:
                self._allowance.take(self._place - self._furthest)
            except BadRecord:
                self._broken = True
                raise
            self._furthest = self._place
        return len(data)

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Seek from the beginning or the current position; to seek from the end, all is unpacked first."""
        if whence == io.SEEK_CUR:
            place += self._place
        elif whence == io.SEEK_END:
            while self.read(_PIECE):
                pass
            place += self._place
        if place < self._place:
            self._file.close()
            self._file = self._opened()
            self._place = 0
            self._broken = False
        while self._place < place and self.read(min(_PIECE, place - self._place)):
            pass
        return self._place

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()


def spooled(file: BinaryIO) -> BinaryIO:
    """A copy of a file in which seeking is cheap; on disk if it is large."""
    copy = temporary.spooled(SPOOL_BYTES)
    while piece := file.read(_PIECE):
        copy.write(piece)
    copy.seek(0)
    return cast(BinaryIO, copy)


def _decompressed(kind: str, file: BinaryIO, name: str, allowance: Allowance) -> Member:
    opened = next(opened for known, opened in _COMPRESSED.values() if known == kind)

    def again() -> IO[bytes]:
        file.seek(0)
        return opened(file)

    own = PurePosixPath(name)
    ending = own.suffix.lower()
    inner = own.stem if ending in _ENDINGS else own.stem + _TAR_ENDINGS.get(ending, "")
    return Member(inner or "content", io.BufferedReader(Unpacking(again, allowance), _PIECE), 0, Nothing())


def _zip(file: BinaryIO, allowance: Allowance) -> Iterator[Member]:
    if not zipfile.is_zipfile(file):
        raise BadRecord(
            said(
                "It cannot be unpacked: its end is missing, where a zip lists its members. Copy it again, or mend it"
                " with zip -FF."
            )
        )
    with zipfile.ZipFile(file) as archive:
        entries, overlapping = _apart(archive.infolist())
        for mark, kind in _DOCUMENTS.items():
            if any(entry.filename == mark for entry in entries):
                raise BadRecord(said("It is {kind}, which is not supported.", kind=kind))
        by_name = {_path(entry.filename): entry for entry in entries if not entry.is_dir()}
        folders: dict[str, set[str]] = {}
        for name in by_name:
            folders.setdefault(str(PurePosixPath(name).parent), set()).add(PurePosixPath(name).name)

        def opened(name: str) -> BinaryIO | None:
            entry = by_name.get(name)
            if entry is None or _refusal(entry) is not None:
                return None
            return io.BufferedReader(Unpacking(lambda: archive.open(entry), allowance), _PIECE)

        @cache
        def listed(folder: str, pattern: re.Pattern[str]) -> Sequence[str]:
            return sorted(filter(pattern.fullmatch, folders.get(folder, ())))

        def refused(name: str) -> str:
            return (_refusal(by_name[name]) if name in by_name else None) or ""

        if overlapping:
            count = f"{len(overlapping):,} of its members overlap" if len(overlapping) > 1 else "It overlaps"
            why = f"{count} others, which no program writes: rejected."
            yield Member(_path(overlapping[0].filename), None, 0, Nothing(), why)
        for entry in entries:
            allowance.member()
            name = _path(entry.filename)
            path = PurePosixPath(name)
            if entry.is_dir() or _is_skipped(path):
                continue
            if (problem := _refusal(entry)) is not None:
                yield Member(name, None, 0, Nothing(), problem)
                continue
            if _is_picture(path):
                continue
            here = folders[str(path.parent)]
            try:
                if sidecar.belongs_to_a_text(path.name, here, lambda name=name: cast(BinaryIO, opened(name))):  # type: ignore[misc]
                    continue
                stream = Unpacking(lambda entry=entry: archive.open(entry), allowance)  # type: ignore[misc]
            except (NotImplementedError, RuntimeError, *_BROKEN) as error:
                why = said("It cannot be unpacked: {reason}.", reason=_reason_of(error))
                yield Member(name, None, 0, Nothing(), why)
                continue
            with io.BufferedReader(stream, _PIECE) as unpacked:
                yield Member(name, unpacked, entry.file_size, Members(str(path.parent), opened, listed, refused))


def _apart(entries: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], list[zipfile.ZipInfo]]:
    """The entries in order with their own bytes, and those that overlap one before them."""
    end = -1
    over: set[int] = set()
    for number in sorted(range(len(entries)), key=lambda number: entries[number].header_offset):
        entry = entries[number]
        if entry.header_offset < end:
            over.add(number)
        else:
            end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
    apart = [entry for number, entry in enumerate(entries) if number not in over]
    return apart, [entries[number] for number in sorted(over)]


def _refusal(entry: zipfile.ZipInfo) -> str | None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return str(said("It is a link, which is not followed."))
    if entry.flag_bits & 1:
        return str(said("It is encrypted. Unpack it with its password first."))
    return _name_problem(entry.filename)


def _tar(file: BinaryIO, allowance: Allowance) -> Iterator[Member]:
    with tarfile.open(fileobj=file, mode="r|", ignore_zeros=False, tarinfo=_Entry) as archive:
        for entry in archive:
            archive.members = []  # type: ignore[attr-defined]  # else it keeps them all
            allowance.member()
            if entry.isdir():
                continue
            name = _path(entry.name)
            path = PurePosixPath(name)
            if _is_skipped(path):
                continue
            problem = _name_problem(entry.name)
            if entry.issym() or entry.islnk():
                problem = "It is a link, which is not followed."
            elif not entry.isreg():
                problem = "It is not a file but a device or a pipe."
            if not problem and _is_picture(path):
                continue
            unpacked = None if problem else archive.extractfile(entry)
            if unpacked is None:
                yield Member(name, None, 0, Nothing(), problem or "It has no content.")
                continue
            with temporary.spooled(SPOOL_BYTES) as copy:
                while piece := unpacked.read(_PIECE):
                    allowance.take(len(piece))
                    copy.write(piece)
                copy.seek(0)
                yield Member(name, cast(BinaryIO, copy), entry.size, Nothing())
        while file.read(_PIECE):  # to the checksum of what it is compressed with
            pass


class _Entry(tarfile.TarInfo):
    """The header of a member; a damaged one is an error, not the end of the archive as `tarfile` takes it."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        """The next header. Raises ReadError if it is damaged."""
        try:
            return super().fromtarfile(tarfile_)
        except (tarfile.EOFHeaderError, tarfile.EmptyHeaderError):  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"the header of a member is damaged ({error})") from None


def _name_problem(name: str) -> str | None:
    if len(name) > MAX_NAME:
        return str(said("Its name is longer than {longest} characters.", longest=MAX_NAME))
    return None if stays_within(name) else str(said("Its name leads out of the archive."))


def _is_skipped(path: PurePosixPath) -> bool:
    """True for a hidden file, or one with metadata of others."""
    hidden = any(part.startswith(".") and part != ".." for part in path.parts)
    return hidden or "__MACOSX" in path.parts or path.name.startswith("README")


def _is_picture(path: PurePosixPath) -> bool:
    return path.suffix.lower() in ONLY_PICTURES


def _path(name: str) -> str:
    clean = name.replace("\\", "/").encode("utf-8", "replace").decode("utf-8")
    return str(PurePosixPath(clean[:MAX_NAME]))


def _is_old_tar(head: bytes) -> bool:
    """True if the first block has the checksum of a tar header; older ones have no magic number."""
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _unreadable(error: Exception) -> BadRecord:
    """Why a container ends early: its disk, or its content (gzip raises OSError for that too, without a number)."""
    kind = Transient if isinstance(error, OSError) and error.errno is not None else BadRecord
    return kind(said("It cannot be unpacked to its end: {reason}.", reason=_reason_of(error)))


def _reason_of(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().rstrip(".")
