"""Articles that were removed, remembered by id and instant for 30 days, so that who follows the archive can drop them.

An id that comes back is forgotten here, and one that is purged; so is all but the newest `MOST`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from search import dates

DAYS = 30
MOST = 10_000


class Removed(NamedTuple):
    """An article that is no longer there: its id, and the instant at which it was removed, in UTC."""

    id: str
    at: str


def since() -> str:
    """The instant from which on removed articles are remembered."""
    return (datetime.now(UTC) - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")


def after(before: Mapping[str, str], removed: Iterable[str], back: Collection[str]) -> dict[str, str]:
    """What is remembered after a commit: id → instant, newest first.

    Args:
        before: what was remembered before it.
        removed: ids that it removes.
        back: ids that it has again.
    """
    both = {**before, **dict.fromkeys(removed, dates.now())}
    return limited({name: at for name, at in both.items() if name not in back})


def limited(known: Mapping[str, str]) -> dict[str, str]:
    """The newest of those of the last `DAYS` days: id → instant, newest first, ties by id."""
    return {one.id: one.at for one in newest(known, since())[:MOST]}


def newest(known: Mapping[str, str], first: str) -> list[Removed]:
    """Those removed at an instant or after it, newest first, ties by id."""
    kept = sorted(Removed(name, at) for name, at in known.items() if at >= first)
    return sorted(kept, key=lambda one: one.at, reverse=True)
