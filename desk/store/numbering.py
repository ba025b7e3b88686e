"""Has stored questions call lists by their numbers, which earlier versions called by their names.

A name means what it meant to the one who asked: a list of his own, one of nobody's, or one that somebody shares. What
it means no more stays as it is. Cost: reads all lists, and all questions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from sqlalchemy import Connection, Row, Table, select

from desk.named import called_by_others, key_of
from search.files import row_sums
from search.values.lists import list_by_number

_PARAMETER = "list="


def number_lists(db: Connection, lists: Table, *stores: Table) -> None:
    """Rewrite the questions of some tables, in a transaction; a row that is not as written stays so."""
    known = [row for row in db.execute(select(lists)) if row_sums.is_whole(tuple(row))]
    for table in stores:
        for row in db.execute(select(table).where(table.c.question.contains(_PARAMETER, autoescape=True))).all():
            if row_sums.is_whole(tuple(row)):
                _rewrite(db, table, row, known)


def _rewrite(db: Connection, table: Table, row: Row[Any], known: list[Row[Any]]) -> None:
    question = _numbered(row.question, lambda name: _meant(name, row.owner, known))
    if question != row.question:
        names = table.c.keys()
        values = [{**row._mapping, "question": question}[name] for name in names[:-1]]
        changed = dict(zip(names, row_sums.summed(values), strict=True))
        db.execute(table.update().where(table.c.number == row.number).values(changed))


def _numbered(question: str, number_of: Callable[[str], int | None]) -> str:
    parts = question.split("&")
    for place, part in enumerate(parts):
        if part.startswith(_PARAMETER):
            number = number_of(unquote_plus(part.removeprefix(_PARAMETER)))
            if number is not None:
                parts[place] = _PARAMETER + quote_plus(list_by_number(number))
    return "&".join(parts)


def _meant(name: str, owner: str, known: list[Row[Any]]) -> int | None:
    """The number of the list that somebody calls by a name; None if there is none, or more than one."""
    key = key_of(name)
    for whose in (owner, ""):
        for row in known:
            if (row.owner, row.folded) == (whose, key):
                return int(row.number)
    shared = [row for row in known if row.owner and (row.shared or row.owner == owner)]
    called = [
        row for row in shared if key in {key_of(called_by_others(row.name, by)) for by in (row.made_by, row.owner)}
    ]
    return int(called[0].number) if len(called) == 1 else None
