"""The corrections of an index: the database `corrections.sqlite`, a row each, in the order in which they came.

A correction is on disk when `add` returns, and is never changed: undoing it fills its columns `undone` and `undone_by`.
Of two that contradict each other the later one counts, also if it comes from another index: each has its time to the
microsecond, and one of an article is later than all before it, so that their order does not depend on where they are.
Web workers and commands add them, any time. A process that writes to the index applies them (see `application`); until
it has done so, they are `pending`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar

import orjson

from desk.corrections.correction import ACTIONS, SET, Correction, made
from search.errors import DatelineError
from search.files import databases
from search.files.reconciling import Incoming, counted
from search.files.row_sums import summed
from search.local.safe.kept import Kept

FILE = "corrections.sqlite"
_COLUMNS = (
    "number, article, field, action, value, made_by, at, note, names, undone, undone_by, subject, micros, pending, sum"
)
_MADE = ("at", "micros", "field", "action", "value", "made_by")
"""The columns of the sort key `made`."""
_MARKS = ", ".join("?" for _ in _COLUMNS.split(","))

Waiting = frozenset[tuple[int, str | None]]
"""Corrections as they are, by their numbers and when they were undone."""


class CorrectionMissing(DatelineError):
    """There is no correction with this number, or it is undone."""

    def __init__(self, number: int) -> None:
        super().__init__(f"No correction {number} is in force.")


class Store(Kept):
    """The corrections of one index."""

    FILE = FILE
    VERSION = 3
    WHAT = "corrections"
    SCHEMA = """
        CREATE TABLE corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, field TEXT NOT NULL, action TEXT NOT NULL,
            value TEXT NOT NULL, made_by TEXT NOT NULL, at TEXT NOT NULL, note TEXT NOT NULL, names TEXT NOT NULL,
            undone TEXT, undone_by TEXT, subject TEXT NOT NULL, micros INTEGER NOT NULL, pending INTEGER NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE INDEX on_subject ON corrections (article, field, subject, at, micros);
        CREATE INDEX by_action ON corrections (article, field, action, at, micros);
        CREATE INDEX by_time ON corrections (article, at, micros);
        CREATE INDEX waiting ON corrections (pending) WHERE pending > 0;
    """

    def add(self, corrections: Iterable[Correction]) -> list[Correction]:
        """Store some corrections, all or none of them.

        Each is later than all others of its article, which may come from a machine whose clock is ahead: else it would
        have no effect.

        Returns:
            Them, with their numbers; one that is the last word on its subject already is returned as it is stored.
        """
        with self.transaction():
            return [self._last_word(each) or self._insert(self._newest(each)) for each in corrections]

    def _newest(self, new: Correction) -> Correction:
        last = self.db.execute(
            "SELECT at, micros FROM corrections WHERE article = ? ORDER BY at DESC, micros DESC LIMIT 1", (new.article,)
        ).fetchone()
        if last is not None and (new.at, new.micros) <= last:
            new = replace(new, at=last[0], micros=last[1] + 1)
        return replace(new, number=self._next())

    def merge(self, corrections: Iterable[Correction]) -> None:
        """Add the corrections of another store that this one does not have, and undo what is undone there.

        Those that are new here get new numbers.
        """
        with self.transaction():
            known = {_identity(each): each for each in self.listed()}
            for each in corrections:
                own = known.get(_identity(each))
                if own is None:
                    self._insert(replace(each, number=self._next()))
                elif (both := _both(own, each)) != own:
                    self._insert(both)

    def merged(self, article_id: str, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
        """The corrections in force of an article, as they will be when those of another store have been merged.

        Args:
            corrections: of the article there, undone ones too.
        """
        known = {_identity(each): each for each in self.listed(article_id)}
        for each in corrections:
            key = _identity(each)
            known[key] = _both(known[key], each) if key in known else each
        return tuple(sorted((each for each in known.values() if not each.undone), key=made))

    def undo(self, number: int, by: str, at: str) -> Correction:
        """Undo a correction. Raises CorrectionMissing if there is none in force with this number."""
        with self.transaction():
            for each in self._read("WHERE number = ? AND undone IS NULL", (number,)):
                return self._insert(replace(each, undone=at, undone_by=by))
        raise CorrectionMissing(number)

    @property
    def last(self) -> int:
        """The greatest number that a correction has had; 0 if there was none."""
        return self._next() - 1

    def of(self, article_id: str) -> tuple[Correction, ...]:
        """The corrections in force of an article, the latest last, wherever they were made."""
        return self._read(f"WHERE article = ? AND undone IS NULL ORDER BY {', '.join(_MADE)}", (article_id,))

    def listed(self, article: str | None = None, after: int = 0, most: int = -1) -> tuple[Correction, ...]:
        """All corrections, undone ones too, in their order.

        Args:
            article: only those of this article.
            after: only those with a greater number.
            most: the greatest number of them; negative for all.
        """
        which = "article = ? AND" if article is not None else ""
        values = (*(() if article is None else (article,)), after, most)
        return self._read(f"WHERE {which} number > ? ORDER BY number LIMIT ?", values)

    def articles(self) -> frozenset[str]:
        """The ids of the articles that have corrections, in force or not."""
        return frozenset(row[0] for row in self.db.execute("SELECT DISTINCT article FROM corrections"))

    def pending(self) -> tuple[list[str], Waiting]:
        """The ids of the articles with corrections, or undone ones, that are not applied; and what `settle` wants."""
        rows = self.db.execute(
            "SELECT article, number, undone FROM corrections WHERE pending > 0 ORDER BY pending, number"
        ).fetchall()
        return list(dict.fromkeys(row[0] for row in rows)), frozenset((number, undone) for _, number, undone in rows)

    def settle(self, those: Waiting) -> None:
        """Take note that what was `pending` then is applied and committed."""
        with self.transaction():
            for row in list(self.rows(f"SELECT {_COLUMNS} FROM corrections WHERE pending > 0")):
                if (row[0], row[9]) in those:
                    self._write((*row[:-1], 0))

    def since(self, at: str) -> list[str]:
        """The ids of the articles of which a correction was made or undone at a time or later."""
        rows = self.db.execute("SELECT DISTINCT article FROM corrections WHERE at >= ? OR undone >= ?", (at, at))
        return [row[0] for row in rows]

    def erase(self, ids: Collection[str]) -> frozenset[str]:
        """Erase the corrections of some articles, without a trace. Returns the ids that had some."""
        if not self.articles() & frozenset(ids):
            return frozenset()
        with self.transaction():
            known = self.articles() & frozenset(ids)
            self.db.executemany("DELETE FROM corrections WHERE article = ?", [(each,) for each in known])
        self.vacuum()
        return known

    def _last_word(self, new: Correction) -> Correction | None:
        """The correction in force that says the same of an article as a new one, and that no later one contradicts."""
        order = ", ".join(f"{column} DESC" for column in _MADE)
        where = f"WHERE article = ? AND field = ? AND subject = ? AND undone IS NULL ORDER BY {order} LIMIT 1"
        for last in self._read(where, (new.article, new.field, _subject(new))):
            if (last.action, last.value) == (new.action, new.value) and not self._opposed(last):
                return last
        return None

    def _opposed(self, last: Correction) -> bool:
        """True if another action on the field came later: the removal of a topic removes those below it, too."""
        for action in ACTIONS:
            later = ">=" if action > last.action else ">"  # as `made` has it
            where = f"WHERE article = ? AND field = ? AND action = ? AND undone IS NULL AND (at, micros) {later} (?, ?)"
            values = (last.article, last.field, action, last.at, last.micros)
            if action != last.action and self._read(f"{where} LIMIT 1", values):
                return True
        return False

    def _insert(self, correction: Correction) -> Correction:
        """Store a correction, replacing one of its number, as one that is not applied yet."""
        c = correction
        (pending,) = self.db.execute(
            "SELECT coalesce(max(pending), 0) + 1 FROM corrections WHERE pending > 0"
        ).fetchone()
        names = orjson.dumps(c.names).decode()
        self._write(
            (c.number, c.article, c.field, c.action, c.value, c.by, c.at, c.note, names, c.undone, c.undone_by,
             _subject(c), c.micros, pending)
        )  # fmt: skip
        return c

    def _place_in_seconds(self) -> None:
        """Give each correction as microseconds its place among those of its article and second."""
        last, before = self._next() - 1, _COLUMNS.replace("micros, ", "")
        for name in ("on_subject", "by_action", "by_time", "waiting"):
            self.db.execute(f"DROP INDEX {name}")
        self.db.execute("ALTER TABLE corrections RENAME TO former")
        for statement in filter(str.strip, self.SCHEMA.split(";")):
            self.db.execute(statement)
        rows = self.rows(f"SELECT {before} FROM former ORDER BY article, at, number")
        for _, same in groupby(rows, key=itemgetter(1, 6)):
            for micros, row in enumerate(same):
                self._write((*row[:-1], micros, row[-1]))
        self.db.execute("DROP TABLE former")
        self.db.execute("DELETE FROM sqlite_sequence WHERE name = 'corrections'")
        self.db.execute("INSERT INTO sqlite_sequence VALUES ('corrections', ?)", (last,))

    def _see_in_seconds(self) -> None:
        """See each correction with its place, and check only what is read: a store may have very many."""
        columns = _COLUMNS.split(", ")
        before = ", ".join(name for name in columns if name not in ("micros", "sum"))
        place = columns.index("micros")

        def sum_of_all(micros: int, total: int, *values: Any) -> int | None:
            is_whole = summed(values)[-1] == total
            return int(summed((*values[:place], micros, *values[place:]))[-1]) if is_whole else None

        self.db.create_function("sum_of_all", -1, sum_of_all, deterministic=True)
        self.db.executescript(
            "ALTER TABLE corrections RENAME TO former;"
            "CREATE VIEW placed AS "
            "SELECT *, row_number() OVER (PARTITION BY article, at ORDER BY number) - 1 AS micros FROM former;"
            f"CREATE VIEW corrections AS SELECT {_COLUMNS.removesuffix('sum')} "
            f"sum_of_all(micros, sum, {before}) AS sum FROM placed;"
            "UPDATE sqlite_sequence SET name = 'corrections' WHERE name = 'former';"
        )

    UPGRADES: ClassVar[Mapping[int, Callable[[Any], None]]] = {2: _place_in_seconds}
    VIEWS: ClassVar[Mapping[int, Callable[[Any], None]]] = {2: _see_in_seconds}

    def _next(self) -> int:
        """The number of the next correction; none is used twice."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'corrections'").fetchone()
        return row[0] + 1 if row is not None else 1

    def _write(self, row: Sequence[Any]) -> None:
        self.db.execute(f"INSERT OR REPLACE INTO corrections ({_COLUMNS}) VALUES ({_MARKS})", summed(row))

    def _read(self, where: str, values: Sequence[Any]) -> tuple[Correction, ...]:
        return tuple(map(_correction, self.rows(f"SELECT {_COLUMNS} FROM corrections {where}", values)))


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the corrections of an index when a backup replaces it, and add those that only the backup has.

    What was undone since stays undone. Articles of the backup get their corrections by `application.apply`.
    """
    if not Store.is_in(source):
        return []
    if not Store.is_in(folder):
        databases.copy(source / FILE, folder / FILE)
        return []
    with Store(source, is_backup=True) as before, Store(folder) as now:
        then, since = before.listed(), now.listed()
        now.merge(then)
    return counted(len({*map(_identity, since)} - {*map(_identity, then)}), "newer correction")


def _correction(row: Sequence[Any]) -> Correction:
    number, article, field, action, value, by, at, note, names, undone, undone_by, _, micros, *_ = row
    return Correction(
        article, field, action, value, by, at, note, tuple(orjson.loads(names)), number, undone, undone_by, micros
    )


def _subject(correction: Correction) -> str:
    """What a correction is about, beside the field: the value, of those of which an article has several."""
    return "" if correction.field in SET else correction.value


def _both(own: Correction, other: Correction) -> Correction:
    """A correction that two stores have, as both have it in the end: it is undone if it is in one of them.

    Those of an earlier version have as microseconds their place among those of their second, which may differ.
    """
    undone = {"undone": other.undone, "undone_by": other.undone_by} if other.undone and not own.undone else {}
    return replace(own, micros=max(own.micros, other.micros), **undone)  # type: ignore[arg-type]


def _identity(correction: Correction) -> tuple[str, ...]:
    c = correction
    return c.article, c.field, c.action, c.value, c.by, c.at
