"""Opens regular files: the only way to open the files of an archive.

Opening a pipe waits for a writer that may never come, and opening a device may do anything. So the kind of file is
checked before it is opened, and again afterwards; opening never blocks.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from search.errors import NoArticle
from search.said import said

_KINDS = (
    (stat.S_ISFIFO, said("It is a pipe. Only regular files are read.")),
    (stat.S_ISSOCK, said("It is a socket. Only regular files are read.")),
    (stat.S_ISCHR, said("It is a device. Only regular files are read.")),
    (stat.S_ISBLK, said("It is a device. Only regular files are read.")),
    (stat.S_ISDIR, said("It is a folder. Only regular files are read.")),
)


class NotRegular(NoArticle):
    """There is no regular file at a path."""


def refusal(mode: int) -> str | None:
    """The reason why a file with a mode (from `stat`) is not opened; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    none = said("It is not a file. Only regular files are read.")
    return str(next((why for is_kind, why in _KINDS if is_kind(mode)), none))


def open_file(path: Path) -> BinaryIO:
    """Open a regular file, which the caller closes.

    Raises:
        NotRegular: if it is not a regular file.
        OSError: if it cannot be opened.
    """
    _check(os.stat(path).st_mode)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        _check(os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:  # also an interrupt: the descriptor is not leaked
        os.close(descriptor)
        raise


def _check(mode: int) -> None:
    if (why := refusal(mode)) is not None:
        raise NotRegular(why)
