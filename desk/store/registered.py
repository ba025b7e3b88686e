"""Which desk is that of an index, if it is not in the index's own directory, so that no second one is begun; and which
index that desk is of, so that no other one uses it.

The index remembers the desk in `desk.json` in its directory, or in a document in its state in a cluster, and has a name
there for itself, which goes where the index goes. The desk remembers that name in its table `claim`: the first index
that opens it puts it there.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection, select, update

from desk.store import connecting, rows, where
from desk.store.tables import CLAIM, DESK
from search import backends
from search.errors import IndexDamaged, IndexProblem
from search.files.reconciling import DESK as FILE
from search.system import disk
from search.system.json import Json


@dataclass(frozen=True, slots=True)
class Known:
    """What an index remembers.

    Attributes:
        id: identifies its desk; "" if that is not known yet.
        at: where that was, as people read it.
        index: identifies the index; "" in what an earlier version wrote.
    """

    id: str
    at: str
    index: str


def is_due(place: str | Path, home: where.Home) -> bool:
    """Whether it has to be known which desk is that of an index: it is elsewhere, or has been."""
    if backends.is_address(place):
        return True
    return home != by_default(place, home) or (not _is_spool(home) and (Path(place) / FILE).exists())


def by_default(place: str | Path, home: where.Home) -> Path:
    """Where a desk, or a spool, is without a setting."""
    return where.by_default(place, where.SPOOL if _is_spool(home) else where.FILE)


def refuse_second(place: str | Path, home: where.Home) -> None:
    """Raises IndexProblem if an index has a desk, and so gets none here. What is lost of a spool is lost for a day."""
    if not (_is_spool(home) and not backends.is_address(place)):
        known = _read(place, home)
        if known is not None and known.id:
            raise _elsewhere(place, home, known)


def refuse_other(place: str | Path, index: str) -> None:
    """Raises IndexProblem if the desk where the setting says is of another index than one that is to be restored.

    Args:
        index: what identifies the one in the backup; "" if that is not known.
    """
    home = where.of(place)
    if home == where.by_default(place) or (isinstance(home, Path) and not home.exists()):
        return
    with connecting.to(home).connect() as db:
        if db.dialect.has_table(db, CLAIM.name):
            _compare(db, home, index)


def adopt(place: Path, index: str) -> None:
    """Give an index that was restored to a new directory the identity that it had."""
    _write(place, where.of(place), Known("", "", index), frozenset())


def claimed(db: Connection, home: where.Home) -> str:
    """What identifies the index of a desk; "" if none has claimed it."""
    return next((str(row.index_id) for row in rows.get(db, select(CLAIM), home)), "")


def is_right(db: Connection, place: str | Path, home: where.Home) -> bool:
    """True if a desk and an index remember each other."""
    known = _read(place, home)
    own = _is_spool(home) and not backends.is_address(place)
    if known is None or not known.index:
        return False
    return known.index == claimed(db, home) and (own or known.id == _identity(db))


def check(db: Connection, place: str | Path, home: where.Home, formerly: Collection[str]) -> None:
    """Make sure that a desk is that of an index, and of no other, in a transaction; have both remember it.

    A spool in another directory has no identity; it is that of the index whose desk has the same name for it.

    Args:
        formerly: what identified the desks that this one has taken over.

    Raises:
        IndexProblem: if the desk of the index is another one, or the index of the desk is.
    """
    db.execute(update(DESK).values(revision=DESK.c.revision + 1))  # others wait for it, on a server too
    known = _read(place, home)
    own = _is_spool(home) and not backends.is_address(place)
    if own and known is None:
        raise IndexProblem(f"It is not known which desk is that of “{place}”. Open the desk first.")
    identity = _identity(db)
    replaced = {"", *formerly, *([identity] if known is not None and not known.index else ())}
    if known is not None and not own and known.id != identity and known.id not in replaced:
        raise _elsewhere(place, home, known)
    index = known.index if known is not None and known.index else secrets.token_hex(16)
    _compare(db, home, index)
    if not own and (known is None or known.id in replaced):
        at = _on_host(home) if isinstance(home, Path) and backends.is_address(place) else where.named(home)
        index = _write(place, home, Known(identity, at, index), replaced).index
    if not claimed(db, home):
        rows.put(db, CLAIM, [{"index_id": index, "at": str(place) if backends.is_address(place) else _on_host(place)}])


def _compare(db: Connection, home: where.Home, index: str) -> None:
    for row in rows.get(db, select(CLAIM), home):
        if row.index_id != index:
            raise IndexProblem(
                f"“{where.named(home)}” is the desk of another index, that at “{row.at}”. Say in {where.SETTING} where "
                "this one is to have its own: in a database of PostgreSQL, or a directory. If it takes the place of "
                "that one, docs/desk.md says how."
            )


def _elsewhere(place: str | Path, home: where.Home, known: Known) -> IndexProblem:
    return IndexProblem(
        f"The desk of “{place}” is not at “{where.named(home)}” but at “{known.at}”. Say so in {where.SETTING}: "
        "the address of a database of PostgreSQL, which several machines share, or the directory of a desk."
    )


def _identity(db: Connection) -> str:
    return str(db.execute(select(DESK.c.id)).scalar_one())


def _is_spool(home: where.Home) -> bool:
    return isinstance(home, Path) and where.is_home(home, where.SPOOL)


def _on_host(path: str | Path) -> str:
    return f"{os.uname().nodename}:{Path(path).absolute()}"


def _read(place: str | Path, home: where.Home) -> Known | None:
    """What an index remembers; None if it has no desk elsewhere."""
    if backends.is_address(place):
        with backends.former_desk(str(place)) as cluster:
            return _known(cluster.desk(_file(home)))
    path = Path(place) / FILE
    try:
        return _known(orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"“{path}” cannot be read: {error}. Remove it; the next desk that is opened is that of the index."
        ) from None


def _known(found: Json | None) -> Known | None:
    return Known(str(found["id"]), str(found["at"]), str(found.get("index", ""))) if found is not None else None


def _write(place: str | Path, home: where.Home, new: Known, instead: Collection[str]) -> Known:
    """Have an index remember a desk, if it knows none, or one of some. Returns what it remembers."""
    if backends.is_address(place):
        with backends.former_desk(str(place)) as cluster:
            found = _known(cluster.claim(_file(home), asdict(new), instead))
    else:
        path = Path(place) / FILE
        made = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
        try:
            disk.put(made, orjson.dumps(asdict(new)) + b"\n")
            known = _read(place, home)
            if known is not None and known.id in instead:
                disk.rename(made, path)
            else:
                disk.link(made, path)  # unless another process was first
        finally:
            disk.remove(made)
        disk.sync_folder(path.parent)
        found = _read(place, home)
    assert found is not None
    if found.id != new.id:
        raise _elsewhere(place, home, found)
    return found


def _file(home: where.Home) -> str:
    return where.SPOOL if _is_spool(home) else where.FILE
