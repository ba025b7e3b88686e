"""Dates in URLs and in names of files.

`in_url` gives the day in the path of a URL, or the month if it has no day: in folders (`/2019/aug/31/`, `/2019/8/3/`,
`/2019/0831/`), in numbers (`-2019-08-31`, `20190831`, `31.08.2019`), or in words at an end of a part of the path
(`/31-august-2019-talks`). `in_name` gives the day in the name of a file, if there is only one. Not dates: numbers after
a word such as product or version, seasons (`2010-11-final`), ranges of years, numbers that are part of longer ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from indexer.dates import month_names
from indexer.dates.printed import ordered
from search.text import date_words
from search.text.possible_dates import plausible

MAX_PATH = 2_000
"""Characters of a path that are read."""
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)"
_NAME = r"[^\W\d_]\w{2,14}"
_END = r"(?=[/_.&-]|$)"
_FOLDERS = tuple(
    re.compile(form + r"(?=[/_.&]|$)")  # in /2019/08/31-ways, 31 is a number of ways
    for form in (
        rf"/{_YEAR}/(?P<month>\d{{1,2}}|{_NAME})\.?[/-](?P<day>\d{{1,2}})",  # /2019/aug/31/, /2019/8/3/
        rf"/{_YEAR}[/_-]?(?P<month>\d\d)/(?P<day>\d\d)",  # /2019-08/31/, /201908/31/
        rf"/{_YEAR}/(?P<month>\d\d)(?P<day>\d\d)",  # /2019/0831/
        rf"/(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{_YEAR}",  # /31/08/2019/
        rf"/(?P<day>\d{{1,2}})/(?P<month>{_NAME})/{_YEAR}",  # /31/aug/2019/
        rf"/(?P<month>{_NAME})/(?P<day>\d{{1,2}})/{_YEAR}",  # /aug/31/2019/
    )
)
_IN_PART = re.compile(
    rf"(?<![^_.=-]){_YEAR}(?P<sep>[_-])(?P<month>\d{{1,2}}|[^\W\d_]{{3,12}})(?P=sep)(?P<day>\d{{1,2}}){_END}"
)
_COMPACT = re.compile(
    rf"(?<![^\Wt_])t?{_YEAR}(?P<month>\d\d)(?P<day>\d\d)"
    rf"(?:[t_-]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d\d)?z?)?)?{_END}"
)
_YEAR_LAST = re.compile(
    r"(?:^|(?<=[_=-])|(?<=\D\.))(?:(?P<one>\d{1,2})(?P<sep>[_-])(?P<two>\d{1,2})(?P=sep)"
    r"|(?P<day>\d\d)\.(?P<month>\d\d)\.)(?P<year>(?:19|20)\d\d)(?=[/_&-]|\.?$|\.[a-z])"
)
_MONTHS = (
    re.compile(
        r"/(?P<year>(?:19|20)\d\d)/(?P<month>0[1-9]|1[0-2]|[^\W\d_]{3,12})(?=/(?:[^/\d]|\d{3}|\d{1,2}-[^\W\d_]|$))"
    ),
    re.compile(r"/(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?=/(?:[^/\d]|\d{3}|$))"),
)
_SEASON = re.compile(r"(?<=[^\W\d_][_-])\d\d(?P<year>\d\d)[_-](?P<next>\d\d)[_-]\d{1,2}[_-][^\W\d_]")
_YEARS = re.compile(r"(?:^|\D)(?:1[6-9]|20)\d\d[_-]$")
_BEFORE = re.compile(r"([^\W\d_]+)[\W\d_]*$")
_LONGEST_WORD = 40
_ARCHIVED = re.compile(r"/web/\d{8,14}[a-z_]*/")
"""Where an archive of the web has the time of the copy."""
_RANGE = re.compile(r"\d[_-]$")
_UUID = re.compile(r"[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}")
_OF_EVENT = frozenset(("on", "of", "after", "since", "before", "the", "from", "until", "to", "in", "by"))
"""Words before the date of what an article is about."""
_NUMBERED_TEXT = """
asin bug build case chapter covid download downloads ean episode fax flight grade gtin id iban ids isbn issue issues
item items job jobs lat lng lon lot matchday model no node nr number oldid order page part patch patent phone pid
product products produkt produkte produit produits producto productos articulo size serial service room release releases
revision sku sn tel telefon telephone thread ticket top upc user users v vacancy ver version versions vol volume
"""
_NUMBERED = frozenset(_NUMBERED_TEXT.split())
"""Words before a number that is not a date."""
_PRESS = re.compile(r"(?:press|news|media)[\W_]?releases?[\W_]*$")
_SUFFIX = re.compile(r"(?<=.)\.[a-z][a-z0-9]{0,6}$")
_NAME_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)(?P<sep>[-_.]?)(?P<month>[01]\d)(?P=sep)(?P<day>[0-3]\d)(?!\d)"
)
_NAME_YEAR_LAST = re.compile(
    r"(?<!\d)(?<!\d[._-])(?P<one>\d{1,2})(?P<sep>[-_.])(?P<two>\d{1,2})(?P=sep)(?P<year>(?:1[5-9]|20)\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """The date in a URL: ISO 8601, a day or a month, and the part of the path that gives it."""

    value: str
    text: str


def in_url(url: str, day_first: bool | None = None, language: str | None = None) -> Address | None:
    """The day in a URL's path, or else the month; None if there is none.

    Args:
        day_first: True if 4-5-2023 is in May; None if unknown.
        language: in which the names of months may be, besides English; None if unknown.
    """
    path = _path(url)
    if not any(character.isdigit() for character in path):
        return None
    names = date_words.words(language).months
    for form in _FOLDERS:
        for match in form.finditer(path):
            short = len(match.groupdict().get("month") or "00") == 1  # the third article of volume 8?
            if (day := _day(match, day_first, names)) and not (short and _is_numbered(path, match.start())):
                return Address(day, match[0])
    before = ""
    for part in path.split("/"):
        found = {} if not part else dict(_in_part(part, before, day_first, language))
        if len(found) == 1:
            return Address(*found.popitem())
        before = part or before
    for form in _MONTHS:
        for match in form.finditer(path):
            month = _month(match["month"], names)
            if form is _MONTHS[1] and month == (int(match["year"]) + 1) % 100:
                continue  # a season
            if month and plausible(value := f"{match['year']}-{month:02}") and not _is_numbered(path, match.start()):
                return Address(value, match[0])
    return None


def in_name(name: str) -> str | None:
    """The day in a file's name (`0002244_18550922_0001.xml`, `13 August 1961.txt`), if it has exactly one."""
    stem = _SUFFIX.sub("", name.rsplit("/", 1)[-1].lower())
    names = date_words.words(None).months
    days = {
        day
        for form in (_NAME_YEAR_FIRST, _NAME_YEAR_LAST)
        for match in form.finditer(stem)
        if (day := _day(match, None, names))
    }
    days.update(day for day, _, _ in _in_words(stem, None))
    return days.pop() if len(days) == 1 else None


