"""The result of a run over an archive, in numbers and reasons.

A report stays small whatever an archive contains: it lists the first rejected records, and counts all of them by
reason.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Protocol

from indexer.safe.faults import Fault
from search.system.json import Json

MOST_SKIPPED = 1_000
"""The greatest number of records that are listed; others are only counted."""
MOST_REASONS = 100
"""The greatest number of reasons that are counted separately."""
OTHER = "other reasons"
_MOST_CHARACTERS = 2_000
_VARYING = re.compile(r"“[^”]*”|\d[\d,.]*\d|\d")

MOST_WARNINGS = 100
"""The greatest number of records with a warning that are listed."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rejected record: its file, the line it starts on (None if the file has no lines), and the reason.

    Also an accepted record with a warning.

    Attributes:
        error, place: for an internal error, the type of the exception and its `module:line`.
    """

    path: str
    line: int | None
    reason: str
    error: str | None = None
    place: str | None = None


class Counted(Protocol):
    """A counter of rejected records."""

    skipped_count: int
    reasons: dict[str, int]


def kind_of(reason: str) -> str:
    """A reason without its numbers and quotations, by which it is counted."""
    return _VARYING.sub("…", reason[:_MOST_CHARACTERS])[:200]


def count(report: Counted, reason: str, times: int) -> None:
    """Count records that were rejected for the same reason."""
    report.skipped_count += times
    kind = kind_of(reason)
    if kind not in report.reasons and len(report.reasons) >= MOST_REASONS:
        kind = OTHER
    report.reasons[kind] = report.reasons.get(kind, 0) + times


@dataclass(slots=True)
class Report:
    """The result of a run over an archive.

    `read` counts articles: those added, updated and unchanged together. An article under embargo is counted only as
    that; a withdrawn or blocked one is rejected.

    Attributes:
        outdated: how many of the unchanged articles are in unchanged files, and have facts by older rules.
        left: how many articles an undoing has left, because they were changed again.
        differences: how many stored questions find something else, after facts were renewed.
        internal_errors: internal errors at records, lost or accepted; each is among `skipped`.
        skipped: the first rejected records, in the order of the archive.
        skipped_count: the number of all rejected records.
        reasons: a reason, without numbers and quotations → the number of records.
        warnings: the first warnings, in the order of the archive.
        warning_count: the number of all warnings.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    embargoed: int = 0
    outdated: int = 0
    left: int = 0
    differences: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: list[Skipped] = field(default_factory=list)
    warning_count: int = 0
    internal_errors: int = 0
    seconds: float = 0.0
    generation: int = 0

    def as_json(self) -> Json:
        """The report as printed and stored; a record has `error` and `place` only after an internal error, and there is
        `outdated`, `left` or `differences` only if there are any.
        """
        record = asdict(self)
        for name in ("outdated", "left", "differences"):
            if not record[name]:
                del record[name]
        for entries in record.values():
            for entry in entries if isinstance(entries, list) else ():
                for name in ("error", "place"):
                    if entry[name] is None:
                        del entry[name]
        return record

    def skip(self, path: str, line: int | None, reason: str) -> None:
        """Add a rejected record."""
        count(self, reason, 1)
        if len(self.skipped) < MOST_SKIPPED:
            self.skipped.append(_short(path, line, reason))

    def warn(self, path: str, line: int | None, reason: str) -> None:
        """Add a warning about an accepted record; the first of them are listed."""
        self.warning_count += 1
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(_short(path, line, reason))


class Rejections:
    """The rejected records of a run, collected in any order."""

    def __init__(self) -> None:
        self.skipped_count = 0
        self.reasons: dict[str, int] = {}
        self._first: list[tuple[int, int, Skipped]] = []
        self._arrived = 0

    def add(
        self, file: int, path: str, line: int | None, reason: str, times: int = 1, met: Fault | None = None
    ) -> None:
        """Add a rejected record of a file, or several of one kind, or an internal error at an accepted one."""
        count(self, reason, times)
        self._arrived += 1
        self._first.append((file, self._arrived, _short(path, line, reason, met)))
        if len(self._first) >= 4 * MOST_SKIPPED:  # so rare that it costs nothing
            self._first = self._in_order()

    def put_into(self, report: Report) -> None:
        """Add them to a report, before its own."""
        first = [entry for _, _, entry in self._in_order()]
        report.skipped[:0] = first[: MOST_SKIPPED - len(report.skipped)]
        report.skipped_count += self.skipped_count
        reasons, report.reasons = report.reasons, self.reasons
        for kind, times in reasons.items():
            report.reasons[kind] = report.reasons.get(kind, 0) + times

    def _in_order(self) -> list[tuple[int, int, Skipped]]:
        return sorted(self._first, key=lambda entry: entry[:2])[:MOST_SKIPPED]


def _short(path: str, line: int | None, reason: str, met: Fault | None = None) -> Skipped:
    internal = (met.error, met.place) if met is not None else (None, None)
    return Skipped(path[:_MOST_CHARACTERS], line, reason[:_MOST_CHARACTERS], *internal)
