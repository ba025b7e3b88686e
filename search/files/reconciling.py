"""What happens to a file next to an index when a backup replaces the index: the rule of the file's module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

DESK = "desk.json"
"""What says where the desk of an index is, if it is elsewhere; no backup has it, since each has the desk itself."""


class Incoming(Protocol):
    """The articles to be restored.

    Attributes:
        blocked: the ids that the index blocks, which are not restored.
    """

    blocked: frozenset[str]

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        """The digests of the articles with these ids; unknown ids are omitted."""
        ...

    def remove(self, article_id: str) -> bool:
        """Omit an article. Returns True if it was there."""
        ...


Reconcile = Callable[[Path, Path, Incoming], Sequence[str]]
"""Called with the backup, the index and the articles to restore: updates the file in the index, and returns
descriptions of what it retained of the index, as in “3 blocked ids”; empty if nothing.
"""


def counted(count: int, what: str) -> list[str]:
    """“3 blocked ids”; empty for 0."""
    return [f"{count:,} {what}{'' if count == 1 else 's'}"] if count else []
