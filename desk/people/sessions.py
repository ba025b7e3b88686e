"""The sessions of people who have signed in on a page, as they are recorded: of the secret of each only a hash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, select

from desk.store.base import Desk
from desk.store.tables import PEOPLE, SESSIONS
from desk.store.where import SPOOL
from search.errors import DatelineError
from search.said import said
from search.system.acting import acting


class SessionMissing(DatelineError):
    """There is no session with this id."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            said(
                "No session “{id}” of this index, or it has ended. The list of sessions has all of them.",
                id=session_id[:80],
            )
        )


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of a session.

    Attributes:
        id: identifies it, to list and close it; it opens nothing.
        key: the id of the key that it was begun with, or of the person who signed in without one.
        began, ends: in seconds since 1970.
    """

    id: str
    key: str
    began: int
    ends: int


class Records(Desk):
    """The sessions of an index, and the people who have one without a key."""

    FILE = SPOOL
    TABLES = (SESSIONS, PEOPLE)
    WHAT = "sessions"

    def add(self, record: Record, hashed: str, groups: Collection[str] | None = None) -> None:
        """Record a session by the hash of its secret, and forget those that have ended, with their people.

        Args:
            groups: those of a person without a key, for all of his sessions; None for a session of a key.
        """
        with self.transaction():
            with acting(None):  # nobody closes those
                self._drop(SESSIONS, SESSIONS.c.ends <= record.began)
            self._write(SESSIONS, {**asdict(record), "hash": hashed, "of_key": record.key})
            self._drop(PEOPLE, PEOPLE.c.id.not_in(select(SESSIONS.c.of_key)))
            if groups is not None:
                self._write(PEOPLE, {"id": record.key, "groups": orjson.dumps(sorted(groups)).decode()})

    def with_hash(self, hashed: str) -> Record | None:
        """The session with the hash of a secret; None if there is none."""
        row = self._first(select(SESSIONS).where(SESSIONS.c.hash == hashed))
        return _record(row) if row is not None else None

    def groups_of(self, person: str) -> frozenset[str] | None:
        """The groups of a person, by id, as they were told; None if there is no such person."""
        row = self._first(select(PEOPLE).where(PEOPLE.c.id == person))
        return frozenset(orjson.loads(row.groups)) if row is not None else None

    def people(self) -> dict[str, frozenset[str]]:
        """The people, by id, with their groups."""
        return {row.id: frozenset(orjson.loads(row.groups)) for row in self._rows(select(PEOPLE))}

    def all(self) -> list[Record]:
        """All sessions, in the order in which they began."""
        return list(map(_record, self._rows(select(SESSIONS).order_by(SESSIONS.c.began, SESSIONS.c.id))))

    def end(self, hashed: str) -> bool:
        """End the session with the hash of a secret. False if there is none."""
        return self._end(SESSIONS.c.hash == hashed)

    def close_session(self, session_id: str) -> bool:
        """End the session with an id. False if there is none."""
        return self._end(SESSIONS.c.id == session_id)

    def _end(self, which: ColumnElement[bool]) -> bool:
        with self.transaction():
            return bool(self._drop(SESSIONS, which))


def _record(row: Row[Any]) -> Record:
    return Record(row.id, row.of_key, row.began, row.ends)
