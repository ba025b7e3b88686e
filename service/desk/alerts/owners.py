"""What the owners of alerts see now, by which their alerts are asked and told; an alert of nobody sees everything.

An alert ends with the rights of its owner: as soon as there is an article of which he sees less than when it last
looked, or it goes by a channel that he may not use any more, it is not asked, and what waits to be sent is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from desk.alerts.alert import UNSENT, Alert, Delivery
from desk.asker import Asker
from desk.people import keys
from desk.people.holder import Holder, Scope
from desk.rights.rule import Reader, Rule, sight_of
from desk.rights.store import KEY, USER, Rights
from search.engine import Engine, present_among
from search.said import said
from search.seen import hides
from search.values.rights import WHOLE, Sight, stored
from service.administrators import groups_now
from service.archive import seeing_as
from service.settings import Settings

WHY = said(
    "Its owner sees less now than when it last looked, has no key any more, or may no longer have it sent. It is not "
    "asked, and tells nothing. He can make it again, to be told of what he sees now."
)


def sights(place: str, engine: Engine, settings: Settings, alerts: Iterable[Alert]) -> dict[int, Sight]:
    """By number, what the owner of each alert sees; without alerts that are not asked, as `WHY` says.

    Somebody who signed in by name has the groups that his provider named until his session ends.

    Args:
        engine: has all articles.
    """
    some = list(alerts)
    if not any(alert.owner for alert in some):
        return {alert.number: WHOLE for alert in some}
    rules: tuple[Rule, ...] = ()
    if Rights.is_in(place):
        with Rights(place) as rights:
            rules = rights.listed()
    groups = groups_now(place)
    holders: dict[str, Holder] = {KEY + key.id: key for key in keys.listed(place)}
    for owner in {alert.owner for alert in some if alert.owner.startswith(USER)}:
        holders[owner] = Holder(owner, "", settings.scopes_of(groups.get(owner, frozenset())))

    @cache
    def seen_by(reader: Reader) -> Sight:
        return sight_of(rules, reader)

    def sees(owner: str, needs: Scope) -> Sight | None:
        if not owner:
            return WHOLE
        if owner not in holders or not holders[owner].permits(needs):
            return None
        own = groups.get(owner, frozenset())
        return seen_by(Reader("", own, is_known=True, sees_all=holders[owner].permits("admin")))

    of = {alert.number: sees(alert.owner, "read" if alert.channel == UNSENT else "edit") for alert in some}
    less = {
        (now, before): hides(engine, stored(before), now)
        for now, before in {(of[alert.number], alert.sight) for alert in some}
        if now is not None
    }
    return {alert.number: now for alert in some if (now := of[alert.number]) is not None and not less[now, alert.sight]}


def asker_of(alert: Alert, engine: Engine, sight: Sight) -> Asker:
    """The owner of an alert, who sees so much of an engine that has all articles, as he asks for lists."""
    return seeing_as(Asker(alert.owner), engine, sight)


def left_of(delivery: Delivery, engine: Engine) -> Delivery:
    """What a delivery tells somebody with limits: without what he does not see, and with no title of what he saw.

    Args:
        engine: has what he sees.
    """
    there = present_among(engine, (*delivery.came, *delivery.changed))
    came, changed = (tuple(each for each in part if each in there) for part in (delivery.came, delivery.changed))
    return replace(delivery, came=came, changed=changed, titles=())
