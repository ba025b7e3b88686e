"""What commands are given to read: a file, or stdin."""

from __future__ import annotations

import sys
from pathlib import Path

from indexer.files.regular import NotRegular, open_file
from service.terminal.arguments import Refused


def content_of(file: Path, most: int) -> bytes:
    """The first bytes of a file or of stdin, at most that many."""
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with open_file(file) as opened:
            return opened.read(most)
    except NotRegular as problem:
        raise Refused(f"“{file}”: {problem} To read from a pipe, give “-”.") from None
    except OSError as error:
        raise Refused(f"“{file}” cannot be read: {error.strerror or error}.") from None
