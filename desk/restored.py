"""The desk of an index that is replaced by a backup: what has been decided since stays, and what only the backup has
comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desk.alerts.store import Alerts
from desk.audit.store import Audit
from desk.citations.store import Store as Citations
from desk.corrections.store import Store as Corrections
from desk.corrections.store import identity
from desk.lists.store import Lists
from desk.people.keys import KeyStore
from desk.rights.store import Rights
from desk.searches.store import Searches
from desk.store import registered, where
from desk.store.base import Desk
from search.files import databases
from search.files.reconciling import Incoming, counted
from search.system import disk


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> Sequence[str]:
    """As `merge` does it, as a rule of a restore."""
    return merge(source, folder)


def merge(source: Path, folder: Path) -> Sequence[str]:
    """Retain what an index has of each feature when a backup replaces it; what it never had is taken from the backup.

    A key revoked since stays revoked, and rights are those in force now, if there ever were any. Corrections and
    citations of both are put together: what was undone or erased since stays so, addresses that either has signed stay
    valid. Articles of the backup get their corrections by `corrections.application.apply`. What the restore has changed
    is told by the next look of an alert.
    """
    at = source / where.FILE
    if not where.is_file(at) and not where.former(source):
        return []
    told: list[str] = []
    with KeyStore(source, at, is_backup=True) as before, KeyStore(folder) as now:
        known, valid = ({key.id for key in each.listed()} for each in (before, now))
        if now.some:
            told += [*counted(len(known - valid), "revoked key"), *counted(len(valid - known), "newer key")]
        else:
            now.copy_from(before)
    with Corrections(source, at, is_backup=True) as then, Corrections(folder) as since:
        if since.some:
            theirs, ours = then.listed(), since.listed()
            since.merge(theirs)
            told += counted(len({*map(identity, ours)} - {*map(identity, theirs)}), "newer correction")
        else:
            since.copy_from(then)
    with Citations(source, at, is_backup=True) as cited, Citations(folder) as cites:
        then_ids, ids = ({each.id for each in store.listed()} for store in (cited, cites))
        cites.merge(cited)
        told += counted(len(ids - then_ids) if then_ids else 0, "newer citation")
    kinds: tuple[type[Desk], ...] = (Lists, Searches, Alerts, Rights, Audit)
    for kind in kinds:
        with kind(source, at, is_backup=True) as theirs_, kind(folder) as own:
            if not own.some:
                own.copy_from(theirs_)
    return told


def prepare(source: Path, folder: Path) -> None:
    """Raises IndexProblem if the desk of an index that is to be restored to a new directory is of another one."""
    registered.refuse_other(folder, _index_of(source))


def _index_of(source: Path) -> str:
    """What identifies the index of a backup, if its desk was elsewhere; or ""."""
    at = source / where.FILE
    if not where.is_file(at):
        return ""
    with Desk(source, at, is_backup=True) as desk:
        return desk.index


def settle(source: Path, folder: Path) -> None:
    """Give the desk of an index that was restored to a new directory what the backup has, if the desk is elsewhere."""
    if where.of(folder) != where.by_default(folder):
        if index := _index_of(source):
            registered.adopt(folder, index)
        for path in (folder / where.FILE, *where.former(folder)):
            for each in (path, databases.seal_path(path)):
                disk.remove(each)
        merge(source, folder)
