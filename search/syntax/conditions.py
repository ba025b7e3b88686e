"""The values of `person:` …, `published:`, `mentioned:`, `added:`, `id:` and `url:`: a value, or a range of days."""

from __future__ import annotations

from datetime import date

from search import addresses, dates
from search.fields import BY_NAME
from search.syntax.lexer import DATE_FIELDS, Lexeme
from search.syntax.nodes import Condition, Days, Id, Url, Value
from search.syntax.notes import MAX_NOTES, Notes
from search.vocabulary import vocabulary


def read(lexeme: Lexeme, field: str, notes: Notes) -> Condition | None:
    """A condition of the tree; None if the lexeme has no usable value."""
    text = " ".join(lexeme.text.split())
    if not text:
        notes.add(lexeme.at, f"Nothing between the quotes at {lexeme.at}: ignored.")
        return None
    if lexeme.tilde:
        at = lexeme.start + len(lexeme.text) + 1
        notes.add(at, f"“{lexeme.tilde}” at {at} is for words of title and text: ignored.")
    if not lexeme.closed:
        notes.add(lexeme.at, f"Unclosed quote at {lexeme.at}: read to the end as one {field}.")
    if field in DATE_FIELDS:
        return _days(text, field, lexeme.start, notes)
    if field == "id":
        return Id(text)
    if field == "url":
        beginning = addresses.key(text)
        if not beginning:
            notes.add(lexeme.at, f"No address at {lexeme.at}: ignored. Give its beginning: url:example.com/news.")
        return Url(beginning) if beginning else None
    return _value(text, field, lexeme.start, notes)


def _value(text: str, facet: str, at: int, notes: Notes) -> Value:
    known = BY_NAME[facet].vocabulary
    if known is None:
        return Value(facet, text)
    code = vocabulary(known).meant(text)
    if code is None:
        # Comparing with a whole vocabulary takes milliseconds: only for the notes that are shown.
        close = vocabulary(known).nearest(text) if len(notes) < MAX_NOTES else None
        hint = f"Nearest: {close}." if close else f'Put a name of several words in quotes: {facet}:"…".'
        notes.add(at, f"No {facet} “{text}”, at {at}: no article has it. {hint}")
    return Value(facet, code or text)


def _days(text: str, field: str, at: int, notes: Notes) -> Days | None:
    first, dots, last = (part.strip() for part in text.partition(".."))
    begin = _bound(first, at, notes)
    days = Days(begin, _bound(last, at, notes) if dots else begin, field)
    if days.first is None and days.last is None:
        if not (first or last):
            notes.add(at, f"No date at {at}: ignored. Give {dates.ALL_FORMS}, or a range: 1998..2003.")
        return None
    earliest, latest = days.bounds()
    if earliest and latest and earliest > latest:
        notes.add(at, f"The range at {at} ends before it begins: no article is in it.")
    return days


def _bound(text: str, at: int, notes: Notes) -> str | None:
    """An end of a range, without spaces; None if it is open or not a date."""
    if not text:
        return None
    try:
        end = dates.written(text, date.today())
        dates.parse_bound(end, date.today())
    except dates.AmbiguousDate as unclear:
        notes.add(at, f"“{text}”, at {at}, is ignored: it can be {' or '.join(unclear.readings)}. Give one of them.")
        return None
    except ValueError as error:
        hint = f"Give {dates.ALL_FORMS}; put several words in quotes."
        notes.add(at, f"{str(error).removesuffix('.')}, at {at}: ignored. {hint}")
        return None
    return end
