"""Telling what is new: looks when something has changed or may be due, and delivers what was found."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from desk.alerts import schedule
from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from search import backends
from search.errors import DatelineError
from search.text import dates
from service import settings
from service.alone import alone
from service.archive import Archive
from service.desk.alerts.channels import channels
from service.desk.alerts.delivering import Delivering
from service.desk.alerts.looking import look
from service.http import log
from service.spool import Spool

LOCK = "alerts.lock"
"""In the spool: who has it looks, and delivers by all channels but commands."""
COMMAND_LOCK = "alerts.command.lock"
"""The same for commands."""
TICK_S = 1.0
LOOK_AGAIN_S = 10.0
"""The time after which it is looked again if nothing is committed."""
RETRY_S = 5.0

Stop = Callable[[], bool]


class Telling:
    """Looks and delivers, step by step."""

    def __init__(self, archive: Archive, delivering: Delivering) -> None:
        self._archive = archive
        self._delivering = delivering
        self._generation = -1
        self._looked = -LOOK_AGAIN_S
        self._barred: list[str] = []

    def step(self) -> None:
        """Look if there may be something new, send what waits, and note what has arrived."""
        if not Alerts.is_in(self._archive.place):
            return
        with Alerts(self._archive.place) as alerts:  # again each time, since a restore replaces the file
            self._note(alerts)
            self._delivering.start(alerts)  # before a look, which may fail
            generation = self._archive.engine.generation
            if generation != self._generation or time.monotonic() - self._looked >= LOOK_AGAIN_S:
                look(self._archive, alerts, dates.now(), next_due, settings=self._delivering.settings)
                self._generation, self._looked = generation, time.monotonic()
                self._say(self._delivering.barred(alerts))
            self._send(alerts)

    def _say(self, barred: list[str]) -> None:
        """Log what is not delivered here, once."""
        if barred and barred != self._barred:
            log.say(f"Alerts: some wait for a server that may deliver them. This one has no {', '.join(barred)}.")
        self._barred = barred

    @property
    def busy(self) -> bool:
        """True while something is being sent."""
        return self._delivering.busy

    def _send(self, alerts: Alerts) -> None:
        """Send what waits, one after the other, for `TICK_S` at most."""
        until = time.monotonic() + TICK_S
        self._delivering.start(alerts)
        while self.busy and (left := until - time.monotonic()) > 0:
            self._note(alerts, left)
            self._delivering.start(alerts)

    def finish(self) -> None:
        """Note what becomes of what is being sent."""
        if not self._delivering.busy:
            return
        with Alerts(self._archive.place) as alerts:
            while self._delivering.busy:
                self._note(alerts, TICK_S)

    def _note(self, alerts: Alerts, wait_s: float = 0.0) -> None:
        for delivery, problem in self._delivering.note(alerts, wait_s):
            log.line(
                audit="alert failed" if problem else "alert delivered", alert=delivery.alert, delivery=delivery.number,
                articles=delivery.total, attempts=delivery.attempts + 1, problem=problem or None,
            )  # fmt: skip


def next_due(alert: Alert, at: str) -> str:
    """When an alert is to look next after a time."""
    return schedule.following(schedule.read(alert.schedule), alert.zone, at)


def mine(place: str, name: str, stop: Stop) -> AbstractContextManager[bool]:
    """Wait until no other process of an index has a lock; of one in a cluster all may deliver (see `delivering`).

    Args:
        name: the file of the lock, in the spool.

    Returns:
        A context: False if it is told to stop before.
    """
    if backends.folder(place) is None:
        return nullcontext(True)
    spool = Spool(place)
    spool.make()
    return alone(spool.folder / name, stop)


def tell(place: str, stop: Stop, pause: Callable[[float], object]) -> None:
    """Look and deliver until told to stop, whatever fails; only one process of an index does, the others wait.

    One whose settings do not allow all channels makes way after each step, for another that may deliver more.

    Args:
        pause: waits so many seconds, or until it is told to stop.
    """
    chosen = settings.from_environment(os.environ)
    by = channels(chosen)
    may_all = all(way.works for way in by.values())
    reported = ""
    while not stop():
        try:
            with Archive(place) as archive:
                telling = Telling(archive, Delivering(archive, by, chosen))
                while not stop():
                    with mine(place, LOCK, stop) as first:
                        while first and not stop():
                            reported = _safely(telling.step, reported)
                            if not (may_all or telling.busy):
                                break
                            if reported or not telling.busy:  # otherwise it has waited for what is being sent
                                pause(RETRY_S if reported else TICK_S)
                        if first:
                            _safely(telling.finish, reported)
                    pause(RETRY_S if reported else TICK_S)
        except (DatelineError, OSError) as error:  # the spool cannot be written
            log.say(f"Alerts: {error}")
            pause(RETRY_S)


def _safely(step: Callable[[], None], reported: str) -> str:
    """Do a step. Returns why it failed, which is logged if it was not what was `reported` last; "" if it did not."""
    try:
        step()
    except (DatelineError, OSError) as error:  # such as a full disk
        if str(error) != reported:
            log.say(f"Alerts: {error}")
        return str(error)
    except Exception as error:  # an internal error
        log.say(log.trace(error))
        return type(error).__name__
    return ""
