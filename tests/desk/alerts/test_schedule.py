"""When alerts are told: the times of a schedule, over changes of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk.alerts import schedule
from desk.alerts.schedule import Schedule
from search.errors import BadQuery
from tests.cases import cases

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SCHEDULES = st.one_of(
    st.sampled_from([Schedule("at once"), Schedule("hourly")]),
    st.builds(Schedule, st.just("daily"), TIMES),
    st.builds(Schedule, st.just("weekly"), TIMES, st.integers(0, 6)),
)
ZONES = st.sampled_from(schedule.zones())
MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(2060, 1, 1)).map(lambda moment: moment.strftime(MOMENT))


def read_back(moment: str) -> datetime:
    return datetime.strptime(moment, MOMENT).replace(tzinfo=UTC)


def days_of(due: str, at: time, zone: str) -> list[date]:
    """The days whose time this is: the one that the clocks show, and the one before where they skip into the next."""
    moment, clock = read_back(due), ZoneInfo(zone)
    shown = moment.astimezone(clock).date()
    return [
        day for day in (shown, shown - timedelta(days=1)) if datetime.combine(day, at, clock).astimezone(UTC) == moment
    ]


@given(SCHEDULES)
def test_a_schedule_is_read_as_it_is_written(one: Schedule) -> None:
    assert schedule.read(str(one)) == one


@cases("text, meant", [
    ("At once", "at once"), ("HOURLY ", "hourly"), ("daily  7:00", "daily 07:00"),
    ("weekly monday 07:05", "weekly Mon 07:05"), ("Weekly SUN 23:59", "weekly Sun 23:59"),
])  # fmt: skip
def test_people_write_a_schedule_in_several_ways(text: str, meant: str) -> None:
    assert str(schedule.read(text)) == meant


@cases("text, said", [
    ("", "no schedule"), ("now", "no schedule"), ("daily", "no schedule"), ("daily 24:00", "24:00 is no time"),
    ("daily 07:60", "07:60 is no time"), ("weekly Foo 07:00", "“foo” is no day"), ("daily ٠٧:٠٠", "no schedule"),
    ("weekly 07:00", "no schedule"), ("daily 07:00\nhourly", "no schedule"),
])  # fmt: skip
def test_what_is_no_schedule_is_refused_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(BadQuery, match=said):
        schedule.read(text)


@cases("name, found", [
    ("Europe/Berlin", "Europe/Berlin"), (" europe/berlin", "Europe/Berlin"), ("america/new york", "America/New_York"),
    ("utc", "UTC"),
])  # fmt: skip
def test_a_zone_is_found_whatever_its_case(name: str, found: str) -> None:
    assert schedule.zone_of(name) == found


@cases("name", ["", "Europe", "Europe/Berln", "../../etc/passwd", "/etc/localtime", "a\0b", "x" * 999])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(BadQuery, match="There is no time zone"):
        schedule.zone_of(name)


def test_the_nearest_city_is_offered() -> None:
    with pytest.raises(BadQuery, match="Nearest: Europe/Berlin"):
        schedule.zone_of("Berlinn")


@cases("written, zone, after, due", [
    ("at once", "UTC", "2026-11-27T06:10:11Z", "2026-11-27T06:10:11Z"),
    ("hourly", "Asia/Kathmandu", "2026-11-27T06:00:00Z", "2026-11-27T07:00:00Z"),
    ("daily 07:00", "Europe/Berlin", "2026-11-27T05:59:59Z", "2026-11-27T06:00:00Z"),
    ("daily 07:00", "Europe/Berlin", "2026-11-27T06:00:00Z", "2026-11-28T06:00:00Z"),
    ("daily 07:00", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T05:00:00Z"),  # it is summer now
    ("daily 02:30", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),  # skipped: 03:30
    ("daily 02:30", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),  # the first of two
    ("daily 02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),  # the second is not told
    ("daily 23:30", "America/Nuuk", "2026-03-29T01:10:00Z", "2026-03-29T01:30:00Z"),  # skipped: 00:30 on the next day
    ("weekly Mon 07:00", "America/New_York", "2026-11-27T06:00:00Z", "2026-11-30T12:00:00Z"),
    ("weekly Mon 07:00", "America/New_York", "2026-11-30T12:00:00Z", "2026-12-07T12:00:00Z"),
    ("weekly Fri 12:00", "Pacific/Apia", "2011-12-28T00:00:00Z", "2011-12-30T22:00:00Z"),  # it had no Friday
])  # fmt: skip
def test_the_next_time_after_a_moment(written: str, zone: str, after: str, due: str) -> None:
    assert schedule.following(schedule.read(written), zone, after) == due


@given(SCHEDULES, ZONES, MOMENTS)
def test_the_next_time_is_later_and_not_too_late(one: Schedule, zone: str, moment: str) -> None:
    due, now = read_back(schedule.following(one, zone, moment)), read_back(moment)

    if one.every == "at once":
        assert due == now
    else:
        most = {"hourly": timedelta(hours=1), "daily": timedelta(days=2, hours=3), "weekly": timedelta(days=8)}
        assert now < due <= now + most[one.every]


@given(st.builds(Schedule, st.sampled_from(["daily", "weekly"]), TIMES, st.integers(0, 6)), ZONES, MOMENTS)
def test_every_time_is_what_the_clocks_of_the_zone_show(one: Schedule, zone: str, moment: str) -> None:
    days = days_of(schedule.following(one, zone, moment), one.at, zone)

    assert days
    assert one.every == "daily" or one.day in [day.weekday() for day in days]


@given(st.builds(Schedule, st.just("daily"), TIMES), ZONES, MOMENTS)
@example(Schedule("daily", time(23, 30)), "America/Nuuk", "2026-03-27T12:00:00Z")  # skips from 23:00 to the next day
@example(Schedule("daily", time(12)), "Pacific/Apia", "2011-12-28T12:00:00Z")  # skips a whole day
def test_a_day_has_one_time(one: Schedule, zone: str, moment: str) -> None:
    dues = [moment]
    for _ in range(5):
        dues.append(schedule.following(one, zone, dues[-1]))
    days = [days_of(due, one.at, zone)[0] for due in dues[1:]]

    assert len(set(days)) == len(days)
