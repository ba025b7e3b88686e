"""The tables of the first desk."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import Column, UniqueConstraint, text

from desk.store.described import NUMBER, TEXT, columns

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table("desk", Column("id", TEXT, primary_key=True), Column("revision", NUMBER, nullable=False))
    _table("counters", "name", "last:int")
    _table("carried", "name", "mark")
    _table(
        "lists",
        "number:int",
        "folded name about made_by made changed_by changed revision:int",
        UniqueConstraint("folded"),
    )
    _table("entries", "number:int", "list:int article note put_by put", UniqueConstraint("list", "article"))
    op.create_index("entries_of_article", "entries", ["article"])
    _table("searches", "number:int", "folded name question made_by made", UniqueConstraint("folded"))
    _table("looks", "search:int who", "at had:int")
    _table(
        "alerts",
        "number:int",
        "folded name question schedule zone channel target made_by made looked generation:int due problem rules",
        UniqueConstraint("folded"),
    )
    _table("seen", "id content:bytes", "alerts:bytes", sqlite_with_rowid=False)
    _table(
        "deliveries",
        "alert:int number:int",
        "since at generation:int erased:int state attempts:int next_try problem delivered came changed went",
    )
    _table("erased", "alert:int", "lost:int")
    _table("citations", "id", "question generation:int made made_by total:int hash purged:int")
    op.create_index("citations_of_result", "citations", ["hash", "question", "generation"])
    op.create_index("citations_by_time", "citations", ["made", "id"])
    _table("cited", "citation", "ids:bytes contents:bytes versions:bytes")
    _table("gone", "id", "")
    _table("secrets", "secret:bytes", "made")
    _table(
        "corrections",
        "number:int",
        "article field action value made_by at note names undone? undone_by? subject micros:int pending:int",
    )
    op.create_index("corrections_on_subject", "corrections", ["article", "field", "subject", "at", "micros"])
    op.create_index("corrections_by_action", "corrections", ["article", "field", "action", "at", "micros"])
    op.create_index("corrections_by_time", "corrections", ["article", "at", "micros"])
    _index_where("corrections_waiting", "corrections", "pending", "pending > 0")
    _table("keys", "id", "number:int name scopes hash created")
    _table("sessions", "hash", "id of_key began:int ends:int", UniqueConstraint("id"))
    _table(
        "jobs",
        "number:int",
        "id kind form collection target size:int state created finished? attempts:int report? problem? sender "
        "idempotency? digest",
        UniqueConstraint("id"),
        UniqueConstraint("sender", "idempotency"),
    )
    _index_where("jobs_waiting", "jobs", "number", "state IN ('queued', 'running')")


def _table(name: str, key: str, others: str, *more: Any, **options: Any) -> None:
    op.create_table(name, *columns(key, others), *more, **options)


def _index_where(name: str, table: str, column: str, condition: str) -> None:
    op.create_index(name, table, [column], sqlite_where=text(condition), postgresql_where=text(condition))
