"""Text without control characters: a terminal obeys them, and other programs stumble over them."""

from __future__ import annotations

_ALLOWED = "\t\n\r"
_TABLE = {
    number: " " if chr(number).isspace() else "\ufffd"
    for number in (*range(0x20), *range(0x7F, 0xA0))
    if chr(number) not in _ALLOWED
}
"""The control characters of ASCII and Latin-1; Unicode has no others."""


def printable(text: str) -> str:
    """A text of the same length, with a space or � in place of each control character; tabs and line ends remain."""
    return text.translate(_TABLE)
