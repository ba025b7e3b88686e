"""Closeable: what has to be closed, as a context manager."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self


class Closeable(Protocol):
    """A context manager that closes itself at the end of its block."""

    __slots__ = ()

    def close(self) -> None:
        """Release files, connections and locks."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
