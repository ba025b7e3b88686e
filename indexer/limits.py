"""Time and memory that reading may take, so that no file stops a run.

Time is that of the processor, so that a busy machine refuses nothing. Two clocks run: the first raises `TooMuch` in
Python code, which a reader may take as the end of one record; the second ends the process, for code that Python
cannot interrupt, and so runs only where another process notices (`fatal`). Outside the main thread there are no
limits, because signals reach only that.
"""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TypeVar

from search.errors import BadRecord

SECONDS = 2.0
BYTES_PER_SECOND = 16 * 1024 * 1024
"""A file larger than this has a second more for each time it is."""
FATAL_SECONDS = 2.0
"""How much later the second clock strikes."""
MEMORY_BYTES = 300 * 1024 * 1024
FATAL_SIGNAL = signal.SIGVTALRM

_AGAIN_S = 0.2
_PAGE = resource.getpagesize()

T = TypeVar("T")


class Passing(BadRecord):
    """What may go better another time, so that the file is read again by the next run."""


class TooMuch(Passing):
    """A record that takes more time or memory than it may."""


def bounded(items: Iterator[T], size: int, fatal: bool = False) -> Iterator[T]:
    """Items, each made within the limits.

    Args:
        size: of the file, in bytes; a large one may take longer.
        fatal: end the process when code that cannot be interrupted takes too long.

    Raises:
        TooMuch: when one takes more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield from items
        return
    seconds = SECONDS + max(0, size - BYTES_PER_SECOND) / BYTES_PER_SECOND
    while True:
        before = _start(seconds, _allowed(), fatal)  # what is indexed meanwhile is not the next record's
        try:
            item = next(items)
        except StopIteration:
            return
        except MemoryError:
            raise TooMuch(
                f"It takes more than {MEMORY_BYTES // 2**20} MB to read. Split it into smaller files."
            ) from None
        finally:
            _stop(before)
        yield item


def within(task: Callable[[], T], size: int, fatal: bool = False) -> T:
    """What one task gives, done within the limits. The rest is as in `bounded`."""
    return next(bounded((task() for _ in range(1)), size, fatal))


def _start(seconds: float, memory: int, fatal: bool) -> tuple[object, int]:
    def strike(_signal: int, _frame: FrameType | None) -> None:
        raise TooMuch(f"It takes more than {seconds:.0f} s to read.")

    handler = signal.signal(signal.SIGPROF, strike)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_S)  # again, because libraries catch what is not theirs
    if fatal:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds + FATAL_SECONDS)
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if memory != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or memory < hard):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    return handler, soft


def _stop(before: tuple[object, int]) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    handler, soft = before
    signal.signal(signal.SIGPROF, handler)  # type: ignore[arg-type]
    resource.setrlimit(resource.RLIMIT_DATA, (soft, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _allowed() -> int:
    """What RLIMIT_DATA is set to: what this process has, as the limit counts it, and so much more."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * _PAGE + MEMORY_BYTES
    except OSError:  # not Linux
        return resource.RLIM_INFINITY
