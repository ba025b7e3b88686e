"""Takes over what is stored elsewhere: in the databases of earlier versions, one for each feature, or in another desk.

A source is removed when all of it is in the desk, durably. A process that is stopped in between finds it again, and
the mark by which the desk knows it. One that has changed since, which only a process of an earlier version does, is
left alone, and a sentence says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Table, select

from desk.store import connecting, pieces, rows, tables, where
from desk.store.numbering import number_lists
from desk.store.source import Source
from desk.store.tables import CARRIED, COUNTERS
from search import backends
from search.errors import CannotWrite, IndexDamaged, IndexProblem
from search.files import databases
from search.files.row_sums import COLUMN, summed, unsummed
from search.system import database, disk

FORMER: Mapping[str, Mapping[str, Table]] = {
    "lists": {"lists": tables.LISTS, "entries": tables.ENTRIES},
    "searches": {"searches": tables.SEARCHES, "seen": tables.LOOKS},
    "alerts": {
        "alerts": tables.ALERTS, "seen": tables.SEEN, "deliveries": tables.DELIVERIES, "erased": tables.ERASED,
    },
    "citations": {
        "citations": tables.CITATIONS, "articles": tables.CITED, "gone": tables.GONE, "secrets": tables.SECRETS,
    },
    "corrections": {"corrections": tables.CORRECTIONS},
    "keys": {"keys": tables.KEYS},
    "sessions": {"sessions": tables.SESSIONS},
    "jobs": {"jobs": tables.JOBS},
    "spool": {"sessions": tables.SESSIONS, "jobs": tables.JOBS},
    "desk": {
        name: table
        for name, table in tables.METADATA.tables.items()
        if name not in ("alembic_version", "carried", "claim", "counters", "desk", "jobs", "sessions")
    },
}  # fmt: skip
"""By the name of a database, where the rows of its tables belong. Columns have the same names."""
_VERSIONS: Mapping[str, tuple[int, ...]] = {"corrections": (2, 3), "jobs": (0, 1), "desk": (0,), "spool": (0,)}
"""The versions that can be read; 1 of the others."""


_RENAMED = {
    **{(name, "key"): "folded" for name in ("lists", "searches", "alerts")}, ("sessions", "key"): "of_key",
    ("alerts", "count"): "lost",
}  # fmt: skip
"""Columns that have another name now."""
_SINCE: Mapping[str, Any] = {"owner": "", "shared": 0, "sight": ""}
"""Columns that earlier versions did not have, and what they would have had."""


def is_due(place: str | Path, home: where.Home) -> bool:
    """Whether there may be something to take over; for an index in a cluster only its cluster knows."""
    return backends.is_address(place) or bool(_files(place, home))


def _files(place: str | Path, home: where.Home) -> list[Path]:
    found = []
    for file in where.FORMER:
        if where.is_home(home, file):
            other = where.by_default(place, file)
            found += [other] if other != home and where.is_file(other) else []
            found += where.former(place, file)
    return found


def sources(place: str | Path, home: where.Home) -> list[Source]:
    """What an index has to be taken over by its desk. Raises IndexDamaged if a file is missing that was there."""
    found = _files(place, home)
    if backends.is_address(place):
        return [*map(_file, found), *pieces.sources(str(place), home)]
    return [*map(_file, found)]


def carry(
    db: Connection, some: Iterable[Source], home: where.Home, held: ExitStack
) -> list[tuple[Source, database.Database]]:
    """Take over some databases, in a transaction. Those that have been taken over already stay as they are.

    Returns:
        Each of them, opened until `held` ends.

    Raises:
        IndexDamaged: if one is damaged.
        IndexProblem: if one has changed since it was taken over, or the desk has something of its own.
    """
    carried = []
    for source in some:
        opened = held.enter_context(closing(source.opened()))
        carried.append((source, opened))
        mark = source.mark()
        known = next((row for row in rows.get(db, select(CARRIED).where(CARRIED.c.name == source.name), home)), None)
        if known is not None and (known.mark == mark or not databases.tables(opened)):
            continue
        if known is not None or any(db.execute(select(t).limit(1)).first() for t in FORMER[source.name].values()):
            raise IndexProblem(
                f"“{where.named(home)}” has the {source.name} of this index, and so has “{source.what}”, which an "
                "earlier version of Dateline may have changed since. Stop that, and move away what is not right."
            )
        _check(opened, source)
        for name, table in FORMER[source.name].items():
            rows.put(db, table, _rows(opened, source, name, table))
        _count(db, opened, source)
        rows.put(db, CARRIED, [{"name": source.name, "mark": mark}])
    number_lists(db, tables.LISTS, tables.SEARCHES, tables.ALERTS)
    return carried


def identities(carried: Iterable[tuple[Source, database.Database]]) -> frozenset[str]:
    """What identified the desks among some databases; the one that has taken them over has an identity of its own."""
    desks = [opened for source, opened in carried if source.name in ("desk", "spool") and databases.tables(opened)]
    return frozenset(str(row[0]) for opened in desks for row in opened.execute("SELECT id FROM desk"))


def _check(opened: database.Database, source: Source) -> None:
    for problem in databases.contradictions(opened):
        raise IndexDamaged(f"“{source.what}” is damaged, and is not taken over. {problem} {opened.remedy}")
    (version,) = opened.execute("PRAGMA user_version").fetchone()
    if version not in _VERSIONS.get(source.name, (1,)):
        raise IndexProblem(f"“{source.what}” was made by another version of Dateline.")


def _rows(opened: database.Database, source: Source, name: str, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table of a database, as they are stored now."""
    order = "ORDER BY article, at, number" if table is tables.CORRECTIONS else ""
    found = opened.execute(f"SELECT * FROM {name} {order}")
    names = [_RENAMED.get((source.name, each[0]), each[0]) for each in found.description]
    places = Counter[tuple[str, str]]()
    for values in found:
        of = unsummed(values, Path(source.what), opened.remedy) if names[-1] == COLUMN else values
        row = {name: value for name, value in _SINCE.items() if name in table.c}
        row |= dict(zip(names, of, strict=False))
        if table is tables.CORRECTIONS and "micros" not in row:  # earlier ones were placed by their number
            row["micros"] = places[row["article"], row["at"]]
            places[row["article"], row["at"]] += 1
        yield row


