"""The tables of the desk.

The last column of a table is `sum`, the checksum of the others in their order (`search.files.row_sums`), so that a
value that is not as written is noticed when it is read. Times are ISO 8601 text in UTC, to the second. Numbers that
identify something come from `counters`, so that none is used twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, String, Table, UniqueConstraint

from desk.store.described import NUMBER, TEXT, columns

METADATA = MetaData()
MOST_TOLD = 100
"""Things of a change that the audit log names; it counts all."""
Told = Callable[[Mapping[str, Any]], str]


def _table(name: str, key: str, others: str, *more: Any, audit: str | Told | None = None, **options: Any) -> Table:
    """A table.

    Args:
        audit: what the audit log tells of a row: some columns, or a function; None if it tells of none, since it is
            the program that stores it. Never the content of an article or a search.
    """
    told = audit if audit is None or callable(audit) else _Columns(tuple(audit.split()))
    return Table(name, METADATA, *columns(key, others), *more, info={"audit": told}, **options)


class _Columns(tuple[str, ...]):
    """Tells some columns of a row."""

    def __call__(self, row: Mapping[str, Any]) -> str:
        return " ".join(str(row[name]) for name in self)


DESK = Table("desk", METADATA, Column("id", TEXT, primary_key=True), Column("revision", NUMBER, nullable=False))
"""One row: what identifies this desk, and a number that every transaction increments."""
VERSION = Table(
    "alembic_version",
    METADATA,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
COUNTERS = _table("counters", "name", "last:int")
"""The last number that has been given, by table; and what else is counted."""
CARRIED = _table("carried", "name", "mark")
"""The databases of earlier versions that are in this one now."""
CLAIM = _table("claim", "index_id", "at")
"""At most one row: what identifies the index of a desk that is not next to it (`registered`), and where that was."""


def _owned(row: Mapping[str, Any]) -> str:
    """What is somebody's own has no name in the audit log."""
    return f"{row['number']} {row['name']}" if row["shared"] or not row["owner"] else str(row["number"])


LISTS = _table(
    "lists",
    "number:int",
    "folded name about made_by made changed_by changed revision:int owner shared:int",
    UniqueConstraint("owner", "folded"),
    audit=_owned,
)
"""`owner` is a member (`MEMBERS`), "" if it is nobody's; so for searches and alerts."""
ENTRIES = _table(
    "entries",
    "number:int",
    "list:int article note put_by put",
    UniqueConstraint("list", "article"),
    audit=lambda row: f"{row['list']} {row['article']}".rstrip(),
)
Index("entries_of_article", ENTRIES.c.article)

SEARCHES = _table(
    "searches",
    "number:int",
    "folded name question made_by made owner shared:int",
    UniqueConstraint("owner", "folded"),
    audit="number",
)
LOOKS = _table("looks", "search:int who", "at had:int")

ALERTS = _table(
    "alerts",
    "number:int",
    "folded name question schedule zone channel target made_by made looked generation:int due problem rules"
    " owner shared:int sight",
    UniqueConstraint("owner", "folded"),
    audit="number channel",
)
SEEN = _table("seen", "id content:bytes", "alerts:bytes", sqlite_with_rowid=False)
DELIVERIES = _table(
    "deliveries",
    "alert:int number:int",
    "since at generation:int erased:int state attempts:int next_try problem delivered came changed went",
)
ERASED = _table("erased", "alert:int", "lost:int")
TITLES = _table("titles", "id", "title")
"""Of the articles that alerts have seen."""
TOLD = _table("told", "alert:int number:int id", "title")
"""Of the articles of a delivery that are gone."""

CITATIONS = _table("citations", "id", "question generation:int made made_by total:int hash purged:int", audit="id")
Index("citations_of_result", CITATIONS.c.hash, CITATIONS.c.question, CITATIONS.c.generation)
Index("citations_by_time", CITATIONS.c.made, CITATIONS.c.id)
CITED = _table("cited", "citation", "ids:bytes contents:bytes versions:bytes")
GONE = _table("gone", "id", "")
SECRETS = _table("secrets", "secret:bytes", "made")

CORRECTIONS = _table(
    "corrections",
    "number:int",
    "article field action value made_by at note names undone? undone_by? subject micros:int pending:int",
    audit="number article field action",
)
_c = CORRECTIONS.c
Index("corrections_on_subject", _c.article, _c.field, _c.subject, _c.at, _c.micros)
Index("corrections_by_action", _c.article, _c.field, _c.action, _c.at, _c.micros)
Index("corrections_by_time", _c.article, _c.at, _c.micros)
_waiting = _c.pending > 0
Index("corrections_waiting", _c.pending, sqlite_where=_waiting, postgresql_where=_waiting)

RIGHTS = _table("rights", "number:int", "who what tier made_by made", audit="who what tier")
"""The rules, in the order of their numbers; `what` is JSON."""
MEMBERS = _table("members", "name member", "", audit="name member")
"""Of groups: `key:` and the id of a key, or `user:` and the name of somebody who signs in elsewhere."""

KEYS = _table("keys", "id", "number:int name scopes hash created", audit="id name scopes")
SESSIONS = _table("sessions", "hash", "id of_key began:int ends:int", UniqueConstraint("id"), audit="id of_key")


def _job(row: Mapping[str, Any]) -> str:
    """A job; a decision about a name is told by its journal."""
    about = row["collection"] if row["kind"] in ("articles", "decide") else row["target"]
    if row["kind"] in ("delete", "correct") and (more := len(ids := about.split()) - MOST_TOLD) > 0:
        about = f"{' '.join(ids[:MOST_TOLD])} (+{more})"
    return " ".join(filter(None, (row["id"], row["kind"], row["form"], about, row["state"])))


PEOPLE = _table("people", "id", "groups")
"""Who has signed in without a key and has a session, with the groups that were told at the last sign-in, as JSON."""
JOBS = _table(
    "jobs",
    "number:int",
    "id kind form collection target size:int state created finished? attempts:int report? problem? sender idempotency?"
    " digest",
    UniqueConstraint("id"),
    UniqueConstraint("sender", "idempotency"),
    audit=_job,
)
AUDIT = _table("audit", "number:int", "at who via did what things:int which")
"""The audit log (`desk.audit`): in each file, of what is in it; `which` is JSON."""
_undone = JOBS.c.state.in_(["queued", "running"])
Index("jobs_waiting", JOBS.c.number, sqlite_where=_undone, postgresql_where=_undone)
