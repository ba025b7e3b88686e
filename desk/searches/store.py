"""The saved searches of an index: questions with a name.

Each has what everybody has seen of it: a time a little before he last looked, and how many matching articles had been
added since that time when he looked. So what is new is counted exactly, although an article gets its time some seconds
before the commit that shows it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from desk.named import key_of, name_of
from desk.store.base import Desk
from desk.store.tables import LOOKS, SEARCHES
from desk.traces import Values, tells
from search.errors import BadQuery, BadValue, DatelineError
from search.said import said

MOST = 1_000
LONGEST = 8_000
"""Characters of a question."""


class SearchMissing(DatelineError):
    """There is no saved search with this name."""

    def __init__(self, name: str) -> None:
        super().__init__(said("There is no saved search “{name}”.", name=name[:100]))


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


class Searches(Desk):
    """The saved searches of one index."""

    TABLES = (SEARCHES, LOOKS)
    WHAT = "saved searches"

    def listed(self, who: str, after: int = 0, most: int | None = None) -> tuple[Saved, ...]:
        """Searches by name, with what somebody has seen of them.

        Args:
            after: only those behind the one with this number; 0 for all.
            most: the greatest number of them; None for all.

        Raises:
            BadQuery: if there is no such search any more.
        """
        with self.snapshot():
            behind = self._value(select(SEARCHES.c.folded).where(SEARCHES.c.number == after))
            if after and behind is None:
                reason = said("The search that this part comes after is gone.")
                raise BadQuery([BadValue("after", str(after), reason, said("Begin again, without it."))])
            looks = self._rows(select(LOOKS).where(LOOKS.c.who == who))
            seen = {row.search: Seen(row.at, row.had) for row in looks}
            those = select(SEARCHES).where(SEARCHES.c.folded > (behind or "")).order_by(SEARCHES.c.folded).limit(most)
            return tuple(_saved(row, seen.get(row.number)) for row in self._rows(those))

    def named(self, name: str, who: str) -> Saved:
        """One search. Raises SearchMissing."""
        with self.snapshot():
            row = self._named(name)
            look = self._first(select(LOOKS).where(LOOKS.c.search == row.number, LOOKS.c.who == who))
            return _saved(row, Seen(look.at, look.had) if look is not None else None)

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
            count = self._value(select(func.count()).select_from(SEARCHES)) or 0
            if count >= MOST:
                raise SearchConflict(
                    said("There are {count} saved searches already. Delete one that nobody needs.", count=count)
                )
            number = self._next(SEARCHES)
            new = {"number": number, "folded": key_of(name), "name": name, "question": question}
            self._write(SEARCHES, {**new, "made_by": by, "made": at})
            if seen is not None:
                self._look(number, by, seen)
            return self.named(name, by)

    def renamed(self, name: str, new: str, who: str) -> Saved:
        """Give a search another name. Raises BadQuery, SearchMissing, SearchConflict."""
        new = name_of(new)
        with self.transaction():
            row = self._named(name)
            if key_of(new) != row.folded:
                self._free(new)
            self._write(SEARCHES, {**row._mapping, "folded": key_of(new), "name": new})
            return self.named(new, who)

    def delete(self, name: str, who: str) -> Saved:
        """Delete a search. Raises SearchMissing."""
        with self.transaction():
            found = self.named(name, who)
            self._delete(found.number)
            return found

    def look(self, name: str, who: str, seen: Seen) -> None:
        """Remember what somebody has seen of a search. Raises SearchMissing."""
        with self.transaction():
            self._look(self._named(name).number, who, seen)

    def erase(self, ids: Collection[str], values: Values = ()) -> None:
        """Delete the searches that tell of one of some articles (see `traces`), without a trace. Cost: reads all."""
        with self.transaction():
            gone = [row.number for row in self._rows(select(SEARCHES)) if tells(row.question, ids, values)]
            for number in gone:
                self._delete(number)
        if gone:
            self.vacuum()

    def _delete(self, number: int) -> None:
        self._drop(LOOKS, LOOKS.c.search == number)
        self._drop(SEARCHES, SEARCHES.c.number == number)

    def _look(self, number: int, who: str, seen: Seen) -> None:
        self._write(LOOKS, {"search": number, "who": who, "at": seen.at, "had": seen.had})

    def _named(self, name: str) -> Row[Any]:
        row = self._first(_by_name(name))
        if row is None:
            raise SearchMissing(name)
        return row

    def _free(self, name: str) -> None:
        taken = self._first(_by_name(name))
        if taken is not None:
            raise SearchConflict(
                said("There is a saved search “{name}” already. Choose another name.", name=taken.name)
            )


def _by_name(name: str) -> Select[Any]:
    return select(SEARCHES).where(SEARCHES.c.folded == key_of(name))


def _saved(row: Row[Any], seen: Seen | None) -> Saved:
    return Saved(row.name, row.question, row.made_by, row.made, seen, row.number)
