"""The audit log."""

from __future__ import annotations

from alembic import op

from desk.store.described import columns

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make its table; it begins here."""
    op.create_table("audit", *columns("number:int", "at who via did what things:int which"))
