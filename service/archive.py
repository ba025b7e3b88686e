"""The index that a service searches, opened by the first request that needs it.

So a service can start before its index exists; until then it responds with 503.
"""

from __future__ import annotations

import threading

import search
from search.closeable import Closeable
from search.engine import CURSOR_SECONDS, Engine


class Archive(Closeable):
    """The engine of one place; safe to share between threads."""

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
        """Close the index."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None