def _count(db: Connection, opened: database.Database, source: Source) -> None:
    """Go on with the numbers."""
    if source.name in ("desk", "spool"):
        rows.put(db, COUNTERS, _rows(opened, source, "counters", COUNTERS))
    elif source.name == "keys":  # also if all were revoked: no backup brings any back
        (count,) = opened.execute("SELECT count(*) FROM keys").fetchone()
        rows.put(db, COUNTERS, [{"name": tables.KEYS.name, "last": max(count, 1)}])
    elif opened.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").fetchone():
        last = opened.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        rows.put(db, COUNTERS, [{"name": name, "last": number} for name, number in last])


def _file(path: Path) -> Source:
    seal = databases.seal_path(path)
    remedy = (
        f"Restore the index from a snapshot (dateline restore), or remove “{path}” and “{seal.name}”: "
        f"all {'that it has' if path.name == where.FILE else path.stem} is lost then."
    )
    if not path.exists():
        raise IndexDamaged(f"“{path}” is missing, although it was there. {remedy}")
    if path.stat().st_size == 0:
        raise IndexDamaged(f"“{path}” is empty. {remedy}")

    def remove(held: database.Database) -> None:
        if held.in_transaction:
            for name in databases.tables(held):
                held.execute(f"DROP TABLE {name}")
            held.execute("COMMIT")
        for each in (path, seal):
            disk.remove(each)
        disk.sync_folder(path.parent)

    def opened() -> database.Database:
        if path.name == where.KEYS:
            return _keys(path)
        made = database.connect(path, remedy, make=False, timeout_s=connecting.BUSY_S, any_thread=True)
        try:
            with suppress(CannotWrite):  # nobody else writes it either
                made.execute("BEGIN EXCLUSIVE")  # which undoes what a process was stopped in
        except BaseException:  # also an interrupt: nobody else would close it
            made.close()
            raise
        return made

    return Source(path.stem, str(path), opened, partial(_mark, path), remove)


def _keys(path: Path) -> database.Database:
    """The keys of an index in a directory, which were JSON."""
    try:
        found = [{**key, "scopes": " ".join(key["scopes"])} for key in orjson.loads(path.read_bytes())]
        rows = [tuple(str(key[name]) for name in ("id", "name", "scopes", "hash", "created")) for key in found]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(f"“{path}” cannot be read: {error}. Remove it and create the keys again.") from error
    made = database.connect(None, any_thread=True)
    made.execute("PRAGMA user_version = 1")
    made.execute("CREATE TABLE keys (id, name, scopes, hash, created, number, sum)")
    made.executemany(
        "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?)", [summed((*row, n)) for n, row in enumerate(rows, 1)]
    )
    return made


def _mark(path: Path) -> str:
    return sha256(b"".join(database.pieces(path))).hexdigest()
