"""The lists of an index: named collections of its articles, with notes, in the desk.

A list has the ids of its articles in the order in which they were put on it. It need not have an article of the index:
one that is removed keeps its place, and is found again if it comes back. Each list, and each article on one, has the
name of who put it there; `desk.owned` says who finds it. What somebody shares is found by who may read all articles on
it; who does not see every article finds no other, and of his own those that he sees.

Names that differ in case or white space only are one name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, func, select

from desk.named import MAX_NAME, MOST_ARTICLES, called_by_others, key_of, name_of, note_of
from desk.owned import Owned
from desk.replaced import check_replaced
from desk.store.rows import parts
from desk.store.tables import ENTRIES, LISTS
from search.errors import BadQuery, BadValue, DatelineError
from search.said import said
from search.values.article import ID_PATTERN
from search.values.lists import numbered_list

MOST_LISTS = 1_000
_NOTHING: Mapping[str, str] = {}


class ListMissing(DatelineError):
    """There is no list with this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(said("There is no list “{name}”.", name=name[:MAX_NAME]))


class ListConflict(DatelineError):
    """A list cannot be changed like this, because of what it contains, or of the others."""


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list, without its articles.

    Attributes:
        name: what the one who asks calls it; `full` is what others do.
        about: what it is for; may be empty.
        made_by, changed_by: who made it and who changed it last, as the names of keys; `made` and `changed` are when.
        articles: the number of articles on it, for the one who asks.
        revision: another number after each change.
        mine: it belongs to the one who asks; `owned`, to somebody; `governed`: he may rename, share and remove it.
        private: nobody else finds it.
        number: identifies it, whatever its name.
    """

    name: str
    about: str
    made_by: str
    made: str
    changed_by: str
    changed: str
    articles: int
    revision: int
    mine: bool = False
    private: bool = False
    full: str = ""
    governed: bool = True
    number: int = 0
    owned: bool = False


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


class Lists(Owned):
    """The lists of one index."""

    TABLES = (LISTS, ENTRIES)
    OWNED = LISTS
    WHAT = "lists"

    def listed(self) -> tuple[NamedList, ...]:
        """The lists that the asker finds, by name."""
        with self.snapshot():
            return self._lists(self._found())

    def named(self, name: str) -> NamedList:
        """One list. Raises ListMissing."""
        with self.snapshot():
            return self._lists([self._named(name)])[0]

    def make(
        self,
        name: str,
        by: str,
        at: str,
        about: str = "",
        notes: Mapping[str, str] = _NOTHING,
        shared: bool | None = None,
    ) -> NamedList:
        """Make a list.

        Args:
            notes: the ids of its first articles, each with its note.
            shared: with others; None for nobody's, if the asker may edit that.

        Raises:
            BadQuery: for an invalid name, text or id.
            ListConflict: if there is a list with this name already, or there is no room for another.
        """
        name, about = name_of(name), note_of(about, "about")
        with self.transaction():
            self._put(self._begin(name, about, by, at, shared), notes, by, at)
            return self.named(name)

    def change(
        self,
        name: str,
        by: str,
        at: str,
        new: str | None = None,
        about: str | None = None,
        before: str | None = None,
        shared: bool | None = None,
    ) -> NamedList:
        """Give a list another name, say what it is about, or share it; somebody's by him and administrators alone.

        Args:
            before: what it is to be about no longer; None for any.

        Raises:
            BadQuery: if the name or the text is not valid.
            ListMissing: if there is no such list.
            ListConflict: if another one has the name.
            ChangedMeanwhile: if it is about something else by now.
            NotYours: if the asker may not.
        """
        about = note_of(about, "about") if about is not None else None
        with self.transaction():
            row = self._named(name)
            self._check_governs(row)
            if about is not None:
                check_replaced(said("text about “{name}”", name=row.name), row.about, before, about)
            named = row.name
            if new is not None and " ".join(new.split()) != self._called(row):
                named = name_of(new)
                if key_of(named) != row.folded:
                    self._free(named, row)
            told: dict[str, Any] = {"about": row.about if about is None else about}
            if shared is not None and (not row.owner or shared != bool(row.shared)):
                told |= self._sharing(row, shared)
            self._change(row, by, at, folded=key_of(named), name=named, **told)
            return self._lists([self._numbered(row.number)])[0]

    def remove(self, name: str) -> NamedList:
        """Remove a list, and what is on it. Raises ListMissing, NotYours."""
        with self.transaction():
            row, found = self._named(name), self.named(name)
            self._check_governs(row)
            number = row.number
            self._drop(ENTRIES, ENTRIES.c.list == number)
            self._drop(LISTS, LISTS.c.number == number)
        return found

    def put(
        self,
        name: str,
        notes: Mapping[str, str],
        by: str,
        at: str,
        make: bool = False,
        shared: bool | None = None,
    ) -> int:
        """Put articles on a list; those that are on it already stay as they are.

        Args:
            notes: their ids, each with its note.
            make: make the list if there is none, as `shared` says.

        Returns:
            How many were not on it.

        Raises:
            BadQuery: for an invalid name, note or id.
            ListMissing: if there is no such list, and it is not to be made.
            ListConflict: if there is no room for them; none is put on it then.
            NotYours: if the asker may not.
        """
        with self.transaction():
            if make and self._of_name(name) is None:
                return self._put(self._begin(name_of(name), "", by, at, shared), notes, by, at)
            return self._put(self._changeable(name), notes, by, at)

    def take(self, name: str, ids: Iterable[str], by: str, at: str) -> int:
        """Take articles off a list. Returns how many were on it. Raises ListMissing, NotYours.

        Off that of somebody else who shares it, each takes what he put there.
        """
        with self.transaction():
            row = self._changeable(name)
            there = self._there(row.number, dict.fromkeys(ids))
            if not self._governs(row):
                for one in self._among(ENTRIES, ENTRIES.c.article, there):
                    if one.list == row.number and one.put_by != by:
                        self._check_governs(row)
            self._drop_among(ENTRIES, ENTRIES.c.article, there, ENTRIES.c.list == row.number)
            if there:
                self._change(row, by, at)
        return len(there)

    def note(self, name: str, article: str, note: str, by: str, at: str, before: str | None = None) -> None:
        """Change the note of an article on a list.

        Args:
            before: the note that is to be replaced; None for any.

        Raises:
            BadQuery: if it is too long.
            ListMissing: if there is no such list.
            ListConflict: if the article is not on it.
            ChangedMeanwhile: if its note is another one.
            NotYours: if the asker may not.
        """
        note = note_of(note, "note")
        with self.transaction():
            row = self._changeable(name)
            found = self._first(select(ENTRIES).where(ENTRIES.c.list == row.number, ENTRIES.c.article == article))
            if found is None:
                raise ListConflict(said("“{article}” is not on the list “{name}”.", article=article, name=row.name))
            if found.put_by != by:
                self._check_governs(row)
            check_replaced(said("note of “{article}”", article=article), found.note, before, note)
            self._write(ENTRIES, {**found._mapping, "note": note})
            self._change(row, by, at)

    def entries(self, name: str, after: int = 0, most: int | None = None) -> tuple[Entry, ...]:
        """The articles on a list, in the order in which they were put there.

        Args:
            after: only those with a greater number.
            most: the greatest number of them; None for all.

        Raises:
            ListMissing: if there is no such list.
        """
        with self.snapshot():
            on = select(ENTRIES).where(ENTRIES.c.list == self._named(name).number, ENTRIES.c.number > after)
            found = self._rows(on.order_by(ENTRIES.c.number).limit(most))
            return tuple(Entry(row.number, row.article, row.note, row.put_by, row.put) for row in found)

    def stamp(self, name: str) -> tuple[int, int]:
        """What identifies a list as it is now, for a filter by it. Raises ListMissing."""
        row = self._named(name)
        return row.number, row.revision

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids of the articles on a list. Raises ListMissing."""
        with self.snapshot():
            return tuple(self._articles(self._named(name).number))

    def of(self, article: str) -> tuple[NamedList, ...]:
        """The lists that have an article, by name."""
        on = select(ENTRIES.c.list).where(ENTRIES.c.article == article)
        with self.snapshot():
            having = frozenset(self._run(on).scalars())
            return tuple(self._list(row, 0) for row in self._found() if row.number in having)

    def on(self, name: str, ids: Collection[str]) -> frozenset[str]:
        """Those of some articles that are on a list; none if there is no such list."""
        with self.snapshot():
            found = self._of_name(name)
            return frozenset() if found is None else self._there(found.number, ids)

    def erase(self, ids: Collection[str]) -> frozenset[str]:
        """Erase articles from all lists, without a trace. Returns the ids that were on one."""
        if not self._known(ids):
            return frozenset()
        with self.transaction():
            known = self._known(ids)
            self._drop_among(ENTRIES, ENTRIES.c.article, known)
        self.vacuum()
        return known

    def _audit(self, did: str, table: Table, changed: Iterable[Mapping[Any, Any]]) -> None:
        """Have the audit log tell of what is on a private list no more than the number of the list."""
        if table is ENTRIES and self._is_audited(table):
            private = frozenset(
                self._run(select(LISTS.c.number).where(LISTS.c.owner != "", LISTS.c.shared == 0)).scalars()
            )
            changed = [{**row, "article": ""} if row["list"] in private else row for row in changed]
        super()._audit(did, table, changed)

    def _known(self, ids: Collection[str]) -> frozenset[str]:
        """Those of some articles that are on any list."""
        return frozenset(self._run(select(ENTRIES.c.article).distinct()).scalars()) & frozenset(ids)

    def _named(self, name: str) -> Row[Any]:
        """A list as it is stored, by its name or its number (`list_by_number`). Raises ListMissing."""
        number = numbered_list(name)
        row = self._of_name(name) if number is None else self._of_number(number)
        if row is None:
            raise ListMissing(name)
        return row

    def _of_number(self, number: int) -> Row[Any] | None:
        found = [*self._rows(select(LISTS).where(LISTS.c.number == number, self._may_find()))]
        return next(iter(self._shown(found)), None)

    def _changeable(self, name: str) -> Row[Any]:
        """A list that the asker may add to. Raises ListMissing, NotYours."""
        row = self._named(name)
        self._check_may_add(row)
        return row

    def _shown(self, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        asker = self._asker
        if asker is None or asker.sees_all:
            return rows
        held = self._held([row for row in rows if not self._is_own(row)])
        every = frozenset[str]().union(*held.values())
        hidden, there = asker.hidden(every), asker.there(every)
        return [
            row for row in rows if self._is_own(row) or (not held[row.number] & hidden and held[row.number] & there)
        ]

    def _held(self, some: Iterable[Row[Any]]) -> dict[int, set[str]]:
        """The articles on some lists, by number."""
        held = defaultdict[int, set[str]](set)
        for numbers in parts(row.number for row in some):
            on = select(ENTRIES.c.list, ENTRIES.c.article).where(ENTRIES.c.list.in_(numbers))
            for row in self._run(on):
                held[row.list].add(row.article)
        return held

    def _lists(self, some: Sequence[Row[Any]]) -> tuple[NamedList, ...]:
        """Lists with the number of their articles; of those that he sees, to somebody who does not see every one."""
        if self._asker is None or self._asker.sees_all:
            counted = self._run(select(ENTRIES.c.list, func.count()).group_by(ENTRIES.c.list))
            counts = dict(map(tuple, counted))
        else:
            held = self._held(some)
            there = self._asker.there(frozenset[str]().union(*held.values()))
            counts = {number: len(articles & there) for number, articles in held.items()}
        return tuple(self._list(row, counts.get(row.number, 0)) for row in some)

    def _list(self, row: Row[Any], articles: int) -> NamedList:
        full = called_by_others(row.name, row.made_by) if row.owner else row.name
        return NamedList(
            self._called(row), row.about, row.made_by, row.made, row.changed_by, row.changed, articles, row.revision,
            self._is_own(row), bool(row.owner) and not row.shared, full, self._governs(row), row.number,
            bool(row.owner),
        )  # fmt: skip

    def _begin(self, name: str, about: str, by: str, at: str, shared: bool | None = None) -> Row[Any]:
        self._free(name)
        whose = self.begun(shared)
        there = self._value(select(func.count()).where(LISTS.c.owner == whose["owner"])) or 0
        if there >= MOST_LISTS:
            raise ListConflict(
                said("There are {count} lists already, and no more than that. Remove one of them.", count=there)
            )
        new: dict[str, Any] = {
            "number": self._next(LISTS),
            "folded": key_of(name),
            "name": name,
            "about": about,
            "revision": 1,
        }
        self._write(LISTS, {**new, "made_by": by, "made": at, "changed_by": by, "changed": at, **whose})
        return self._numbered(new["number"])

    def _put(self, row: Row[Any], notes: Mapping[str, str], by: str, at: str) -> int:
        there, before = self._there(row.number, notes), self._count(row.number)
        new = [(id_of(one), note_of(note, "note")) for one, note in notes.items() if one not in there]
        if before + len(new) > MOST_ARTICLES:
            raise ListConflict(
                said(
                    "“{name}” has {count} articles, and these are {more} more; a list has up to {most}. "
                    "Choose fewer, or begin another list.",
                    name=row.name,
                    count=before,
                    more=len(new),
                    most=MOST_ARTICLES,
                )
            )
        if not new:
            return 0
        both = {"list": row.number, "put_by": by, "put": at}
        numbered = enumerate(new, self._next(ENTRIES, len(new)))
        self._write(ENTRIES, *({**both, "number": n, "article": one, "note": note} for n, (one, note) in numbered))
        self._change(row, by, at)
        return len(new)

    def _free(self, name: str, of: Row[Any] | None = None) -> None:
        self._check_own_name(name)
        row = self._taken(name, of)
        if row is not None:
            raise ListConflict(
                said(
                    "There is a list “{name}” already, made by {by}. Choose another name.",
                    name=self._called(row),
                    by=row.made_by,
                )
            )

    def _change(self, row: Row[Any], by: str, at: str, **told: Any) -> None:
        """Store a list that somebody has changed."""
        changed = {"changed_by": by, "changed": at, "revision": row.revision + 1}
        self._write(LISTS, {**row._mapping, **told, **changed})

    def _count(self, number: int) -> int:
        return self._value(select(func.count()).where(ENTRIES.c.list == number)) or 0

    def _articles(self, number: int) -> Iterable[str]:
        return self._run(select(ENTRIES.c.article).where(ENTRIES.c.list == number)).scalars()

    def _there(self, number: int, ids: Collection[str]) -> frozenset[str]:
        return frozenset(self._articles(number)) & frozenset(ids)


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
