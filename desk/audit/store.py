"""The audit log of an index. What is stored on its desk or in its spool is recorded by the transaction that stores it
(`desk.store.base`), so that neither is there without the other; what commands do to the index itself is noted here.

It names things by their numbers and ids, and has no content of articles or of searches: a purge erases the ids of its
articles from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, get_args

import orjson
from sqlalchemy import Row, select

from desk.store import where
from desk.store.base import Desk
from desk.store.tables import AUDIT
from search.system.acting import Via

Did = Literal["stored", "removed", "ran"]
DIDS: tuple[Did, ...] = get_args(Did)
_AT_ONCE = 1_000
"""Entries that are read at a time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change.

    Attributes:
        at: the time, ISO 8601 in UTC.
        by: the name of a key or of somebody who signed in, or the user who ran a command; "" if that is not known.
        did: stored or removed things of the desk, or ran a command.
        what: the table of the things, or the command.
        count: how many things.
        which: what identifies the first of them, or the arguments of the command.
    """

    at: str
    by: str
    via: Via
    did: Did
    what: str
    count: int
    which: tuple[str, ...]


class Audit(Desk):
    """The log of what is on the desk, and of commands."""

    TABLES = (AUDIT,)
    WHAT = "audit log"

    def after(self, since: str) -> Iterator[Entry]:
        """The entries from a time on, in their order; others may write meanwhile."""
        last = 0
        while some := [*self._rows(_PART.where(AUDIT.c.at >= since, AUDIT.c.number > last))]:
            yield from map(_entry, some)
            last = some[-1].number

    def newest(self, count: int) -> list[Entry]:
        """The newest entries, newest first."""
        return list(map(_entry, self._rows(select(AUDIT).order_by(AUDIT.c.number.desc()).limit(count))))

    def note(self, what: str, which: Sequence[str]) -> None:
        """Record that a command is run by who acts in this thread."""
        with self.transaction():
            self._record("ran", what, which)

    def erase(self, ids: Collection[str]) -> None:
        """Erase the ids of some articles."""
        wanted = frozenset(ids)
        with self.transaction():
            for row in list(self.whole(AUDIT)):
                which = orjson.loads(row.which)
                left = [" ".join(word for word in one.split(" ") if word not in wanted) for one in which]
                if left != which:
                    self._write(AUDIT, {**row._mapping, "which": orjson.dumps(left).decode()})


class SpoolAudit(Audit):
    """The log of jobs and sessions."""

    FILE = where.SPOOL


_PART = select(AUDIT).order_by(AUDIT.c.number).limit(_AT_ONCE)


def entries(place: str | Path, since: str = "") -> Iterator[Entry]:
    """All entries of an index from a time on, oldest first. Close it to read no further."""
    logs = [kind(place) for kind in _kinds(place)]
    try:
        yield from merge(*(log.after(since) for log in logs), key=attrgetter("at"))
    finally:
        for log in logs:
            log.close()


def newest(place: str | Path, count: int) -> list[Entry]:
    """The newest entries of an index, newest first."""
    found: list[Entry] = []
    for kind in _kinds(place):
        with kind(place) as log:
            found += log.newest(count)
    return sorted(found, key=attrgetter("at"), reverse=True)[:count]


def _kinds(place: str | Path) -> list[type[Audit]]:
    """The logs that an index has: a server has all in one."""
    homes = {where.of(place, kind.FILE): kind for kind in (SpoolAudit, Audit) if kind.is_in(place)}
    return list(homes.values())


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.at, row.who, row.via, row.did, row.what, row.things, tuple(orjson.loads(row.which)))
