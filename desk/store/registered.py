"""Remembers where the desk of an index is, if it is not in the index's own directory, so that no second one is begun.

That is `desk.json` in the directory, or a document in the state of an index in a cluster.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import orjson

from desk.store import where
from search import backends
from search.errors import IndexDamaged, IndexProblem
from search.files.reconciling import DESK as FILE
from search.system import disk
from search.system.json import Json


def is_due(place: str | Path, home: where.Home) -> bool:
    """Whether it has to be known which desk is that of an index: it is elsewhere, or has been."""
    if backends.is_address(place):
        return True
    if isinstance(home, Path) and where.is_home(home, where.SPOOL):
        return False  # what is lost of it is lost for a day
    return home != where.by_default(place) or (Path(place) / FILE).exists()


def check(place: str | Path, home: where.Home, identity: str | None) -> None:
    """Make sure that a desk is that of an index, and remember it if there was none.

    Args:
        identity: of the desk; None if it is about to be made.

    Raises:
        IndexProblem: if the desk of the index is another one.
    """
    if backends.is_address(place):
        _check_cluster(str(place), home, identity)
        return
    path = Path(place) / FILE
    known = _read(path)
    if known is None and identity is not None and home != where.by_default(place):
        made = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
        try:
            disk.put(made, orjson.dumps({"id": identity, "at": where.named(home)}) + b"\n")
            disk.link(made, path)  # unless another process was first
        finally:
            disk.remove(made)
        disk.sync_folder(path.parent)
        known = _read(path)
    if known is not None:
        _compare(place, home, known, identity)


def _check_cluster(place: str, home: where.Home, identity: str | None) -> None:
    file = where.SPOOL if isinstance(home, Path) and where.is_home(home, where.SPOOL) else where.FILE
    with backends.former_desk(place) as cluster:
        known = cluster.claim(file, identity, _with_host(home))
    if known is not None:
        _compare(place, home, known, identity)


def _compare(place: str | Path, home: where.Home, known: Json, identity: str | None) -> None:
    if known["id"] != identity:
        raise IndexProblem(
            f"The desk of “{place}” is not at “{where.named(home)}” but at “{known['at']}”. Say so in {where.SETTING}: "
            "the address of a database of PostgreSQL, which several machines share, or the directory of a desk."
        )


def _with_host(home: where.Home) -> str:
    return where.named(home) if isinstance(home, str) else f"{os.uname().nodename}:{home}"


def _read(path: Path) -> Json | None:
    try:
        found: Json = orjson.loads(path.read_bytes())
        return {"id": str(found["id"]), "at": str(found["at"])}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"“{path}” cannot be read: {error}. Remove it; the next desk that is opened is that of the index."
        ) from None
