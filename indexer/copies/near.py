"""Finds the near-duplicate group of an article among the sketches in the ledger.

The first article of a text is in no group. When a near-duplicate is added, both are in the group named after the first,
which *represents* it; the first is then rewritten with its group. Each later member is a near-duplicate of the one that
represents the group, so that a group is not a chain from one text to quite another. Groups are not renamed or merged,
so that an article's group does not change when others are added.

Candidates are the articles of some days that share one of the smallest hashes, so the cost of an article does not grow
with the archive. A ledger that lasts has brief sketches: only texts that share much are compared by their sequences of
words, which are then made again from the stored article; of newswire, one in seventy candidates.

Most articles share no hash. So several are placed together: one statement finds those that may have candidates, and
sketches wait in memory, to be stored together, until an article may be a near-duplicate of one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np

from indexer.copies import dedupe
from indexer.copies.dedupe import Sketch
from indexer.ledger import Ledger
from search.values.article import Article

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
WAITING = 2000
"""Sketches that wait to be stored; a commit stores all."""
READ = 2000
"""Sketches made again from stored articles that are remembered."""
_UNKNOWN, _FOREVER = 0, 1 << 40


def rebuild(ledger: Ledger, articles: Iterable[Article]) -> None:
    """Recompute the sketches of an index from its articles, after the ledger was lost."""
    sketched = ((article, dedupe.sketch(article)) for article in articles)
    rows = ((article.id, article.group, sketch) for article, sketch in sketched if len(sketch.shingles))
    while some := list(islice(rows, WAITING)):
        _store(ledger, some)


def is_current(ledger: Ledger) -> bool:
    """True if the sketches of an index are in the current format, which all of them have, or none."""
    row = ledger.execute("SELECT sketch FROM sketches LIMIT 1").fetchone()
    return row is None or dedupe.is_current(row[0])


def renew(ledger: Ledger, articles: Iterable[Article]) -> None:
    """Recompute the sketches of an index: its articles have none, or those of an earlier version."""
    ledger.execute("DELETE FROM sketches")
    ledger.execute("DELETE FROM keys")
    rebuild(ledger, articles)


def redate(ledger: Ledger, article: Article) -> None:
    """Store the sketch of an article again whose day of publication has changed; it stays in its group."""
    forget(ledger, article.id)
    rebuild(ledger, [article])


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


class _Story(NamedTuple):
    """A candidate: the id of the article that represents it, and its sketch in the ledger."""

    id: str
    sketch: Sketch


class Near:
    """The near-duplicate groups of one index.

    Args:
        among: returns those of some ids that are in the index, or about to be.
        stored: the committed article of an id, as it was added; None if there is none.
        earlier: the articles of the index, if the ledger does not have them; read when the first article is placed.
        window_hours: the greatest time between the publication of near-duplicates.
    """

    def __init__(
        self,
        ledger: Ledger,
        among: Callable[[Sequence[str]], Set[str]],
        stored: Callable[[str], Article | None],
        earlier: Callable[[], Iterable[Article]] | None = None,
        window_hours: float = dedupe.WINDOW_HOURS,
    ) -> None:
        self._ledger = ledger
        self._among = among
        self._stored = stored
        self._earlier = earlier
        self._window_hours = window_hours
        self._waiting = _Waiting()
        self._uncommitted: dict[str, Sketch] = {}
        self._read: dict[str, Sketch] = {}
        self._ids: set[str] = set()  # of these and the next two, those that may be in the ledger
        self._teams: set[str] = set()
        self._keys: set[int] = set()

    def place(self, article_id: str, sketch: Sketch) -> Membership:
        """Assign an article that is added or changed to a group, and remember its sketch."""
        return self.place_all([(article_id, sketch)])[0]

    def place_all(self, articles: Sequence[tuple[str, Sketch]]) -> list[Membership]:
        """Assign articles to groups as `place` does, one after the other."""
        if self._earlier is not None:
            rebuild(self._ledger, self._earlier())
            self._earlier = None
        ids = [article_id for article_id, _ in articles]
        wanted = [dedupe.keys(sketch) for _, sketch in articles]
        self._ids = self._ledger.among("sketches", "id", ids)
        self._teams = self._ledger.among("sketches", "team", ids)
        self._keys = self._ledger.among("keys", "key", {key for keys in wanted for key in keys})
        places = []
        for (article_id, sketch), keys in zip(articles, wanted, strict=True):
            if article_id in self._ids or article_id in self._waiting.ids:
                self.forget(article_id)
            if not self._waiting.keys.isdisjoint(keys):
                self.settle()
            places.append(self._place(article_id, sketch, [key for key in keys if key in self._keys]))
        if len(self._waiting.rows) > WAITING:
            self.settle()
        return places

    def _place(self, article_id: str, sketch: Sketch, shared: Sequence[int]) -> Membership:
        """Assign an article to a group.

        Args:
            shared: those of its keys that other articles may have, too.
        """
        if not len(sketch.shingles):
            return Membership(None)
        place = self._group(article_id, sketch, shared)
        self._waiting.add(article_id, place.group, sketch)
        self._read.pop(article_id, None)
        if self._ledger.lasts:
            self._uncommitted[article_id] = sketch
        return place

    def settle(self) -> None:
        """Store the sketches that wait, in the ledger's transaction."""
        waiting, self._waiting = self._waiting, _Waiting()
        _store(self._ledger, waiting.rows)
        self._ids |= waiting.ids
        self._teams |= waiting.teams
        self._keys |= waiting.keys

    def committed(self) -> None:
        """Take note that the articles placed so far can be read in the index."""
        self._uncommitted.clear()

    def forget(self, article_id: str) -> None:
        """Remove the sketch of an article that is removed."""
        if article_id in self._waiting.ids:
            self.settle()
        self._uncommitted.pop(article_id, None)
        self._read.pop(article_id, None)
        forget(self._ledger, article_id)

    def _group(self, article_id: str, sketch: Sketch, shared: Sequence[int]) -> Membership:
        stories = self._stories(sketch, shared) if shared else {}
        without = dedupe.common([story.sketch for story in stories.values()])
        similarities = {name: self._similarity(sketch, story, without) for name, story in stories.items()}
        best = max(similarities, key=similarities.__getitem__, default="")
        if best and similarities[best]:
            first = self._ledger.execute(
                "UPDATE sketches SET team = id WHERE id = ? AND team IS NULL", (best,)
            ).rowcount
            self._teams.add(best)
            return Membership(best, best if first else None)
        named = (article_id in self._teams or article_id in self._waiting.teams) and self._is_named(article_id)
        return Membership(article_id if named else None)

    def _similarity(self, sketch: Sketch, story: _Story, without: dedupe.Hashes) -> float:
        if not dedupe.shared(sketch, story.sketch, self._window_hours, without):
            return 0.0
        whole = story.sketch if len(story.sketch.sequence) else self._whole(story.id)
        return dedupe.similarity(sketch, whole, self._window_hours, without)

    def _whole(self, article_id: str) -> Sketch:
        """The sketch of an article that is brief in the ledger; an empty one if there is no such article."""
        whole = self._uncommitted.get(article_id) or self._read.get(article_id)
        if whole is None:
            article = self._stored(article_id)
            whole = dedupe.sketch(article) if article is not None else dedupe.EMPTY
            if len(self._read) >= READ:
                del self._read[next(iter(self._read))]
            self._read[article_id] = whole
        return whole

    def _is_named(self, team: str) -> bool:
        """True if a group has a member."""
        self.settle()
        return self._ledger.execute("SELECT 1 FROM sketches WHERE team = ? LIMIT 1", (team,)).fetchone() is not None

    def _stories(self, sketch: Sketch, shared: Sequence[int]) -> dict[str, _Story]:
        """The candidates, likeliest first, by the name of their group, or by their own id if they are in none."""
        if self._waiting.teams:
            self.settle()
        found: dict[str, _Story] = {}
        candidates = self._candidates(sketch, shared)
        there = self._among([name for name, _, _ in candidates])
        for name, team, data in candidates:
            if (team or name) in found or name not in there:
                continue
            if team is not None and team != name:
                name, data = self._ledger.execute(_REPRESENTATIVE, (team,)).fetchone()
            found[team or name] = _Story(name, dedupe.decode(data))
        return found

    def _candidates(self, sketch: Sketch, keys: Sequence[int]) -> list[tuple[str, str | None, bytes]]:
        days = int(self._window_hours // 24) + 1
        ranges = [(sketch.day - days, sketch.day + days), (_UNKNOWN, _UNKNOWN)] if sketch.day else [(0, _FOREVER)]
        values: list[int] = []
        for key in keys:
            for first, last in ranges:
                values += (key, first, last)
        lookups = " UNION ALL ".join([_BY_KEY] * (len(values) // 3))
        return self._ledger.execute(_CANDIDATES.format(lookups), values).fetchall()


@dataclass(slots=True)
class _Waiting:
    """Sketches to be stored.

    Attributes:
        rows: the id, the group and the sketch of each article.
        ids, teams, keys: of all of them.
    """

    rows: list[tuple[str, str | None, Sketch]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    keys: set[int] = field(default_factory=set)

    def add(self, article_id: str, group: str | None, sketch: Sketch) -> None:
        """Add the sketch of an article."""
        self.rows.append((article_id, group, sketch))
        self.ids.add(article_id)
        self.keys.update(dedupe.keys(sketch))
        if group is not None:
            self.teams.add(group)


def _store(ledger: Ledger, rows: Sequence[tuple[str, str | None, Sketch]]) -> None:
    """Add sketches to the ledger; keys in their order, as they are stored."""
    if not rows:
        return
    (last,) = ledger.execute("SELECT max(number) FROM sketches").fetchone()
    numbered = list(enumerate(rows, (last or 0) + 1))
    values = (
        (number, article_id, group, (sketch.brief if ledger.lasts else sketch).encode())
        for number, (article_id, group, sketch) in numbered
    )
    ledger.execute_many("INSERT INTO sketches (number, id, team, sketch) VALUES (?, ?, ?, ?)", values)
    each = [sketch.shingles[: dedupe.KEYS] for _, _, sketch in rows]
    of = np.array([(sketch.day, number) for number, (_, _, sketch) in numbered]).repeat([*map(len, each)], axis=0)
    columns = np.stack([np.concatenate(each, dtype=np.int64), *of.T])
    columns = columns[:, np.lexsort(columns[::-1])]
    ledger.execute_many("INSERT INTO keys VALUES (?, ?, ?)", zip(*columns.tolist(), strict=True))
