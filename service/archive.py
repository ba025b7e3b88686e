"""The index a service answers from, opened when the first request needs it.

So a service can start before its index is there: it says 503 until it is, and answers from then on.
"""

from __future__ import annotations

import threading

import search
from search.engine import CURSOR_SECONDS, Engine


class Archive:
    """Gives the engine of one place; safe to share between threads."""

    def __init__(self, place: str, cursor_seconds: float = CURSOR_SECONDS) -> None:
        self.place = place
        self._cursor_seconds = cursor_seconds
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine. Raises IndexProblem while there is no index to open."""
        with self._lock:
            if self._engine is None:
                self._engine = search.open(self.place, self._cursor_seconds)
            return self._engine

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None
