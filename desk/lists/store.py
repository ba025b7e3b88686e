"""The lists of an index: named collections of its articles, with notes, in the database `lists.sqlite`.

A list has the ids of its articles in the order in which they were put on it. It need not have an article of the index:
one that is removed keeps its place, and is found again if it comes back. Whoever may read the index may read its lists;
each list, and each article on one, has the name of who put it there.

Names that differ in case or white space only are one name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.named import MAX_NAME, MOST_ARTICLES, key_of, name_of, note_of
from search.errors import BadQuery, BadValue, DatelineError
from search.files import databases
from search.files.reconciling import Incoming
from search.files.row_sums import summed
from search.local.safe.kept import Kept
from search.said import said
from search.values.article import ID_PATTERN
from search.values.query import no_list

FILE = "lists.sqlite"
MOST_LISTS = 1_000
MOST_REMEMBERED = 32
"""The number of lists whose articles a finder remembers."""
_NOTHING: Mapping[str, str] = {}
_LIST = "number, key, name, about, made_by, made, changed_by, changed, revision, sum"
_ENTRY = "number, list, article, note, put_by, put, sum"


class ListMissing(DatelineError):
    """There is no list with this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no list “{name[:MAX_NAME]}”.")


class ListConflict(DatelineError):
    """A list cannot be changed like this, because of what it contains, or what somebody else has done meanwhile."""


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list, without its articles.

    Attributes:
        about: what it is for; may be empty.
        made_by, changed_by: who made it and who changed it last, as the names of keys; `made` and `changed` are when.
        articles: the number of articles on it.
        revision: another number after each change.
    """

    name: str
    about: str
    made_by: str
    made: str
    changed_by: str
    changed: str
    articles: int
    revision: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An article on a list.

    Attributes:
        number: greater than those of the articles that were put on the list before.
        by, at: who put it there and when.
    """

    number: int
    article: str
    note: str
    by: str
    at: str


