"""The IIIF Image API 3.0, level 1, for the pictures of pages: parts of them in any smaller size, as JPEG.

As for the picture itself, the article comes first. Nothing is made larger than it is stored, nor turned.
Source: https://iiif.io/api/image/3.0/.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from math import isqrt
from pathlib import Path

from falcon import HTTPBadRequest, HTTPError, HTTPNotFound, HTTPSeeOther, Request, Response

from search.files import rendering
from search.files.rendering import Box, NotRendered
from service.api.scan import picture
from service.archive import Archive
from service.iiif import addresses
from service.remembered import Remembered
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values.shared_values import encode

CONTEXT = "http://iiif.io/api/image/3/context.json"
MAX_AREA = 16_000_000
"""The greatest number of pixels of an answer."""
TILE = 1024
LEAST, SMALL = 200, 400
"""The least width of a listed size, and the greatest of a small picture of a page, in pixels."""
REMEMBERED = 256
"""How many small pictures a worker remembers, of some 30 KB each."""
_PART = re.compile(r"(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9})")
_SIZE = re.compile(r"(\d{0,9}),(\d{0,9})")


class ImageServiceResource(Resource):
    """`GET /iiif/scan/{article_id}/{number}`: leads to the description."""

    def on_get(self, req: Request, _resp: Response, article_id: str, number: str) -> None:
        """Answer with 303."""
        picture(self._archive, article_id, number)
        raise HTTPSeeOther(f"{req.root_path}{addresses.image('', article_id, int(number))}/info.json")


class ImageInformationResource(Resource):
    """`GET …/info.json`: the description of a picture."""

    def on_get(self, req: Request, resp: Response, article_id: str, number: str) -> None:
        """Describe it."""
        width, height = _size(picture(self._archive, article_id, number))
        factors = [1]
        while max(width, height) > factors[-1] * TILE:
            factors.append(factors[-1] * 2)
        limit = isqrt(MAX_AREA * 10_000 * width // height) / 100
        sizes = [
            {"width": width // by, "height": height // by}
            for by in reversed([*factors, factors[-1] * 2, factors[-1] * 4])
            if LEAST <= width // by <= limit
        ]
        resp.content_type = f'application/ld+json;profile="{CONTEXT}"'
        resp.data = encode(
            {
                "@context": CONTEXT,
                "id": addresses.image(self._settings.base(req.prefix), article_id, int(number)),
                "type": "ImageService3",
                "protocol": "http://iiif.io/api/image",
                "profile": "level1",
                "width": width,
                "height": height,
                "maxArea": MAX_AREA,
                "sizes": sizes,
                "tiles": [{"width": TILE, "height": TILE, "scaleFactors": factors}],
            }
        )


class ImageResource(Resource):
    """`GET …/{region}/{size}/{rotation}/{file}`: a part of a picture; the small ones of whole pages are remembered."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._small: Remembered[bytes] = Remembered(REMEMBERED)

    def on_get(
        self,
        _req: Request,
        resp: Response,
        article_id: str,
        number: str,
        region: str,
        size: str,
        rotation: str,
        file: str,
    ) -> None:
        """Send it."""
        path = picture(self._archive, article_id, number)
        if rotation != "0" or file != "default.jpg":
            raise HTTPBadRequest(description="The rotation must be 0, and the file default.jpg: this is level 1.")
        box = part(region, *_size(path))
        to = scaled(size, box)
        resp.content_type = "image/jpeg"
        if region == "full" and max(to) <= 2 * SMALL:
            resp.data = self._small.get(self._archive.edition, (path.name, to), lambda: _rendered(path, box, to))
        else:
            resp.data = _rendered(path, box, to)


def thumbnail(path: Path, base: str, article_id: str, number: int) -> str:
    """The address of a small picture of a page; "" if there can be none."""
    if path.suffix == ".pdf" or not rendering.is_here():
        return ""
    try:
        width, _ = rendering.size(path)
    except NotRendered:
        return ""
    return f"{addresses.image(base, article_id, number)}/full/{min(width, SMALL)},/0/default.jpg"


def part(region: str, width: int, height: int) -> Box:
    """The part of a picture that a region names: `full`, `square`, or `x,y,w,h`. Raises HTTPBadRequest."""
    if region == "full":
        return 0, 0, width, height
    if region == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    found = _PART.fullmatch(region)
    if found is None:
        raise HTTPBadRequest(description=f"The region “{region[:80]}” is not full, square, or x,y,w,h.")
    left, top, across, down = map(int, found.groups())
    across, down = min(across, width - left), min(down, height - top)
    if across <= 0 or down <= 0:
        raise HTTPBadRequest(description=f"The region “{region[:80]}” is not within {width} by {height} pixels.")
    return left, top, across, down


def scaled(size: str, box: Box) -> tuple[int, int]:
    """The size in which a part is to be: `max`, `w,`, `,h` or `w,h`. Raises HTTPBadRequest."""
    _, _, across, down = box
    if size == "max":
        if across * down <= MAX_AREA:
            return across, down
        width = max(1, min(isqrt(MAX_AREA * across // down), MAX_AREA))
        return width, max(1, min(width * down // across, MAX_AREA // width))
    found = _SIZE.fullmatch(size)
    if found is None or not any(found.groups()):
        raise HTTPBadRequest(description=f"The size “{size[:80]}” is not max, w, or ,h or w,h.")
    width, height = (int(one) if one else 0 for one in found.groups())
    if not found.group(1):
        width = max(1, round(across * height / down))
    if not found.group(2):
        height = max(1, round(down * width / across))
    if not (0 < width <= across and 0 < height <= down and width * height <= MAX_AREA):
        raise HTTPBadRequest(
            description=f"The size “{size[:80]}” is larger than {across} by {down} pixels, or than {MAX_AREA:,} in all."
        )
    return width, height


def _size(path: Path) -> tuple[int, int]:
    _check(path)
    try:
        return rendering.size(path)
    except NotRendered as problem:
        raise HTTPNotFound(description=str(problem)) from problem


def _rendered(path: Path, box: Box, to: tuple[int, int]) -> bytes:
    try:
        return rendering.jpeg(path, box, to)
    except NotRendered as problem:
        raise HTTPNotFound(description=str(problem)) from problem


def _check(path: Path) -> None:
    if path.suffix == ".pdf":
        raise HTTPNotFound(description="It is a PDF, and no picture.")
    if not rendering.is_here():
        raise HTTPError(
            HTTPStatus.NOT_IMPLEMENTED, description="Pictures in other sizes need: pip install 'dateline[pictures]'"
        )
