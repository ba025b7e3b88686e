"""A correction: one change of one fact of an article, checked and in the form in which facts are stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from desk.corrections import lines
from search.errors import BadQuery, BadValue
from search.fields import LONGEST_VALUE
from search.names.vocabulary import vocabulary
from search.said import said
from search.text import dates
from search.text import possible_dates as possible
from search.values.article import ID_PATTERN

Field = Literal["person", "country", "topic", "date", "title", "line"]
Action = Literal["add", "remove", "set"]
FIELDS: tuple[Field, ...] = get_args(Field)
ACTIONS: tuple[Action, ...] = get_args(Action)
SET: tuple[Field, ...] = ("date", "title")
"""The fields with one value, which is set."""
LISTED: tuple[Field, ...] = ("person", "country", "topic")
"""The fields with several values, which are added and removed."""
CODED = frozenset({"country", "topic"})
"""The fields whose values are codes of a vocabulary."""
LONGEST = LONGEST_VALUE
"""Characters of a value."""
LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of one fact.

    Attributes:
        article: the id.
        field: the fact; `date` is that of publication.
        action: `set` for a date or a title, `add` for a line, `add` or `remove` for others.
        value: a name, a code of a country or topic, an ISO 8601 date, a title, or what a line is and should be.
        by: who made it: the name of a key, or “command line”.
        at: when, as `search.text.dates.now` writes it.
        note: why, if that was said.
        names: further spellings that a removal removes: those that the index showed under `value`.
        number: in the order in which corrections came to the index, from 1; 0 until it is stored.
        undone: when it was undone, and `undone_by` whom; None if it is in force.
        micros: the microseconds after `at`; more, to be later than the last one of the article.
    """

    article: str
    field: Field
    action: Action
    value: str
    by: str
    at: str
    note: str = ""
    names: tuple[str, ...] = ()
    number: int = 0
    undone: str | None = None
    undone_by: str | None = None
    micros: int = 0

    @property
    def label(self) -> str:
        """The value as people read it: that of a code, else the value itself."""
        return vocabulary(self.field).label(self.value) if self.field in CODED else self.value


def made(correction: Correction) -> tuple[object, ...]:
    """A sort key: the order in which corrections of an article were made, the same in every index that has them."""
    c = correction
    return c.at, c.micros, c.field, c.action, c.value, c.by


def checked(
    article: str, field: str, action: str, value: str, by: str, at: str, note: str = "", names: Sequence[str] = ()
) -> Correction:
    """A correction with its value in the form in which facts are stored.

    Args:
        at: as `search.text.dates.now` or `exactly` writes it.

    Raises:
        BadQuery: with every problem: an invalid id, an unknown field, action, country or topic, a bad date.
    """
    at, micros = dates.apart(at)
    problems = []
    if not ID_PATTERN.fullmatch(article):
        problems.append(
            BadValue(
                "article",
                article,
                said("“{article}” is not an id.", article=article[:80]),
                said("Give that of an article."),
            )
        )
    if field not in FIELDS:
        hint = said("There are: {choices}.", choices=", ".join(FIELDS))
        problems.append(BadValue("field", field, said("“{field}” cannot be corrected.", field=field[:80]), hint))
    elif action not in (allowed := _allowed(field)):
        hint = said("It is {choices} for a {field}.", choices=" or ".join(allowed), field=field)
        problems.append(
            BadValue(
                "action", action, said("A {field} has no action “{action}”.", field=field, action=action[:80]), hint
            )
        )
    for name, text in (("value", value), ("note", note)):
        problems += _unseen(name, text)
    value, note, by = _plain(value), _plain(note), _plain(by)
    if not dates.is_moment(at):
        problems.append(
            BadValue(
                "at",
                at[:40],
                said("“{at}” is not a time.", at=at[:40]),
                said("Give one like 2026-11-26T21:04:11Z."),
            )
        )
    if not 0 < len(by) <= LONGEST:
        problems.append(
            BadValue(
                "by", by[:80], said("Nobody is named."), said("A name has 1 to {longest} characters.", longest=LONGEST)
            )
        )
    if len(note) > LONGEST_NOTE:
        problems.append(
            BadValue(
                "note",
                note[:80],
                said("The note has {length} characters.", length=len(note)),
                said("At most {longest_note}.", longest_note=LONGEST_NOTE),
            )
        )
    if field in FIELDS:
        try:
            value = _stored(field, value, at)
        except BadQuery as problem:
            problems += problem.errors
    if problems:
        raise BadQuery(problems)
    seen = tuple(map(_plain, names))
    return Correction(article, field, action, value, by, at, note, seen, micros=micros)  # type: ignore[arg-type]


def _allowed(field: str) -> tuple[Action, ...]:
    return ("set",) if field in SET else ("add", "remove") if field in LISTED else ("add",)


def _stored(field: str, value: str, at: str) -> str:
    """A value in the form in which facts are stored; a relative date is from when it was said. Raises BadQuery."""
    if not value:
        raise BadQuery([BadValue("value", value, said("There is no value."), said("Give a {field}.", field=field))])
    if len(value) > LONGEST:
        hint = said("It has at most {longest}.", longest=LONGEST)
        raise BadQuery(
            [BadValue("value", value[:80], said("The value has {length} characters.", length=len(value)), hint)]
        )
    if field in CODED:
        entries = vocabulary(field)
        code = entries.meant(value)
        if code is None:
            near = entries.nearest(value)
            hint = (
                said("Did you mean {near}?", near=near)
                if near
                else said("Give the code or the name of a {field}.", field=field)
            )
            raise BadQuery(
                [BadValue("value", value, said("No {field} “{value}”.", field=field, value=value[:80]), hint)]
            )
        return code
    if field == "line":
        both = lines.parted(value)
        if both is None:
            hint = said("Write both, as in: {example}", example=lines.joined("the harbonr", "the harbour"))
            reason = said("It does not say what was read, and what is right.")
            raise BadQuery([BadValue("value", value[:80], reason, hint)])
        return lines.joined(*both)
    if field == "date":
        try:
            value = dates.settled(value, dates.parse(at).first if dates.is_moment(at) else date.today())
        except ValueError as error:
            raise BadQuery([BadValue("value", value, dates.sentence(error), dates.hint(error))]) from None
        if wrong := possible.problem(dates.parse(value)):
            raise BadQuery([BadValue("value", value, wrong, dates.hint(ValueError()))])
    return value


def _unseen(name: str, text: str) -> Iterator[BadValue]:
    """The problem of a text with characters that nobody sees: of control, of direction, without meaning."""
    found = next((place for place, c in enumerate(text, 1) if _is_unseen(c)), None)
    if found is not None:
        reason = said(
            "Character {found} of the {name} is U+{value}, which cannot be seen.",
            found=found,
            name=name,
            value=f"{ord(text[found - 1]):04X}",
        )
        yield BadValue(name, _plain(text)[:80], reason, said("Remove it."))


def _plain(text: str) -> str:
    """Text in one line, without what cannot be seen."""
    seen = "".join(" " if c.isspace() else c for c in text if not _is_unseen(c))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _is_unseen(character: str) -> bool:
    return (
        unicodedata.category(character) in _UNSEEN
        and not character.isspace()
        and character not in _JOINERS  # Persian and Indic words have them, and signs that are made of several
    )


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200c\u200d")
