"""The values of `person:` …, `published:`, `mentioned:`, `added:`, `id:` and `url:`: a value, or a range of days."""

from __future__ import annotations

from datetime import date

from search.fields import BY_NAME
from search.names.vocabulary import vocabulary
from search.said import clause, said
from search.syntax.lexer import DATE_FIELDS, Lexeme
from search.syntax.nodes import Condition, Days, Id, Url, Value
from search.syntax.notes import MAX_NOTES, Notes
from search.text import addresses, dates


def read(lexeme: Lexeme, field: str, notes: Notes, named: str = "") -> Condition | None:
    """A condition of the tree; None if the lexeme has no usable value.

    Args:
        named: the name of the field as it was typed, if that is another than its own.
    """
    text = " ".join(lexeme.text.split())
    if not text:
        notes.about(lexeme.at, "Nothing between the quotes at {at}: ignored.")
        return None
    if lexeme.tilde:
        at = lexeme.end + 1
        notes.about(at, "“{tilde}” at {at} is for words of title and text: ignored.", tilde=lexeme.tilde)
    if not lexeme.closed:
        notes.about(lexeme.at, "Unclosed quote at {at}: read to the end as one {field}.", field=field)
    if lexeme.before:
        notes.aside(
            lexeme.end,
            'The quote at {at}, before “{before}”, ends the name; a quote inside a name is written as \\".',
            before=lexeme.before,
        )
    if field in DATE_FIELDS:
        return _days(text, field, lexeme.start, notes, named)
    if field == "id":
        return Id(text)
    if field == "url":
        beginning = addresses.key(text)
        if not beginning:
            notes.about(lexeme.at, "No address at {at}: ignored. Give its beginning: url:example.com/news.")
        return Url(beginning, text) if beginning else None
    return _value(text, field, lexeme, notes, named)


def _value(text: str, facet: str, lexeme: Lexeme, notes: Notes, named: str) -> Value:
    known = BY_NAME[facet].vocabulary
    is_quoted = lexeme.kind == "quoted"
    if known is None:
        return Value(facet, text, text, is_quoted, named)
    code = vocabulary(known).meant(text)
    if code is None:
        # Comparing with a whole vocabulary takes milliseconds: only for the notes that are shown.
        close = nearest(Value(facet, text, named=named)) if len(notes) < MAX_NOTES else None
        hint = (
            said("Nearest: {close}.", close=close)
            if close
            else said("See its names in the facet.")
            if is_quoted
            else said('Put a name of several words in quotes: {facet}:"…".', facet=facet)
        )
        notes.aside(
            lexeme.start, "No {facet} “{text}”, at {at}: no article has it. {hint}", facet=facet, text=text, hint=hint
        )
    return Value(facet, code or text, text, is_quoted, named)


def nearest(value: Value) -> str | None:
    """The name in the vocabulary of a value's facet nearest to it, in the language of the facet's name first."""
    known = BY_NAME[value.facet].vocabulary
    return None if known is None else vocabulary(known).nearest(value.value, in_english=not value.named)


def _days(text: str, field: str, at: int, notes: Notes, named: str) -> Days | None:
    first, dots, last = (part.strip() for part in text.partition(".."))
    begin = _bound(first, at, notes)
    days = Days(begin, _bound(last, at, notes) if dots else begin, field, text, named)
    if days.first is None and days.last is None:
        if not (first or last):
            notes.about(at, "No date at {at}: ignored. Give {forms}, or a range: 1998..2003.", forms=dates.ALL_FORMS)
        return None
    earliest, latest = days.bounds()
    if earliest and latest and earliest > latest:
        notes.aside(at, "The range at {at} ends before it begins: no article is in it.")
    return days


def _bound(text: str, at: int, notes: Notes) -> str | None:
    """An end of a range, without spaces; None if it is open or not a date."""
    if not text:
        return None
    try:
        end = dates.written(text, date.today())
        dates.parse_bound(end, date.today())
    except dates.AmbiguousDate as unclear:
        notes.about(
            at,
            "“{text}”, at {at}, is ignored: it can be {choices}. Give one of them.",
            text=text,
            choices=unclear.choices,
        )
        return None
    except ValueError as error:
        hint = said("Give {forms}; put several words in quotes.", forms=dates.ALL_FORMS)
        notes.about(at, "{problem}, at {at}: ignored. {hint}", problem=clause(dates.sentence(error)), hint=hint)
        return None
    return end
