"""What is wrong with a value that somebody asks with, as an error that says what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

from search.errors import BadQuery, BadValue
from search.names.vocabulary import vocabulary
from search.said import said

MAX_TEXT = 2000
MAX_NAME = 200
"""Maximum characters of a prefix of a name."""
MAX_HINTS = 8
"""Maximum number of invalid values with a suggestion: each is compared with the whole vocabulary, which takes
milliseconds.
"""
SHARE = r"0(\.[0-9]{1,6})?|1(\.0{1,6})?"
"""A number from 0 to 1."""
_SHARE = re.compile(SHARE)


def choice(name: str, value: str, choices: tuple[str, ...]) -> tuple[BadValue, ...]:
    """The error of a value that is not one of the choices, if it is none."""
    if value in choices:
        return ()
    return (
        BadValue(
            name,
            value,
            said("No {name} “{value}”.", name=name, value=value),
            said("Choose from {choices}.", choices=", ".join(choices)),
        ),
    )


def within(name: str, value: int, low: int, high: int | None) -> tuple[BadValue, ...]:
    """The error of a number that is not between two others, both included, if it is not."""
    return () if value >= low and (high is None or value <= high) else (outside(name, str(value), low, high),)


def outside(name: str, value: str, low: int, high: int | None) -> BadValue:
    """The error of a number, as given, that is not between two others."""
    bounds = (
        said("from {low} to {high}", low=str(low), high=str(high))
        if high is not None
        else said("{low} or more", low=str(low))
    )
    return BadValue(
        name,
        value,
        said("{name} is {value}.", name=name, value=value),
        said("It must be {bounds}.", bounds=bounds),
    )


def share_errors(name: str, value: str | None) -> Iterator[BadValue]:
    """What is wrong with a number from 0 to 1."""
    if value is not None and not _SHARE.fullmatch(value):
        reason = said("“{value}” is no number from 0 to 1.", value=value[:MAX_NAME])
        yield BadValue(name, value[:MAX_NAME], reason, said("Write it as in 0.7."))


def name_errors(name: str, value: str) -> Iterator[BadValue]:
    """The error of a name, or the beginning of one, that is too long."""
    if len(value) > MAX_NAME:
        reason = said(
            "{name} has {length} characters; the maximum is {max_name}.",
            name=name,
            length=str(len(value)),
            max_name=str(MAX_NAME),
        )
        yield BadValue(name, value[:80] + "…", reason, said("Give fewer letters."))


def text_errors(name: str, text: str) -> Iterator[BadValue]:
    """The error of the words of a query that are too many."""
    if len(text) > MAX_TEXT:
        yield BadValue(
            name,
            text[:80] + "…",
            said(
                "The query has {length} characters; the maximum is {max_text}.",
                length=str(len(text)),
                max_text=str(MAX_TEXT),
            ),
            said("Remove words, or use filters."),
        )


def too_many_words(letters: str, most: int) -> BadQuery:
    """The error of a prefix that expands to more words of the archive than a query may have."""
    reason = said("“{letters}*” matches more than {most} words of this archive.", letters=letters, most=most)
    return BadQuery([BadValue("text", f"{letters}*", reason, said("Give more letters."))])


def too_many_intervals(first: date, last: date, interval: str, most: int) -> BadQuery:
    """The error of a histogram with more intervals than may be counted."""
    reason = said(
        "From {first} to {last} there are more than {most} intervals of one {interval}.",
        first=str(first),
        last=str(last),
        most=most,
        interval=interval,
    )
    return BadQuery([BadValue("interval", interval, reason, said("Choose a wider interval, or omit the date facet."))])


def nearest(value: str, known: tuple[str, ...], also: Mapping[str, str] = MappingProxyType({})) -> str:
    """A sentence that names the nearest of the known names, or all of them if none is near.

    Args:
        also: other names for them → how these are written, which are named only if one is the nearest.
    """
    close = near(value, known, also)
    return said("Nearest: {close}.", close=close) if close else said("There are: {choices}.", choices=", ".join(known))


def near(value: str, known: tuple[str, ...], also: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The nearest of the known names and, as they are written, of others for them; None if none is near."""
    close = next(iter(get_close_matches(value.lower(), (*known, *also), n=1, cutoff=0.6)), None)
    return None if close is None else also.get(close, close)


def codes(known: str, values: Sequence[str], name: str, errors: list[BadValue]) -> tuple[str, ...]:
    """The codes of the given values of a vocabulary, each once; unknown values are added to the errors."""
    words = vocabulary(known)
    found: list[str] = []
    for value in values:
        code = words.meant(value)
        if code is not None:
            found.append(code)
            continue
        close = words.nearest(value) if len(errors) < MAX_HINTS else None
        hint = (
            said("Nearest: {close}.", close=close)
            if close
            else said("Give a code or a name, such as {examples}.", examples=_EXAMPLES[known])
        )
        errors.append(BadValue(name, value, said("No {known} “{value}”.", known=known, value=value), hint))
    return tuple(dict.fromkeys(found))


_EXAMPLES = {
    "country": said("{one} or {other}", one="FR", other="France"),
    "topic": "sport",
    "language": said("{one} or {other}", one="fr", other="French"),
}
