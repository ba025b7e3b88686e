"""The head of a text: a line with the date, a byline, a dateline.

    By Jane Doe
    Sunday, June 18, 2023 2:05 p.m. EDT
    WASHINGTON, June 18 (Reuters) - The ...

`date_line` and `dateline` find dates of publication, `byline` the author. Only the first lines are read, and only lines
that contain nothing else, so that a date in prose is not mistaken for one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.enrich.shared.calendar_words import DAY, day_of, written

LINES = 8
"""The number of lines in the head."""
LONGEST = 120
"""The greatest length of a line that has only a date or a name."""

ZONES = {
    "UTC": "Z", "GMT": "Z", "Z": "Z", "BST": "+01:00", "IRISH": "+01:00", "CET": "+01:00", "CEST": "+02:00",
    "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00",
    "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "JST": "+09:00", "KST": "+09:00",
    "HKT": "+08:00", "SGT": "+08:00", "AEST": "+10:00", "AEDT": "+11:00", "NZST": "+12:00", "NZDT": "+13:00",
}  # fmt: skip
"""Abbreviation → offset, without ambiguous ones such as CST and IST."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date at the head of a text.

    Attributes:
        year: None if it is not given.
        time: `T14:05+01:00`, as printed, or "".
        start, end: its offsets in code points.
    """

    year: int | None
    month: int
    day: int
    time: str
    start: int
    end: int

    @property
    def iso(self) -> str:
        """In ISO 8601, with the year left open if it is unknown."""
        return written(self.year, self.month, self.day) + (self.time if self.year else "")


_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,? )?"
_TIME = (
    r"(?:,? ?(?:[-–—|·•] ?)?(?:at )?(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)(?::[0-5]\d)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?\(?(?P<zone>[A-Z]{1,4})\)?)?(?: time)?)?"
)
_DATE_LINE = re.compile(
    r"(?:(?P<what>(?:First )?published|Posted|Date|Issued|Released|(?:Last )?updated|Modified)(?: on| at)?:? ?)?"
    rf"{_WEEKDAY}{DAY}{_TIME}\.?",
    re.IGNORECASE,
)
_LATER = ("updated", "last updated", "modified")

_CAPITALS = r"[A-ZÀ-ÖØ-Þ]"
_PLACE = rf"{_CAPITALS}(?:{_CAPITALS}|['’.-])+(?:[ ,/]{{1,2}}(?:{_CAPITALS}[\w.'’-]*|de|la|del|of|and|den)){{0,6}}"
_AGENCY = r"[(/][A-Z][^()/\n]{1,40}[)/]"
_DASH = r"\s?(?:-{1,3}|[–—])\s"
_DATELINE = re.compile(
    rf"(?:{_PLACE},? {_WEEKDAY}{DAY},?(?: ?{_AGENCY})?{_DASH}"
    rf"|{_CAPITALS}\w+(?:[ ,/]{{1,2}}{_CAPITALS}[\w.'’-]*){{0,4}},? "
    + re.sub(r"\?P<(\w+?)>", r"?P<\1_>", DAY)
    + rf",? ?{_AGENCY}(?:{_DASH}|\.\s))"
)

_BYLINE = re.compile(
    r"(?:(?:Words|Story|Report|Reported|Written|Analysis)\s)?(?P<by>by|By|BY)\s(?P<name>"
    r"[^\W\d_a-z][^\n.!?]{2,90}(?:\.[^\n.!?]{2,60})?)"
)
_ROLES = frozenset(["correspondent", "editor", "reporter", "writer"])
_IN_NAMES = _ROLES | frozenset(
    [
        *("and", "at", "by", "for", "from", "in", "of", "on", "reporting", "staff", "the", "to", "with", "writing"),
        *("al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "le"),
        *("ter", "van", "von", "y", "zu"),
    ]
)
"""Lower-case words of a byline, before a comma; only a role at the end."""
_WEEKDAYS = frozenset(day for name in calendar.day_name for day in (name, name.upper()))


@dataclass(frozen=True, slots=True)
class Byline:
    """The author of a text, and the offsets of the line with the name, in code points."""

    name: str
    start: int
    end: int


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The stripped lines of the head, with their offsets."""
    start = found = 0
    while start < len(text) and found < LINES:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start : min(end, start + 400)]
        stripped = line.strip()
        if stripped:
            found += 1
            yield start + line.index(stripped[0]), stripped
        start = end + 1


def date_line(text: str) -> Dated | None:
    """The date of a line of the head that contains only a date; publication before modification."""
    changed = None
    for start, line in _lines(text):
        match = _DATE_LINE.fullmatch(line) if len(line) <= LONGEST else None
        found = match and _dated(match, start)
        if not match or not found or found.year is None:
            continue
        if (match["what"] or "").lower() in _LATER:
            changed = changed or found
        else:
            return found
    return changed


def dateline(text: str) -> Dated | None:
    """The date of the dateline, which begins one of the lines of the head."""
    for start, line in _lines(text):
        match = _DATELINE.match(line)
        if match:
            return _dated(match, start)
    return None


def byline(text: str) -> Byline | None:
    """A line of the head that begins with By and a name, and is not part of a sentence."""
    before = 0
    for number, (start, line) in enumerate(_lines(text)):
        end = start + len(line)
        match = _BYLINE.fullmatch(line)
        if match and text[end:].strip():
            name = match["name"].partition(" | ")[0]
            alone = not number or _blank(text[before:start])
            under_title = number == 1 and (match["by"] != "by" or _blank(text[end : end + 40]))
            if (alone or under_title) and _names_somebody(name):
                return Byline(" ".join(name.split()).rstrip(",;"), start, end)
        before = end
    return None


def _blank(between: str) -> bool:
    """True if there is an empty line at the beginning of a text."""
    return re.match(r"[^\S\n]*\n[^\S\n]*\n", between) is not None


def _names_somebody(name: str) -> bool:
    """True if these are names, and not the rest of a sentence that began in the line before."""
    words = name.partition(",")[0].split()
    if (
        any(map(str.isdigit, name.partition(",")[0]))
        or words[0] in _WEEKDAYS
        or words[-1].lower() in _IN_NAMES - _ROLES
    ):
        return False
    return all(word.strip("(;") in _IN_NAMES for word in words if word[0].islower())


def _dated(match: re.Match[str], start: int) -> Dated | None:
    groups = match.groupdict()
    if not any(groups[name] for name in ("month", "month2", "iso")):  # the second form of a dateline
        groups |= {name: groups.get(f"{name}_") for name in ("month", "day", "year", "month2", "day2", "year2", "iso")}
    day = day_of(groups)
    return day and Dated(*day, _time(groups), start + match.start(), start + match.end())


def _time(groups: dict[str, str | None]) -> str:
    """The time of a match as `T14:05+01:00`, "" if it has none or an invalid one."""
    if not groups.get("hour"):
        return ""
    hour, half, zone = int(groups["hour"] or 0), (groups["half"] or "").lower(), groups["zone"] or ""
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + 12 * (half == "p")
    if hour > 23:
        return ""
    return f"T{hour:02}:{groups['minute']}{ZONES.get(zone, '')}" if not zone or zone in ZONES else ""
