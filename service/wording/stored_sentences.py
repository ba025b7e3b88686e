"""Sentences of the program that an index has stored, and the messages that they were made of.

An index is written in English for every reader: why a picture is not shown, how far a text was read, why an alert could
not be asked. What is stored is text. A page in another language looks for the message among those of its catalogue; a
sentence without one, from another version or program, stays English, and is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from string import Formatter
from typing import NamedTuple, TypeAlias

from search.said import Said, said
from search.text.numbers import whole_number

LONGEST = 2_000
"""The longest sentence that is looked for, in characters."""
_LEAST = 8
"""The least number of letters of its own that a message must have, so that no other text is taken for it."""
_NUMBERED = ("number", "reason")
"""The values of a message of fewer letters that says what a reason is about, such as `Row {number}: {reason}`."""
_KIND = "kind"
"""The name of values that are words of the program, such as `a picture`."""
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_END = re.compile(r"\. (?=[^a-z])")
"""The end of a sentence, with another after it."""
_MOST_SENTENCES = 3
_MOST_LOOKED_FOR = 20
"""The parts of a sentence that are looked for; an article states such sentences, too, of any form."""
_OPENING = "“"
"""The sign before a value that is somebody's text."""
_Known: TypeAlias = dict[str, Said | None]
"""The parts of a sentence that were looked for, and what each was made of."""


class _Message(NamedTuple):
    """A message in pieces: what is before its first value, and each value's name with what is after it."""

    text: str
    before: str
    places: tuple[tuple[str, str], ...]


class Recalling:
    """The messages of a catalogue, to find the one that a sentence was made of.

    Args:
        messages: in English.
    """

    def __init__(self, messages: Iterable[str]) -> None:
        known = list(messages)
        self._whole = frozenset(text for text in known if "{" not in text and "}" not in text)
        self._placed = sorted((made for text in known if (made := _pieces(text))), key=_own, reverse=True)

    def recalled(self, sentence: str) -> Said | None:
        """The sentence with its message and values, or several; None if it was made of none of the messages.

        A value that is a sentence too is recalled, unless it is in quotation marks.
        """
        return self._found(sentence, {}) if len(sentence) <= LONGEST else None

    def _found(self, sentence: str, known: _Known) -> Said | None:
        if sentence not in known and len(known) < _MOST_LOOKED_FOR:
            known[sentence] = None
            known[sentence] = self._one(sentence, known) or self._several(sentence, known)
        return known.get(sentence)

    def _several(self, sentence: str, known: _Known) -> Said | None:
        for end in islice(_END.finditer(sentence), _MOST_SENTENCES):
            first = self._one(sentence[: end.start() + 1], known)
            if first is not None and (rest := self._found(sentence[end.end() :], known)) is not None:
                return said("{first} {rest}", first=first, rest=rest)
        return None

    def _one(self, sentence: str, known: _Known) -> Said | None:
        """A sentence, or several, of one message."""
        if sentence in self._whole:
            return said(sentence)
        for message in self._placed:
            values = _values(message, sentence)
            if values is not None and said(message.text, **values) == sentence:
                recalled = {name: self._value(message, name, value, known) for name, value in values.items()}
                if _own(message) >= _LEAST or (
                    whole_number(values["number"]) is not None and isinstance(recalled["reason"], Said)
                ):
                    return said(message.text, **recalled)
        return None

    def _value(self, message: _Message, name: str, value: str, known: _Known) -> str | int:
        if f"{_OPENING}{{{name}}}" in message.text:
            return value
        if _GROUPED.fullmatch(value):
            return int(value.replace(",", ""))
        if name == _KIND and value in self._whole:
            return said(value)
        return (self._found(value, known) or value) if value.endswith(".") else value


def _pieces(text: str) -> _Message | None:
    """A message with values, in pieces; None if it has none, or too few letters of its own."""
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:  # no message for Python's format
        return None
    before = ""
    places: list[tuple[str, str]] = []
    for literal, name, form, _ in parsed:
        if places:
            places[-1] = (places[-1][0], literal)
        else:
            before = literal
        if name is not None:
            if form or not name.isidentifier():
                return None
            places.append((name, ""))
    made = _Message(text, before, tuple(places))
    is_numbered = tuple(name for name, _ in places) == _NUMBERED and _own(made) > 0
    return made if places and (_own(made) >= _LEAST or is_numbered) else None


def _own(message: _Message) -> int:
    """The number of letters of a message without its values."""
    return sum(map(str.isalpha, "".join((message.before, *(after for _, after in message.places)))))


def _values(message: _Message, sentence: str) -> Mapping[str, str] | None:
    """The values with which a message is this sentence, each as short as it can be; None if it cannot be."""
    if not (sentence.startswith(message.before) and sentence.endswith(message.places[-1][1])):
        return None
    found: dict[str, str] = {}
    for name, start, end in _places(message, sentence):
        if start < 0 or end < start or found.setdefault(name, sentence[start:end]) != sentence[start:end]:
            return None
    return found


def _places(message: _Message, sentence: str) -> Iterator[tuple[str, int, int]]:
    """Where each value would be; the end is before the start if it is nowhere."""
    at = len(message.before)
    for number, (name, after) in enumerate(message.places, 1):
        last = number == len(message.places)
        end = len(sentence) - len(after) if last else sentence.find(after, at)
        yield name, at, end
        at = end + len(after)
