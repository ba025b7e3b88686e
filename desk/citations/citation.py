"""Citation: a question, and what it found when it was asked."""

from __future__ import annotations

from dataclasses import dataclass

from desk.citations.result import Entry
from search.errors import DatelineError


class CannotCite(DatelineError):
    """A result that cannot be cited, with the reason."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A result that can be opened again.

    Attributes:
        id: the end of its address.
        question: words, filters and order, as the parameters of the API; without dates relative to the day.
        generation, made: of the index, and the time in UTC.
        total, hash: the number of its articles, and the hash over them (see `result`).
        by: who made it: the name of a key; "" for somebody without one.
        entries: its articles in the order of the ids, without those that were purged since; None if the citation is
            only an address, which has no room for them.
        purged: how many of its articles were purged since.
    """

    id: str
    question: str
    generation: int
    made: str
    total: int
    hash: str
    by: str = ""
    entries: tuple[Entry, ...] | None = None
    purged: int = 0
