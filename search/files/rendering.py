"""Pictures in other sizes: a part of one as a JPEG, by Pillow, where that is installed (`dateline[pictures]`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from math import ceil, log2, sqrt
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings

from search.errors import DatelineError
from search.files import pictures
from search.system import disk

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 125_000_000
"""The greatest number of pixels of a picture that is decoded, in up to 375 MB: a page of 15 by 22 inches in 600 dpi."""
MAX_SHOWN = 12_000_000
"""The greatest number of pixels of a JPEG that is made of what browsers do not show: 3,000 by 4,000."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_OTHERS = ("TIFF", "JPEG2000")
_MAX_BYTES = 160_000_000
"""Of such a picture as it is decoded, within the memory that a reader may use."""
_GREY, _COLOURED = frozenset({"1", "L", "LA"}), frozenset({"P", "RGB", "RGBA", "CMYK", "YCbCr"})
_MOST_HALVED = 5
"""How often the sides of a JPEG 2000 can be halved without decoding the rest, as scanners' programs write it."""
_QUALITY = 85

Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""


class NotRendered(DatelineError):
    """A picture is not of a known kind, damaged, or too large."""


def is_here() -> bool:
    """True if Pillow is installed."""
    return find_spec("PIL") is not None


def size(path: Path) -> tuple[int, int]:
    """The width and the height of a picture, in pixels; only its header is read. Raises NotRendered."""
    with _opened(path) as image:
        return image.size


def jpeg(path: Path, box: Box, to: tuple[int, int]) -> bytes:
    """A part of a picture, in a size.

    Raises:
        NotRendered: if it cannot be decoded.
    """
    with _opened(path) as image:
        width, height = image.size
        left, top, across, down = box
        image.draft(None, (ceil(width * to[0] / across), ceil(height * to[1] / down)))  # a JPEG is decoded smaller
        by_x, by_y = image.size[0] / width, image.size[1] / height
        part = (left * by_x, top * by_y, (left + across) * by_x, (top + down) * by_y)
        made = image.convert("L" if image.mode in ("1", "L") else "RGB").resize(to, box=part, reducing_gap=2.0)
        target = BytesIO()
        made.save(target, "JPEG", quality=_QUALITY)
        return target.getvalue()


class Frames:
    """The frames of a TIFF or JPEG 2000 file, which has one, as pictures that browsers show; not for several threads.

    Args:
        data: its bytes.

    Raises:
        NotRendered: if it cannot be decoded.
    """

    def __init__(self, data: bytes) -> None:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = None  # it would warn of fewer than we allow
        self._digits = pictures.source(data)
        with _decoding():
            self._image = Image.open(BytesIO(data), formats=_OTHERS)

    def source(self, number: int) -> str:
        """What the picture of a frame is made of, as `pictures.source`."""
        return pictures.of_frame(self._digits, number)

    def jpeg(self, number: int = 0) -> bytes | None:
        """A frame, from 0, as a JPEG of at most `MAX_SHOWN` pixels; None if there is no such frame.

        Raises:
            NotRendered: if it cannot be decoded.
        """
        with _decoding():
            try:
                self._image.seek(number)
            except EOFError:
                return None
            return self._jpeg(self._image, pictures.made_of(self.source(number)))

    @staticmethod
    def _jpeg(image: Image, comment: bytes) -> bytes:
        pixels = image.width * image.height
        if image.format == "JPEG2000":
            halved = min(_MOST_HALVED, max(0, ceil(log2(max(1.0, pixels / MAX_SHOWN)) / 2)))
            image.reduce = halved  # type: ignore[method-assign, assignment]
            pixels >>= 2 * halved
        if image.mode not in _GREY | _COLOURED or pixels * (1 if image.mode in _GREY else 4) > _MAX_BYTES:
            raise NotRendered("The picture is too large, or of an unknown kind.")
        made = image.convert("L" if image.mode in _GREY else "RGB")
        if (more := made.width * made.height / MAX_SHOWN) > 1:
            made.thumbnail((int(made.width / sqrt(more)), int(made.height / sqrt(more))))
        target = BytesIO()
        made.save(target, "JPEG", quality=_QUALITY, comment=comment)
        return target.getvalue()


@contextmanager
def _decoding() -> Iterator[None]:
    """Raises NotRendered for what Pillow raises of a damaged file."""
    try:
        with catch_warnings(action="ignore"):
            yield
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotRendered("The picture cannot be decoded.") from error


@contextmanager
def _opened(path: Path) -> Iterator[Image]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours
    try:
        with disk.read_only(path) as file, Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotRendered(f"The picture has more than {MAX_PIXELS:,} pixels.")
            yield image
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotRendered("The picture cannot be decoded.") from error
