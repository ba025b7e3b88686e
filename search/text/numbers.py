"""Whole numbers in text that somebody gives: digits of ASCII, and not more of them than a number may have.

`str.isdecimal` is true of the digits of every script and `str.isdigit` of ², which `int` refuses, as it refuses some
thousands of digits.
"""

from __future__ import annotations

DIGITS = 15
"""The most digits that are read, unless a caller says otherwise: numbers that are exact everywhere."""


def whole_number(text: str, digits: int = DIGITS) -> int | None:
    """The number that a text is, from 0; None if it is none, or has more digits."""
    return int(text) if len(text) <= digits and text.isascii() and text.isdigit() else None
