"""The text of a JSON file, piece by piece.

UTF-8, or UTF-16 where that is certain (see `utf_16`); bytes that are not UTF-8 are Windows-1252.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO, Protocol

from indexer.safe import utf_16
from indexer.safe.limits import TooMuch
from indexer.safe.stray_bytes import AS_WINDOWS, Strays

_BYTES = 1 << 16
"""Bytes that are read at a time."""


class Readable(Protocol):
    """What gives a text piece by piece; no piece ends between a carriage return and its line feed."""

    def read(self, size: int) -> str:
        """As many characters or some more; fewer only before the end."""


class Text:
    """The text of a file, with all that comes before a place where the file cannot be read.

    Args:
        strays: is told of bytes that are not UTF-8.
    """

    def __init__(self, file: BinaryIO, strays: Strays | None = None) -> None:
        encoding = utf_16.encoding(file.read(utf_16.HEAD))
        errors = "surrogateescape" if encoding is None else "replace"
        self._strays = None if encoding is not None else strays or Strays()
        file.seek(0)
        self._read: Callable[[int], bytes] = getattr(file, "read1", file.read)
        self._decoder = codecs.getincrementaldecoder(encoding or "utf-8")(errors)
        self._problem: Exception | None = None
        self._held = ""
        """A carriage return, which a line feed may follow."""

    def read(self, size: int) -> str:
        """As many characters or some more; fewer only before the end. Raises what reading the file raises."""
        if self._problem is not None:
            raise self._problem
        pieces, length, data = [self._held], 0, b"begun"
        self._held = ""
        try:
            while data and length < size:
                data = self._read(_BYTES)
                piece = self._decoder.decode(data, final=not data)
                pieces.append(self._strays.taken(piece) if self._strays is not None else piece)
                length += len(pieces[-1])
        except TooMuch:
            raise
        except Exception as problem:  # raised when this has been used
            if not length:
                raise
            self._problem = problem
        text = "".join(pieces)
        if data and text.endswith("\r"):
            text, self._held = text[:-1], "\r"
        return text or (self.read(size) if self._held else "")


class Again:
    """A text that was read before, and what follows it.

    Attributes:
        at: the place in the text up to which it has been given.
    """

    def __init__(self, text: str, at: int = 0, then: Readable | None = None) -> None:
        self.at = at
        self._text = text
        self._then: Readable | None = then._then if isinstance(then, Again) and not then._text else then

    def read(self, size: int) -> str:
        """As many characters or one more; fewer only at the end of the text."""
        piece = self._text[self.at : self.at + size]
        if piece.endswith("\r") and self._text.startswith("\n", self.at + size):
            piece += "\n"
        self.at += len(piece)
        if not piece:
            self._text = ""
        return piece or (self._then.read(size) if self._then is not None else "")


def decoded(data: bytes) -> str:
    """The text of a file, or of its beginning."""
    return data.decode(*_encoding(data[: utf_16.HEAD]))


def _encoding(head: bytes) -> tuple[str, str]:
    """The encoding of a file by its first bytes, and what is done where it is invalid."""
    name = utf_16.encoding(head)
    return (name, "replace") if name is not None else ("utf-8", AS_WINDOWS)
