"""A table that was sent and waits: its columns, its first rows, and what would be read of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from indexer import readers
from indexer.files.neighbours import Nothing
from indexer.readers.shared import columns
from indexer.readers.shared.problems import warnings
from indexer.readers.shared.record import Embargoed, Origin
from indexer.readers.tables import csv
from search.errors import BadQuery, BadRecord, BadValue
from search.said import said
from search.values.article import Article
from service.jobs import Job
from service.spool import Spool

ROWS = 10
"""Of a table, shown before it is read."""
MOST_COLUMNS = 100
"""Of these rows, and of the choice of a column."""
MOST_CHARACTERS = 120
"""Of a value there."""
FORMAT = "CSV and TSV"


class Row(NamedTuple):
    """A record of a table as it would be read: an article, and what is ignored of it; or why it would be rejected."""

    article: Article | None
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that waits.

    Attributes:
        header: the names of its columns; empty if it has none.
        fields: the fields that columns are read as, each with its column.
        problem: why it cannot be read as it is; empty if it can.
        rows: the values of the first rows, cut; or why a row is rejected.
        read: what would be read of the first records.
    """

    header: list[str]
    fields: Mapping[str, str]
    problem: str
    rows: list[list[str] | str]
    read: list[Row]


def table_of(jobs: Spool, job: Job) -> Table | None:
    """The table that a job is of, if it has not begun and waits to be looked at."""
    body = jobs.body(job.id)
    if job.state != "paused" or job.attempts or not body.exists() or not is_table(job.upload.name, body):
        return None
    names = job.upload.names
    with body.open("rb") as file:
        begun = csv.beginning(file, names, ROWS)
        file.seek(0)
        origin = Origin(job.collection, job.upload.name, job.upload.name)
        items = () if begun.problem else islice(readers.read_file(file, origin, names, Nothing()), ROWS)
        read = [_row(item) for item in items]
    lacks_text = bool(begun.problem and begun.header) and "text" not in names
    return Table(
        begun.header[:MOST_COLUMNS],
        {field: begun.header[at] for at, field in begun.fields.items()},
        said("No column is known as the text. Choose it.") if lacks_text else begun.problem,
        [row if isinstance(row, str) else [_cut(value) for value in row[:MOST_COLUMNS]] for row in begun.rows],
        read,
    )


def configure(jobs: Spool, job: Job, names: Mapping[str, str]) -> None:
    """Change from which columns a table that waits is read. Raises BadQuery for one that it does not have, NotNow."""
    body = jobs.body(job.id)
    if body.exists() and is_table(job.upload.name, body):
        with body.open("rb") as file:
            begun = csv.beginning(file, {}, 0)
        known = {columns.words_of(name) for name in begun.header}
        hint = said("It has: {names}.", names=columns.listed(begun.header)) if known else begun.problem
        wrong = [
            BadValue(f"map.{field}", name[:80], said("No column is called “{name}”.", name=name[:80]), hint)
            for field, name in names.items()
            if columns.words_of(name) not in known
        ]
        if wrong:
            raise BadQuery(wrong)
    jobs.configure(job.id, replace(job.upload, names=names).written())


def is_table(name: str, body: Path) -> bool:
    """True if a file is a table, whose columns are to be looked at before it is read."""
    with body.open("rb") as file:
        found = readers.format_of(file.read(readers.HEAD_BYTES), name)
    return found is not None and found.name == FORMAT


def _row(item: object) -> Row:
    if isinstance(item, BadRecord):
        reason = item.reason
        return Row(None, said("Line {line}: {reason}", line=str(item.line), reason=reason) if item.line else reason)
    article = item.article if isinstance(item, Embargoed) else item
    return (
        Row(article, " ".join(warnings(article)))
        if isinstance(article, Article)
        else Row(None, str(said("It withdraws an article.")))
    )


def _cut(value: str) -> str:
    return value if len(value) <= MOST_CHARACTERS else f"{value[:MOST_CHARACTERS]}…"
