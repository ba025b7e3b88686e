"""The stdout of a command, and errors of writing to it.

A closed pipe (`dateline export … | head`) is not an error and prints nothing. Any other failure (a full disk, a closed
stdout) is a sentence and exit 2, even if it appears only at the end, when Python flushes its buffer.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TextIO

from search.errors import CannotWrite
from search.system import disk

STDOUT = "Standard output"


class PipeClosed(Exception):
    """The other end of the pipe is closed; click must not see the original error, for which it has an exit code."""


class _Closed:
    """A stdout that was closed before the program started: writing to it is an error."""

    encoding = "utf-8"

    @property
    def buffer(self) -> _Closed:
        """The same stream, for bytes."""
        return self

    def write(self, _data: str | bytes) -> int:
        """Raise an error."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def flush(self) -> None:
        """Do nothing: nothing is buffered."""

    def isatty(self) -> bool:
        """False: it is not a terminal."""
        return False

    def fileno(self) -> int:
        """Raise an error: there is no file descriptor."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def flushed() -> Iterator[None]:
    """Flush everything written inside the block, and exit with the matching code if that fails."""
    disk.open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors="replace")  # a character that the terminal does not have is a question mark
    if sys.stdout is None:
        sys.stdout = _Closed()
    code: int | str | None = None
    try:
        try:
            yield
        except SystemExit as ended:
            code = ended.code
            flush()
    except (BrokenPipeError, PipeClosed):
        _silence()
        sys.exit(0)
    except (CannotWrite, OSError) as error:
        _silence()
        problem = error if isinstance(error, CannotWrite) else disk.refused(STDOUT, error)
        with suppress(OSError):  # stderr may be the same as stdout
            print(f"Error: {problem}", file=sys.stderr, flush=True)
        sys.exit(2)
    if code is not None:
        sys.exit(code)


@contextmanager
def detect_closed_pipe() -> Iterator[None]:
    """Distinguish a closed pipe from other errors."""
    try:
        yield
    except BrokenPipeError as error:
        raise PipeClosed from error


def flush() -> None:
    """Flush stdout. Raises CannotWrite, or PipeClosed."""
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise PipeClosed from error
    except OSError as error:
        raise disk.refused(STDOUT, error) from error


def _silence() -> None:
    """Discard the buffer of stdout, which Python would flush at exit and complain about."""
    with suppress(OSError):
        os.dup2(disk.null_descriptor(), _number(sys.stdout))


def _number(stream: TextIO) -> int:
    return stream.fileno()
