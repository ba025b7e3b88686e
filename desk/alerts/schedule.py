"""When an alert is told: `at once`, `hourly`, `daily 07:00` or `weekly Mon 07:00`, on the clocks of a time zone.

A day on which the clocks are changed has its alert once, too. A time that they skip is counted on from the time before
(02:30 becomes 03:30), and of a time that comes twice the first counts, as in RFC 5545.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from search.errors import BadQuery, BadValue
from search.names import near_names
from search.said import said

AT_ONCE = "at once"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FORMS = "at once, hourly, daily 07:00, weekly Mon 07:00"
_DAILY = re.compile(r"daily (?P<hour>\d\d?):(?P<minute>\d\d)", re.ASCII)
_WEEKLY = re.compile(r"weekly (?P<day>[a-z]+) (?P<hour>\d\d?):(?P<minute>\d\d)", re.ASCII)
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an alert is told.

    Attributes:
        every: `at once`, `hourly`, `daily` or `weekly`.
        at: the time of the day, for the last two.
        day: 0 for Monday, for the last.
    """

    every: str
    at: time = time()
    day: int = 0

    def __str__(self) -> str:
        """The schedule as `read` takes it, always in the same form."""
        if self.every == "daily":
            return f"daily {self.at:%H:%M}"
        if self.every == "weekly":
            return f"weekly {DAYS[self.day]} {self.at:%H:%M}"
        return self.every


def read(text: str) -> Schedule:
    """The schedule that a text describes, whatever its case and spaces. Raises BadQuery if it describes none."""
    plain = " ".join(text.lower().split())
    if plain in (AT_ONCE, "hourly"):
        return Schedule(plain)
    match = _DAILY.fullmatch(plain) or _WEEKLY.fullmatch(plain)
    if match is None:
        raise _bad(
            "schedule",
            text,
            said("“{text}” is no schedule.", text=text[:80]),
            said("There are: {forms}.", forms=FORMS),
        )
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        given = f"{match['hour']}:{match['minute']}"
        raise _bad(
            "schedule", text, said("{given} is no time of a day.", given=given), said("Write one from 00:00 to 23:59.")
        )
    if match.re is _DAILY:
        return Schedule("daily", time(hour, minute))
    days = [number for number, name in enumerate(_LONG_DAYS) if match["day"] in (name, name[:3])]
    if not days:
        raise _bad(
            "schedule",
            text,
            said("“{value}” is no day of the week.", value=match["day"][:80]),
            said("There are: {choices}.", choices=", ".join(DAYS)),
        )
    return Schedule("weekly", time(hour, minute), days[0])


def zone_of(name: str) -> str:
    """The name of a time zone as the tz database writes it, whatever its case. Raises BadQuery if there is none."""
    plain = name.strip().replace(" ", "_")
    found = _zones().get(plain.casefold())
    if found is None:
        city = {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones())}
        near = near_names.nearest(plain[:80], [(each, 1) for each in city])
        hint = (
            said("Nearest: {city}.", city=city[near])
            if near
            else said("Write it like Europe/Berlin, America/New_York or UTC.")
        )
        raise _bad(
            "zone",
            name,
            said("There is no time zone “{name}”.", name=name[:80]) if plain else said("There is no time zone."),
            hint,
        )
    return found


def zones() -> list[str]:
    """The names of time zones that people choose from: by region and city, and UTC."""
    return sorted(name for name in _zones().values() if name == "UTC" or name.partition("/")[0] in _REGIONS)


def following(schedule: Schedule, zone: str, moment: str) -> str:
    """The next time at which an alert is told, after a moment; the moment itself if that is at once.

    Args:
        zone: as `zone_of` gives it.
        moment: in UTC, to the second (`2026-11-27T06:00:00Z`), as is what is returned.
    """
    if schedule.every == AT_ONCE:
        return moment
    now = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
    if schedule.every == "hourly":
        return (now.replace(minute=0, second=0) + timedelta(hours=1)).strftime(_MOMENT)
    clock = ZoneInfo(zone)
    today = now.astimezone(clock).date()
    days = [today + timedelta(days=number) for number in range(-1, 9)]  # before, since a zone may skip a whole day
    if schedule.every == "weekly":
        days = [day for day in days if day.weekday() == schedule.day]
    times = [datetime.combine(day, schedule.at, clock).astimezone(UTC) for day in days]
    return min(each for each in times if each > now).strftime(_MOMENT)


_REGIONS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones()) if name != "localtime"}


def _bad(name: str, value: str, reason: str, hint: str) -> BadQuery:
    return BadQuery([BadValue(name, value[:80], reason, hint)])
