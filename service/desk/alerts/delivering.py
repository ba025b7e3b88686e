"""Delivering what alerts have found: of each alert one delivery at a time, the oldest first, until it has arrived.

A delivery that fails is tried again after half a minute, then after twice as long each time, up to six hours, for as
long as the alert exists. What was sent but not noted, since the process ended in between, is sent again under the same
id (`message.identity`): a receiver that remembers ids sees each once. One thread uses the store; the others send.

An index in a directory has one process that delivers. Of one in a cluster any machine does; it claims a delivery for
`CLAIM_S`, longer than any channel takes, after which another one sends it if it is not noted.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import NamedTuple

from desk.alerts.alert import Alert, Delivery
from desk.alerts.alert import Channel as Name
from desk.alerts.store import Alerts
from search.seen import seen
from search.text import dates
from search.values.rights import Sight
from service.archive import Archive
from service.desk.alerts.channel import LONGEST_S, Channel, NotDelivered
from service.desk.alerts.feed import Feed
from service.desk.alerts.message import compose
from service.desk.alerts.owners import left_of, sights
from service.formats.question import called
from service.http import log
from service.settings import Settings

FIRST_S = 30
MOST_S = 6 * 3600
CLAIM_S = 2 * LONGEST_S
AT_ONCE = 64
"""Deliveries of different alerts that are sent at the same time; half of them may have failed before."""
OF_ONE = 4
"""Those to one receiver, so that one that does not answer holds up no others."""


class Tried(NamedTuple):
    """A delivery that was tried; `problem` says why it has not arrived, and is "" if it has."""

    delivery: Delivery
    problem: str


class _Sending(NamedTuple):
    """A delivery that is being sent, and who is to receive it."""

    receiver: tuple[str, str]
    delivery: Delivery


class Delivering:
    """Delivers what waits by the channels that are allowed here; what goes by others keeps waiting."""

    def __init__(self, archive: Archive, by: Mapping[Name, Channel], settings: Settings) -> None:
        self._archive = archive
        self._by = {name: way for name, way in by.items() if way.works}
        self._barred = {name: way.SETTING for name, way in by.items() if not way.works}
        self._site, self._base = settings.site_name, settings.base("")
        self.settings = settings
        self._shared = archive.folder is None
        self._sending: dict[int, _Sending] = {}
        self._tried: SimpleQueue[Tried] = SimpleQueue()
        self._owed: list[Tried] = []

    def barred(self, alerts: Alerts) -> list[str]:
        """The settings without which alerts wait here: for another server, or until they are set."""
        return sorted({self._barred[alert.channel] for alert in alerts.listed() if alert.channel in self._barred})

    @property
    def busy(self) -> bool:
        """True while something is being sent."""
        return bool(self._sending)

    def start(self, alerts: Alerts) -> int:
        """Begin to send what waits and is to be tried now. Returns the number of deliveries."""
        if len(self._sending) >= AT_ONCE:
            return 0
        with alerts.snapshot():
            by_number = {alert.number: alert for alert in alerts.listed() if alert.channel in self._by}
            waiting = alerts.waiting(dates.now()) if by_number else ()
        place, engine = self._archive.place, self._archive.engine
        seeing = sights(place, engine, self.settings, by_number.values()) if waiting else {}
        begun = 0
        for delivery in waiting:
            alert = by_number.get(delivery.alert)
            if alert is None or alert.number not in seeing or not self._has_room(alert, delivery):
                continue
            if not self._shared or alerts.claim(delivery, dates.now(-timedelta(seconds=CLAIM_S))):
                self._sending[alert.number] = _Sending(self._receiver(alert), delivery)
                threading.Thread(target=self._send, args=(alert, delivery, seeing[alert.number]), daemon=True).start()
                begun += 1
        return begun

    def _has_room(self, alert: Alert, delivery: Delivery) -> bool:
        """True if a delivery can be sent in addition to those that are."""
        if alert.number in self._sending or len(self._sending) >= AT_ONCE:
            return False
        sending = self._sending.values()
        again = sum(each.delivery.attempts > 0 for each in sending)
        same = sum(each.receiver == self._receiver(alert) for each in sending)
        return same < OF_ONE and (delivery.attempts == 0 or again < AT_ONCE // 2)

    def note(self, alerts: Alerts, wait_s: float = 0.0) -> list[Tried]:
        """Store what has become of what was sent, waiting for the first so long, and return it.

        Raises:
            IndexProblem: if it cannot be stored; then it is at the next call, and nothing is sent twice.
        """
        try:
            self._owed.append(self._tried.get(timeout=wait_s) if wait_s else self._tried.get_nowait())
            while True:
                self._owed.append(self._tried.get_nowait())
        except Empty:
            pass
        noted = []
        while self._owed:
            delivery, problem = self._owed[0]
            if problem:
                alerts.failed(delivery, problem, next_try(delivery.attempts))
            else:
                alerts.delivered(delivery, dates.now())
            noted.append(self._owed.pop(0))
            self._sending.pop(delivery.alert, None)
        return noted

    def _receiver(self, alert: Alert) -> tuple[str, str]:
        """Who answers when an alert is told."""
        return alert.channel, self._by[alert.channel].receiver(alert)

    def _send(self, alert: Alert, delivery: Delivery, sight: Sight) -> None:
        """Send a delivery, of which its receiver gets what the owner of the alert sees now."""
        problem = ""
        try:
            channel = self._by[alert.channel]
            engine = seen(self._archive.engine, sight)
            shown = delivery if sight.is_whole else left_of(delivery, engine)
            if not isinstance(channel, Feed) and shown.total:
                asked = called(alert.question, self._archive.in_names)
                channel.deliver(compose(engine, alert, shown, self._site, self._base, asked))
        except NotDelivered as error:
            problem = str(error)
        except Exception as error:  # an internal one: it must not end the others
            log.say(log.trace(error))
            problem = f"Dateline failed on it: {type(error).__name__}. The server's log says why."
        self._tried.put(Tried(delivery, problem))


def next_try(attempts: int) -> str:
    """When to try again what has failed before so many times: after twice as long each time, more or less."""
    wait = min(MOST_S, FIRST_S * 2 ** min(attempts, 20))
    return dates.now(-timedelta(seconds=wait * random.uniform(0.5, 1.0)))
