"""Dates as printed in pages, newspapers and file names, converted to ISO 8601.

`iso` converts a field of a page, `find` searches a short line, `in_name` the name of a file, `in_url` an address. Only
unambiguous dates are accepted: for 4/5/2023 the caller must state if the day comes first. Not for prose, where a date
need not be the day of publication.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from search import dates
from search.text import fold

EARLIEST = date(1450, 1, 1)
"""The earliest date accepted: nothing printed before it was news."""

# One line per month: its names in various languages, in full, in the case used in dates, and abbreviated.
_MONTHS = """
january jan januar janner jaenner januari janvier janv enero ene gennaio gen janeiro stycznia styczen sty ledna leden ocak tammikuuta tammikuu ianuarie ian januara янв января січня января ιανουαριου يناير ינואר בינואר
february feb februar feber februari fevrier fevr fev febrero febbraio fevereiro lutego luty unora unor subat helmikuuta helmikuu februarie februara фев февраля лютого φεβρουαριου فبراير פברואר בפברואר
march mar marz maerz mrz maart mrt mars marzo marco marca marzec brezna brezen mart maaliskuuta maaliskuu martie март марта березня μαρτιου marcius marts maret مارس מרץ במרץ
april apr avril avr abril abr aprile kwietnia kwiecien kwi dubna duben nisan huhtikuuta huhtikuu aprilie aprila апр апреля квітня απριλιου aprilis أبريل إبريل אפריל באפריל
may mai mei maj maggio mag mayo maio maja kvetna kveten mayis toukokuuta toukokuu май мая травня μαιου majus مايو מאי במאי
june jun juni juin junio giugno giu junho czerwca czerwiec cervna cerven haziran kesakuuta kesakuu iunie iun июн июня червня ιουνιου junius يونيو יוני ביוני
july jul juli juillet juil julio luglio lug julho lipca lipiec cervence cervenec temmuz heinakuuta heinakuu iulie iul июл июля липня ιουλιου julius يوليو יולי ביולי
august aug augustus augusti aout agosto ago sierpnia sierpien sie srpna srpen agustos elokuuta elokuu авг августа серпня αυγουστου augusztus agustus أغسطس אוגוסט באוגוסט
september sep sept septembre septiembre setiembre settembre set setembro wrzesnia wrzesien wrz zari eylul syyskuuta syyskuu septembrie сен сент сентября вересня σεπτεμβριου szeptember سبتمبر ספטמבר בספטמבר
october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika pazdziernik paz rijna rijen ekim lokakuuta lokakuu octombrie окт октября жовтня οκτωβριου أكتوبر אוקטובר באוקטובר
november nov novembre noviembre novembro listopada listopad lis kasim marraskuuta marraskuu noiembrie ноя ноября листопада νοεμβριου نوفمبر נובמבר בנובמבר
december dec dezember dez desember des decembre diciembre dic dicembre dezembro grudnia grudzien gru prosince prosinec aralik joulukuuta joulukuu decembrie дек декабря грудня δεκεμβριου ديسمبر דצמבר בדצמבר
"""  # noqa: E501
MONTHS = {fold(name): number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for name in line.split()}

_YEAR = r"(?P<year>1[4-9]\d\d|2\d\d\d)"
_ZONES = {
    "Z": "Z", "UTC": "Z", "GMT": "Z", "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
    "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "BST": "+01:00", "CET": "+01:00",
    "CEST": "+02:00", "MEZ": "+01:00", "MESZ": "+02:00",
}  # fmt: skip
"""Time zones by their abbreviations in mail (RFC 822) and in European papers."""
_ZONE = r"(?P<zone>(?:GMT|UTC)?[+-]\d\d:?\d\d(?!\d)|(?:GMT|UTC)[+-]\d{1,2}\b|(?:" + "|".join(_ZONES) + r")\b)"
_TIME = (
    r"(?:[T ,]{1,3}(?:at |um |- )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?(?!:?\d)"
    r"(?: ?(?P<half>[apAP])\.?[mM]\b\.?)? ?" + _ZONE + r"?)?"
)
_NOT_IN_NUMBER = r"(?<![\d/.:-])"
_YEAR_FIRST = re.compile(
    _NOT_IN_NUMBER + _YEAR + r"(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d|[-/.]\d)" + _TIME, re.ASCII
)
_YEAR_LAST = re.compile(
    _NOT_IN_NUMBER + r"(?P<one>\d{1,2})(?P<sep>[-/.]) ?(?P<two>\d{1,2})(?P=sep) ?" + _YEAR + r"(?!\d|[-/.]\d)" + _TIME,
    re.ASCII,
)
_CJK = re.compile(_YEAR + r" ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
_MONTH = r"(?:de |di |of |d['’])?(?P<name>[^\W\d_]{3,12})\.?(?:/[^\W\d_]{3,12})?"
_DAY_MONTH = re.compile(
    r"(?<![\d:/.-])" + _DAY + r"[ -]" + _MONTH + r"(?:,| de| del)?[ -]{1,2}" + _YEAR + r"(?!\d)" + _TIME
)
_MONTH_DAY = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]{3,12})\.? " + _DAY + r"(?:,? | de | del )(?:at )?" + _YEAR + r"(?!\d)" + _TIME
)
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)" + _YEAR + r"[.,]? (?P<name>[^\W\d_]{3,12})\.? (?P<day>\d{1,2})(?!\d)")
_SPACED = re.compile(r"(?<!\d)" + _YEAR + r"\. (?P<month>\d{1,2})\. (?P<day>\d{1,2})\.?(?!\d)")
_AS_PROGRAMS = re.compile(
    r"[A-Z][a-z]{2} (?P<name>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) (?:"
    + _ZONE + r" |[A-Z]{2,5} )?" + _YEAR
)  # fmt: skip
_SHORT_YEAR = re.compile(
    r"(?<![\w/.:-])(?P<one>\d{1,2})(?P<sep>[/.])(?P<two>\d{1,2})(?P=sep)(?P<short>\d\d)(?![\w/:-]|\.\d)" + _TIME,
    re.ASCII,
)
_FORMS = (
    _YEAR_FIRST, _DAY_MONTH, _MONTH_DAY, _CJK, _YEAR_MONTH_DAY, _YEAR_LAST, _SPACED, _AS_PROGRAMS, _SHORT_YEAR,
)  # fmt: skip
_COMPACT = re.compile(
    _YEAR + r"(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[T ]?(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)  # fmt: skip
_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+|\d{3})?", re.ASCII)
_IN_NAME = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)([-_.]?)([01]\d)\2([0-3]\d)(?!\d)")
_IN_URL = re.compile(r"[/_.=-]((?:1[6-9]|20)\d\d)([/_-]?)(\d\d|[a-z]{3})\2(\d{1,2})(?=[/_.&-]|$)")
_IN_URL_LAST = re.compile(r"[/_.=-](\d{1,2})([._-])(\d{1,2})\2((?:19|20)\d\d)(?=[/_.&-]|$)")
MAX_VALUE = 120
"""The greatest length of a value that may be a date; a longer one is prose."""


def iso(value: str, day_first: bool | None = None) -> str | None:
    """The date in a field of a page as ISO 8601, with the time and zone it prints; None if it is not a date.

    Args:
        day_first: True if 4/5/2023 is in May; None if unknown.
    """
    value = " ".join(value.split())
    if not value or len(value) > MAX_VALUE:
        return None
    try:
        dates.parse(value)
    except ValueError:
        pass
    else:
        return value.replace(" ", "T") if len(value) > 4 else None
    if match := _SECONDS.fullmatch(value):
        return datetime.fromtimestamp(int(match[1]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if match := _COMPACT.fullmatch(value):
        return _written(match, day_first)
    return find(value, day_first)


def find(line: str, day_first: bool | None = None) -> str | None:
    """The first full date of a line, ISO 8601; None if there is none."""
    line = " ".join(line[: 4 * MAX_VALUE].split())
    found = (
        (match.start(), written)
        for form in _FORMS
        for match in form.finditer(line)
        if (written := _written(match, day_first)) is not None
    )
    return min(found, default=(0, None))[1]


def in_name(name: str) -> str | None:
    """The day in a file's name (`0002244_18550922_0001.xml`), if it has exactly one."""
    days = {"-".join(match.group(1, 3, 4)) for match in _IN_NAME.finditer(name.rsplit("/", 1)[-1])}
    good = {day for day in days if plausible(day)}
    return good.pop() if len(good) == 1 else None


