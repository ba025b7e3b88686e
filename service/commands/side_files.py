"""The files next to those of an index, and the rule for each when a backup replaces the index.

Code that stores a new file there adds a rule for what outlives a restore (see `search.local.safe.restoring`); files
without a rule come from the backup.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk import restored as desk
from desk.store import where
from indexer import ledger
from indexer.withheld import restored
from search.files import reconciling
from search.files.reconciling import Reconcile

RULES: Mapping[str, Reconcile] = {
    ledger.NAME: restored.reconcile,
    where.FILE: desk.reconcile,
    **dict.fromkeys((reconciling.DESK, *where.FORMER[where.FILE]), lambda _source, _folder, _incoming: ()),
}
"""Files of earlier versions are part of the desk when it is opened; where it is stays as it is."""
