"""What the owner of an alert could see, and the numbers of lists, not their names, in stored questions."""

from __future__ import annotations

from alembic import op
from sqlalchemy import MetaData, Table, UniqueConstraint, select

from desk.store.described import columns
from desk.store.numbering import number_lists
from search.files import row_sums

revision = "0008"
down_revision = "0007"
_LISTS = "folded name about made_by made changed_by changed revision:int owner shared:int"
_SEARCHES = "folded name question made_by made owner shared:int"
_ALERTS = (
    "folded name question schedule zone channel target made_by made looked generation:int due problem rules"
    " owner shared:int"
)


def upgrade() -> None:
    """Rebuild the alerts, whose owners saw everything, and rewrite questions; a row that is not as written stays so."""
    db = op.get_bind()
    before = Table("alerts", MetaData(), *columns("number:int", _ALERTS))
    rows = [_row(tuple(row)) for row in db.execute(select(before))]
    op.drop_table("alerts")
    alerts = op.create_table("alerts", *columns("number:int", f"{_ALERTS} sight"), UniqueConstraint("owner", "folded"))
    if alerts is None:  # the statements are only written
        return
    if rows:
        db.execute(alerts.insert(), [dict(zip(alerts.c.keys(), row, strict=True)) for row in rows])
    lists, searches = (
        Table(name, MetaData(), *columns("number:int", others))
        for name, others in (("lists", _LISTS), ("searches", _SEARCHES))
    )
    number_lists(db, lists, searches, alerts)


def _row(row: tuple[object, ...]) -> tuple[object, ...]:
    values = (*row[:-1], "")
    return row_sums.summed(values) if row_sums.is_whole(row) else (*values, row[-1])
