"""Connections to the database of a desk, as SQLAlchemy has them; all of their errors are ours.

Every statement commits by itself, outside of the transactions and snapshots of `base`, which begin and end by
statements of their own. A process that was forked opens its own connections.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from desk.store import where
from search.errors import CannotWrite, DatelineError, IndexDamaged, IndexLocked, IndexProblem
from search.files import databases
from search.system import database

BUSY_S = 30
"""How long a writer waits for its turn, in seconds."""
_CONNECTIONS = 20
_CONNECT_S = 5
"""How long a server may take to accept a connection, in seconds; it must be 2 or more."""
_servers: dict[tuple[str, int], Engine] = {}
"""By address, and by process: one that was forked opens its own."""
_LOCKED, _REFUSED, _DAMAGED = (
    ("55P03", "40P01", "57014"),
    ("25006", "42501", "53100"),
    ("42P01", "42703", "XX001", "XX002"),
)
"""Codes of PostgreSQL: others write; somebody may only read, or a disk is full; a table is missing or damaged."""


def to(home: Path | str) -> Engine:
    """Connections to a desk, in this process."""
    if isinstance(home, Path):
        return _to_file(home, os.getpid())
    key = home, os.getpid()
    if key not in _servers:
        _servers[key] = _to_server(home)
    return _servers[key]


def forget() -> None:
    """Close the connections to servers that nobody uses."""
    for engine in _servers.values():
        engine.dispose()
    _servers.clear()


def remedy(home: Path | str) -> str:
    """What to do if a desk is damaged."""
    if isinstance(home, str):
        return "Restore the database from its backup."
    return (
        f"Restore the index from a snapshot (dateline restore), or remove “{home}” and "
        f"“{databases.seal_path(home).name}”: all that people have decided is lost then."
    )


def over(opened: database.Database) -> Engine:
    """What is opened already, as connections."""
    return _plain(create_engine("sqlite://", creator=lambda: opened, poolclass=StaticPool))


@lru_cache(maxsize=64)
def _to_file(path: Path, _process: int) -> Engine:
    def connect() -> database.Database:
        opened = database.connect(path, remedy(path), make=False, timeout_s=BUSY_S, any_thread=True)
        try:
            opened.execute("PRAGMA synchronous = EXTRA")  # syncs the directory too
            opened.execute("PRAGMA secure_delete = ON")
        except BaseException:  # also an interrupt: nobody else would close it
            opened.close()
            raise
        return opened

    return _plain(create_engine("sqlite://", creator=connect, poolclass=NullPool))


def _to_server(url: str) -> Engine:
    try:
        made = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            connect_args={
                "options": f"-c lock_timeout={BUSY_S}s -c statement_timeout={2 * BUSY_S}s -c synchronous_commit=on",
                "connect_timeout": _CONNECT_S,
                "keepalives_idle": BUSY_S,
                "tcp_user_timeout": 1000 * BUSY_S,
            },
        )
    except (ArgumentError, ValueError) as error:
        raise IndexProblem(f"{where.SETTING} is not an address of PostgreSQL: {error}.") from None
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise IndexProblem(
            "A desk in PostgreSQL needs its client. Install it: pip install 'dateline[postgresql]'."
        ) from None

    @event.listens_for(made, "handle_error")
    def handle(context: ExceptionContext) -> None:
        if context.is_pre_ping:  # a connection that is lost is replaced
            return
        error = context.original_exception
        if (known := _error_of(where.named(url), error)) is not None:
            raise known from error

    return _plain(made)


def _plain(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _error_of(name: str, error: BaseException) -> DatelineError | None:
    if isinstance(error, DatelineError):
        return error
    code: Any = getattr(error, "sqlstate", None)
    said = " ".join(str(error).split())
    if code in _LOCKED:
        return IndexLocked(f"Another process is writing to “{name}”.")
    if code in _REFUSED:
        return CannotWrite(f"“{name}” cannot be written: {said}. Nothing that was acknowledged is lost.")
    if code in _DAMAGED:
        return IndexDamaged(f"“{name}” cannot be read: {said}. {remedy(name)}")
    if type(error).__name__ in ("OperationalError", "InterfaceError", "AdminShutdown", "ConnectionTimeout"):
        return IndexProblem(f"The desk at “{name}” does not answer: {said}. Try again, or see whether PostgreSQL runs.")
    return None
