"""Limits of time and memory for reading, so that no file stops a run.

Time is CPU time, so that nothing is rejected because the machine is busy. The limit grows with the size of the file and
with how slow the machine is (`speed`), so that a slow one reads whatever a fast one does. A record that exceeds a limit
is read once more, with `MORE` times the limit, before it is rejected.

There are two timers. The first raises `TooMuch` in Python code, which a reader may treat as the end of one record. The
second ends the process, for code that Python cannot interrupt; it runs only if another process notices (`fatal`) and
reads the record once more in a new one. Outside the main thread there are no limits, because signals reach only that.
"""

from __future__ import annotations

import gc
import resource
import signal
import threading
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Generic, TypeVar

from indexer.safe import speed
from search.errors import BadRecord
from search.said import said

SECONDS = 2.0
"""On the reference machine of `speed`; proportionally longer on a slower one."""
BYTES_PER_SECOND = 16 * 1024 * 1024
"""A larger file gets one more second per multiple of this size."""
FATAL_SECONDS = 2.0
"""On the reference machine of `speed`; proportionally longer on a slower one."""
"""The time between the first and the second timer."""
MORE = 3
"""The factor of the time limit for the second attempt."""
MOST_AGAIN = 3
"""Records of a file that are read a second time; more are not a coincidence."""
TOGETHER_SECONDS = 0.005
"""Records that are read in less share the timers."""
MEMORY_BYTES = 300 * 1024 * 1024
FATAL_SIGNAL = signal.SIGVTALRM

_AGAIN_S = 0.2
_PAGE = resource.getpagesize()

T = TypeVar("T")


class Transient(BadRecord):
    """A problem that may be temporary, so that the file is read again by the next run."""


class TooMuch(Transient):
    """A record that exceeds the limit of time or memory."""


class Retries:
    """The number of records of a file that may still be read a second time."""

    def __init__(self, most: int = MOST_AGAIN) -> None:
        self._left = most

    def take(self) -> bool:
        """Use one up. Returns True if there was one."""
        self._left -= 1
        return self._left >= 0


def seconds(size: int, again: bool = False) -> float:
    """CPU seconds that a record may take on this machine.

    Args:
        size: of its file, in bytes.
        again: True if it is read a second time.
    """
    return (SECONDS + max(0, size - BYTES_PER_SECOND) / BYTES_PER_SECOND) * _factor(again)


def bounded(
    make: Callable[[], Iterator[T]],
    size: int,
    fatal: bool = False,
    again: Container[int] = (),
    retries: Retries | None = None,
    ahead: int = 1,
) -> Iterator[T]:
    """Yield items, each made within the limits.

    An item that exceeds a limit is made once more, by a new iterator that is advanced to it, as long as there are
    retries: with `MORE` times the limit, at the current speed of the machine.

    Args:
        make: returns the items, from the first on.
        size: of the file, in bytes; a large one may take longer.
        fatal: end the process if code that cannot be interrupted takes too long.
        again: numbers of items that are already made for the second time, since the first ended a process.
        ahead: the number of items that may be made before the first is yielded. As many as take `TOGETHER_SECONDS`
            share the timers, which take longer to set than a short record to read.

    Raises:
        TooMuch: if one takes more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield from make()
        return
    retries = retries or Retries()
    items, done, second = make(), 0, -1
    while True:
        is_second = done == second or done in again
        most = 1 if is_second else next((n for n in range(1, ahead) if done + n in again), ahead)
        made = _made(items, size, is_second, fatal, most)
        affected = made.items.pop() if made.met is not None and made.goes_on else None
        yield from made.items
        done += len(made.items)
        if made.met is not None and not is_second and retries.take():
            second = done
            speed.measured()
            gc.collect()
            items = make()
            if all(_made(items, size, True, fatal).goes_on for _ in range(done)):
                continue
        if not made.goes_on:
            if ended := made.met or made.error:
                raise ended
            return
        if isinstance(affected, BadRecord) and not isinstance(affected, Transient):
            yield TooMuch(affected.reason, affected.line)  # type: ignore[misc]  # a reader's items are records too
            done += 1
        elif made.met is not None:
            yield affected  # type: ignore[misc]
            done += 1


def within(task: Callable[[], T], size: int, fatal: bool = False, again: bool = False) -> T:
    """The result of one task within the limits. Otherwise as `bounded`."""
    return next(bounded(lambda: (task() for _ in range(1)), size, fatal, (0,) if again else ()))


def allow(more: float) -> None:
    """Extend the limit of the current record by seconds in the unit of `SECONDS`: it turned out to be large."""
    if _running is not None:
        _running.extend(more)


@contextmanager
def watch(fatal: bool = False) -> Iterator[Callable[[float], None]]:
    """A timer for one task after another: set to seconds before each, and to 0 after it.

    It raises `TooMuch` in a task that takes longer, at the latest after twice the time: tasks share a timer, which is
    set again if it strikes in another task than it was set for. So setting it takes a tenth of a microsecond. The time
    is in proportion longer on a slow machine. Otherwise as `bounded`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda _seconds: None
        return
    given = allowed = 0.0
    task = watched = 0
    running = False

    def begin(seconds: float) -> None:
        nonlocal watched, allowed
        watched, allowed = task, seconds * _factor(False)
        signal.setitimer(signal.ITIMER_PROF, allowed, _AGAIN_S if seconds else 0)
        if fatal:
            end = 2 * allowed + FATAL_SECONDS * _factor(False)
            signal.setitimer(signal.ITIMER_VIRTUAL, end if seconds else 0)

    def strike(_signal: int, _frame: FrameType | None) -> None:
        if running and task == watched:
            raise TooMuch(str(said("It takes more than {seconds} s.", seconds=round(allowed))))
        if given:
            begin(given)

    def give(seconds: float) -> None:
        nonlocal task, running, given
        running = seconds > 0
        if running:
            task += 1
            if seconds != given:
                given = seconds
                begin(seconds)

    handler = signal.signal(signal.SIGPROF, strike)
    try:
        yield give
    finally:
        running, given = False, 0.0
        begin(0)
        signal.signal(signal.SIGPROF, handler)


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    """The result of making some items.

    Attributes:
        items: the items.
        met: the limit that was exceeded; it affects the last item, or ended the iterator.
        goes_on: True if there may be more items.
        error: the error that ended the iterator.
    """

    items: list[T]
    met: TooMuch | None
    goes_on: bool
    error: Exception | None = None