def in_url(url: str) -> str | None:
    """The day in a URL's path (`/2023/06/18/`, `/2023/jun/18/`, `-20230618.html`); None if there is none."""
    path = url.lower().partition("#")[0].partition("?")[0]
    for match in _IN_URL.finditer(path):
        year, _, month, day = match.groups()
        written = f"{year}-{MONTHS.get(month, 0) if month.isalpha() else int(month):02}-{int(day):02}"
        if plausible(written):
            return written
    for match in _IN_URL_LAST.finditer(path):
        day, month = _ordered(int(match[1]), int(match[3]), True if match[2] == "." else None)
        if plausible(written := f"{match[4]}-{month:02}-{day:02}"):
            return written
    return None


def problem(days: dates.Days, today: date | None = None) -> str | None:
    """Why nothing can have been published on a date; None if it is possible.

    A day after tomorrow is in the future everywhere on Earth.
    """
    latest = (today or datetime.now(UTC).date()) + timedelta(days=1)
    if days.first < EARLIEST:
        return f"“{days.first.isoformat()}” is before {EARLIEST.year}, when there was no news in print."
    if days.first > latest:
        return f"“{days.first.isoformat()}” is in the future."
    return None


def plausible(value: str) -> bool:
    """True if something can have been published on an ISO 8601 date."""
    try:
        return problem(dates.parse(value)) is None
    except ValueError:
        return False


