"""The rules of an index, and who is in which group."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

import orjson
from sqlalchemy import select

from desk.rights.rule import GROUP, LONGEST, Reader, Rule, is_name, read, sight_of
from desk.store.base import Desk, stamp
from desk.store.tables import MEMBERS, RIGHTS
from search.errors import BadQuery, BadValue, IndexProblem
from search.said import said
from search.values.rights import Sight

KEY, USER = "key:", "user:"
"""What stands before the id of a key, and before the name of somebody who signs in elsewhere, as members of groups."""

MOST_SIGHTS = 1_000
"""Of readers in different groups, those that are remembered."""


class Rights(Desk):
    """The rules of one index, and the members of its groups."""

    TABLES = (RIGHTS, MEMBERS)
    WHAT = "rights"

    def listed(self) -> tuple[Rule, ...]:
        """The rules, in their order."""
        rows = self._rows(select(RIGHTS).order_by(RIGHTS.c.number))
        stored = [{"who": row.who, "what": orjson.loads(row.what), "tier": row.tier} for row in rows]
        return read(stored, is_new=False)

    def set(self, rules: Sequence[Rule], by: str, at: str) -> None:
        """Replace all rules."""
        with self.transaction():
            self._replace(rules, by, at)

    def _replace(self, rules: Sequence[Rule], by: str, at: str) -> None:
        self._drop(RIGHTS)
        first = self._next(RIGHTS, len(rules)) if rules else 0
        for number, one in enumerate(rules, first):
            what = orjson.dumps(one.as_json()["what"]).decode()
            row = {"number": number, "who": one.who, "what": what, "tier": one.tier, "made_by": by, "made": at}
            self._write(RIGHTS, row)

    def change(self, change: Callable[[tuple[Rule, ...]], Sequence[Rule]], by: str, at: str) -> None:
        """Replace all rules by what is made of them; nobody else changes them meanwhile."""
        with self.transaction():
            self._replace(change(self.listed()), by, at)

    def groups(self) -> dict[str, frozenset[str]]:
        """Member → the groups that it is in."""
        found: dict[str, set[str]] = {}
        for row in self._rows(select(MEMBERS)):
            found.setdefault(row.member, set()).add(row.name)
        return {member: frozenset(names) for member, names in found.items()}

    def put(self, member: str, names: Collection[str]) -> None:
        """Have a member be in these groups, and in no others. Raises BadQuery if a name is not valid."""
        wrong = [name for name in names if not is_name(name)]
        if wrong:
            reason = said("“{name}” is no name of a group.", name=wrong[0][:80])
            hint = said("It has no commas, and up to {most} characters.", most=LONGEST)
            raise BadQuery([BadValue("group", wrong[0][:80], reason, hint)])
        with self.transaction():
            self._drop(MEMBERS, MEMBERS.c.member == member)
            self._write(MEMBERS, *({"name": name, "member": member} for name in sorted(set(names))))


class Known:
    """The rules and groups of one index, read again when its desk has changed; safe to share between threads.

    If the desk does not answer, they are as they were last read. Cost: looking whether it has changed.

    Raises:
        IndexProblem: from every call, if they never could be read: then nobody may be taken to see everything.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._read: tuple[str, tuple[Rule, ...], dict[str, frozenset[str]]] | None = None
        self._sights: tuple[tuple[Rule, ...], dict[Reader, Sight]] = ((), {})

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules."""
        return self._now()[0]

    def sight(self, reader: Reader) -> Sight:
        """What a reader may see; worked out once for all who are in the same groups that rules name."""
        rules = self.rules
        sights = self._sights
        if sights[0] is not rules:
            sights = self._sights = rules, {}
        known = sights[1]
        alike = replace(reader, name="", groups=reader.groups & {one.who.removeprefix(GROUP) for one in rules})
        found = known.get(alike)
        if found is None:
            if len(known) >= MOST_SIGHTS:
                known.clear()
            found = known[alike] = sight_of(rules, alike)
        return found

    def groups_of(self, members: Iterable[str]) -> frozenset[str]:
        """The groups that any of some members is in."""
        groups = self._now()[1]
        return frozenset().union(*(groups.get(member, frozenset()) for member in members))

    def _now(self) -> tuple[tuple[Rule, ...], dict[str, frozenset[str]]]:
        if not Rights.is_in(self._place):
            return (), {}
        at, known = stamp(self._place), self._read
        if known is not None and known[0] == at:
            return known[1], known[2]
        with self._lock:
            try:
                with Rights(self._place) as rights, rights.snapshot():
                    self._read = known = at, rights.listed(), rights.groups()
            except IndexProblem:
                if known is None:
                    raise
            return known[1], known[2]
