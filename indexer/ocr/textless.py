"""Which pages of an archive have no text: pictures and PDFs of pages, without a file that has it.

A picture has text if a file next to it has its name and is no picture (`0001.xml`, `0001.alto.xml`, `0001.html`), or if
a METS file, in its folder or the one above, names it. A PDF has text if one can be read from it. What was read here is
told by the head of its file: what another program has written is never replaced.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from indexer.archive import walk
from indexer.files.regular import NotRegular, open_file
from indexer.readers import HEAD_BYTES
from indexer.readers.documents import pdf
from indexer.readers.scans import mets
from indexer.readers.scans.hocr import MADE_BY
from indexer.readers.shared import xml
from indexer.readers.shared.xml import attribute, child, inside
from search.errors import BadRecord

BEST = (".tif", ".tiff", ".jp2", ".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Pictures that Tesseract reads, those that lose least first: one of several with the same name is read."""
MADE = ".hocr"
"""The ending of a file of text."""
MAX_METS = 20
"""The greatest number of METS files of a folder that are looked into."""
_SIGNED = re.compile(rf'<meta name="{MADE_BY}" content="([^"]*)"'.encode())
_TEXTS = frozenset((MADE, ".xml", ".alto", ".html", ".htm", ".xhtml", ".txt", ".text", ".md"))
_SAVED = re.compile(r"(.+)[_.-](?:files|Dateien|fichiers|archivos|ficheiros|bestanden|file)")
"""The folder of the pictures of a page that a browser has saved."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page to read.

    Attributes:
        picture: the picture, or the PDF.
        page: its number in the PDF, from 1; 0 for a picture.
        text: the file that its text becomes.
        was: what has read it before, as `Tesseract.signature`; "" if nothing.
    """

    picture: Path
    page: int
    text: Path
    was: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that cannot be read, and why."""

    path: Path
    reason: str


def scans(paths: Sequence[Path], again: bool = False) -> Iterator[Scan | Failed | None]:
    """The pages to read, in order of folder and name; None for each that has text.

    Args:
        again: find those, too, that were read here before.

    Raises:
        PathMissing: if a path does not exist.
    """
    walk.check(paths)
    for path in paths:
        if not path.is_dir():
            yield from _in_folder(path.parent, {path.name}, again)
        for root, folders, names in os.walk(path):
            texts = _texts(names)
            folders[:] = sorted(name for name in folders if not name.startswith(".") and not _is_saved(name, texts))
            yield from _in_folder(Path(root), set(names), again)


def _is_saved(folder: str, texts: set[str]) -> bool:
    match = _SAVED.fullmatch(folder)
    return match is not None and match[1] in texts


def _in_folder(folder: Path, wanted: set[str], again: bool) -> Iterator[Scan | Failed | None]:
    names = sorted(os.listdir(folder))
    texts = _texts(names)
    found: dict[str, Scan] = {}
    for name in names:
        if name.lower().endswith(".pdf") and not name.startswith("."):
            try:
                with open_file(folder / name) as file:
                    pages = pdf.pages_without_text(file)
            except (BadRecord, OSError) as problem:
                if name in wanted:
                    reason = problem.strerror if isinstance(problem, OSError) else problem.reason
                    yield Failed(folder / name, str(reason))
                continue
            stem = Path(name).stem
            if not pages:
                texts.add(stem)
            if name in wanted:
                yield from () if pages else (None,)
                for page in range(1, pages + 1):
                    text = pdf.text_of(name, page)
                    found[text] = Scan(folder / name, page, folder / text)
    pictures = [name for name in names if Path(name).suffix.lower() in BEST and not name.startswith(".")]
    stated = _stated(folder) if pictures else frozenset()
    # the best last, which replaces the others, as a picture does the page of a PDF that was made of it
    for name in sorted(pictures, key=lambda name: -BEST.index(Path(name).suffix.lower())):
        text = Path(name).stem + MADE
        if name in stated:
            texts.add(Path(name).stem)
        if name in wanted:
            found[text] = Scan(folder / name, 0, folder / text)
    for text, scan in sorted(found.items()):
        if Path(text).stem not in texts:
            yield scan
        else:
            was = _read_by(scan.text) if again else ""
            yield replace(scan, was=was) if was else None


def _texts(names: Iterable[str]) -> set[str]:
    """The names, without their endings, of what has text."""
    paths = [Path(name) for name in names]
    return {path.stem.removesuffix(".alto") for path in paths if path.suffix.lower() in _TEXTS}


def _read_by(text: Path) -> str:
    """What has read a page, as `Tesseract.signature`; "" if it was not read here."""
    try:
        with open_file(text) as file:
            found = _SIGNED.search(file.read(HEAD_BYTES))
    except (NotRegular, FileNotFoundError):
        return ""
    return found[1].decode("utf-8", "replace") if found else ""


def _stated(folder: Path) -> frozenset[str]:
    """The names of the pictures that METS files state, in a folder and the one above, next to pages with text."""
    found: set[str] = set()
    for place in (folder, folder.parent):
        names = (name for name in os.listdir(place) if name.lower().endswith(".xml"))
        likely = [name for name in names if "mets" in name.lower() or Path(name).stem in (folder.name, place.name)]
        for name in sorted(likely)[:MAX_METS]:
            try:
                with open_file(place / name) as file:
                    root = xml.document(file)
            except (BadRecord, OSError):  # the indexer reports it
                continue
            if xml.local(root) == "mets" and mets.issue(root).pages:
                stated = (attribute(child(file, "FLocat"), "href") for file in inside(root, "file"))
                found.update(PurePosixPath(unquote(name)).name for name in stated)
    return frozenset(found)
