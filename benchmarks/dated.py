"""Articles that show their day only in an address, an id or a line at the head, for `benchmarks.facts`.

They are generated from templates of common forms, on days spread over 24 years, in English and in languages whose names
of months Babel has. Each group also has forms that look like a date of publication and are not: numbers that are no day
of the calendar, identifiers that contain digits like a date, days of a last change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from search.values.article import Article, make_id

DAYS = tuple(date(2001, 3, 1) + timedelta(days=n * 787) for n in range(12))
"""The days of publication, which differ in the number of digits of day and month."""

SLUG = "council-votes-on-bridge"

ADDRESSES = (
    "https://www.example.com/world/{y}/{abbr}/{dd}/{slug}",
    "https://www.example.com/world/{y}/{abbr}/{d}/{slug}",
    "https://www.example.com/{y}/{month}/{d}/{slug}.html",
    "https://www.example.com/{y}/{mm}/{dd}/{slug}",
    "https://www.example.com/news/{y}/{m}/{d}/{slug}.html",
    "https://www.example.com/{y}/{m}/{d}/",
    "https://example.com/{y}-{mm}-{dd}/{slug}",
    "https://example.com/news/{slug}-{y}-{mm}-{dd}.html",
    "https://example.com/{y}{mm}{dd}/{slug}",
    "https://example.com/news/{y}{mm}{dd}-{slug}.html",
    "https://example.com/news/{slug}-{y}{mm}{dd}",
    "https://example.com/{y}/{mm}{dd}/{slug}.shtml",
    "https://example.com/a/{y}{mm}/{dd}/{slug}.html",
    "https://example.com/news/{d}-{month}-{y}/{slug}",
    "https://example.com/{y}_{mm}_{dd}_{slug}.html",
)
"""Forms of addresses with a day."""

MONTHS = ("https://example.com/{y}/{mm}/{slug}", "https://example.com/{y}/{abbr}/{slug}/")
"""Forms of addresses with a month."""

NO_DAYS = (
    "https://example.com/article/{y}1399/{slug}",
    "https://example.com/{y}/13/32/{slug}",
    "https://example.com/{y}/feb/30/{slug}",
    "https://example.com/{y}-02-31/{slug}",
    "https://example.com/story/1{y}{mm}{dd}/{slug}",
    "https://example.com/story/{y}{mm}{dd}45/{slug}",
    "https://example.com/a/3f{y}{mm}{dd}be/{slug}",
    "https://example.com/item/{y}{mm}{dd}-1c3d-4abc-8def-0123456789ab",
    "https://example.com/call-2{y}-{mm}{dd}-55",
    "https://example.com/2{y}/{mm}/{dd}/{slug}",
    "https://example.com/world/section-{y}/{slug}/{mm}{dd}",
    "https://example.com/{slug}-24-7-365",
    "https://example.com/may-{dd}-march-on/{slug}",
)
"""Forms of addresses with digits or months that are not a day."""

LINES = (
    "{Abc} {d} {Abbr} {y} 21.38 BST",
    "{Weekday} {d} {Month} {y}",
    "{Weekday}, {Month} {d}, {y}",
    "{Month} {d}, {y} 9:38 PM ET",
    "{d} {Month} {y}, 21:38",
    "{d} {Abbr} {y} 21.38 GMT",
    "Published: {d} {Month} {y}",
    "First published on {Abc} {d} {Abbr} {y} 21.38 BST",
    "Posted on {Abbr}. {d}, {y} at 9:38 p.m.",
    "{Abc}, {d} {Abbr} {y} 21:38:00 GMT",
    "{y}-{mm}-{dd} 21:38",
    "Published 21:38, {d} {Month} {y}",
    "{Abc} {d} {Abbr} {y} 21.38 BST\nLast modified on {Later} 09.15 BST",
    "Last modified on {Later} 09.15 BST\nFirst published on {Abc} {d} {Abbr} {y} 21.38 BST",
)
"""Lines at the head with a day of publication."""

NO_LINES = (
    "Last modified on {Abc} {d} {Abbr} {y} 21.38 BST",
    "Last updated: {Month} {d}, {y}",
    "Updated {d} {Month} {y}",
    "Modified {y}-{mm}-{dd}",
    "© {y} Example Media",
    "This article is more than 4 years old",
    "The council met on {d} {Month} {y} and voted.",
)
"""Lines at the head that are not the day of publication."""

TEXTS = {
    "de": "Der Rat beriet über die neue Brücke. Die Mitglieder sprachen zwei Stunden, bevor sie abstimmten.",
    "fr": "Le conseil a examiné le projet de pont. Les membres ont parlé deux heures avant de voter.",
    "es": "El consejo estudió el proyecto del puente. Los miembros hablaron dos horas antes de votar.",
    "it": "Il consiglio ha discusso il progetto del ponte. I membri hanno parlato due ore prima di votare.",
    "pt": "O conselho discutiu o projeto da ponte. Os membros falaram duas horas antes de votar.",
    "nl": "De raad besprak de plannen voor de brug. De leden spraken twee uur voordat zij stemden.",
    "sv": "Rådet diskuterade planerna för bron. Ledamöterna talade i två timmar innan de röstade.",
    "pl": "Rada omówiła plany budowy mostu. Członkowie rozmawiali dwie godziny przed głosowaniem.",
    "ru": "Совет обсудил планы строительства моста. Члены совета говорили два часа, прежде чем голосовать.",
    "tr": "Meclis köprü planlarını görüştü. Üyeler oy vermeden önce iki saat konuştu.",
}
"""Language → a text without a day."""

ENGLISH = "The council met to discuss the plans for the bridge. Members spoke for two hours before they voted."

ELSEWHERE = ("https://example.com/{y}/{month}/{d}/{slug}", "https://example.com/{d}-{month}-{y}/{slug}")
"""Forms of addresses with the name of a month, in its language."""

FORMATS = ("full", "long", "medium")
"""Babel's formats of a day with the name of its month; those without are skipped, since 3.5. may be March or May."""


