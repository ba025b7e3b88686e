"""Which group of copies an article is in, looked up among the sketches that the ledger keeps.

The first article of a text is in no group. When a copy of it comes, both are in the group that is named after the
first; the first is then written again, with its group and otherwise as it was. Groups are not renamed and not joined,
so that an article's group stays what it was when others come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from indexer import dedupe
from indexer.dedupe import Sketch
from indexer.ledger import Ledger
from search.article import Article

CANDIDATES = 30
"""Sketches known by one key, the earliest: a key of more is of a phrase that many texts have."""
COMPARED = 12
"""Sketches compared with one, those that share most keys with it."""
_BY_KEY = f"SELECT * FROM (SELECT sketch FROM keys WHERE key = ? LIMIT {CANDIDATES})"
_CANDIDATES = (
    "SELECT id, team, data FROM (SELECT sketch AS number, count(*) AS shared FROM ({}) GROUP BY 1 "
    f"ORDER BY shared DESC, number LIMIT {COMPARED}) JOIN (SELECT number, id, team, sketch AS data FROM sketches) "
    "USING (number) ORDER BY shared DESC, number"
)


def rebuild(ledger: Ledger, articles: Iterable[Article]) -> None:
    """Make the sketches of an index anew from its articles, where the ledger was lost."""
    for article in articles:
        sketch = dedupe.sketch(article.text)
        if len(sketch):
            _keep(ledger, article.id, article.group, sketch)


def forget(ledger: Ledger, article_id: str) -> None:
    """Forget the sketch of an article that is removed."""
    row = ledger.execute("SELECT number, sketch FROM sketches WHERE id = ?", (article_id,)).fetchone()
    if row is not None:
        keys = dedupe.keys(np.frombuffer(row[1], np.uint32))
        ledger.execute_many("DELETE FROM keys WHERE key = ? AND sketch = ?", ((key, row[0]) for key in keys))
        ledger.execute("DELETE FROM sketches WHERE number = ?", (row[0],))


@dataclass(frozen=True, slots=True)
class Place:
    """The group of an article; `first` is another article that has just become its first member, if any."""

    group: str | None
    first: str | None = None


class Near:
    """The groups of one index.

    Args:
        there: whether an id is in the index, or about to be.
        earlier: the articles of the index, where the ledger does not know them; read when the first is placed.
    """

    def __init__(
        self, ledger: Ledger, there: Callable[[str], bool], earlier: Callable[[], Iterable[Article]] | None = None
    ) -> None:
        self._ledger = ledger
        self._there = there
        self._earlier = earlier

    def place(self, article_id: str, sketch: Sketch) -> Place:
        """The group of an article that is added or changed; its sketch is kept."""
        if self._earlier is not None:
            rebuild(self._ledger, self._earlier())
            self._earlier = None
        self.forget(article_id)
        if not len(sketch):
            return Place(None)
        keys = dedupe.keys(sketch)
        place = self._group(article_id, sketch, keys)
        _keep(self._ledger, article_id, place.group, sketch)
        return place

    def forget(self, article_id: str) -> None:
        """Forget the sketch of an article that is removed."""
        forget(self._ledger, article_id)

    def _group(self, article_id: str, sketch: Sketch, keys: list[int]) -> Place:
        rows = self._ledger.execute(_CANDIDATES.format(" UNION ALL ".join([_BY_KEY] * len(keys))), keys).fetchall()
        candidates = [(name, team, np.frombuffer(data, np.uint32)) for name, team, data in rows]
        alike = dedupe.alike(sketch, [(name, other) for name, _, other in candidates])
        found = next((name for name in alike if self._there(name)), None)
        if found is not None:
            team = next(team for name, team, _ in candidates if name == found)
            if team is not None:
                return Place(team)
            self._ledger.execute("UPDATE sketches SET team = id WHERE id = ?", (found,))
            return Place(found, found)
        named = self._ledger.execute("SELECT 1 FROM sketches WHERE team = ? LIMIT 1", (article_id,)).fetchone()
        return Place(article_id if named else None)


def _keep(ledger: Ledger, article_id: str, group: str | None, sketch: Sketch) -> None:
    values = (article_id, group, sketch.tobytes())
    number = ledger.execute("INSERT INTO sketches (id, team, sketch) VALUES (?, ?, ?)", values).lastrowid
    ledger.execute_many("INSERT INTO keys VALUES (?, ?)", ((key, number) for key in dedupe.keys(sketch)))
