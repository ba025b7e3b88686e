"""Removed articles, remembered by id and time for 30 days, so that clients that follow the archive can drop them.

An id that is added again or purged is forgotten; so are all but the newest `MOST`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from search.errors import ArticleGone, ArticleMissing
from search.text import dates

DAYS = 30
MOST = 10_000


class Removed(NamedTuple):
    """A removed article: its id, and the time of its removal, in UTC."""

    id: str
    at: str


@dataclass(frozen=True, slots=True)
class Removals:
    """What an index remembers of articles that it no longer has, or must not have.

    Attributes:
        blocked: the ids that are blocked now.
        removed: the tombstones: id → time. An id may have been added again since, by a writer that was interrupted.
    """

    blocked: frozenset[str]
    removed: Mapping[str, str]

    def missing(self, article_id: str) -> ArticleMissing:
        """The error for an article that is not in the index."""
        at = self.removed.get(article_id)
        gone = at is not None or article_id in self.blocked
        return ArticleGone(article_id, at) if gone else ArticleMissing(article_id)


def since() -> str:
    """The oldest time of removal that is remembered."""
    return (datetime.now(UTC) - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")


def after(before: Mapping[str, str], removed: Iterable[str], back: Collection[str]) -> dict[str, str]:
    """The tombstones after a commit: id → time, newest first.

    Args:
        before: the tombstones before it.
        removed: ids that it removes.
        back: ids that it adds again.
    """
    both = {**before, **dict.fromkeys(removed, dates.now())}
    return limited({name: at for name, at in both.items() if name not in back})


def limited(known: Mapping[str, str]) -> dict[str, str]:
    """The newest tombstones of the last `DAYS` days: id → time, newest first, ties by id."""
    return {one.id: one.at for one in newest(known, since())[:MOST]}


def newest(known: Mapping[str, str], first: str) -> list[Removed]:
    """The articles removed at a time or after it, newest first, ties by id."""
    recent = sorted(Removed(name, at) for name, at in known.items() if at >= first)
    return sorted(recent, key=lambda one: one.at, reverse=True)
