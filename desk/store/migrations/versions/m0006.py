"""Who has signed in without a key."""

from __future__ import annotations

from alembic import op

from desk.store.described import columns

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table; who signs in is in it."""
    op.create_table("people", *columns("id", "groups"))
