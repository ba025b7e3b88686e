"""Time and memory that reading may take, so that no file stops a run.

Time is CPU time, so that a busy machine refuses nothing; it grows with the size of what is read, and with how slow the
machine is (`speed`), so that a slow one refuses nothing that a fast one reads. What meets a limit all the same is read
once more, with `MORE` times as long, before it is refused.

Two clocks run: the first raises `TooMuch` in Python code, which a reader may take as the end of one record; the second
ends the process, for code that Python cannot interrupt, and so runs only where another process notices (`fatal`), and
reads the record once more in a new one. Outside the main thread there are no limits, because signals reach only that.
"""

from __future__ import annotations

import gc
import resource
import signal
import threading
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Generic, TypeVar

from indexer.safe import speed
from search.errors import BadRecord

SECONDS = 2.0
"""On the reference machine of `speed`; a slower one has longer, in proportion."""
BYTES_PER_SECOND = 16 * 1024 * 1024
"""A file larger than this has a second more for each time it is."""
FATAL_SECONDS = 2.0
"""On the reference machine of `speed`; a slower one has longer, in proportion."""
"""How much later the second clock strikes."""
MORE = 3
"""How many times as long a record may take the second time."""
MOST_AGAIN = 3
"""Records of a file that are read a second time; more of them are no accident."""
MEMORY_BYTES = 300 * 1024 * 1024
FATAL_SIGNAL = signal.SIGVTALRM

_AGAIN_S = 0.2
_PAGE = resource.getpagesize()

T = TypeVar("T")


class Passing(BadRecord):
    """What may go better another time, so that the file is read again by the next run."""


class TooMuch(Passing):
    """A record that takes more time or memory than it may."""


class Chances:
    """How many records of a file may still be read a second time."""

    def __init__(self, most: int = MOST_AGAIN) -> None:
        self._left = most

    def take(self) -> bool:
        """Use one up; whether there was one."""
        self._left -= 1
        return self._left >= 0


def seconds(size: int, again: bool = False) -> float:
    """CPU seconds that a record may take on this machine.

    Args:
        size: of its file, in bytes.
        again: whether it is read a second time.
    """
    return (SECONDS + max(0, size - BYTES_PER_SECOND) / BYTES_PER_SECOND) * _factor(again)


def bounded(
    make: Callable[[], Iterator[T]],
    size: int,
    fatal: bool = False,
    again: Container[int] = (),
    chances: Chances | None = None,
) -> Iterator[T]:
    """Items, each made within the limits.

    An item that meets a limit is made once more, by a new iterator that is brought up to it, as long as there are
    chances: `MORE` times as long, by the speed that the machine has now.

    Args:
        make: gives the items, from the first on.
        size: of the file, in bytes; a large one may take longer.
        fatal: end the process when code that cannot be interrupted takes too long.
        again: numbers of items that are made for the second time already, since the first ended a process.

    Raises:
        TooMuch: when one takes more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield from make()
        return
    chances = chances or Chances()
    items, done, second = make(), 0, -1
    while True:
        is_second = done == second or done in again
        made = _made(items, size, is_second, fatal)
        if made.met is not None and not is_second and chances.take():
            second = done
            speed.measured()
            gc.collect()
            items = make()
            if all(_made(items, size, True, fatal).goes_on for _ in range(done)):
                continue
        if made.met is not None and not made.goes_on:
            raise made.met
        if not made.goes_on:
            return
        if made.met is not None and isinstance(made.item, BadRecord) and not isinstance(made.item, Passing):
            yield TooMuch(made.item.reason, made.item.line)  # type: ignore[misc]  # a reader's items are records too
        else:
            yield made.item  # type: ignore[misc]
        done += 1


def within(task: Callable[[], T], size: int, fatal: bool = False, again: bool = False) -> T:
    """What one task gives, done within the limits. The rest is as in `bounded`."""
    return next(bounded(lambda: (task() for _ in range(1)), size, fatal, (0,) if again else ()))


def allow(more: float) -> None:
    """Give the record that is being read so many seconds more, as `SECONDS` are counted: it turned out to be large."""
    if _running is not None:
        _running.extend(more)


@contextmanager
def watch(fatal: bool = False) -> Iterator[Callable[[float], None]]:
    """A clock for one task after another: set to some seconds before each, and to 0 after it.

    It takes a microsecond to set, and raises `TooMuch` in a task that takes longer; a slow machine has longer in
    proportion. The rest is as in `bounded`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda _seconds: None
        return
    allowed = 0.0

    def strike(_signal: int, _frame: FrameType | None) -> None:
        raise TooMuch(f"It takes more than {allowed:.0f} s.")

    def give(seconds: float) -> None:
        nonlocal allowed
        allowed = seconds * _factor(False)
        signal.setitimer(signal.ITIMER_PROF, allowed, _AGAIN_S if seconds else 0)
        if fatal:
            signal.setitimer(signal.ITIMER_VIRTUAL, allowed + FATAL_SECONDS * _factor(False) if seconds else 0)

    handler = signal.signal(signal.SIGPROF, strike)
    try:
        yield give
    finally:
        give(0)
        signal.signal(signal.SIGPROF, handler)


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    """What came of making an item: it, the limit that was met meanwhile, and whether there may be further ones."""

    item: T | None
    met: TooMuch | None
    goes_on: bool


