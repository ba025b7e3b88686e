"""Who may see which articles, and who is in which group."""

from __future__ import annotations

from alembic import op

from desk.store.described import columns

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables; without a rule everybody sees everything, as before."""
    op.create_table("rights", *columns("number:int", "who what tier made_by made"))
    op.create_table("members", *columns("name member", ""))
