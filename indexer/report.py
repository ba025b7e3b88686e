"""What became of an archive, as a run counts it.

A report stays small whatever an archive holds: it names the first records that were set aside, and counts all of them
by reason.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from indexer.safe.faults import Fault

MOST_SKIPPED = 1_000
"""Records that are named; the others are only counted."""
MOST_REASONS = 100
"""Kinds of reasons that are counted apart."""
OTHER = "other reasons"
_MOST_CHARACTERS = 2_000
_VARYING = re.compile(r"“[^”]*”|\d[\d,.]*\d|\d")

MOST_WARNINGS = 100
"""Records that are kept with a warning, and named."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was set aside: its file, the line it starts on (None where lines mean nothing), and why.

    Of one that was kept with a warning the same.

    Attributes:
        error, place: of a fault of the program, the type of the exception and where it was met, as `module:line`.
    """

    path: str
    line: int | None
    reason: str
    error: str | None = None
    place: str | None = None


class Counted(Protocol):
    """What counts records that were set aside."""

    skipped_count: int
    reasons: dict[str, int]


def kind_of(reason: str) -> str:
    """A reason without its numbers and quotations, by which it is counted."""
    return _VARYING.sub("…", reason[:_MOST_CHARACTERS])[:200]


def count(report: Counted, reason: str, times: int) -> None:
    """Count records that were set aside for one reason."""
    report.skipped_count += times
    kind = kind_of(reason)
    if kind not in report.reasons and len(report.reasons) >= MOST_REASONS:
        kind = OTHER
    report.reasons[kind] = report.reasons.get(kind, 0) + times


@dataclass(slots=True)
class Report:
    """What became of an archive.

    `read` counts articles: those added, updated and unchanged together. An article that is under embargo is counted
    only there; one that is withdrawn or blocked is set aside.

    Attributes:
        internal_errors: faults of the program that were met at records, lost or kept; each is among `skipped`.
        skipped: the first records that were set aside, in the order of the archive.
        skipped_count: how many there are in all.
        reasons: how many there are of each reason, its numbers and quotations left out.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    embargoed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: list[Skipped] = field(default_factory=list)
    internal_errors: int = 0
    seconds: float = 0.0
    generation: int = 0

    def as_json(self) -> dict[str, Any]:
        """As it is printed and kept; a record says of faults only where there was one."""
        said = asdict(self)
        for entries in said.values():
            for entry in entries if isinstance(entries, list) else ():
                for name in ("error", "place"):
                    if entry[name] is None:
                        del entry[name]
        return said

    def skip(self, path: str, line: int | None, reason: str) -> None:
        """Set a record aside."""
        count(self, reason, 1)
        if len(self.skipped) < MOST_SKIPPED:
            self.skipped.append(_short(path, line, reason))

    def warn(self, path: str, line: int | None, reason: str) -> None:
        """Say what is not as it might be of a record that was kept; the first of them are named."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(_short(path, line, reason))


class Aside:
    """The records that a run sets aside, which are not found in the order of the archive."""

    def __init__(self) -> None:
        self.skipped_count = 0
        self.reasons: dict[str, int] = {}
        self._first: list[tuple[int, int, Skipped]] = []
        self._arrived = 0

    def add(
        self, file: int, path: str, line: int | None, reason: str, times: int = 1, met: Fault | None = None
    ) -> None:
        """Set aside a record of a file, or several of one kind, or say of one that was kept what was met at it."""
        count(self, reason, times)
        self._arrived += 1
        self._first.append((file, self._arrived, _short(path, line, reason, met)))
        if len(self._first) >= 4 * MOST_SKIPPED:  # so seldom that it costs nothing
            self._first = self._in_order()

    def put_into(self, report: Report) -> None:
        """Put them into a report, before what it has."""
        first = [entry for _, _, entry in self._in_order()]
        report.skipped[:0] = first[: MOST_SKIPPED - len(report.skipped)]
        report.skipped_count += self.skipped_count
        reasons, report.reasons = report.reasons, self.reasons
        for kind, times in reasons.items():
            report.reasons[kind] = report.reasons.get(kind, 0) + times

    def _in_order(self) -> list[tuple[int, int, Skipped]]:
        return sorted(self._first, key=lambda entry: entry[:2])[:MOST_SKIPPED]


def _short(path: str, line: int | None, reason: str, met: Fault | None = None) -> Skipped:
    said = (met.error, met.place) if met is not None else (None, None)
    return Skipped(path[:_MOST_CHARACTERS], line, reason[:_MOST_CHARACTERS], *said)
