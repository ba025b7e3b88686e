"""What an earlier version of Dateline wrote, and what it takes to convert it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outdated:
    """An index of an earlier format.

    Attributes:
        format: its version.
        current: the version that is written now.
        articles: those that have to be indexed again, from what is stored of them.
        searchable: whether it is searched as it is until then.
        begun: those that a run that was stopped has converted, where such a run is gone on with.
        changes: what the versions since then changed, each as the end of a sentence that begins with the index.
    """

    format: int
    current: int
    articles: int
    searchable: bool
    changes: tuple[str, ...]
    begun: int = 0
