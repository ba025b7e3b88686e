"""When an article was published or added: ranges, orders, and the histogram."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from search.text import dates
from search.values.article import Article
from search.values.query import Query
from search.values.results import Bucket, DateFacet
from tests.plain_engine.stories import stories_of


def day_of(article: Article) -> date | None:
    return dates.day_of(article.published)


def _moment(published: str) -> tuple[Fraction, bool]:
    """Seconds at which something is sorted in time, in UTC, and whether it is an instant, which comes after a day."""
    day = dates.parse(published).first
    said = re.fullmatch(r".{10}[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(.*)", published)
    if not said:
        return Fraction(day.toordinal() * 86400), False
    hours, minutes, seconds, fraction, zone = said.groups()
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)?", zone)
    ahead = int(offset[1] + "1") * (int(offset[2]) * 60 + int(offset[3] or 0)) if offset else 0
    minute = day.toordinal() * 1440 + int(hours) * 60 + int(minutes) - ahead
    return minute * 60 + Fraction(f"{seconds or 0}.{(fraction or '0')[:6]}"), True


def is_within(bounds: tuple[date | None, date | None], moment: str | None) -> bool:
    first, last = bounds
    day = date.fromisoformat(moment[:10]) if moment else None
    return day is not None and (first or day) <= day <= (last or day)


def is_in_range(query: Query, article: Article) -> bool:
    first, last = query.days()
    day = day_of(article)
    if not (first or last or query.date_missing):
        return True
    if day is None:
        return query.date_missing
    if not (first or last):
        return False
    return (first is None or first <= day) and (last is None or day <= last)


def was_added(query: Query, article: Article) -> bool:
    if not any(query.added()):
        return True
    by_second = [(bound, bound and "Z" in bound) for bound in (query.added_from, query.added_to)]
    when = article.added
    return (
        is_within(query.added(), when)
        and when is not None
        and not (by_second[0][1] and when < str(by_second[0][0]))
        and not (by_second[1][1] and when > str(by_second[1][0]))
    )


def latest_first(moment: str | None) -> tuple[bool, list[int]]:
    return moment is None, [-ord(letter) for letter in moment or ""]


def newest_first(article: Article) -> tuple[bool, Fraction, bool]:
    if article.published is None:
        return True, Fraction(0), False
    second, instant = _moment(article.published)
    return False, -second, not instant


def oldest_first(article: Article) -> tuple[bool, Fraction, bool]:
    if article.published is None:
        return True, Fraction(0), False
    return False, *_moment(article.published)


_ORDER = ("day", "week", "month", "quarter", "year", "decade")


_WIDTH = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.3, "year": 365.25}


def _start(day: date, interval: str) -> date:
    while True:
        previous = day - timedelta(days=1)
        if _label(previous, interval) != _label(day, interval):
            return day
        day = previous


def _label(day: date, interval: str) -> object:
    return {
        "day": day,
        "week": (day - timedelta(days=day.weekday())),
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month - 1) // 3),
        "year": day.year,
        "decade": day.year // 10,
    }[interval]


def histogram(articles: Sequence[Article], interval: str, query: Query) -> DateFacet:
    together = bool(query.group)
    first, last = query.days()
    days = [day for a in articles if (day := day_of(a)) and (first or day) <= day <= (last or day)]
    missing = sum(any(day_of(a) is None for a in story) for story in stories_of(articles, together))
    if not days:
        return DateFacet("year" if interval == "auto" else interval, (), missing)
    if interval == "auto":
        span = (max(days) - min(days)).days + 1
        interval = next((i for i in _ORDER[:-1] if span / _WIDTH[i] <= 100), "decade")
    counts: Counter[object] = Counter()
    for story in stories_of(articles, together):
        counts.update({_label(day, interval) for a in story if (day := day_of(a))})
    buckets: list[Bucket] = []
    first = _start(min(days), interval)
    for ordinal in range(first.toordinal(), max(days).toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day == first or _label(day, interval) != _label(day - timedelta(days=1), interval):
            buckets.append(Bucket(day.isoformat(), counts[_label(day, interval)]))
    assert all(a.start < b.start for a, b in pairwise(buckets))
    return DateFacet(interval, tuple(buckets), missing)
