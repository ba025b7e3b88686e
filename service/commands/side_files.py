"""The files next to those of an index, and the rule for each when a backup replaces the index.

Code that stores a new file there adds a rule for what outlives a restore (see `search.local.safe.restoring`); files
without a rule come from the backup.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.alerts import store as alerts
from desk.citations import store as citations
from desk.corrections import store
from desk.lists import store as lists
from desk.searches import store as searches
from indexer import ledger
from indexer.withheld import restored
from search.files.reconciling import Reconcile
from service.http import keys

RULES: Mapping[str, Reconcile] = {
    ledger.NAME: restored.reconcile,
    keys.FILE: keys.reconcile,
    store.FILE: store.reconcile,
    citations.FILE: citations.reconcile,
    lists.FILE: lists.reconcile,
    searches.FILE: searches.reconcile,
    alerts.FILE: alerts.reconcile,
}
