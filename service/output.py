"""What a command writes to stdout, and what becomes of it when nobody takes it.

Who closes a pipe has enough (`dateline export … | head`): that is no error, and nothing is said. What cannot be written
for another reason (a full disk, a stdout that is closed) is a sentence and exit 2, also where it shows at the end only,
since Python keeps the last lines back until then.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from search import disk
from search.errors import CannotWrite

STDOUT = "Standard output"


class NobodyReads(Exception):
    """The other end of the pipe is closed; click must not see the error itself, for which it has an exit code."""


class _Closed:
    """A stdout that was closed before the program began: an error once something is written to it."""

    encoding = "utf-8"

    @property
    def buffer(self) -> _Closed:
        """Itself, for bytes."""
        return self

    def write(self, _data: str | bytes) -> int:
        """Refuse it."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def flush(self) -> None:
        """Nothing was kept back."""

    def isatty(self) -> bool:
        """No."""
        return False

    def fileno(self) -> int:
        """None that can be used."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def seen_off() -> Iterator[None]:
    """See what is written inside to its end, and leave with the exit code that goes with what became of it."""
    disk.occupy_standard()
    if sys.stdout is None:
        sys.stdout = _Closed()
    code: int | str | None = None
    try:
        try:
            yield
        except SystemExit as ended:
            code = ended.code
            flush()
    except (BrokenPipeError, NobodyReads):
        _silence()
        sys.exit(0)
    except (CannotWrite, OSError) as error:
        _silence()
        said = error if isinstance(error, CannotWrite) else disk.refused(STDOUT, error)
        with suppress(OSError):  # stderr may be where stdout is
            print(f"Error: {said}", file=sys.stderr, flush=True)
        sys.exit(2)
    if code is not None:
        sys.exit(code)


@contextmanager
def read_or_not() -> Iterator[None]:
    """Tell an end that nobody reads from other errors."""
    try:
        yield
    except BrokenPipeError as error:
        raise NobodyReads from error


def flush() -> None:
    """Write what Python has kept back of stdout. Raises CannotWrite, or NobodyReads."""
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise NobodyReads from error
    except OSError as error:
        raise disk.refused(STDOUT, error) from error


def _silence() -> None:
    """Have Python keep nothing that it would write at its end, and complain about then."""
    with suppress(OSError):
        os.dup2(disk.nowhere(), _number(sys.stdout))


def _number(stream: TextIO) -> int:
    return stream.fileno()