@dataclass(frozen=True, slots=True)
class Dated:
    """An article, and what is known of its day of publication.

    Attributes:
        group: the kind of sign: `address`, `id`, `line` or `language`.
        published: the day or month, in ISO 8601; None if the article does not say.
    """

    group: str
    article: Article
    published: str | None


def articles() -> Iterator[Dated]:
    """All generated articles, in a fixed order."""
    for number, day in enumerate(DAYS):
        iso = day.isoformat()
        for form, truth in (
            *((form, iso) for form in ADDRESSES),
            *((form, iso[:7]) for form in MONTHS),
            *((form, None) for form in NO_DAYS),
        ):
            address = _filled(form, day)
            yield Dated("address", Article(f"{number}", ENGLISH, url=address, language="en"), truth)
            yield Dated("id", Article(make_id(address), ENGLISH, source_id=address, language="en"), truth)
        for form, truth in (*((form, iso) for form in LINES), *((form, None) for form in NO_LINES)):
            yield Dated("line", Article(f"{number}", f"{_filled(form, day)}\n\n{ENGLISH}", language="en"), truth)
        for language, text in TEXTS.items():
            yield from _elsewhere(number, day, language, text)


def _elsewhere(number: int, day: date, language: str, text: str) -> Iterator[Dated]:
    for form in ELSEWHERE:
        address = _filled(form, day, format_date(day, "MMMM", language))
        yield Dated("language", Article(f"{number}", text, url=address, language=language), day.isoformat())
    for line in dict.fromkeys(format_date(day, form, language) for form in FORMATS):
        if any(letter.isalpha() for letter in line.replace("г.", "")):
            article = Article(f"{number}", f"{line}\n\n{text}", language=language)
            yield Dated("language", article, day.isoformat())


def _filled(form: str, day: date, month: str = "") -> str:
    """A form with the parts of a day, in English unless the name of the month is given."""
    later = day + timedelta(days=1)
    return form.format(
        y=day.year, m=day.month, d=day.day, mm=f"{day.month:02}", dd=f"{day.day:02}", slug=SLUG,
        abbr=f"{day:%b}".lower(), month=month.lower() or f"{day:%B}".lower(), Abbr=f"{day:%b}", Month=f"{day:%B}",
        Abc=f"{day:%a}", Weekday=f"{day:%A}", Later=f"{later:%a} {later.day} {later:%b} {later.year}",
    )  # fmt: skip
