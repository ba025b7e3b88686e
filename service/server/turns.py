"""Turns: one thread of a process computes an answer at a time, however many connections it has.

Threads of one process share the lock of Python, and one that needs it back waits for up to five milliseconds, so eight
that compute together finish fewer answers than one after another, each of them later. They are there to wait: for a
client that sends or reads slowly. So a request that reads no body takes a turn, in which its answer is computed, though
not sent; what is streamed is computed after it. Nobody waits for long: after `PATIENCE_S` it computes alongside the
other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE_S = 0.04
"""How long a request waits for its turn; a cheap one takes some milliseconds, and a few take longer than estimated."""
_BODILESS = ("GET", "HEAD")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Turns:
    """A WSGI application whose cheap requests are answered one after another.

    Args:
        application: what answers.
        taken: False if answers are computed elsewhere, so that one that waits must not make others wait.
    """

    def __init__(self, application: Application, taken: bool) -> None:
        self._application = application
        self._taken = taken
        self._turn = threading.Lock()
        self._outside = threading.local()

    def stay_out(self) -> None:
        """Let the requests of this thread take no turn: it is that of the expensive ones."""
        self._outside.always = True

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, in a turn if it has no body."""
        takes = self._taken and environ["REQUEST_METHOD"] in _BODILESS and not hasattr(self._outside, "always")
        if not takes or not self._turn.acquire(timeout=PATIENCE_S):
            return self._application(environ, start_response)
        try:
            return self._application(environ, start_response)
        finally:
            self._turn.release()
