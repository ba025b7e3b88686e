"""The saved searches of an index: questions with a name.

Each has what everybody has seen of it: a time a little before he last looked, and how many matching articles had been
added since that time when he looked. So what is new is counted exactly, although an article gets its time some seconds
before the commit that shows it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from desk.named import key_of, name_of
from desk.owned import Owned
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
        mine: it belongs to the one who asks; `owned`, to somebody; `governed`: he may rename, share and delete it.
        private: nobody else finds it.
    """

    name: str
    question: str
    made_by: str
    made: str
    seen: Seen | None = None
    number: int = 0
    mine: bool = False
    private: bool = False
    owned: bool = False
    governed: bool = True


class Searches(Owned):
    """The saved searches of one index."""

    TABLES = (SEARCHES, LOOKS)
    OWNED = SEARCHES
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
            found = self._found()
            first = next((place for place, row in enumerate(found, 1) if row.number == after), 0)
            if after and not first:
                reason = said("The search that this part comes after is gone.")
                raise BadQuery([BadValue("after", str(after), reason, said("Begin again, without it."))])
            looks = self._rows(select(LOOKS).where(LOOKS.c.who == who))
            seen = {row.search: Seen(row.at, row.had) for row in looks}
            part = found[first : None if most is None else first + most]
            return tuple(self._saved(row, seen.get(row.number)) for row in part)

    def named(self, name: str, who: str) -> Saved:
        """One search. Raises SearchMissing."""
        with self.snapshot():
            return self._seen_by(self._named(name), who)

    def _seen_by(self, row: Row[Any], who: str) -> Saved:
        look = self._first(select(LOOKS).where(LOOKS.c.search == row.number, LOOKS.c.who == who))
        return self._saved(row, Seen(look.at, look.had) if look is not None else None)

    def save(
        self,
        name: str,
        question: str,
        by: str,
        at: str,
        seen: tuple[str, Seen] | None = None,
        shared: bool | None = None,
    ) -> Saved:
        """Save a search.

        Args:
            seen: who saves it, as for `look`, and what he has seen of it.
            shared: with others; None for nobody's, if the asker may edit that.

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
            whose = self.begun(shared)
            count = self._value(select(func.count()).where(SEARCHES.c.owner == whose["owner"])) or 0
            if count >= MOST:
                raise SearchConflict(
                    said("There are {count} saved searches already. Delete one that nobody needs.", count=count)
                )
            number = self._next(SEARCHES)
            new = {"number": number, "folded": key_of(name), "name": name, "question": question}
            self._write(SEARCHES, {**new, "made_by": by, "made": at, **whose})
            if seen is not None:
                self._look(number, *seen)
            return self.named(name, seen[0] if seen is not None else by)

    def change(self, name: str, who: str, new: str | None = None, shared: bool | None = None) -> Saved:
        """Give a search another name, or share it; somebody's by him and administrators alone.

        Raises:
            BadQuery, SearchMissing, SearchConflict: because of the name.
            NotYours: if the asker may not.
        """
        with self.transaction():
            row = self._named(name)
            self._check_governs(row)
            changed = dict(row._mapping)
            if new is not None and key_of(name_of(new)) != row.folded:
                self._free(name_of(new), row)
            if new is not None:
                changed |= {"folded": key_of(new), "name": name_of(new)}
            if shared is not None and (not row.owner or shared != bool(row.shared)):
                changed |= self._sharing(row, shared)
            self._write(SEARCHES, changed)
            return self._seen_by(self._numbered(row.number), who)

    def delete(self, name: str, who: str) -> Saved:
        """Delete a search. Raises SearchMissing, NotYours."""
        with self.transaction():
            self._check_governs(self._named(name))
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
        row = self._of_name(name)
        if row is None:
            raise SearchMissing(name)
        return row

    def _saved(self, row: Row[Any], seen: Seen | None) -> Saved:
        private = bool(row.owner) and not row.shared
        return Saved(
            self._called(row), row.question, row.made_by, row.made, seen, row.number, self._is_own(row), private,
            bool(row.owner), self._governs(row),
        )  # fmt: skip

    def _free(self, name: str, of: Row[Any] | None = None) -> None:
        self._check_own_name(name)
        taken = self._taken(name, of)
        if taken is not None:
            raise SearchConflict(
                said("There is a saved search “{name}” already. Choose another name.", name=self._called(taken))
            )
