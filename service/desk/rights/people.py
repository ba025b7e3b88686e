"""Who is in which groups: the keys, the people who have a session, and those of whom only groups are stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desk.people import keys
from desk.people.holder import Scope
from desk.people.keys import KeyMissing, LastAdministrator
from desk.rights.rule import Reader, is_name
from desk.rights.store import KEY, USER, Rights
from search.errors import BadQuery, BadValue
from search.said import said
from service.administrators import administrators, groups_stored, groups_told
from service.settings import Settings
from service.values import rights_values


@dataclass(frozen=True, slots=True)
class Member:
    """A key or a person.

    Attributes:
        id: `key:` and the id of a key, or `user:` and the name of a person.
        groups: those that are stored here.
        told: those that the provider named when the person signed in last.
    """

    id: str
    name: str
    scopes: tuple[Scope, ...]
    groups: frozenset[str]
    told: frozenset[str] = frozenset()

    @property
    def reader(self) -> Reader:
        """The same as somebody who reads."""
        return Reader(self.name, self.groups | self.told, True, "admin" in self.scopes)

    def as_value(self) -> rights_values.Member:
        """As the API answers it."""
        return rights_values.Member(self.id, self.name, self.scopes, sorted(self.groups), sorted(self.told))

    @property
    def is_key(self) -> bool:
        """True if it is a key."""
        return self.id.startswith(KEY)


def members(place: str, settings: Settings) -> list[Member]:
    """The keys, oldest first, and the people, by name."""
    groups, told = groups_stored(place), groups_told(place)
    found = [
        Member(KEY + key.id, key.called, key.scopes, groups.get(KEY + key.id, frozenset()))
        for key in keys.listed(place)
    ]
    for person in sorted({*told, *(name for name in groups if name.startswith(USER))}):
        own, others = groups.get(person, frozenset()), told.get(person, frozenset())
        scopes = settings.scopes_of(own | others)
        found.append(Member(person, person.removeprefix(USER), scopes, own, others))
    return found


def put(place: str, member: str, names: Collection[str], settings: Settings) -> Member:
    """Have a key or a person be in these groups and in no others.

    Raises:
        KeyMissing: if there is no such key.
        BadQuery: if it is neither, or a name is not valid.
        LastAdministrator: if nobody could administer the index then.
    """
    if member.startswith(KEY):
        if keys.Keys(place).with_id(member.removeprefix(KEY)) is None:
            raise KeyMissing(member.removeprefix(KEY)[:80])
    elif not (member.startswith(USER) and is_name(member.removeprefix(USER))):
        reason = said("“{name}” names nobody.", name=member[:80])
        hint = said("It is key: and the id of a key, or user: and the name of a person.")
        raise BadQuery([BadValue("person", member[:80], reason, hint)])
    then = settings.scopes_of({*names, *groups_told(place).get(member, ())})
    if member.startswith(USER) and "admin" not in then and administrators(place, settings) == {member}:
        raise LastAdministrator(member.removeprefix(USER))
    with Rights(place) as store:
        store.put(member, names)
    found = [one for one in members(place, settings) if one.id == member]
    return found[0] if found else Member(member, member.removeprefix(USER), settings.scopes_of(()), frozenset())
