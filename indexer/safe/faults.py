"""Errors inside Dateline or a library, told apart from what is wrong with a record.

A reader that meets a record it cannot read says so with a BadRecord. Any other exception is a fault of the program: it
is counted apart, named with its type and its place, and what it was met at is read again by the next run.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from indexer.safe.limits import Passing
from search.errors import BadRecord

EXTRA = "internal_errors"
"""The field of `extra` in which an article says which faults its reading or enriching met."""
_OURS = ("indexer", "search", "service")
_MOST = 200
"""Characters that are kept of what an exception says; it may quote the record."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception that nobody expected.

    Attributes:
        error: the name of its type.
        place: the innermost line of ours that it passed, as `module:line`.
        message: what it says; may be empty.
    """

    error: str
    place: str
    message: str = ""

    def __str__(self) -> str:
        return f"{self.error} at {self.place}" + (f": {self.message}" if self.message else "")


def fault(error: BaseException) -> Fault:
    """What is kept of an exception, where it is caught."""
    frames = [
        (str(frame.f_globals.get("__name__", "?")), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(module, line) for module, line in frames if module.partition(".")[0] in _OURS]
    module, line = (ours or frames or [("?", 0)])[-1]
    message = " ".join(str(error).encode("utf-8", "replace").decode().split())
    return Fault(type(error).__name__, f"{module}:{line}", message[:_MOST])


class InternalError(Passing):
    """A record that was lost to a fault of the program."""

    def __init__(self, fault: Fault, where: str = "", line: int | None = None) -> None:
        self.fault = fault
        before = f"{where}: " if where else ""
        super().__init__(f"{before}Dateline failed on it: {fault}. Please report it.", line)

    def said(self, reason: str, line: int | None = None) -> BadRecord:
        """The same in other words, which say where it is."""
        return InternalError(self.fault, reason.partition(": Dateline failed")[0], line)
