"""A scanned page that an article is on, or the picture next to it: plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A page that an article is on, in reading order.

    Attributes:
        label: the number printed on it, or the caption of a picture; "" if unknown.
        width, height: of the page, in the unit of the boxes; 0 if it has none.
        picture: the SHA-256 of its image, in hexadecimal digits, and its suffix: `9f86….jpg`; "" if there is none.
        note: why there is no picture; "" if there is one, or none was expected.
        text, title: the words of the article's text and of its title on it, packed (see `search.values.printed`).
    """

    label: str = ""
    width: int = 0
    height: int = 0
    picture: str = ""
    note: str = ""
    text: str = ""
    title: str = ""
