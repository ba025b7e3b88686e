"""Text in UTF-8 that has bytes in Windows-1252, or is all in it: cut files, joined files, files from before UTF-8."""

from __future__ import annotations

import codecs
import re
from typing import Self

from search.said import said

AS_WINDOWS = "dateline-windows-1252"
"""The handler of errors (`errors=`) that decodes an invalid byte as Windows-1252."""
_ESCAPED = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}
_HIGH = re.escape("".join(dict.fromkeys(_ESCAPED.values())))
_STRAY = re.compile("[\udc80-\udcff]")
_HIGHS = re.compile(f"[{_HIGH}]")
_RUN = re.compile(f"[{_HIGH}]{{3,}}")
_LOST = re.compile(r"[^\s\ufffd]{0,10}\ufffd[^\s]{0,10}")
_LEAST = 6
"""Characters outside ASCII without which nothing is said of an encoding."""
_SHOWN = 20


def foreign(text: str) -> str | None:
    """A word of a text in Windows-1252 that is none: the text was in another encoding. None if there is none.

    In the languages that Windows-1252 is for, letters outside ASCII stand among others; of a text in Windows-1251,
    Shift_JIS, EUC-JP or GB 18030 nearly all are in a row. In which of them it is cannot be told.
    """
    if text.isascii():
        return None
    runs = [run for run in _RUN.findall(text) if len(set(run)) > 2]
    length = sum(map(len, runs))
    if length < _LEAST or 2 * length < len(_HIGHS.findall(text)):
        return None
    return str(max(runs, key=len)[:_SHOWN]).strip("“”")


def lost_in(text: str) -> str | None:
    """The first word of a text with a sign for a byte that could not be decoded; None if there is none."""
    found = _LOST.search(text)
    return found[0] if found else None


def advice(word: str) -> str:
    """What to do about a file with such a word."""
    return said(
        "Its file is not in UTF-8, and in Windows-1252 it has “{word}”, which is no word. Convert the file: iconv -f"
        " ENCODING -t UTF-8.",
        word=word,
    )


class Strays:
    """The bytes of a file, as far as it was read, that are not UTF-8.

    Attributes:
        are_there: True if there are some.
        word: one in a piece of the text that is no word (see `foreign`); None if there is none.
    """

    def __init__(self) -> None:
        self.are_there = False
        self.word: str | None = None

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Those of a whole file, in whichever encoding it is."""
        strays = cls()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            strays.are_there = True
        return strays

    def taken(self, text: str) -> str:
        """The text of a piece that was decoded with `surrogateescape`, with these bytes as Windows-1252."""
        try:
            text.encode()  # ten times as quick as to look for each
        except UnicodeEncodeError:
            text = _STRAY.sub(lambda stray: _ESCAPED[ord(stray[0])], text)
            self.are_there = True
            self.word = self.word or foreign(text)
        return text


def decoded(data: bytes) -> str:
    """Decode UTF-8, or else Windows-1252.

    Text with more characters outside ASCII that are valid UTF-8 than bytes that are not is UTF-8, and only those bytes
    are Windows-1252. Bytes that are neither are U+FFFD.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", AS_WINDOWS) if is_mostly_utf_8(data) else data.decode("cp1252", "replace")


def is_mostly_utf_8(data: bytes) -> bool:
    """True if more characters outside ASCII are valid UTF-8 than bytes are not."""
    valid = data.decode("utf-8", "ignore")
    encoded = len(valid.encode())
    ascii_only = len(valid.encode("ascii", "ignore"))
    return len(valid) - ascii_only > len(data) - encoded


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(AS_WINDOWS, _as_windows)
