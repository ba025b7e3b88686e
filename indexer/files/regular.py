"""Here is a path, give me its file: the one door through which the files of an archive are opened.

Only regular files are. Opening a pipe waits for a writer that may never come, and opening a device may do anything; so
what is at a path is looked at first, and again when it is open, which never waits.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from search.errors import NoArticle

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)


class NotRegular(NoArticle):
    """What is at a path is no regular file."""


def refusal(mode: int) -> str | None:
    """Why something of a mode, as `stat` gives it, is not opened; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "no file")
    return f"It is {kind}. Only regular files are read."


def open_file(path: Path) -> BinaryIO:
    """A regular file, to be read and closed.

    Raises:
        NotRegular: when there is something else.
        OSError: when it cannot be opened.
    """
    _check(os.stat(path).st_mode)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        _check(os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(mode: int) -> None:
    if (why := refusal(mode)) is not None:
        raise NotRegular(why)