def _path(url: str) -> str:
    """The path of a URL in lower case; of the last address in it, as archives of pages have one in another."""
    try:
        urlsplit(url)
    except ValueError:  # e.g. an unclosed bracket in the host
        return ""
    whole = unquote(url[: 2 * MAX_PATH]).lower().partition("#")[0].partition("?")[0]
    inner = max(whole.rfind("http://"), whole.rfind("https://"), 0)
    whole = whole[inner:].partition("?")[0]
    whole = _ARCHIVED.sub("/", whole)
    start = whole.find("/", whole.find("://") + 3 if "://" in whole else 0)
    return whole[start : start + MAX_PATH] if start >= 0 else ""


def _in_part(part: str, before: str, day_first: bool | None, language: str | None) -> Iterator[tuple[str, str]]:
    """The days in a part of a path, and the letters that give them; `before` is the part before."""
    if _UUID.fullmatch(part):
        return
    names = date_words.words(language).months
    for form in (_IN_PART, _COMPACT, _YEAR_LAST):
        for match in form.finditer(part):
            if _is_numbered(f"{before}/{part[: match.start()]}", None):
                continue
            if form is _IN_PART and (_is_season(part, match.start()) or _YEARS.search(part, 0, match.start())):
                continue
            day = _day(match, day_first if _at_end(part, match.start(), match.end()) else None, names)
            if day is not None:
                yield day, match[0]
    for value, start, end in _in_words(_SUFFIX.sub("", part), language):
        if not _is_numbered(f"{before}/{part[:start]}", None):
            yield value, part[start:end]


def _in_words(part: str, language: str | None) -> Iterator[tuple[str, int, int]]:
    """The days with the name of a month at an end of a part, `31-august-2019-talks`, and their offsets."""
    spaced = part.replace("_", " ").replace("-", " ").replace("+", " ").replace(".", " ")
    for day in month_names.days(spaced, date_words.words(language)):
        value = f"{day.year or 0:04}-{day.month:02}-{day.day:02}"
        event = _BEFORE.search(part[max(0, day.start - _LONGEST_WORD) : day.start])
        if (
            _at_end(part, day.start, day.end)
            and plausible(value)
            and not (event and event[1] in _OF_EVENT)
            and not _RANGE.search(part[max(0, day.start - 2) : day.start])
        ):
            yield value, day.start, day.end


def _at_end(part: str, start: int, end: int) -> bool:
    """True if a date begins or ends a part of a path; a day of the week or a number may follow it."""
    return start == 0 or not part[end:].strip("-_. 0123456789") or _SUFFIX.fullmatch(part, max(0, end - 1)) is not None


def _is_season(part: str, at: int) -> bool:
    """True for 2010-11-final, where 11 is the next year, in the middle of words."""
    match = _SEASON.match(part, at)
    return match is not None and int(match["next"]) == (int(match["year"]) + 1) % 100


def _is_numbered(path: str, at: int | None) -> bool:
    """True if the word right before an offset announces a number that is not a date."""
    start = max(0, (len(path) if at is None else at) - _LONGEST_WORD)
    match = _BEFORE.search(path[start:at])
    return match is not None and match[1] in _NUMBERED and not _PRESS.search(path[start:at])


def _month(text: str, names: Mapping[str, int]) -> int:
    """The number of a month; 0 if it is not one."""
    return int(text) if text.isdigit() else names.get(date_words.key(text), 0)


def _day(match: re.Match[str], day_first: bool | None, names: Mapping[str, int]) -> str | None:
    """The day of a match; None if nothing can have been published on it."""
    parts = match.groupdict()
    if parts.get("one"):
        day, month = ordered(int(parts["one"]), int(parts["two"]), True if parts.get("sep") == "." else day_first)
    else:
        day, month = int(parts["day"]), _month(parts["month"], names)
    value = f"{parts['year']}-{month:02}-{day:02}"
    return value if plausible(value) else None