class Lists(Kept):
    """The lists of one index."""

    FILE = FILE
    VERSION = 1
    WHAT = "lists"
    SCHEMA = """
        CREATE TABLE lists (
            number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, about TEXT NOT NULL,
            made_by TEXT NOT NULL, made TEXT NOT NULL, changed_by TEXT NOT NULL, changed TEXT NOT NULL,
            revision INTEGER NOT NULL, sum INTEGER NOT NULL
        );
        CREATE TABLE entries (
            number INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL, article TEXT NOT NULL, note TEXT NOT NULL,
            put_by TEXT NOT NULL, put TEXT NOT NULL, sum INTEGER NOT NULL, UNIQUE (list, article)
        );
        CREATE INDEX of_article ON entries (article);
    """

    def listed(self) -> tuple[NamedList, ...]:
        """All lists, by name."""
        with self.snapshot():
            counts = dict(self.db.execute("SELECT list, count(*) FROM entries GROUP BY list"))
            rows = self.rows(f"SELECT {_LIST} FROM lists ORDER BY key")
            return tuple(_list(row, counts.get(row[0], 0)) for row in rows)

    def named(self, name: str) -> NamedList:
        """One list. Raises ListMissing."""
        with self.snapshot():
            row = self._row(name)
            return _list(row, self._count(row[0]))

    def make(self, name: str, by: str, at: str, about: str = "", notes: Mapping[str, str] = _NOTHING) -> NamedList:
        """Make a list.

        Args:
            notes: the ids of its first articles, each with its note.

        Raises:
            BadQuery: for an invalid name, text or id.
            ListConflict: if there is a list with this name already, or there is no room for another.
        """
        name, about = name_of(name), note_of(about, "about")
        with self.transaction():
            self._begin(name, about, by, at)
            self._put(name, notes, by, at)
            return self.named(name)

    def change(self, name: str, by: str, at: str, new: str | None = None, about: str | None = None) -> NamedList:
        """Give a list another name, or say what it is about. Raises BadQuery, ListMissing, ListConflict."""
        new = name_of(new) if new is not None else None
        about = note_of(about, "about") if about is not None else None
        with self.transaction():
            row = self._row(name)
            if new is not None and key_of(new) != row[1]:
                self._free(new)
            named = (key_of(new), new) if new is not None else (row[1], row[2])
            self._write((row[0], *named, row[3] if about is None else about, *row[4:]), by, at)
            return self.named(named[1])

    def remove(self, name: str) -> NamedList:
        """Remove a list, and what is on it. Raises ListMissing."""
        with self.transaction():
            found = self.named(name)
            (number, *_) = self._row(name)
            self.db.execute("DELETE FROM entries WHERE list = ?", (number,))
            self.db.execute("DELETE FROM lists WHERE number = ?", (number,))
        return found

    def put(self, name: str, notes: Mapping[str, str], by: str, at: str, make: bool = False) -> int:
        """Put articles on a list; those that are on it already stay as they are.

        Args:
            notes: their ids, each with its note.
            make: make the list if there is none.

        Returns:
            How many were not on it.

        Raises:
            BadQuery: for an invalid name, note or id.
            ListMissing: if there is no such list, and it is not to be made.
            ListConflict: if there is no room for them; none is put on it then.
        """
        name = name_of(name)
        with self.transaction():
            if make and self.db.execute("SELECT 1 FROM lists WHERE key = ?", (key_of(name),)).fetchone() is None:
                self._begin(name, "", by, at)
            return self._put(name, notes, by, at)

    def take(self, name: str, ids: Iterable[str], by: str, at: str) -> int:
        """Take articles off a list. Returns how many were on it. Raises ListMissing."""
        with self.transaction():
            row = self._row(name)
            there = self._there(row[0], dict.fromkeys(ids))
            self.db.executemany(
                "DELETE FROM entries WHERE list = ? AND article = ?", [(row[0], article) for article in there]
            )
            if there:
                self._write(row, by, at)
        return len(there)

    def note(self, name: str, article: str, note: str, by: str, at: str, before: str | None = None) -> None:
        """Change the note of an article on a list.

        Args:
            before: the note that is to be replaced; None for any.

        Raises:
            BadQuery: if it is too long.
            ListMissing: if there is no such list.
            ListConflict: if the article is not on it, or its note is another one.
        """
        note = note_of(note, "note")
        with self.transaction():
            row = self._row(name)
            found = next(
                self.rows(f"SELECT {_ENTRY} FROM entries WHERE list = ? AND article = ?", (row[0], article)), None
            )
            if found is None:
                raise ListConflict(f"“{article}” is not on the list “{row[2]}”.")
            if before is not None and before.split() != found[3].split():
                raise ListConflict(
                    f"Somebody has changed the note of “{article}” meanwhile. It is now: “{found[3]}”. "
                    f"Yours was not stored: “{note}”."
                )
            self._put_entry((*found[:3], note, *found[4:]))
            self._write(row, by, at)

    def entries(self, name: str, after: int = 0, most: int = -1) -> tuple[Entry, ...]:
        """The articles on a list, in the order in which they were put there.

        Args:
            after: only those with a greater number.
            most: the greatest number of them; negative for all.

        Raises:
            ListMissing: if there is no such list.
        """
        which = "WHERE list = ? AND number > ? ORDER BY number LIMIT ?"
        with self.snapshot():
            rows = self.rows(f"SELECT {_ENTRY} FROM entries {which}", (self._row(name)[0], after, most))
            return tuple(Entry(number, article, note, by, at) for number, _, article, note, by, at in rows)

    def stamp(self, name: str) -> tuple[int, int]:
        """What identifies a list as it is now. Raises ListMissing."""
        row = self._row(name)
        return row[0], row[8]

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids of the articles on a list. Raises ListMissing."""
        with self.snapshot():
            found = self.db.execute("SELECT article FROM entries WHERE list = ?", (self._row(name)[0],))
            return tuple(row[0] for row in found)

    def of(self, article: str) -> tuple[NamedList, ...]:
        """The lists that have an article, by name."""
        which = "WHERE number IN (SELECT list FROM entries WHERE article = ?) ORDER BY key"
        return tuple(_list(row, 0) for row in self.rows(f"SELECT {_LIST} FROM lists {which}", (article,)))

    def on(self, name: str, ids: Collection[str]) -> frozenset[str]:
        """Those of some articles that are on a list; none if there is no such list."""
        with self.snapshot():
            found = self.db.execute("SELECT number FROM lists WHERE key = ?", (key_of(name),)).fetchone()
            return frozenset() if found is None else self._there(found[0], ids)

    def erase(self, ids: Collection[str]) -> frozenset[str]:
        """Erase articles from all lists, without a trace. Returns the ids that were on one."""
        if not self._known(ids):
            return frozenset()
        with self.transaction():
            known = self._known(ids)
            self.db.executemany("DELETE FROM entries WHERE article = ?", [(each,) for each in known])
        self.vacuum()
        return known

    def _known(self, ids: Collection[str]) -> frozenset[str]:
        """Those of some articles that are on any list."""
        return frozenset(row[0] for row in self.db.execute("SELECT DISTINCT article FROM entries")) & frozenset(ids)

    def _row(self, name: str) -> tuple[Any, ...]:
        """A list as it is stored, without its checksum. Raises ListMissing."""
        for row in self.rows(f"SELECT {_LIST} FROM lists WHERE key = ?", (key_of(name),)):
            return row
        raise ListMissing(name)

    def _begin(self, name: str, about: str, by: str, at: str) -> None:
        self._free(name)
        (there,) = self.db.execute("SELECT count(*) FROM lists").fetchone()
        if there >= MOST_LISTS:
            raise ListConflict(f"There are {there:,} lists already, and no more than that. Remove one of them.")
        self._put_list((self._next("lists"), key_of(name), name, about, by, at, by, at, 1))

    def _put(self, name: str, notes: Mapping[str, str], by: str, at: str) -> int:
        row = self._row(name)
        there, before = self._there(row[0], notes), self._count(row[0])
        new = [(id_of(one), note_of(note, "note")) for one, note in notes.items() if one not in there]
        if before + len(new) > MOST_ARTICLES:
            raise ListConflict(
                f"“{row[2]}” has {before:,} articles, and these are {len(new):,} more; "
                f"a list has up to {MOST_ARTICLES:,}. Choose fewer, or begin another list."
            )
        first = self._next("entries")
        self.db.executemany(
            f"INSERT INTO entries ({_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [summed((number, row[0], one, note, by, at)) for number, (one, note) in enumerate(new, first)],
        )
        if new:
            self._write(row, by, at)
        return len(new)

    def _free(self, name: str) -> None:
        for row in self.rows(f"SELECT {_LIST} FROM lists WHERE key = ?", (key_of(name),)):
            raise ListConflict(f"There is a list “{row[2]}” already, made by {row[4]}. Choose another name.")

    def _write(self, row: tuple[Any, ...], by: str, at: str) -> None:
        """Store a list that somebody has changed."""
        self._put_list((*row[:6], by, at, row[8] + 1))

    def _put_list(self, row: tuple[Any, ...]) -> None:
        self.db.execute(f"INSERT OR REPLACE INTO lists ({_LIST}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", summed(row))

    def _put_entry(self, row: tuple[Any, ...]) -> None:
        self.db.execute(f"INSERT OR REPLACE INTO entries ({_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?)", summed(row))

    def _next(self, table: str) -> int:
        """A number that no row of a table has had."""
        found = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 1 if found is None else int(found[0]) + 1

    def _count(self, number: int) -> int:
        return int(self.db.execute("SELECT count(*) FROM entries WHERE list = ?", (number,)).fetchone()[0])

    def _there(self, number: int, ids: Collection[str]) -> frozenset[str]:
        found = self.db.execute("SELECT article FROM entries WHERE list = ?", (number,))
        return frozenset(row[0] for row in found) & frozenset(ids)


def id_of(article: str) -> str:
    """An id. Raises BadQuery if no article can have it."""
    if not ID_PATTERN.fullmatch(article):
        raise BadQuery(
            [
                BadValue(
                    "articles",
                    article[:80],
                    said("“{article}” is not an id.", article=article[:80]),
                    said("Give that of an article."),
                )
            ]
        )
    return article


class Finder:
    """Finds the ids of the articles on the lists of an index, and remembers those of lists that have not changed."""

    def __init__(self, place: str | Path) -> None:
        self._place = place
        self._known: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {}

    def __call__(self, name: str) -> tuple[str, ...]:
        """The ids on a list. Raises BadQuery if there is no such list."""
        if not Lists.is_in(self._place):
            raise no_list(name)
        with Lists(self._place) as lists, lists.snapshot():
            try:
                stamp = lists.stamp(name)
            except ListMissing:
                raise no_list(name, [each.name for each in lists.listed()]) from None
            known = self._known.get(name)
            if known is None or known[0] != stamp:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                known = self._known[name] = stamp, lists.ids(name)
            return known[1]


def reconcile(source: Path, folder: Path, _incoming: Incoming) -> list[str]:
    """Retain the lists of an index when a backup replaces it; an index without any gets the backup's."""
    if Lists.is_in(source) and not Lists.is_in(folder):
        databases.copy(source / FILE, folder / FILE)
    return []


def _list(row: tuple[Any, ...], articles: int) -> NamedList:
    _, _, name, about, made_by, made, changed_by, changed, revision = row
    return NamedList(name, about, made_by, made, changed_by, changed, articles, revision)