def _written(match: re.Match[str], day_first: bool | None) -> str | None:
    """A match as ISO 8601, with its time if that is valid."""
    parts = match.groupdict()
    if parts.get("one"):
        day, month = _ordered(int(parts["one"]), int(parts["two"]), True if parts["sep"] == "." else day_first)
    else:
        day, month = int(parts["day"]), MONTHS.get(fold(parts["name"]), 0) if parts.get("name") else int(parts["month"])
    years = (f"20{parts['short']}", f"19{parts['short']}") if parts.get("short") else (parts["year"],)
    written = next((day_ for year in years if plausible(day_ := f"{year}-{month:02}-{day:02}")), None)
    if written is None or not parts.get("hour"):
        return written
    hour = int(parts["hour"])
    if half := (parts.get("half") or "").lower():
        hour = hour % 12 + (12 if half == "p" else 0) if 0 < hour <= 12 else 24
    moment = f"{written}T{hour:02}:{parts['minute']}:{parts['second'] or '00'}{_offset(parts.get('zone') or '')}"
    return moment if hour < 24 and plausible(moment) else written


def _offset(zone: str) -> str:
    """A zone in ISO 8601: `GMT+7` is +07:00."""
    if zone in _ZONES:
        return _ZONES[zone]
    zone = zone.removeprefix("GMT").removeprefix("UTC")
    return f"{zone[0]}{int(zone[1:]):02}:00" if 1 < len(zone) < 4 else zone


def _ordered(one: int, two: int, day_first: bool | None) -> tuple[int, int]:
    """Day and month from two numbers; (0, 0) if both orders are possible."""
    if one > 12 or one == two:
        return one, two
    if two > 12:
        return two, one
    if day_first is None:
        return 0, 0
    return (one, two) if day_first else (two, one)
