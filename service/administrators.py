"""Who may administer: the keys of scope `admin`, and the people whose groups permit it."""

from __future__ import annotations

from desk.people import keys
from desk.people.sessions import Records
from desk.rights.store import KEY, USER, Rights
from service.settings import Settings


def administrators(place: str, settings: Settings) -> frozenset[str]:
    """Those who may administer an index now, as members of groups.

    Of people, whose groups a provider names, those are known who have a session, or groups that are stored here.
    """
    groups = people_of(place)
    people = (one for one, names in groups.items() if one.startswith(USER) and "admin" in settings.scopes_of(names))
    return frozenset([*people, *(KEY + key.id for key in keys.listed(place) if key.permits("admin"))])


def people_of(place: str) -> dict[str, frozenset[str]]:
    """Keys and people → their groups: those that are stored here, and those that were told at the last sign-in."""
    found: dict[str, frozenset[str]] = {}
    if Rights.is_in(place):
        with Rights(place) as rights:
            found.update(rights.groups())
    if Records.is_in(place):
        with Records(place) as records:
            for person, told in records.people().items():
                found[person] = found.get(person, frozenset()) | told
    return found
