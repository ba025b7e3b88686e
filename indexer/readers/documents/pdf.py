"""PDF: one article per file, its text page by page.

It needs the extra `pdf` (pypdf). Words hyphenated at a line end are joined, and so are the lines of a paragraph if the
file shows where paragraphs end. Title and date come from the metadata. Programs often write the name of a template as
the title, so a title that looks like a file name is ignored. The date is the day in the name of the file, if it has
one, or else that on which the file was made; `published_from` says which. Not for scans: a page that is an image has no
text, and a file of such pages is rejected.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from indexer.dates import addresses
from indexer.files.neighbours import Neighbours, Nothing
from indexer.readers.shared.record import Item, Origin, article
from indexer.safe import limits
from search.errors import BadRecord, NoArticle
from search.said import said

MAX_BYTES = 64 * 1024 * 1024
MAX_PAGES = 1_000
MAX_TEXT = 8_000_000
"""Characters of all pages together."""
MAX_PAGE = 4 * 1024 * 1024
"""Bytes of the drawing instructions of a page."""
SECONDS_A_PAGE = 0.05
"""The time that each page adds to the time limit of reading."""

_MIN_WORDS = 5
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?")
_FILE_NAME = re.compile(
    r"\.(?:pdf|docx?|indd|qxd|qxp|pages|odt|rtf|txt|tex|dvi|ps|eps|pptx?|xlsx?|html?)\b", re.IGNORECASE
)
_UNTITLED = re.compile(
    r"(?:untitled|unbenannt|sans titre|document\d*|microsoft word - .*|layout \d+|[\d\s_.-]*)", re.IGNORECASE
)
_PARTED = re.compile(r"(?<=[^\W\d_]{2})[-\u00ad\u2010]\n(?=[^\W\d_A-Z])")
_ENDS = (".", "!", "?", "”", '"', "’", ":", "»")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings are in the reason of the file


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is PDF, which may have a few bytes before its mark."""
    return b"%PDF-" in head[:1024] and (head.lstrip().startswith(b"%PDF-") or name.lower().endswith(".pdf"))


def read(file: BinaryIO, origin: Origin, neighbours: Neighbours | None = None) -> Iterator[Item]:
    """Read the article of a file, or the reason why it cannot be read; nothing if its pages are articles of their own.

    Args:
        file: seekable.
        neighbours: the files next to it.
    """
    try:
        with _opened(file) as reader:
            yield _article(reader, origin)
    except NoArticle as problem:
        first = (neighbours or Nothing()).open(text_of(PurePosixPath(origin.name).name, 1))
        if first is None:
            yield problem
        else:
            first.close()
    except BadRecord as problem:
        yield problem


def text_of(name: str, page: int) -> str:
    """The name of the file next to a PDF that has the text of a page, from 1, if that is an image."""
    return f"{PurePosixPath(name).stem}.page{page:04}.hocr"


def pages_without_text(file: BinaryIO) -> int:
    """The number of pages of a file if all of them are images; 0 if it has text. Raises BadRecord if it is damaged."""
    with _opened(file) as reader:
        pages = _pages(reader)
        return 0 if _has_text(_text(reader, pages)) else pages


@contextmanager
def _opened(file: BinaryIO) -> Iterator[Any]:
    """The library's reader of a file. Raises BadRecord, also for whatever the library raises meanwhile."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError
    except ImportError:
        raise BadRecord(said("It is PDF; install dateline[pdf] to read it.")) from None
    try:
        if file.seek(0, 2) > MAX_BYTES:
            raise BadRecord(said("It is larger than {mb} MB.", mb=MAX_BYTES // 2**20))
        file.seek(0)
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadRecord(said("It is locked with a password."))
        yield reader
    except BadRecord:
        raise
    except DependencyError:
        raise BadRecord(said("It is encrypted in a way that needs another package.")) from None
    except RecursionError:
        raise BadRecord(said("It is PDF that cannot be read: its parts are nested too deeply.")) from None
    except Exception as error:  # the library may raise anything on a damaged file
        raise BadRecord(said("It is PDF that cannot be read: {reason}.", reason=_first_line(error))) from None


def _pages(reader: Any) -> int:
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise BadRecord(said("It has {pages} pages, more than the {most} that are read.", pages=pages, most=MAX_PAGES))
    return pages


def _has_text(text: str) -> bool:
    return len(text.split()) >= _MIN_WORDS


def _article(reader: Any, origin: Origin) -> Item:
    pages = _pages(reader)
    text = _text(reader, pages)
    if not _has_text(text):
        raise NoArticle(
            said("Its {pages} pages have no text: they are images. “dateline ocr” reads them.", pages=pages)
        )
    information = reader.metadata or {}
    fields: dict[str, object] = {"title": _title(information), "text": text, "extra": {"pages": pages}}
    author = _string(information.get("/Author"))
    if author and "@" not in author and not _FILE_NAME.search(author):
        fields["byline"] = author
    if day := addresses.in_name(origin.name):
        fields["published"], fields["published_from"] = day, "filename"
    elif day := _date(_string(information.get("/CreationDate"))):
        fields["published"], fields["published_from"] = day, "file"
    return article(fields, origin)


def _text(reader: Any, pages: int) -> str:
    """The text of all pages, with a blank line between them. Raises BadRecord if it is too long."""
    parts: list[str] = []
    size = 0
    for number, page in enumerate(reader.pages, 1):
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > MAX_PAGE:
            raise BadRecord(
                said(
                    "Page {number} has more than {mb} MB of drawing instructions.",
                    number=str(number),
                    mb=MAX_PAGE // 2**20,
                )
            )
        parts.append(_paragraphs(page.extract_text() or ""))
        limits.allow(SECONDS_A_PAGE)
        size += len(parts[-1])
        if size > MAX_TEXT:
            raise BadRecord(said("It has more than {most} characters of text.", most=MAX_TEXT))
    return "\n\n".join(part for part in parts if part)


def _paragraphs(text: str) -> str:
    """The lines of a page as paragraphs: one ends at an empty line, or at a short line that ends a sentence."""
    text = _PARTED.sub("", text.replace("\r", "\n"))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    usual = sorted(len(line) for line in lines if line)
    full = usual[len(usual) * 3 // 4] * 0.75 if usual else 0
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        if not line or (len(line) < full and line.endswith(_ENDS)):
            paragraphs.append([])
    return "\n\n".join(" ".join(lines) for lines in paragraphs if lines)


def _title(information: Any) -> str:
    title = _string(information.get("/Title"))
    return "" if _FILE_NAME.search(title) or _UNTITLED.fullmatch(title) else title


def _string(value: object) -> str:
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split()) if isinstance(value, str) else ""


def _date(value: str) -> str:
    """A date in PDF's notation (`D:20230504101500+02'00'`) as ISO 8601; "" if it is invalid."""
    match = _DATE.match(value)
    if match is None or match[2] is None or match[3] is None:
        return ""
    day = f"{match[1]}-{match[2]}-{match[3]}"
    if match[4] is None:
        return day
    zone = match[7] or (f"{match[8]}:{match[9] or '00'}" if match[8] else "")
    return f"{day}T{match[4]}:{match[5]}:{match[6] or '00'}{zone}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["it is damaged"])[0].rstrip(".")[:200]
