"""What became of an archive, as a run counts it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was set aside: its file, the line it starts on (None where lines mean nothing), and why."""

    path: str
    line: int | None
    reason: str


@dataclass(slots=True)
class Report:
    """What became of an archive.

    `read` counts articles: those added, updated and unchanged together. An article that is under embargo is counted
    only there; one that is withdrawn or blocked is set aside.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    embargoed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    seconds: float = 0.0
    generation: int = 0

    def skip(self, path: str, line: int | None, reason: str) -> None:
        """Set a record aside."""
        self.skipped.append(Skipped(path, line, reason))
