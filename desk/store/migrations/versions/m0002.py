"""Which index a desk is of, if it is not next to it."""

from __future__ import annotations

from alembic import op

from desk.store.described import columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; the next index that opens the desk is in it."""
    op.create_table("claim", *columns("index_id", "at"))
