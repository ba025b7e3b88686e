"""The files that stand beside an index, and what becomes of each when a snapshot takes its place.

Who keeps a new file there says here what of it outlives a restore (see `search.local.safe.restoring`); what is not
named comes from the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer import ledger
from indexer.withheld import restored
from search.local.safe.restoring import Reconcile
from service import keys

RULES: Mapping[str, Reconcile] = {ledger.NAME: restored.reconcile, keys.FILE: keys.reconcile}
