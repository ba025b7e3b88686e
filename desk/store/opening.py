"""Opens the desk of an index: makes it if there is none, and takes over what earlier versions stored.

A file is complete when it gets its name, so that an empty one is a damaged one. Its checksum file is written once, when
it is made: a file that is gone is known to be missing, rather than taken for one that was never there.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, inspect, select, update
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from desk.store import carrying, connecting, registered, where
from desk.store.source import Source
from desk.store.tables import DESK, METADATA, VERSION
from search import backends
from search.errors import CannotWrite, DatelineError, IndexDamaged, IndexMissing, IndexProblem
from search.files import databases
from search.system import database, disk

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""The migrations, in order; a desk of the last one is up to date."""
_TURN = 481_516_234
"""The advisory lock of a server under which a desk is made or brought up to date."""


_one_at_a_time = threading.Lock()
"""Alembic tells its scripts what to work on in a module of its own, which all threads share."""
_checked: dict[Path, tuple[int, int]] = {}
"""The files that this process has found to be up to date: what identifies each, and a number that its tables change."""


_opened_on: set[tuple[str, Engine]] = set()
"""The indexes whose desk on a server this process has brought up to date, each with its connections."""
_taken: set[tuple[str, where.Home]] = set()
"""The indexes in a cluster, each with its desk, of which this process has looked for what earlier versions stored."""


class DeskNewer(IndexProblem):
    """The desk was brought up to date by a newer version of Dateline, as by a command below a service that runs."""


class Opened(NamedTuple):
    """A connection to a desk.

    Attributes:
        problem: why nothing can be written to it; None if it can.
    """

    db: Connection
    problem: IndexProblem | None = None


def opened(place: str | Path, home: Path | str, is_backup: bool) -> Opened:
    """The desk of an index at its home. See `base.Store` for the errors."""
    if isinstance(home, str):
        return Opened(_on_server(str(place), home).connect())
    try:
        if not home.exists():
            _make(place, home, is_backup)
        return Opened(_in_file(place, home, is_backup))
    except CannotWrite as problem:
        former = [path for file in where.FORMER if where.is_home(home, file) for path in where.former(place, file)]
        if home.exists() or not former:
            raise
        stamps = tuple((path, path.stat().st_mtime_ns) for path in former if path.exists())
        return Opened(_in_memory(place, home, stamps).connect(), problem)