class _Clock:
    """The timers of one record, and its memory limit."""

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
        """Extend both timers."""
        self._allowed += more * self._factor
        if self.met is None:
            left, until_end = (signal.getitimer(timer)[0] for timer in (signal.ITIMER_PROF, signal.ITIMER_VIRTUAL))
            self._set(left + more * self._factor, until_end + more * self._factor)

    def stop(self) -> None:
        """Restore timers, handlers and limits."""
        self._runs = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, self._handler)
        resource.setrlimit(resource.RLIMIT_DATA, (self._soft, resource.getrlimit(resource.RLIMIT_DATA)[1]))

    def _set(self, strike: float, end: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, strike, _AGAIN_S)  # again, as libraries catch any exception
        if self._fatal:
            signal.setitimer(signal.ITIMER_VIRTUAL, end)

    def _strike(self, _signal: int, _frame: FrameType | None) -> None:
        if self._runs:
            self.met = self.met or TooMuch(too_long(self._allowed))
            raise self.met


_running: _Clock | None = None


def too_long(allowed: float) -> str:
    """The reason for rejecting a record that takes longer."""
    return str(said("It takes more than {seconds} s to read.", seconds=round(allowed)))


def _factor(again: bool) -> float:
    return speed.slowness() * (MORE if again else 1)


def _made(items: Iterator[T], size: int, again: bool, fatal: bool, most: int = 1) -> _Made[T]:
    """Make the next items within the limits: as many as are made in `TOGETHER_SECONDS`, `most` at most."""
    global _running
    made: list[T] = []
    clock = _running = _Clock(size, again, fatal)  # time spent on indexing does not count for the next record
    until = time.monotonic() + TOGETHER_SECONDS
    try:
        try:
            while True:
                made.append(next(items))
                if len(made) == most or clock.met or isinstance(made[-1], TooMuch) or time.monotonic() > until:
                    break
        finally:
            clock.stop()
    except StopIteration:
        return _Made(made, None, False)
    except TooMuch as problem:
        clock.stop()  # the timer may have fired meanwhile
        return _Made(made, problem, False)
    except MemoryError:
        mb = MEMORY_BYTES // 2**20
        reason = said("It takes more than {mb} MB to read. Split it into smaller files.", mb=mb)
        return _Made(made, TooMuch(reason), False)
    except Exception as error:  # raised again, after the items before it
        return _Made(made, None, False, error)
    finally:
        _running = None
    last = made[-1]
    return _Made(made, clock.met or (last if isinstance(last, TooMuch) else None), True)


def _allowed() -> int:
    """The value for RLIMIT_DATA: what this process uses, as the limit counts it, plus the allowance."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * _PAGE + MEMORY_BYTES
    except OSError:  # not Linux
        return resource.RLIM_INFINITY
