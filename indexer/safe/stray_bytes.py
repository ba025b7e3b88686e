"""Text in UTF-8 that has bytes in Windows-1252, or is all in it: cut files, joined files, files from before UTF-8."""

from __future__ import annotations

import codecs

AS_WINDOWS = "dateline-windows-1252"
"""The handler of errors (`errors=`) that decodes an invalid byte as Windows-1252."""


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
