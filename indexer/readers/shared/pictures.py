"""The picture next to what a reader reads: the first of some names that browsers can show, or a JPEG of it.

A file is what its first bytes say, whatever its name. Names that lead elsewhere are refused: nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from indexer.files.neighbours import Neighbours, Nothing
from indexer.readers.shared.picture_flaws import flaw
from indexer.readers.shared.record import Item, Origin, Rescued
from indexer.safe import limits
from search.files import pictures, rendering
from search.said import said
from search.values.article import Article
from search.values.scan import ScanPage

HEAD_BYTES = 16
MAX_NAMES = 40
"""The greatest number of names that are tried for one picture."""
SUFFIXES = (".jpg", ".jpeg", ".JPG", ".png", ".webp", ".avif", ".gif", ".pdf", ".tif", ".TIF", ".tiff", ".jp2", ".JP2")
"""The endings of files with pictures, the best first."""
ONLY_PICTURES = frozenset(suffix.lower() for suffix in SUFFIXES) - {".pdf"}
"""Files with these endings have no articles."""


_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_JPEG_2000 = (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")
_DECODING_S = 4.0
"""What decoding one of these may take, in seconds of `limits`."""
_SUFFIXES = (".jpg", ".png", ".pdf")
"""The endings of a picture that has the name of an article's file."""


class Picture(NamedTuple):
    """The picture of a page: its name in the index, or the reason why it has none; both "" if there is no file."""

    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Album:
    """Where pictures are stored.

    Attributes:
        index: the directory of the index; None only computes their names, for a dry run.
        wanted: False if no picture is to be looked for.
    """

    index: Path | None = None
    wanted: bool = True


NO_INDEX = Album()


class Pictures:
    """The pictures next to a file.

    Args:
        neighbours: the files next to it.
        album: where they are stored.
    """

    def __init__(self, neighbours: Neighbours | None = None, album: Album = NO_INDEX) -> None:
        self._neighbours = neighbours or Nothing()
        self._index = album.index
        self._wanted = album.wanted
        self._found: dict[tuple[str, int], Picture] = {}
        self._frames: tuple[str, rendering.Frames] | None = None

    def first(self, names: Iterable[str], frame: int = 0) -> Picture:
        """The first of some files that browsers show; else the reason why the first of them is not shown.

        Args:
            frame: the number of the page in a file of several, from 0. A PDF is shown as a whole.
        """
        note = ""
        if not self._wanted:
            return Picture()
        for name in list(dict.fromkeys(names))[:MAX_NAMES]:
            if (name, frame) not in self._found:
                self._found[name, frame] = self._one(name, frame)
            found = self._found[name, frame]
            if found.name:
                return found
            note = note or found.note
        return Picture("", note)

    def _one(self, name: str, frame: int) -> Picture:
        try:
            file = self._neighbours.open(name)
            if file is None:
                why = self._neighbours.refused(name)
                told = said("Its picture “{name}” is not opened. {why}", name=_short(name), why=why)
                return Picture("", str(told)) if why else Picture()
            with file:
                head = file.read(HEAD_BYTES)
                suffix = kind_of(head)
                if not suffix:
                    return self._made(name, file, head, frame) or Picture("", str(_not_shown(head, _short(name))))
                if frame and suffix != ".pdf":
                    return _without(name, frame)
                file.seek(0)
                if wrong := flaw(file, suffix, _short(name)):
                    return Picture("", str(wrong))
                file.seek(0)
                if self._index is None:
                    return Picture(pictures.digest(file) + suffix)
                stored = pictures.keep(self._index, file, suffix)
        except pictures.TooLarge:
            limit = pictures.MAX_BYTES // 2**20
            large = said(
                "Its picture “{name}” is larger than {limit} MB, and is not shown.", name=_short(name), limit=limit
            )
            return Picture("", str(large))
        except OSError as error:
            why = error.strerror or str(error)
            return Picture("", str(said("Its picture “{name}” cannot be read: {why}.", name=_short(name), why=why)))
        return Picture(stored)

    def _made(self, name: str, file: BinaryIO, head: bytes, frame: int) -> Picture | None:
        """A JPEG of a TIFF or JPEG 2000 file; None if none can be made. Raises TooLarge."""
        if not (head.startswith((*_TIFF, *_JPEG_2000)) and rendering.is_here()):
            return None
        try:
            frames = self._opened(name, file, head)
            limits.allow(_DECODING_S)
            made = frames.jpeg(frame)
        except rendering.NotRendered:
            return None
        if made is None:
            return _without(name, frame)
        stored = pictures.digest(BytesIO(made)) + ".jpg"
        if self._index is None:
            return Picture(stored)
        if not (pictures.may_be_made(self._index, frames.source(frame)) or pictures.is_erased(self._index, stored)):
            return Picture()
        return Picture(pictures.keep(self._index, BytesIO(made), ".jpg"))

    def _opened(self, name: str, file: BinaryIO, head: bytes) -> rendering.Frames:
        """The frames of a file, which is read once for all of them. Raises TooLarge and NotRendered."""
        if self._frames is None or self._frames[0] != name:
            data = head + file.read(pictures.MAX_BYTES)
            if len(data) > pictures.MAX_BYTES:
                raise pictures.TooLarge("It is too large.")
            self._frames = None  # the memory of the one before
            self._frames = (name, rendering.Frames(data))
        return self._frames[1]


def _without(name: str, frame: int) -> Picture:
    """None, as a file has fewer pages."""
    told = said(
        "Its picture “{name}” has no page {number}. Put a TIFF with all pages there, or one file for each page.",
        name=_short(name),
        number=str(frame + 1),
    )
    return Picture("", str(told))


def picture_next_to(origin: Origin, pictures: Pictures | None, stated: Iterable[str] = ()) -> ScanPage | None:
    """The picture next to a file: one that the file states, or one with its name; None if there is none.

    Args:
        stated: the names of the pictures that it states, the best first.
    """
    if pictures is None:
        return None
    stem = PurePosixPath(origin.name).stem
    picture = pictures.first([*stated, *(stem + suffix for suffix in _SUFFIXES)])
    return ScanPage(picture=picture.name, note=picture.note) if any(picture) else None


def with_picture(found: Item, shown: ScanPage | None) -> Item:
    """An article with its picture; anything else as it is."""
    if shown is None or not isinstance(found, Article | Rescued):
        return found
    if isinstance(found, Rescued):
        return replace(found, article=replace(found.article, scan=(shown,)))
    return replace(found, scan=(shown,))


def kind_of(head: bytes) -> str:
    """The suffix of a file that browsers show, by its first bytes; "" for any other."""
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return ".avif"
    return ".pdf" if head.startswith(b"%PDF-") else ""


def is_picture(head: bytes) -> bool:
    """True if the first bytes of a file are those of a picture, also of one that browsers do not show."""
    return kind_of(head) not in ("", ".pdf") or head.startswith((*_TIFF, *_JPEG_2000))


def _not_shown(head: bytes, name: str) -> str:
    """Why browsers do not show a file, by its first bytes."""
    if head.startswith(_TIFF):
        return said(
            "Its picture “{name}” is a TIFF file, which browsers do not show. Put a JPEG of it next to it.", name=name
        )
    if head.startswith(_JPEG_2000):
        return said(
            "Its picture “{name}” is a JPEG 2000 file, which browsers do not show. Put a JPEG of it next to it.",
            name=name,
        )
    if not head:
        return said("Its picture “{name}” is empty.", name=name)
    return said("Its picture “{name}” is not a picture of a known kind.", name=name)


def _short(name: str) -> str:
    return name if len(name) <= 80 else "…" + name[-79:]
