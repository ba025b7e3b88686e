"""Shows which test is stuck, and where: its name and the stack of each thread, while it runs; in the end it fails."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from types import FrameType

import pytest

from tests import waiting

SHOWN_AFTER_S = 100.0
"""So that it is seen within two minutes; a busy machine may show a test that is only slow, which harms nothing."""
ENDED_AFTER_S = 1.5 * waiting.HANG_S
"""So that a run goes on without it; what waits with a deadline has said by then what it was waiting for."""


class Watch:
    """A plugin for a process that runs tests: tells on stderr, past what captures it, when nothing has ended for long.

    Args:
        after_s: how long is long.
        descriptor: where to tell it.
        ended_after_s: how long a test may take, and each time what it needs is made or ended, before that fails.
    """

    def __init__(
        self, after_s: float = SHOWN_AFTER_S, descriptor: int | None = None, ended_after_s: float = ENDED_AFTER_S
    ) -> None:
        self._after_s = after_s
        self._ended_after_s = ended_after_s
        self._may_fail_since: float | None = None
        signal.signal(signal.SIGALRM, _fail)
        self._out = os.dup(sys.__stderr__.fileno()) if descriptor is None and sys.__stderr__ else descriptor or 2
        self._now = "before the first test"
        self._since = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._look, name="watch for hangs", daemon=True).start()

    def _look(self) -> None:
        while not self._ended.wait(min(1.0, self._after_s)):
            if time.monotonic() - self._since >= self._after_s:
                faulthandler.dump_traceback(self._out)  # the name last, as of a log the end is read
                os.write(self._out, f"Still running after {self._after_s:.0f} s: {self._now}\n".encode())
                self._since = time.monotonic()
                if self._may_fail_since is not None and self._since - self._may_fail_since >= self._ended_after_s:
                    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)

    def _enter(self, what: str) -> None:
        self._now, self._since = what, time.monotonic()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Begin again with each test."""
        self._enter(item.nodeid)
        try:
            return (yield)
        finally:
            self._enter(f"after {item.nodeid}")

    @pytest.hookimpl(wrapper=True)
    def _part(self) -> Generator[None, object, object]:
        """Let it fail where pytest reports that as a failure of the test."""
        self._may_fail_since = time.monotonic()
        try:
            return (yield)
        finally:
            self._may_fail_since = None

    pytest_runtest_setup = pytest_runtest_call = pytest_runtest_teardown = _part

    def pytest_unconfigure(self) -> None:
        """End with the run."""
        self._ended.set()


def _fail(_signal: int, _frame: FrameType | None) -> None:
    """End what the main thread does: the test, or what it waits for when it has failed."""
    pytest.fail("It hangs.")
