"""Whose lists, searches and alerts are."""

from __future__ import annotations

from alembic import op
from sqlalchemy import MetaData, Table, UniqueConstraint, select

from desk.store.described import columns
from search.files import row_sums

revision = "0007"
down_revision = "0006"
_TABLES = {
    "lists": "folded name about made_by made changed_by changed revision:int",
    "searches": "folded name question made_by made",
    "alerts": "folded name question schedule zone channel target made_by made looked generation:int due problem rules",
}


def upgrade() -> None:
    """Rebuild the tables, with what they have, which is nobody's; a row that is not as written stays so."""
    db = op.get_bind()
    for name, others in _TABLES.items():
        before = Table(name, MetaData(), *columns("number:int", others))
        rows = [_row(tuple(row)) for row in db.execute(select(before))]
        op.drop_table(name)
        unique = UniqueConstraint("owner", "folded")
        now = op.create_table(name, *columns("number:int", f"{others} owner shared:int"), unique)
        if rows and now is not None:
            db.execute(now.insert(), [dict(zip(now.c.keys(), row, strict=True)) for row in rows])


def _row(row: tuple[object, ...]) -> tuple[object, ...]:
    values = (*row[:-1], "", 0)
    return row_sums.summed(values) if row_sums.is_whole(row) else (*values, row[-1])
