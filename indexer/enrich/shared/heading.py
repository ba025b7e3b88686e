"""The head of a text: a line with the date, a byline, a dateline.

    By Jane Doe
    Sunday, June 18, 2023 2:05 p.m. EDT
    WASHINGTON, June 18 (Reuters) - The ...

`date_line` and `dateline` find dates of publication, `byline` the author. Only the first lines are read, and only lines
that contain nothing else, so that a date in prose is not mistaken for one. A date of a change (`Last modified on`) is
not one of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer import languages
from indexer.dates import lines, printed
from indexer.enrich.shared.calendar_words import day_of, written
from indexer.languages import Language
from search.text import date_words

LINES = 8
"""The number of lines in the head."""
LONGEST = 120
"""Characters of a line in which a dateline is looked for."""


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


_CAPITALS = r"[A-ZÀ-ÖØ-Þ]"
_PLACE = rf"{_CAPITALS}(?:{_CAPITALS}|['’.-])+(?:[ ,/]{{1,2}}(?:{_CAPITALS}[\w.'’-]*|de|la|del|of|and|den)){{0,6}}"
_PLACE_OF_AGENCY = rf"{_CAPITALS}\w+(?:[ ,/-]{{1,2}}(?:{_CAPITALS}[\w.'’-]*|am|an|de|del|den|la|of)){{0,4}}"
_DASH = r"\.?\s?(?:-{1,3}|[–—])\s"
_ANY_AGENCY = r"[(/]\w[^()/\n]{1,40}[)/]"
_BEFORE_DATE = re.compile(rf"{_PLACE}(?: ?,? ?{_ANY_AGENCY})?")
_BEFORE_DATE_OF_AGENCY = re.compile(rf"{_PLACE_OF_AGENCY}(?P<agency> ?,? ?{_ANY_AGENCY})?")
_AFTER_DATE = re.compile(rf",?(?:(?P<agency> ?{_ANY_AGENCY}){_DASH}|{_DASH}|(?P<ends> ?{_ANY_AGENCY})\.?\s)")

_DATELINES = ("dateline", "dateline-of-agency")
"""The patterns of a dateline in a language."""


@dataclass(frozen=True, slots=True)
class Byline:
    """The author of a text, and the offsets of the line with the name, in code points."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=1 << 7)
def _lines(text: str) -> tuple[tuple[int, str], ...]:
    """The stripped lines of the head, with their offsets; cached, since several steps read the head of a text,
    and other texts between them.
    """
    return tuple(_read(text))


def _read(text: str) -> Iterator[tuple[int, str]]:
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


def date_line(text: str, day_first: bool | None = None, language: str | None = None) -> Dated | None:
    """The date of publication in a line of the head that has nothing else; without a year if no line has one.

    Args:
        day_first: True if 4/5/2023 is in May; None if unknown.
        language: of the text; None if unknown.
    """
    open_year = None
    for start, line, found in _date_lines(text, day_first, language):
        for each in found:
            if each.said != "changed":
                date = each.date
                time = f"{date.time}{date.offset}" if each.clear else ""
                dated = Dated(date.year, date.month, date.day, time, start, start + len(line))
                if date.year is not None:
                    return dated
                open_year = open_year or dated
    return open_year


def date_lines(text: str, day_first: bool | None = None, language: str | None = None) -> list[tuple[int, int]]:
    """The offsets of the lines of the head that have only dates, of publication or of changes."""
    return [(start, start + len(line)) for start, line, _ in _date_lines(text, day_first, language)]


@lru_cache(maxsize=4)
def _date_lines(
    text: str, day_first: bool | None, language: str | None
) -> tuple[tuple[int, str, list[lines.LineDate]], ...]:
    said, dated = "", []
    for start, line in _lines(text):
        found = lines.read(line, day_first, language, said)
        said = "" if found else lines.label(line, language)
        if found:
            dated.append((start, line, found))
    return tuple(dated)


@lru_cache(maxsize=4)
def dateline(text: str, language: str | None = None) -> Dated | None:
    """The date of the dateline, which begins one of the lines of the head.

    Args:
        language: of the text; None if unknown.
    """
    known = languages.named(language or languages.DEFAULT) or languages.default()
    patterns = [known.pattern(name) for name in _DATELINES]
    for start, line in _lines(text):
        if match := next(filter(None, (pattern.match(line) for pattern in patterns)), None):
            day = day_of(match, known)
            return day and Dated(*day, "", start + match.start(), start + match.end())
        if language not in (None, languages.DEFAULT) and (found := _other_dateline(line, start, language)):
            return found
    return None


def _other_dateline(line: str, start: int, language: str | None) -> Dated | None:
    """The date of a dateline in the words of any language: `BERLIN (dpa), 18. Juni –`, `PARIS, 18 juin (AFP) -`; of a
    place that is not in capitals only with an agency: `Madrid, 9 nov (EFE).-`.
    """
    line = line[:LONGEST]
    date = next(printed.all_in(line, None, language, open_year=True), None)
    if date is None or (after := _AFTER_DATE.match(line, date.end)) is None:
        return None
    words = date_words.words(language)
    before = line[: date.start]
    tokens = list(date_words.TOKEN.finditer(before))
    while tokens and date_words.token_key(tokens[-1][0]) in words.weekdays | words.between:
        before = before[: tokens.pop().start()]
    before = before.rstrip(" ,.")
    if not _BEFORE_DATE.fullmatch(before):
        place = _BEFORE_DATE_OF_AGENCY.fullmatch(before)
        if place is None or not (place["agency"] or after["agency"] or after["ends"]):
            return None
    return Dated(date.year, date.month, date.day, "", start, start + date.end)


def byline(text: str, language: Language) -> Byline | None:
    """A line of the head that begins with By and a name, and is not part of a sentence."""
    before, pattern, by = 0, language.pattern("byline"), language.words("by")
    for number, (start, line) in enumerate(_lines(text)):
        end = start + len(line)
        match = pattern.fullmatch(line)
        if match and text[end:].strip():
            name = match["name"].partition(" | ")[0]
            alone = not number or _blank(text[before:start])
            under_title = number == 1 and (match["by"] not in by or _blank(text[end : end + 40]))
            if (alone or under_title) and _names_somebody(name, language):
                return Byline(" ".join(name.split()).rstrip(",;"), start, end)
        before = end
    return None


def _blank(between: str) -> bool:
    """True if there is an empty line at the beginning of a text."""
    return re.match(r"[^\S\n]*\n[^\S\n]*\n", between) is not None


def _names_somebody(name: str, language: Language) -> bool:
    """True if these are names, and not the rest of a sentence that began in the line before."""
    words, inside = name.partition(",")[0].split(), language.words("in-byline")
    if any(map(str.isdigit, name.partition(",")[0])) or words[0] in language.words("weekday"):
        return False
    if words[-1].lower() in inside:
        return False
    roles = language.words("byline-role")
    return all(word.strip("(;") in inside or word.strip("(;") in roles for word in words if word[0].islower())
