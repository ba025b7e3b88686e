"""Processes next to the workers of a server, which index what was posted and deliver alerts.

They are forked from the master, so that they begin at once and share what it has imported.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from service.http import log

RESTART_S = 2.0
"""The minimum time before a process is started again."""
SOON_S = 10.0
LONGEST_S = 60.0
"""The greatest, to which it doubles while the process ends within `SOON_S` of each start."""
_LOOK_EVERY_S = 0.02
_PR_SET_NAME = 15

Stop = Callable[[], bool]
Pause = Callable[[float], object]


class Companion:
    """A process next to the workers, which is started again when it ends.

    Args:
        name: what Linux lists it by, 15 bytes at most.
        work: what it does until its first argument says that it was told to stop, or that the master has ended; the
            second one waits for some seconds, or until it is told.
    """

    def __init__(self, name: str, work: Callable[[Stop, Pause], None]) -> None:
        self._name = name
        self._work = work
        self._process: int | None = None
        self._started = self._seen = 0.0
        self.pause_s = RESTART_S

    def keep(self, leave: Callable[[], None]) -> None:
        """Start it if it is not running.

        Args:
            leave: closes in the new process what only others use, such as the sockets they listen on.
        """
        now = time.monotonic()
        if self._process is not None:
            if not self._has_ended():
                self._seen = now
                return
            if now - self._started < self.pause_s:
                return
            self.pause_s = min(2 * self.pause_s, LONGEST_S) if self._seen - self._started < SOON_S else RESTART_S
        self._started = self._seen = now
        self._start(leave)

    def tell(self) -> None:
        """Tell it to stop."""
        self._send(signal.SIGTERM)

    def stop(self, until: float) -> None:
        """Wait until it has stopped, and kill it at a time of the monotonic clock."""
        while not self._has_ended() and time.monotonic() < until:
            time.sleep(_LOOK_EVERY_S)
        self._send(signal.SIGKILL)
        while not self._has_ended():
            time.sleep(_LOOK_EVERY_S)

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and not self._has_ended():
            os.kill(self._process, number)

    def _has_ended(self) -> bool:
        if self._process is None:
            return True
        try:
            return os.waitpid(self._process, os.WNOHANG)[0] != 0
        except ChildProcessError:  # gunicorn's own wait for children was first, or an earlier one here
            return True

    def _start(self, leave: Callable[[], None]) -> None:
        master = os.getpid()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # until it knows what to do with one
        try:
            self._process = os.fork()
            if self._process == 0:
                self._begin(master, leave, before)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _begin(self, master: int, leave: Callable[[], None], mask: set[int | signal.Signals]) -> NoReturn:
        """Work, and end the process, whatever called this."""
        status = 1
        try:
            stopped = threading.Event()
            for number in signal.valid_signals():
                if callable(signal.getsignal(number)):
                    signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the master says when to stop
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            leave()
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(_PR_SET_NAME, self._name.encode("ascii"))
            self._work(lambda: stopped.is_set() or os.getppid() != master, stopped.wait)
            status = 0
        except Exception as error:
            log.say(log.trace(error))
        finally:
            os._exit(status)
