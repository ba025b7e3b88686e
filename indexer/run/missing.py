"""The articles that earlier runs indexed and that the archive no longer has.

Only for a run that removes them: the ids that it finds are noted in a temporary table of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.ledger import Ledger
from indexer.run import policy
from indexer.withheld import embargo
from search.engine import Writer


class Missing:
    """What a run finds in each collection.

    Args:
        noted: note the ids.

    Attributes:
        damaged: the collections in which something could not be read.
    """

    def __init__(self, ledger: Ledger, noted: bool) -> None:
        self.damaged: set[str] = set()
        self._ledger = ledger
        self._noted = noted
        self._found: set[str] = set()
        if noted:
            ledger.execute("CREATE TEMP TABLE present (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def found(self, collection: str, article_id: str) -> None:
        """Note an article."""
        self._found.add(collection)
        if self._noted:
            self._ledger.execute("INSERT OR IGNORE INTO present VALUES (?)", (article_id,))

    def found_unchanged(self, collection: str, file: int, articles: bool) -> None:
        """Note the articles of an unchanged file, if it has any."""
        if articles:
            self._found.add(collection)
        if self._noted:
            self._ledger.execute("INSERT OR IGNORE INTO present SELECT id FROM records WHERE file = ?", (file,))

    def of(self, writer: Writer, collections: Iterable[str]) -> Iterator[tuple[str, list[str], str]]:
        """The missing articles of each collection, and why none of them is to be removed; "" if they are."""
        for collection in sorted(collections):
            known = dict.fromkeys((*writer.ids(collection), *embargo.of(self._ledger, collection)))
            missing = [article_id for article_id in known if not self._is_present(article_id)]
            why = policy.why_none_is_removed(collection in self._found, collection in self.damaged)
            yield collection, missing, why

    def _is_present(self, article_id: str) -> bool:
        return self._ledger.execute("SELECT 1 FROM present WHERE id = ?", (article_id,)).fetchone() is not None
