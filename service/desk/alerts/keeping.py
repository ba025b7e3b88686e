"""Making and changing alerts, for pages, the API and the command: what is asked for is checked before it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from desk.alerts import schedule
from desk.alerts.alert import CHANNELS, UNSENT, Alert, Delivery
from desk.alerts.alert import Channel as Name
from desk.alerts.store import AlertMissing, Alerts
from desk.searches.store import LONGEST, Searches, SearchMissing
from search.errors import BadQuery, BadValue
from search.said import said
from search.text import dates
from search.values.rights import stored
from service import params
from service.archive import Archive
from service.desk.alerts.channels import channels
from service.desk.alerts.looking import begin
from service.desk.alerts.owners import left_of
from service.desk.alerts.telling import next_due
from service.formats import question
from service.settings import Settings

FIELDS = ("name", "schedule", "zone", "channel", "target")
"""What can be changed of an alert."""
DEFAULTS: Mapping[str, str] = {"schedule": schedule.AT_ONCE, "zone": "UTC", "channel": "feed", "target": ""}
_EVER = "9999"


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with what it has told.

    Attributes:
        waiting: the oldest delivery that has not arrived; None if all have.
        deliveries: the last ones, newest first.
        asked: its question, with lists as who asks calls them.
        governed: who asks may change and delete it.
    """

    alert: Alert
    waiting: Delivery | None
    deliveries: tuple[Delivery, ...]
    asked: str
    governed: bool = True


