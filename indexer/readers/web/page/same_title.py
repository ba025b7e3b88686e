"""Compares titles, ignoring the name of the site, case, punctuation and truncation."""

from __future__ import annotations

import re

from search.text.tokens import fold

_LEAST = 12
"""Letters that a title must have to be looked for in a longer one."""


def squeezed(text: str) -> str:
    """The letters and digits of a title, folded."""
    return re.sub(r"[\W_]+", "", fold(text))


def agree(one: str, other: str) -> bool:
    """True if two titles are the same."""
    a, b = squeezed(one), squeezed(other)
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return short == long or (len(short) >= _LEAST and short in long and len(one.split()) > 1)