class _Clock:
    """The clocks of one record, and its memory."""

    def __init__(self, size: int, again: bool, fatal: bool) -> None:
        self._factor = _factor(again)
        self._allowed = seconds(size, again)
        self._fatal = fatal
        self._runs = True
        self.met: TooMuch | None = None
        memory = _allowed()
        self._handler: Any = signal.signal(signal.SIGPROF, self._strike)
        self._soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        self._set(self._allowed, self._allowed + FATAL_SECONDS * self._factor)
        if memory != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or memory < hard):
            resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))

    def extend(self, more: float) -> None:
        """Strike so much later."""
        self._allowed += more * self._factor
        if self.met is None:
            left, until_end = (signal.getitimer(timer)[0] for timer in (signal.ITIMER_PROF, signal.ITIMER_VIRTUAL))
            self._set(left + more * self._factor, until_end + more * self._factor)

    def stop(self) -> None:
        """Leave everything as it was."""
        self._runs = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, self._handler)
        resource.setrlimit(resource.RLIMIT_DATA, (self._soft, resource.getrlimit(resource.RLIMIT_DATA)[1]))

    def _set(self, strike: float, end: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, strike, _AGAIN_S)  # again, because libraries catch what is not theirs
        if self._fatal:
            signal.setitimer(signal.ITIMER_VIRTUAL, end)

    def _strike(self, _signal: int, _frame: FrameType | None) -> None:
        if self._runs:
            self.met = self.met or TooMuch(too_long(self._allowed))
            raise self.met


_running: _Clock | None = None


def too_long(allowed: float) -> str:
    """Why a record that takes longer is refused."""
    return f"It takes more than {allowed:.0f} s to read."


def _factor(again: bool) -> float:
    return speed.slowness() * (MORE if again else 1)


def _made(items: Iterator[T], size: int, again: bool, fatal: bool) -> _Made[T]:
    """The next item, made within the limits."""
    global _running
    clock = _running = _Clock(size, again, fatal)  # what is indexed meanwhile is not the next record's
    try:
        try:
            item = next(items)
        finally:
            clock.stop()
    except StopIteration:
        return _Made(None, None, False)
    except TooMuch as problem:
        clock.stop()  # it may have struck on the way there
        return _Made(None, problem, False)
    except MemoryError:
        reason = f"It takes more than {MEMORY_BYTES // 2**20} MB to read. Split it into smaller files."
        return _Made(None, TooMuch(reason), False)
    finally:
        _running = None
    return _Made(item, clock.met or (item if isinstance(item, TooMuch) else None), True)


def _allowed() -> int:
    """What RLIMIT_DATA is set to: what this process has, as the limit counts it, and so much more."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * _PAGE + MEMORY_BYTES
    except OSError:  # not Linux
        return resource.RLIM_INFINITY
