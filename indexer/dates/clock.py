"""The time printed next to a date: `21.38 BST`, `9:38 pm`, `21h38`, `um 21.38 Uhr`, `下午9:38`.

`after` and `before` read it at a position of a line, and nothing between. Zones are abbreviations or offsets; those
that mean several zones, such as IST, are named but have no offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.text.date_words import TOKEN, DateWords, token_key

ZONES = {
    "UTC": "Z", "GMT": "Z", "Z": "Z", "BST": "+01:00", "IRISH": "+01:00", "WEST": "+01:00", "WET": "Z",
    "CET": "+01:00", "CEST": "+02:00", "MEZ": "+01:00", "MESZ": "+02:00", "EET": "+02:00", "EEST": "+03:00",
    "MSK": "+03:00", "МСК": "+03:00", "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
    "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "AKST": "-09:00", "AKDT": "-08:00",
    "HST": "-10:00", "BRT": "-03:00", "JST": "+09:00", "KST": "+09:00", "HKT": "+08:00", "SGT": "+08:00",
    "PHT": "+08:00", "WIB": "+07:00", "ICT": "+07:00", "PKT": "+05:00", "NPT": "+05:45", "SAST": "+02:00",
    "EAT": "+03:00", "WAT": "+01:00", "AEST": "+10:00", "AEDT": "+11:00", "ACST": "+09:30", "ACDT": "+10:30",
    "AWST": "+08:00", "NZST": "+12:00", "NZDT": "+13:00",
}  # fmt: skip
"""Abbreviation → offset. CST is that of mail (RFC 822)."""
UNCLEAR = frozenset(("CST", "IST", "ET", "CT", "MT", "PT", "AST", "ECT", "LT"))
"""Abbreviations of several zones, or of one whose offset depends on the season."""
_ZONE = re.compile(
    r"[ \u202f]{0,2}\(?(?:(?P<offset>(?:GMT|UTC)? ?[+\u2212-](?:0?\d|1[0-4])(?::?[0-5]\d)?(?!\d))|(?P<name>"
    + "|".join(sorted({*ZONES, *UNCLEAR}, key=len, reverse=True))
    + r")(?![\w+]))\)?(?: [Tt]ime\b)?"
)
_SEPARATORS = " \t\u00a0\u202f,;|·•/()-–—:.T'’"
_CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])(?:(?:[:.\u2236]|[  ]?[hH點点時时](?:rs?)?[  ]?|시 ?)(?P<minute>[0-5]\d)"
    r"(?:[分분]|m(?:in)?\b)?"
    r"(?:(?::|['’′]|[  ](?=[0-5]\ds))(?P<second>[0-5]\d)(?:[.,]\d{1,9}|[s秒]\b)?)?)?(?!\d|[:.,]\d)"
)
_HALF = re.compile(r"[  ]?(?P<half>[aApP])\.?[  ]?[mM](?![\w])\.?")
_UNIT = re.compile(r"[  ]?(?P<unit>[Uu]hr|[Uu]ur|[Hh](?:rs|ours)?|[Hh]rs|Std|ore|ч|год|時|时|點|点|시)(?:\.|(?!\w))")
_LEADS_TEXT = """
at um a as la las les le alle ore om o ob kl klo kello godz godzina u h hora horas orele ora saat saati в о във στισ
ωρα ساعت الساعة à ás às luc jam pukul i uhrzeit time
"""
_LEADS = frozenset(_LEADS_TEXT.split())
"""Keys of words between a date and a time."""
_MAX_LEADS = 2
_LONGEST = 48
"""Characters before a date in which its time is looked for."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day.

    Attributes:
        text: `T21:38`, with seconds if they are printed.
        offset: `+01:00`, `Z`, or "" if there is none.
        zone: its abbreviation; "" if there is none.
        start, end: its offsets in the line, with the words around it.
    """

    text: str
    offset: str
    zone: str
    start: int
    end: int


def after(line: str, at: int, words: DateWords) -> Time | None:
    """The time that follows a date which ends at an offset."""
    start, half = _skip(line, at), None
    for _ in range(_MAX_LEADS):
        token = TOKEN.match(line, start)
        if token is None or token[0].isdigit() or (start == at and start):
            break
        key = token_key(token[0])
        if key in words.afternoon:
            half = words.afternoon[key]
        elif key not in _LEADS:
            break
        start = _skip(line, token.end())
    if start == at:
        return None
    return _read(line, start, at, half, words)


def before(line: str, at: int, words: DateWords) -> Time | None:
    """The time of day written directly before the date that starts at offset `at`; None if there is none."""
    first = max(0, at - _LONGEST)
    for match in re.finditer(r"(?<![\d:.,/-])\d{1,2}(?=[:.hH時时點点 ap])", line[first:at]):
        found = _read(line, first + match.start(), first + match.start(), None, words)
        if found is None or found.end > at:
            continue
        between = [token_key(token) for token in TOKEN.findall(line[found.end : at])]
        if len(between) <= _MAX_LEADS + 1 and all(
            each in words.weekdays or each in words.between or each == "on" for each in between
        ):
            return found
    return None


def _skip(line: str, at: int) -> int:
    end = at
    while end < len(line) and end - at < 5 and line[end] in _SEPARATORS:
        end += 1
    return end


def _read(line: str, at: int, start: int, half: bool | None, words: DateWords) -> Time | None:
    match = _CLOCK.match(line, at)
    if match is None:
        return None
    hour, end, marked = int(match["hour"]), match.end(), half is not None
    if said := _HALF.match(line, end):
        half, end, marked = said["half"] in "pP", said.end(), True
    elif (said := TOKEN.match(line, _skip(line, end) if line[end : end + 1] == " " else end)) and not said[0].isdigit():
        key = token_key(said[0])
        follows = TOKEN.match(line, said.end() + 1) if line[said.end() : said.end() + 1] == "." else None
        both = f"{key} {token_key(follows[0])}" if follows else ""
        if both in words.afternoon and follows:
            half, end, marked = (
                words.afternoon[both],
                follows.end() + (line[follows.end() : follows.end() + 1] == "."),
                True,
            )
        elif key in words.afternoon:
            half, end, marked = words.afternoon[key], said.end(), True
    if unit := _UNIT.match(line, end):
        end, marked = unit.end(), True
    if match["minute"] is None and not marked:
        return None
    if half is not None and (match["minute"] is None or hour <= 12):
        if not 0 < hour <= 12:
            return None
        hour = hour % 12 + 12 * half
    if hour > 23:
        return None
    offset = name = ""
    if zone := _ZONE.match(line, end):
        end, name = zone.end(), zone["name"] or ""
        offset = ZONES.get(name, "") if name else _offset(zone["offset"])
    text = f"T{hour:02}:{match['minute'] or '00'}" + (f":{match['second']}" if match["second"] else "")
    return Time(text, offset, name, start, end)


def _offset(zone: str) -> str:
    """An offset in ISO 8601, as printed if it is valid: `GMT+7` is +07:00."""
    zone = zone.removeprefix("GMT").removeprefix("UTC").replace(" ", "").replace("\u2212", "-")
    return zone if len(zone) > 3 else f"{zone[0]}{int(zone[1:]):02}:00"
