"""Finds the near-duplicate group of an article among the sketches in the ledger.

The first article of a text is in no group. When a near-duplicate is added, both are in the group named after the first,
which *represents* it; the first is then rewritten with its group. Each later member is a near-duplicate of the one that
represents the group, so that a group is not a chain from one text to quite another. Groups are not renamed or merged,
so that an article's group does not change when others are added.

Candidates are the articles of some days that share one of the smallest hashes, so the cost of an article does not grow
with the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from indexer.copies import dedupe
from indexer.copies.dedupe import Sketch
from indexer.ledger import Ledger
from search.article import Article

CANDIDATES = 60
"""The latest sketches looked up by one key: a key of more is a phrase in many texts."""
COMPARED = 16
"""Articles compared, those that share the most keys."""
_BY_KEY = (
    "SELECT * FROM (SELECT sketch FROM keys WHERE key = ? AND day BETWEEN ? AND ? "
    f"ORDER BY day DESC, sketch DESC LIMIT {CANDIDATES})"
)
_CANDIDATES = (
    "SELECT id, team, data FROM (SELECT sketch AS number, count(*) AS shared FROM ({}) GROUP BY 1 "
    f"ORDER BY shared DESC, number DESC LIMIT {COMPARED}) JOIN (SELECT number, id, team, sketch AS data FROM sketches) "
    "USING (number) ORDER BY shared DESC, number"
)
_REPRESENTATIVE = "SELECT id, sketch FROM sketches WHERE team = ?1 ORDER BY id = ?1 DESC, number LIMIT 1"
_UNKNOWN, _FOREVER = 0, 1 << 40


def rebuild(ledger: Ledger, articles: Iterable[Article]) -> None:
    """Recompute the sketches of an index from its articles, after the ledger was lost."""
    for article in articles:
        sketch = dedupe.sketch(article)
        if len(sketch.shingles):
            _keep(ledger, article.id, article.group, sketch)


def forget(ledger: Ledger, article_id: str) -> None:
    """Remove the sketch of an article that is removed."""
    row = ledger.execute("SELECT number, sketch FROM sketches WHERE id = ?", (article_id,)).fetchone()
    if row is not None:
        number, sketch = row[0], dedupe.decode(row[1])
        keys = [(key, sketch.day, number) for key in dedupe.keys(sketch)]
        ledger.execute_many("DELETE FROM keys WHERE key = ? AND day = ? AND sketch = ?", keys)
        ledger.execute("DELETE FROM sketches WHERE number = ?", (number,))


@dataclass(frozen=True, slots=True)
class Membership:
    """The group of an article; `first` is another article that has just become its first member, if any."""

    group: str | None
    first: str | None = None


class Near:
    """The near-duplicate groups of one index.

    Args:
        there: returns True for an id that is in the index, or about to be.
        earlier: the articles of the index, if the ledger does not have them; read when the first article is placed.
        window_hours: the greatest time between the publication of near-duplicates.
    """

    def __init__(
        self,
        ledger: Ledger,
        there: Callable[[str], bool],
        earlier: Callable[[], Iterable[Article]] | None = None,
        window_hours: float = dedupe.WINDOW_HOURS,
    ) -> None:
        self._ledger = ledger
        self._there = there
        self._earlier = earlier
        self._window_hours = window_hours

    def place(self, article_id: str, sketch: Sketch) -> Membership:
        """Assign an article that is added or changed to a group, and store its sketch."""
        if self._earlier is not None:
            rebuild(self._ledger, self._earlier())
            self._earlier = None
        self.forget(article_id)
        if not len(sketch.shingles):
            return Membership(None)
        place = self._group(article_id, sketch)
        _keep(self._ledger, article_id, place.group, sketch)
        return place

    def forget(self, article_id: str) -> None:
        """Remove the sketch of an article that is removed."""
        forget(self._ledger, article_id)

    def _group(self, article_id: str, sketch: Sketch) -> Membership:
        stories = self._stories(sketch)
        without = dedupe.common(list(stories.values()))
        similarities = {
            name: dedupe.similarity(sketch, story, self._window_hours, without) for name, story in stories.items()
        }
        best = max(similarities, key=similarities.__getitem__, default="")
        if best and similarities[best]:
            first = self._ledger.execute(
                "UPDATE sketches SET team = id WHERE id = ? AND team IS NULL", (best,)
            ).rowcount
            return Membership(best, best if first else None)
        named = self._ledger.execute("SELECT 1 FROM sketches WHERE team = ? LIMIT 1", (article_id,)).fetchone()
        return Membership(article_id if named else None)

    def _stories(self, sketch: Sketch) -> dict[str, Sketch]:
        """The candidates, likeliest first, by the name of their group, or by their own id if they are in none."""
        found: dict[str, Sketch] = {}
        for name, team, data in self._candidates(sketch):
            if (team or name) in found or not self._there(name):
                continue
            if team is not None and team != name:
                name, data = self._ledger.execute(_REPRESENTATIVE, (team,)).fetchone()
            found[team or name] = dedupe.decode(data)
        return found

    def _candidates(self, sketch: Sketch) -> list[tuple[str, str | None, bytes]]:
        keys = dedupe.keys(sketch)
        days = int(self._window_hours // 24) + 1
        ranges = [(sketch.day - days, sketch.day + days), (_UNKNOWN, _UNKNOWN)] if sketch.day else [(0, _FOREVER)]
        values: list[int] = []
        for key in keys:
            for first, last in ranges:
                values += (key, first, last)
        lookups = " UNION ALL ".join([_BY_KEY] * (len(values) // 3))
        return self._ledger.execute(_CANDIDATES.format(lookups), values).fetchall()


def _keep(ledger: Ledger, article_id: str, group: str | None, sketch: Sketch) -> None:
    values = (article_id, group, sketch.encode())
    number = ledger.execute("INSERT INTO sketches (id, team, sketch) VALUES (?, ?, ?)", values).lastrowid
    keys = [(key, sketch.day, number) for key in dedupe.keys(sketch)]
    ledger.execute_many("INSERT INTO keys VALUES (?, ?, ?)", keys)
