"""The groups of keys and people, and by them who may administer."""

from __future__ import annotations

from desk.people import keys
from desk.people.sessions import Records
from desk.rights.store import KEY, USER, Rights
from service.settings import Settings


def administrators(place: str, settings: Settings) -> frozenset[str]:
    """Those who may administer an index now, as members of groups.

    Of people, whose groups a provider names, those are known who have a session, or groups that are stored here.
    """
    groups = groups_now(place)
    people = (one for one, names in groups.items() if one.startswith(USER) and "admin" in settings.scopes_of(names))
    return frozenset([*people, *(KEY + key.id for key in keys.listed(place) if key.permits("admin"))])


def groups_now(place: str) -> dict[str, frozenset[str]]:
    """Keys and people → their groups: those that are stored here, and those that were told at the last sign-in."""
    stored, told = groups_stored(place), groups_told(place)
    return {one: stored.get(one, frozenset()) | told.get(one, frozenset()) for one in stored | told}


def groups_stored(place: str) -> dict[str, frozenset[str]]:
    """Keys and people → the groups that are stored here."""
    if not Rights.is_in(place):
        return {}
    with Rights(place) as rights:
        return rights.groups()


def groups_told(place: str) -> dict[str, frozenset[str]]:
    """People → the groups that their provider named at the last sign-in."""
    if not Records.is_in(place):
        return {}
    with Records(place) as records:
        return records.people()
