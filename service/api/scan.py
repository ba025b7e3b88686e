"""`GET /article/{id}/scan/{number}`: the picture of a page that an article is on.

The article comes first: who may not see it, or comes after it was withdrawn, gets no picture of it. A picture is what
its first bytes said when it was stored, and browsers are told not to guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from falcon import HTTP_206, HTTPNotFound, HTTPRangeNotSatisfiable, Request, Response

from search.files import pictures
from search.system import disk
from search.text.numbers import whole_number
from search.values.scan import ScanPage
from service.archive import Archive
from service.resource import Resource

_PIECE = 1 << 16


def stored(place: str, page: ScanPage) -> Path | None:
    """The file of the picture of a page in an index; None if it has none."""
    if not pictures.is_name(page.picture):
        return None
    path = pictures.path_of(Path(place), page.picture)
    return path if path.is_file() else None


def picture(archive: Archive, article_id: str, number: str) -> Path:
    """The file of the picture of a page of an article, by its number among them.

    Raises:
        ArticleMissing: if there is no such article.
        HTTPNotFound: if it has no such picture.
    """
    article = archive.engine.article(article_id)
    place = whole_number(number) or 0
    page = article.scan[place - 1] if 0 < place <= len(article.scan) else ScanPage()
    path = stored(archive.place, page)
    if path is None:
        raise _missing(article.id, number)
    return path


class ScanResource(Resource):
    """The pictures of articles."""

    def on_get(self, req: Request, resp: Response, article_id: str, number: str) -> None:
        """Send a picture, or the requested range of its bytes."""
        path = picture(self._archive, article_id, number)
        try:
            size = path.stat().st_size
            first, last = _range(req, size)
            file = disk.read_only(path) if req.method == "GET" else None
        except FileNotFoundError:  # erased just now
            raise _missing(article_id, number) from None
        resp.content_type = pictures.TYPES[path.suffix]
        resp.set_header("Accept-Ranges", "bytes")
        resp.set_header("Content-Disposition", f'inline; filename="{article_id}-{int(number)}{path.suffix}"')
        if (first, last) != (0, size - 1):
            resp.status = HTTP_206
            resp.content_range = (first, last, size)
        resp.content_length = last + 1 - first
        if file is not None:
            file.seek(first)
            resp.set_stream(_Part(file, last + 1 - first), last + 1 - first)


def _missing(article_id: str, number: str) -> HTTPNotFound:
    return HTTPNotFound(description=f"The article “{article_id}” has no picture {number[:20]}.")


def _range(req: Request, size: int) -> tuple[int, int]:
    """The first and the last byte that are requested. Raises HTTPRangeNotSatisfiable if there are none."""
    if req.range is None:
        return 0, size - 1
    first, last = req.range
    first, last = (max(0, size + first), size - 1) if first < 0 else (first, last if 0 <= last < size else size - 1)
    if first > last:
        raise HTTPRangeNotSatisfiable(size)
    return first, last


class _Part:
    """Some bytes of an open file, which is closed after them."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, empty at the end."""
        data = self._file.read(min(self._left, _PIECE if size < 0 else size))
        self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(_PIECE):
            yield data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