def upgrade(db: Connection) -> None:
    """Bring the tables of a desk up to date, in a transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "desk.store:migrations")
    config.attributes["connection"] = db
    with _one_at_a_time:
        command.upgrade(config, "head")
    if db.execute(select(DESK.c.id)).first() is None:
        _identify(db)


def _identify(db: Connection) -> None:
    db.execute(DESK.insert().values(id=secrets.token_hex(16), revision=0))


def former_revision(place: str | Path) -> str | None:
    """The revision of the desk of an index, if opening it will bring it up to date; changes nothing."""
    home = where.of(place)
    if isinstance(home, Path) and not home.exists():
        return None
    with connecting.to(home).connect() as db:
        found = _version(db) if inspect(db).has_table(VERSION.name) else None
    return None if found == REVISIONS[-1] else found


def _make(place: str | Path, home: Path, is_backup: bool) -> None:
    """Make the file; it gets its name when it is complete."""
    if databases.seal_path(home).exists() and not home.exists():  # otherwise somebody has made it meanwhile
        raise IndexDamaged(f"“{home}” is missing, although it was there. {connecting.remedy(home)}")
    if not backends.is_address(place) and not Path(place).is_dir():
        raise IndexMissing.at(place)
    if is_backup:
        raise CannotWrite(f"“{home}” is part of a backup, which is not changed.")
    if registered.is_due(place, home):
        registered.refuse_second(place, home)
    missing = [folder for folder in home.parents if not folder.exists()]
    disk.make_folder(home.parent)
    for folder in missing:
        disk.sync_folder(folder.parent)
    with disk.locked(home.parent):
        if not home.exists():  # otherwise another process was first
            sweep(home)
            _fill(place, home)


def sweep(home: Path) -> None:
    """Remove what a process that was stopped while it made a desk has left; nobody makes one meanwhile."""
    for path in home.parent.glob(f"{home.name}.*{disk.TEMPORARY_SUFFIX}*"):
        disk.remove(path)


def _fill(place: str | Path, home: Path) -> None:
    sources = carrying.sources(place, home)
    made = home.with_name(f"{home.name}.{secrets.token_hex(8)}{disk.TEMPORARY_SUFFIX}")
    try:
        with closing(database.connect(made, any_thread=True)) as file:
            file.execute("PRAGMA synchronous = EXTRA")
            fill(file, sources, home)
        disk.rename(made, home)
    finally:
        disk.remove(made)
    disk.sync_folder(home.parent)
    databases.seal(home)


def fill(file: database.Database, sources: list[Source], home: Path) -> Engine:
    """Make a desk in an empty database, of what is stored elsewhere."""
    with closing(database.connect(None)) as empty:
        empty.deserialize(_empty())
        empty.backup(file)
    engine = connecting.over(file)
    with engine.connect() as db, transaction(db, "BEGIN IMMEDIATE"):
        db.execute(update(DESK).values(id=secrets.token_hex(16)))
        with ExitStack() as held:
            carrying.carry(db, sources, home, held)
    return engine


@lru_cache(maxsize=1)
def _empty() -> bytes:
    """A desk with nothing on it."""
    with closing(database.connect(None, any_thread=True)) as made:
        with connecting.over(made).connect() as db, transaction(db, "BEGIN IMMEDIATE"):
            _create(db)
        return made.serialize()


def _create(db: Connection) -> None:
    """Make the tables of a desk, as migrations would, which take a fifth of a second."""
    METADATA.create_all(db)
    db.execute(VERSION.insert().values(version_num=REVISIONS[-1]))
    _identify(db)


@lru_cache(maxsize=8)
def _in_memory(place: str | Path, home: Path, _stamps: tuple[tuple[Path, int], ...]) -> Engine:
    """A desk of what earlier versions stored, where it cannot be written."""
    return fill(database.connect(None, connecting.remedy(home), any_thread=True), carrying.sources(place, home), home)


def _in_file(place: str | Path, home: Path, is_backup: bool) -> Connection:
    found = home.stat()
    if found.st_size == 0:
        raise IndexDamaged(f"“{home}” is empty. {connecting.remedy(home)}")
    db = connecting.to(home).connect()
    try:
        file = db.connection.dbapi_connection
        assert isinstance(file, database.Database)
        if not databases.tables(file) and registered.is_due(place, home):  # it was taken over, and is to be removed
            registered.refuse_second(place, home)
        now = found.st_ino, file.execute("PRAGMA schema_version").fetchone()[0]
        if _checked.get(home) != now:
            if is_old := _schema(file) != _own_schema() or _version(db) != REVISIONS[-1]:
                databases.refuse_foreign(file)
                _refuse_others(db, home)
                if is_backup:
                    db = _in_memory_as(file, db, home)
                with transaction(db, "BEGIN IMMEDIATE"):
                    upgrade(db)
            if not (is_old and is_backup):
                _checked[home] = now
        if not is_backup:
            _take_over(db, place, home, "BEGIN IMMEDIATE")
    except BaseException:  # also an interrupt: nobody else would close it
        db.close()
        raise
    return db


def _in_memory_as(file: database.Database, db: Connection, home: Path) -> Connection:
    """A copy of a desk, which is closed."""
    copied = database.connect(None, connecting.remedy(home), any_thread=True)
    file.backup(copied)
    db.close()
    return connecting.over(copied).connect()


def _on_server(place: str, home: str) -> Engine:
    """The desk on a server, looked at once in each process."""
    engine = connecting.to(home)
    if (place, engine) in _opened_on:
        return engine
    with engine.connect() as db:
        with transaction(db, "BEGIN"):
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
            if not inspect(db).has_table(VERSION.name):
                if there := inspect(db).get_table_names():
                    raise IndexProblem(
                        f"“{where.named(home)}” has tables that are not of Dateline, such as “{there[0]}”. Name a "
                        "database for this desk alone."
                    )
                _create(db)
            elif _version(db) != REVISIONS[-1]:
                _refuse_others(db, home)
                upgrade(db)
        _take_over(db, place, home, "BEGIN")
    _opened_on.add((place, engine))
    return engine


def _take_over(db: Connection, place: str | Path, home: where.Home, begin: str) -> None:
    """Take over what is stored elsewhere, and remember where the desk is, if it is not next to the index."""
    if (str(place), home) in _taken:
        return
    with ExitStack() as held:
        carried = []
        if carrying.is_due(place, home):
            if not backends.is_address(place):
                held.enter_context(disk.locked(Path(place)))
            with transaction(db, begin):
                db.execute(update(DESK).values(revision=DESK.c.revision + 1))  # others wait for it, on a server too
                carried = carrying.carry(db, carrying.sources(place, home), home, held)
        if registered.is_due(place, home):
            _register(db, place, home, begin, carrying.identities(carried))
        for source, opened in carried:
            source.remove(opened)
    if backends.is_address(place):
        _taken.add((str(place), home))


def _register(db: Connection, place: str | Path, home: where.Home, begin: str, formerly: frozenset[str]) -> None:
    """Have the index and its desk remember each other. Raises IndexProblem if one is of another."""
    if registered.is_right(db, place, home):
        return
    desk = where.of(place)
    if home != desk and not backends.is_address(place):  # a spool, whose index is known by its desk
        opened(place, desk, False).db.close()
    with transaction(db, begin):
        registered.check(db, place, home, formerly)


def _refuse_others(db: Connection, home: Path | str) -> None:
    """Raises IndexProblem if a desk cannot be brought up to date."""
    version = _version(db)
    if version == REVISIONS[-1]:
        raise IndexDamaged(f"“{where.named(home)}” has other tables than Dateline makes. {connecting.remedy(home)}")
    if version not in REVISIONS:
        raise DeskNewer(
            f"“{where.named(home)}” was brought up to date by a newer version of Dateline. Use that, and restart a "
            "service that runs with this one."
        )


def _version(db: Connection) -> str | None:
    return db.execute(select(VERSION.c.version_num)).scalar()


@contextmanager
def transaction(db: Connection, begin: str) -> Iterator[None]:
    """What is done together or not at all."""
    db.exec_driver_sql(begin)
    try:
        yield
        db.exec_driver_sql("COMMIT")
    except BaseException:  # also an interrupt: another thread may use the connection next
        roll_back(db)
        raise


def roll_back(db: Connection) -> None:
    """Give a transaction up; a connection that is lost has none."""
    with suppress(DBAPIError, PendingRollbackError, DatelineError):
        db.connection.rollback()


@lru_cache(maxsize=1)
def _own_schema() -> frozenset[tuple[str, ...]]:
    with closing(database.connect(None)) as made:
        made.deserialize(_empty())
        return _schema(made)


def _schema(file: database.Database) -> frozenset[tuple[str, ...]]:
    """What a database has: the kind, name and table of each thing, and the statement that made it."""
    found = file.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    return frozenset((str(kind), str(name), str(table), " ".join(str(sql).split())) for kind, name, table, sql in found)
