"""The words of the pages: messages of a catalogue, dates and numbers, in the language of a request.

English is the source: the messages of the program itself are its catalogue. Every other language has one in
`service/translations`, made and checked by `make words`, which is offered only if it is complete (a test). Code that
answers a page takes its words from `current`, the language of the request; everything else, such as the API and the
command line, never sets one and speaks English.

A message has named places, `{count} articles` in Python and `{{ count }} articles` in templates, so that a language can
order them, and a plural wherever it has a number. Months, countries, languages and the signs in numbers are those of
CLDR, narrower topics of IPTC. Babel, which reads both, is imported with the first language that is not English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from search.names.vocabulary import vocabulary
from search.said import Said
from search.system.lazy import shared_property
from service.wording.stored_sentences import Recalling

FOLDER = Path(__file__).parents[1] / "translations"
DOMAIN = "dateline"
SOURCE = "en"
AUTO = "auto"
_NAMED = frozenset({"known", "field", "facet"})
"""Values of sentences that are names of fields, such as `country`."""

Key = tuple[str, str]
"""The context of a message, "" if it has none, and its English singular."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""In English, whatever the language of the process is."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def mark(message: str) -> str:
    """The message itself, which is translated where it is shown; `make words` finds it."""
    return message


@dataclass(frozen=True)
class Words:
    """The words of a language.

    Attributes:
        messages: the forms of each message, one or as many as the language has plurals; none for English.
        plural: the form of a number.
        from_right: True if it is written from right to left.
        signs: between thousands, and before decimals.
        months, short_months: their names, and abbreviations of these, as they appear in a date.
        weekdays, short_weekdays: their names, and abbreviations of these, from Monday, as they appear by themselves.
    """

    language: str = SOURCE
    messages: Mapping[Key, Sequence[str]] = field(default_factory=dict)
    plural: Callable[[int], int] = lambda number: int(number != 1)
    from_right: bool = False
    signs: tuple[str, str] = (",", ".")
    months: Sequence[str] = MONTHS
    short_months: Sequence[str] = tuple(name[:3] for name in MONTHS)
    weekdays: Sequence[str] = WEEKDAYS
    short_weekdays: Sequence[str] = tuple(name[:2] for name in WEEKDAYS)

    def forms(self, message: str, many: str | None = None, context: str = "") -> Sequence[str]:
        """The forms of a message: one, or one for each plural."""
        found = self.messages.get((context, message))
        return found or ((message,) if many is None else (message, many))

    def gettext(self, message: str) -> str:
        """A message."""
        found = self.messages.get(("", message))
        return found[0] if found else message

    def pgettext(self, context: str, message: str) -> str:
        """A message whose words have several meanings, in one of them."""
        found = self.messages.get((context, message))
        return found[0] if found else message

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form of a message for a number."""
        return self.forms(one, many)[self.plural(number)]

    def counted(self, one: str, many: str, number: int, **values: object) -> str:
        """The form of a message for a number, which is its `{count}`, with other values."""
        return self.ngettext(one, many, number).format(count=self.thousands(number), **values)

    def said(self, sentence: str) -> str:
        """A sentence of another package in this language; in English if it has no words of its own."""
        if not isinstance(sentence, Said) or not self.messages:
            return sentence
        told = self.gettext(sentence.message).format_map(
            {
                name: self.thousands(value)
                if isinstance(value, int)
                else self.gettext(value)
                if name in _NAMED and not isinstance(value, Said)
                else self.said(value)
                for name, value in sentence.values.items()
            }
        )
        return told if sentence.endswith(".") else told.removesuffix(".")

    def recalled(self, sentence: str) -> str:
        """A sentence that was stored as text, in this language; the same object if it has no words of its own."""
        found = self._recalling.recalled(sentence) if self.messages else None
        return self.said(found) if found is not None else sentence

    @shared_property
    def _recalling(self) -> Recalling:
        return Recalling(
            message for (context, message), forms in self.messages.items() if not context and len(forms) == 1
        )

    def thousands(self, number: float, form: str = ",") -> str:
        """A number for people: `12,345`.

        Args:
            form: how Python formats it, `,.1f` with a decimal.
        """
        said = format(number, form)
        thousands, decimal = self.signs
        if self.signs == (",", "."):
            return said
        return said.replace(",", "\0").replace(".", decimal).replace("\0", thousands)

    def percent(self, share: float | None) -> str:
        """A share for people: `12 %`, `1.2 %`, `0.03 %`; a dash if it is None."""
        if share is None:
            return "–"
        value = share * 100
        form = ".0f" if value >= 10 or value == 0 else ".1f" if value >= 1 else ".2g"
        return self._percent % self.thousands(value, form)

    @shared_property
    def _percent(self) -> str:
        return self.pgettext("percent", "{number} %").replace("%", "%%").replace("{number}", "%s")

    @shared_property
    def _dates(self) -> Mapping[str, Callable[..., str]]:
        """The forms of dates, of which a page has hundreds: functions of their parts, in the order named here."""
        return {
            "day": _placed(self.pgettext("date", "{day} {month} {year}"), "day", "month", "year"),
            "clock": _placed(self.pgettext("date", "{date}, {time}"), "date", "time"),
            "day of year": _placed(self.pgettext("date", "{day} {month}"), "day", "month"),
            "month": _placed(self.pgettext("date", "{month} {year}"), "month", "year"),
            "decade": _placed(self.pgettext("date", "{year}s"), "year"),
            "quarter": _placed(self.pgettext("date", "Q{quarter} {year}"), "quarter", "year"),
            "week": _placed(self.pgettext("date", "week of {date}"), "date"),
        }

    def in_words(self, published: str | None) -> str:
        """A date for people: `18 June 2023, 14:05 UTC+2`, `18 June 2023`, `May 2023`, `1998`, `undated`."""
        if published is None:
            return self.gettext("undated")
        parts = published[:10].split("-")
        if len(parts) == 1:
            return parts[0]
        month = self.months[int(parts[1]) - 1]
        if len(parts) == 2:
            return self._dates["month"](month, parts[0])
        day = self._dates["day"](int(parts[2]), month, parts[0])
        return self._dates["clock"](day, clock) if (clock := _clock(published)) else day

    def interval(self, start: str, interval: str) -> str:
        """The label of a bucket: `1989`, `1980s`, `Nov 1989`, `Q4 1989`, `week of 6 Nov 1989`, `9 Nov 1989`."""
        day = date.fromisoformat(start)
        short, said = self.short_months[day.month - 1], self._dates
        match interval:
            case "decade":
                return said["decade"](day.year // 10 * 10)
            case "year":
                return str(day.year)
            case "quarter":
                return said["quarter"]((day.month + 2) // 3, day.year)
            case "month":
                return said["month"](short, day.year)
        whole = said["day"](day.day, short, day.year)
        return said["week"](whole) if interval == "week" else whole

    def day_of_year(self, day: date) -> str:
        """The label of a day whose year is shown next to it: `9 Nov`."""
        return self._dates["day of year"](day.day, self.short_months[day.month - 1])

    def brief(self, label: str) -> str:
        """The label of an interval where there is little room: without `week of`."""
        before, _, after = self.pgettext("date", "week of {date}").partition("{date}")
        return label.removeprefix(before).removesuffix(after)


def _placed(message: str, *names: str) -> Callable[..., str]:
    """A message as a function of its places, in this order."""
    for number, name in enumerate(names):
        message = message.replace(f"{{{name}}}", f"{{{number}}}")
    return message.format


_ZONE = re.compile(r"(?:Z|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?)$")


def _clock(published: str) -> str:
    """The time of a date-time, to the minute, and its offset: `14:05 UTC+2`; "" if there is none."""
    hour, zone = published[11:16], _ZONE.search(published, 16)
    if zone is None:
        return hour
    sign, hours, minutes = zone.group("sign", "hours", "minutes")
    ahead = f"{sign}{int(hours)}" if sign and int(hours) else sign or ""
    if minutes and int(minutes):
        ahead = f"{sign}{int(hours)}:{minutes}"
    return f"{hour} UTC{ahead}" if ahead not in ("+", "-") else f"{hour} UTC"


ENGLISH = Words()
_current: ContextVar[Words] = ContextVar("words", default=ENGLISH)
current = _current.get
"""The words of the request that this thread answers; English if it answers none."""
use = _current.set


def gettext(message: str) -> str:
    """A message in the language of the request."""
    return current().gettext(message)


def pgettext(context: str, message: str) -> str:
    """The same for a message whose words have several meanings."""
    return current().pgettext(context, message)


def ngettext(one: str, many: str, number: int) -> str:
    """The same for a message with a number."""
    return current().ngettext(one, many, number)


def counted(one: str, many: str, number: int, **values: object) -> str:
    """The same with the number in it, as `{count}`."""
    return current().counted(one, many, number, **values)


@cache
def languages() -> tuple[str, ...]:
    """The languages of the pages, English first."""
    return (SOURCE, *sorted(file.parent.parent.name for file in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


@cache
def words(language: str) -> Words:
    """The words of one of `languages`; its catalogue is read once, in a tenth of a second."""
    if language == SOURCE:
        return ENGLISH
    from gettext import c2py

    from babel import Locale
    from babel.messages.pofile import read_po

    with catalogue(language).open("rb") as file:
        found = read_po(file)
    messages: dict[Key, Sequence[str]] = {key: [name] for key, name in names(language)}
    for each in found:
        forms = [each.string] if isinstance(each.string, str) else [*(each.string or ())]
        if each.id and all(forms):
            messages[each.context or "", each.id if isinstance(each.id, str) else each.id[0]] = forms
    locale = Locale.parse(language, sep="-")
    return Words(
        language,
        messages,
        c2py(found.plural_expr),
        locale.text_direction == "rtl",
        (locale.number_symbols["latn"]["group"], locale.number_symbols["latn"]["decimal"]),
        [*locale.months["format"]["wide"].values()],
        [*locale.months["format"]["abbreviated"].values()],
        [locale.days["stand-alone"]["wide"][day] for day in range(7)],
        [locale.days["stand-alone"]["short"][day] for day in range(7)],
    )


def names(language: str) -> Iterator[tuple[Key, str]]:
    """The names of countries and languages in a language, as far as CLDR has them; IPTC's of the narrower topics."""
    from babel import Locale

    locale = Locale.parse(language, sep="-")
    for context, known in (("country", locale.territories), ("language", locale.languages)):
        for code, entry in vocabulary(context).entries.items():
            if code in known:
                yield (context, entry.label), known[code]
    for entry in vocabulary("topic").entries.values():
        if entry.parent and language in entry.elsewhere:
            yield ("topic", entry.label), entry.elsewhere[language][0]


def catalogue(language: str) -> Path:
    """The file of a language's messages."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def preferred(accepted: str | None) -> str:
    """The language that a browser prefers among those of the pages, by its `Accept-Language`; else English.

    A catalogue of a language is good for its regions: `de-AT` is answered in `de`.
    """
    from babel import negotiate_locale

    wanted: list[tuple[float, int, str]] = []
    for number, entry in enumerate((accepted or "").split(",")[:32]):
        name, *rest = (part.strip() for part in entry.lower().split(";"))
        quality = next((part[2:] for part in rest if part.startswith("q=")), "1")
        if re.fullmatch(r"[01](\.\d{0,3})?", quality) and float(quality) > 0:
            wanted.append((-float(quality), number, name))
    return negotiate_locale([name for _, _, name in sorted(wanted)], languages(), sep="-") or SOURCE