class Making:
    """Makes and changes the alerts of an archive. Raises BadSetting if the operator's settings are not valid."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._by = channels(settings, ())

    @property
    def channels(self) -> tuple[Name, ...]:
        """The ways to tell somebody that this service has for who asks: without scope edit, a feed."""
        return tuple(name for name in CHANNELS if self._by[name].works and self._may_use(name))

    def _may_use(self, name: Name) -> bool:
        asker = self._archive.asker
        return name == UNSENT or asker is None or asker.edits

    def make(self, given: Mapping[str, str], asked: str, by: str, shared: bool | None = None) -> Alert:
        """Make an alert, to which all is seen that matches now.

        Args:
            given: `name`, and others of `FIELDS`.
            asked: the question, as `question.given` reads it.
            shared: with others; None for nobody's, if the one who asks may edit that and it is about no private list.

        Raises:
            BadQuery: naming what is not valid.
            AlertConflict: if there is one with this name, or there are too many.
        """
        if len(asked) > LONGEST:
            reason = said(
                "The question has {length} characters; up to {longest} can be kept.", length=len(asked), longest=LONGEST
            )
            raise BadQuery([BadValue("question", asked[:80], reason, said("Leave something out."))])
        query = self._archive.numbered(question.given(asked))
        canonical = params.joined(question.pairs(query))
        shared = False if shared is None and self._archive.is_private(query) else shared
        new = Alert(0, "", canonical, "", "", "feed", "", by, dates.now(), "", 0, "")
        with keeping(self._archive) as alerts:
            return begin(self._archive, alerts, self._with(new, {**DEFAULTS, **given}), shared)

    def change(
        self, name: str, given: Mapping[str, str], before: Mapping[str, str], shared: bool | None = None
    ) -> Alert:
        """Change some fields of an alert; one that is given as it was `before` stays as it is by now.

        Raises:
            BadQuery: naming what is not valid.
            AlertMissing: if there is no such alert.
            AlertConflict: if there is another one with the new name.
            ChangedMeanwhile: if somebody has changed a field that was to be as `before`.
            NotYours: if the one who asks may not.
        """
        changed = {field: value for field, value in given.items() if value != before.get(field)}
        replaced = {field: value for field, value in before.items() if field in changed}
        with _existing(self._archive, name) as alerts:
            return alerts.change(name, lambda alert: self._with(alert, changed, shared), replaced)

    def _with(self, alert: Alert, given: Mapping[str, str], shared: bool | None = None) -> Alert:
        """An alert with other values, all of which are checked."""
        changed = replace(
            alert,
            name=given.get("name", alert.name),
            shared=alert.shared if shared is None else int(shared),
        )
        if "schedule" in given or "zone" in given:
            written = str(schedule.read(given.get("schedule", alert.schedule)))
            changed = replace(changed, schedule=written, zone=schedule.zone_of(given.get("zone", alert.zone)))
            changed = replace(changed, due=next_due(changed, dates.now()))
        if "channel" in given or "target" in given:
            channel = self._channel(given.get("channel", alert.channel))
            target = given.get("target", alert.target if channel == alert.channel else "")
            changed = replace(changed, channel=channel, target=self._by[channel].target(target.strip()))
        return changed

    def _channel(self, name: str) -> Name:
        found = next((each for each in CHANNELS if each == name), None)
        if found is None:
            raise _bad(
                "channel",
                name,
                said("No channel “{name}”.", name=name[:80]),
                said("There are: {choices}.", choices=", ".join(self.channels)),
            )
        if not self._may_use(found):
            reason = said("An alert by {channel} needs the scope edit.", channel=found)
            raise _bad("channel", name, reason, said("Choose the channel feed."))
        if found not in self.channels:
            raise _bad(
                "channel",
                name,
                said("No {found} is sent here.", found=found),
                said("Ask the operator to set {variable}.", variable=self._by[found].SETTING),
            )
        return found


@contextmanager
def keeping(archive: Archive) -> Iterator[Alerts]:
    """The alerts of an archive."""
    _ = archive.engine  # there is an index
    with Alerts(archive.place, asker=archive.asker) as alerts:
        yield alerts


def listed(archive: Archive) -> list[Told]:
    """All alerts of an archive, by name, each with its last delivery."""
    if not Alerts.is_in(archive.place):
        _ = archive.engine
        return []
    with keeping(archive) as alerts, alerts.snapshot():
        waiting = {one.alert: one for one in alerts.waiting(_EVER)}
        found = [(one, waiting.get(one.number), alerts.deliveries(one.number, 1)) for one in alerts.listed()]
        governed = {one.number for one, _, _ in found if alerts.governs(one)}
    return [_told(archive, *each, each[0].number in governed) for each in found]


def told(archive: Archive, alert: str | Alert, newest: int) -> Told:
    """An alert, by its name or as it was found, with its last deliveries. Raises AlertMissing."""
    with _existing(archive, str(alert)) as alerts, alerts.snapshot():
        one = alerts.named(alert) if isinstance(alert, str) else alert
        waiting = next((each for each in alerts.waiting(_EVER) if each.alert == one.number), None)
        deliveries, governed = alerts.deliveries(one.number, newest), alerts.governs(one)
    return _told(archive, one, waiting, deliveries, governed)


def delete(archive: Archive, name: str) -> Told:
    """Delete an alert with all that it was to tell. Raises AlertMissing, NotYours."""
    with _existing(archive, name) as alerts:
        gone = alerts.delete(name)
    return _told(archive, gone, None, (), True)


def _told(
    archive: Archive, alert: Alert, waiting: Delivery | None, deliveries: tuple[Delivery, ...], governed: bool
) -> Told:
    """What an alert has told, as far as who asks may see it now: he has its deliveries of when he saw as much."""
    if not archive.sight.is_whole:
        if archive.hides(stored(alert.sight)):
            waiting, deliveries = None, ()
        waiting = waiting and left_of(waiting, archive.engine)
        deliveries = tuple(left_of(each, archive.engine) for each in deliveries)
    return Told(alert, waiting, deliveries, question.called(alert.question, archive.in_names), governed)


def question_of(archive: Archive, search: str) -> str:
    """The question of a saved search. Raises SearchMissing."""
    if not Searches.is_in(archive.place):
        raise SearchMissing(search)
    with Searches(archive.place, asker=archive.asker) as searches:
        return searches.named(search, "").question


@contextmanager
def _existing(archive: Archive, name: str) -> Iterator[Alerts]:
    if not Alerts.is_in(archive.place):
        raise AlertMissing(name)
    with keeping(archive) as alerts:
        yield alerts


def _bad(name: str, value: str, reason: str, hint: str) -> BadQuery:
    return BadQuery([BadValue(name, value[:80], reason, hint)])
