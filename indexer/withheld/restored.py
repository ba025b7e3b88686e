"""The ledger of an index that is replaced by a backup: the backup's, with later withdrawals and embargoes.

Withdrawals survive a restore, and so do articles under embargo, with their latest time. The rest of the ledger, files
and sketches, is that of the backup; the next run reads again what has changed since.

The new ledger is made in a directory of its own and moved into place as a whole.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from indexer.copies import near
from indexer.ledger import NAME, Ledger
from indexer.withheld import embargo, pictures, withdrawn
from indexer.withheld.withdrawn import Withdrawn, newer
from search.errors import CannotWrite
from search.files import databases
from search.files.reconciling import Incoming, counted
from search.system import disk

WORK_FOLDER = "ingest.restored"
"""The directory in which the ledger is made."""


def reconcile(source: Path, folder: Path, incoming: Incoming) -> list[str]:
    """Replace the ledger of an index by that of a backup, with the withdrawals and embargoes of the index.

    Returns:
        What was carried over, in words.

    Raises:
        IndexDamaged: if one of the two cannot be read.
        IndexProblem: if it cannot be written.
    """
    if not Ledger.is_in(source) and not Ledger.is_in(folder):
        return []
    work_folder = folder / WORK_FOLDER
    disk.remove_tree(work_folder)
    disk.make_folder(work_folder, new=True)
    try:
        if Ledger.is_in(source):
            databases.copy(source / NAME, work_folder / NAME)
        with Ledger(work_folder) as after:
            carried_over = _carry_over(folder, after, incoming) if Ledger.is_in(folder) else []
            for article_id in incoming.blocked:
                embargo.drop(after, article_id)
                near.forget(after, article_id)
                pictures.hide(after, article_id)
            after.commit()
        databases.move(work_folder / NAME, folder / NAME)
    finally:
        with suppress(CannotWrite):  # the next restore removes it
            disk.remove_tree(work_folder)
    return carried_over


def _carry_over(folder: Path, after: Ledger, incoming: Incoming) -> list[str]:
    """Add the withdrawals and embargoes of an index to a ledger, and remove withdrawn articles."""
    withdrawals = embargoes = 0
    with Ledger(folder) as now:
        for article_id, version, reason in now.execute("SELECT id, version, reason FROM withdrawn").fetchall():
            before = withdrawn.of(after, article_id)
            upto = withdrawn.withdraw(after, article_id, Withdrawn(version, reason))
            withdrawals += before is None or before.version != upto
            embargo.supersede(after, article_id, upto)
            there = incoming.digests([article_id]).get(article_id)
            if there is not None and not newer(there, upto):
                near.forget(after, article_id)
                pictures.hide(after, article_id)
                incoming.remove(article_id)
        for article_id, until, article in now.execute("SELECT id, until, article FROM embargoed").fetchall():
            embargoes += embargo.held(after, article_id) is None
            after.execute("INSERT OR REPLACE INTO embargoed VALUES (?, ?, ?)", (article_id, until, article))
    return [*counted(withdrawals, "withdrawal"), *counted(embargoes, "embargo")]
