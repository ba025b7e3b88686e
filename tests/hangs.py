"""Shows which test is stuck, and where: its name and the stack of each thread, while it still runs."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Generator

import pytest

SHOWN_AFTER_S = 100.0
"""So that it is seen within two minutes; a busy machine may show a test that is only slow, which harms nothing."""


class Watch:
    """A plugin for a process that runs tests: tells on stderr, past what captures it, when nothing has ended for long.

    Args:
        after_s: how long is long.
        descriptor: where to tell it.
    """

    def __init__(self, after_s: float = SHOWN_AFTER_S, descriptor: int | None = None) -> None:
        self._after_s = after_s
        self._out = os.dup(sys.__stderr__.fileno()) if descriptor is None and sys.__stderr__ else descriptor or 2
        self._now = "before the first test"
        self._since = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._look, name="watch for hangs", daemon=True).start()

    def _look(self) -> None:
        while not self._ended.wait(min(1.0, self._after_s)):
            if time.monotonic() - self._since >= self._after_s:
                os.write(self._out, f"\nStill running after {self._after_s:.0f} s: {self._now}\n".encode())
                faulthandler.dump_traceback(self._out)
                self._since = time.monotonic()

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

    def pytest_unconfigure(self) -> None:
        """End with the run."""
        self._ended.set()
