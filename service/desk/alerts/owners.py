"""Whose alerts are told: nobody's, and those of owners who may see every article now, as an alert looks at all."""

from __future__ import annotations

from collections.abc import Iterable

from desk.alerts.alert import Alert
from desk.people import keys
from desk.people.sessions import Records
from desk.rights.rule import Reader, Rule, sight_of
from desk.rights.store import KEY, USER, Rights
from search.said import said
from service.settings import Settings

WHY = said("Its owner may not see every article now, or has no key any more. It is not asked, and tells nothing.")


def barred(place: str, settings: Settings, alerts: Iterable[Alert]) -> frozenset[int]:
    """The numbers of the alerts whose owners may not see every article, or whose keys are revoked.

    Somebody who signed in by name has the groups that his provider named until his session ends.
    """
    owned = [alert for alert in alerts if alert.owner]
    if not owned:
        return frozenset()
    rules: tuple[Rule, ...] = ()
    groups: dict[str, frozenset[str]] = {}
    if Rights.is_in(place):
        with Rights(place) as rights:
            rules, groups = rights.listed(), dict(rights.groups())
    told: dict[str, frozenset[str]] = {}
    if Records.is_in(place):
        with Records(place) as records:
            told = dict(records.people())
    scopes = {KEY + key.id: frozenset(key.scopes) for key in keys.listed(place)}

    def sees_all(owner: str) -> bool:
        if owner not in scopes and not owner.startswith(USER):
            return False
        own = groups.get(owner, frozenset()) | told.get(owner, frozenset())
        may = scopes[owner] if owner in scopes else frozenset(settings.scopes_of(own))
        return sight_of(rules, Reader(owner, own, is_known=True, sees_all="admin" in may)).is_whole

    return frozenset(alert.number for alert in owned if not sees_all(alert.owner))
