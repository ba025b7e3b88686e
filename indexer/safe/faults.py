"""Internal errors of Dateline or a library, as opposed to problems of a record.

A reader raises or yields a BadRecord for a record that it cannot read. Any other exception is an internal error: it is
counted apart, reported with its type and its place, and the record is read again by the next run.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from indexer.safe.limits import Transient
from search.errors import BadRecord

EXTRA = "internal_errors"
"""The field of `extra` with the internal errors that occurred while an article was read or enriched."""
_OURS = ("desk", "indexer", "search", "service")
_MOST = 200
"""Characters of an exception's message that are stored; it may quote the record."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An unexpected exception.

    Attributes:
        error: the name of its type.
        place: the innermost line of Dateline that it passed, as `module:line`.
        message: may be empty.
    """

    error: str
    place: str
    message: str = ""

    def __str__(self) -> str:
        return f"{self.error} at {self.place}" + (f": {self.message}" if self.message else "")


def fault(error: BaseException) -> Fault:
    """The fault of an exception, where it is caught."""
    frames = [
        (str(frame.f_globals.get("__name__", "?")), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(module, line) for module, line in frames if module.partition(".")[0] in _OURS]
    module, line = (ours or frames or [("?", 0)])[-1]
    message = " ".join(str(error).encode("utf-8", "replace").decode().split())
    return Fault(type(error).__name__, f"{module}:{line}", message[:_MOST])


class InternalError(Transient):
    """A record that was lost to an internal error."""

    def __init__(self, fault: Fault, where: str = "", line: int | None = None) -> None:
        self.fault = fault
        before = f"{where}: " if where else ""
        super().__init__(f"{before}Dateline failed on it: {fault}. Please report it.", line)

    def with_reason(self, reason: str, line: int | None = None) -> BadRecord:
        """The same with another message, which includes the position."""
        return InternalError(self.fault, reason.partition(": Dateline failed")[0], line)
