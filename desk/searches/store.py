"""The saved searches of an index: questions with a name, in `searches.sqlite` in its directory.

Each has what everybody has seen of it: a time a little before he last looked, and how many matching articles had been
added since that time when he looked. So what is new is counted exactly, although an article gets its time some seconds
before the commit that shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.named import key_of, name_of
from desk.traces import Values, tells
from search.errors import BadQuery, BadValue, DatelineError
from search.files import databases
from search.files.reconciling import Incoming
from search.files.row_sums import summed
from search.local.safe.kept import Kept
from search.said import said

FILE = "searches.sqlite"
MOST = 1_000
LONGEST = 8_000
"""Characters of a question."""
_SEARCH = "number, key, name, question, made_by, made, sum"


class SearchMissing(DatelineError):
    """There is no saved search with this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no saved search “{name[:100]}”.")


class SearchConflict(DatelineError):
    """A search cannot be saved like this, because of those there are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody has seen of a search: all that was added before `at`, and `had` articles added since."""

    at: str
    had: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search.

    Attributes:
        question: its parameters, as a query string.
        made_by, made: the name of the key that saved it, and when.
        seen: what the one who asks has seen of it; None if he never has.
        number: identifies it, whatever its name.
    """

    name: str
    question: str
    made_by: str
    made: str
    seen: Seen | None = None
    number: int = 0


class Searches(Kept):
    """The saved searches of one index."""

    FILE = FILE
    VERSION = 1
    WHAT = "saved searches"
    SCHEMA = """
        CREATE TABLE searches (
            number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            question TEXT NOT NULL, made_by TEXT NOT NULL, made TEXT NOT NULL, sum INTEGER NOT NULL
        );
        CREATE TABLE seen (
            search INTEGER NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, had INTEGER NOT NULL, sum INTEGER NOT NULL,
            PRIMARY KEY (search, who)
        );
    """

    def listed(self, who: str, after: int = 0, most: int = -1) -> tuple[Saved, ...]:
        """Searches by name, with what somebody has seen of them.

        Args:
            after: only those behind the one with this number; 0 for all.
            most: the greatest number of them; negative for all.

        Raises:
            BadQuery: if there is no such search any more.
        """
        where = "WHERE key > coalesce((SELECT key FROM searches WHERE number = ?), '') ORDER BY key LIMIT ?"
        with self.snapshot():
            if after and not self.db.execute("SELECT 1 FROM searches WHERE number = ?", (after,)).fetchone():
                reason = said("The search that this part comes after is gone.")
                raise BadQuery([BadValue("after", str(after), reason, said("Begin again, without it."))])
            seen = {row[0]: Seen(row[2], row[3]) for row in self.rows("SELECT * FROM seen WHERE who = ?", (who,))}
            rows = self.rows(f"SELECT {_SEARCH} FROM searches {where}", (after, most))
            return tuple(_saved(row, seen.get(row[0])) for row in rows)

    def named(self, name: str, who: str) -> Saved:
        """One search. Raises SearchMissing."""
        with self.snapshot():
            row = self._row(name)
            found = self.rows("SELECT * FROM seen WHERE search = ? AND who = ?", (row[0], who))
            return _saved(row, next((Seen(one[2], one[3]) for one in found), None))

    def save(self, name: str, question: str, by: str, at: str, seen: Seen | None = None) -> Saved:
        """Save a search.

        Args:
            seen: what the one who saves it has seen of it.

        Raises:
            BadQuery: if the name is not valid, or the question too long.
            SearchConflict: if there is one with this name, or there are too many.
        """
        name = name_of(name)
        if len(question) > LONGEST:
            reason = said(
                "The search has {length} characters; up to {longest} can be saved.",
                length=len(question),
                longest=LONGEST,
            )
            raise BadQuery([BadValue("question", question[:80], reason, said("Leave something out."))])
        with self.transaction():
            self._free(name)
            (count,) = self.db.execute("SELECT count(*) FROM searches").fetchone()
            if count >= MOST:
                raise SearchConflict(f"There are {count:,} saved searches already. Delete one that nobody needs.")
            (number,) = self.db.execute("SELECT coalesce(max(number), 0) + 1 FROM searches").fetchone()
            self._write((number, key_of(name), name, question, by, at))
            self.db.execute("DELETE FROM seen WHERE search = ?", (number,))
            if seen is not None:
                self._look(number, by, seen)
            return self.named(name, by)

    def renamed(self, name: str, new: str, who: str) -> Saved:
        """Give a search another name. Raises BadQuery, SearchMissing, SearchConflict."""
        new = name_of(new)
        with self.transaction():
            row = self._row(name)
            if key_of(new) != row[1]:
                self._free(new)
            self._write((row[0], key_of(new), new, *row[3:]))
            return self.named(new, who)

    def delete(self, name: str, who: str) -> Saved:
        """Delete a search. Raises SearchMissing."""
        with self.transaction():
            found = self.named(name, who)
            self._delete(self._row(name)[0])
            return found

    def look(self, name: str, who: str, seen: Seen) -> None:
        """Remember what somebody has seen of a search. Raises SearchMissing."""
        with self.transaction():
            self._look(self._row(name)[0], who, seen)

    def erase(self, ids: Collection[str], values: Values = ()) -> None:
        """Delete the searches that tell of one of some articles (see `traces`), without a trace. Cost: reads all."""
        with self.transaction():
            rows = self.rows(f"SELECT {_SEARCH} FROM searches")
            gone = [number for number, _, _, question, *_ in rows if tells(question, ids, values)]
            for number in gone:
                self._delete(number)
        if gone:
            self.vacuum()

    def _delete(self, number: int) -> None:
        self.db.execute("DELETE FROM seen WHERE search = ?", (number,))
        self.db.execute("DELETE FROM searches WHERE number = ?", (number,))

    def _look(self, number: int, who: str, seen: Seen) -> None:
        row = (number, who, seen.at, seen.had)
        self.db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", summed(row))

    def _row(self, name: str) -> tuple[Any, ...]:
        for row in self.rows(f"SELECT {_SEARCH} FROM searches WHERE key = ?", (key_of(name),)):
            return row
        raise SearchMissing(name)

    def _free(self, name: str) -> None:
        taken = self.db.execute("SELECT name FROM searches WHERE key = ?", (key_of(name),)).fetchone()
        if taken is not None:
            raise SearchConflict(f"There is a saved search “{taken[0]}” already. Choose another name.")

    def _write(self, row: Sequence[Any]) -> None:
        self.db.execute(f"INSERT OR REPLACE INTO searches ({_SEARCH}) VALUES (?, ?, ?, ?, ?, ?, ?)", summed(row))


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the searches of an index when a backup replaces it; an index without any gets the backup's."""
    if Searches.is_in(source) and not Searches.is_in(folder):
        databases.copy(source / FILE, folder / FILE)
    return []


def _saved(row: Sequence[Any], seen: Seen | None) -> Saved:
    number, _, name, question, made_by, made = row
    return Saved(name, question, made_by, made, seen, number)
