"""The titles of articles that alerts have seen, and of those that are gone."""

from __future__ import annotations

from alembic import op

from desk.store.described import columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; a look fills them with what is new to it."""
    op.create_table("titles", *columns("id", "title"))
    op.create_table("told", *columns("alert:int number:int id", "title"))
