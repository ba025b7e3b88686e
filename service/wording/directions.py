"""Names that may be written from right to left, isolated from what is next to them."""

from __future__ import annotations

import re

from markupsafe import Markup


def isolated(text: str) -> str:
    """A name as markup; if it may be written from right to left, in a `bdi`, so that what follows keeps its place."""
    return Markup("<bdi>{}</bdi>").format(text) if turns(text) else text


def isolated_text(text: str) -> str:
    """The same as plain text, for attributes and titles, by the isolates of Unicode."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if turns(text) else text


def turns(text: str) -> bool:
    """True if a text may be written from right to left in part."""
    return not text.isascii() and _TURNING.search(text) is not None


_TURNING = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters that are written from right to left, and signs that change the direction."""
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
