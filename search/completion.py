"""What the beginning of a name is, once for all engines: for completions, and for searching within a facet.

A name is a list of words: its runs of letters and digits, without case and accents. What is typed is such a list too,
and each of its words must begin a word of the name, in any order: “bl ant” finds Antony Blinken. A value of a
vocabulary goes by its label and each of its aliases; the words typed must all be of one of these.
"""

from __future__ import annotations

import re

from search.authority import NOTHING, Names
from search.fields import BY_NAME
from search.text import fold
from search.vocabulary import vocabulary

TYPES = ("person", "country", "topic", "source")
"""The fields whose values are suggested, in the order in which equals are given."""

_WORD = re.compile(r"[^\W_]+")


def words(name: str) -> tuple[str, ...]:
    """The different words of a name, folded, in order."""
    return tuple(dict.fromkeys(_WORD.findall(fold(name))))


def names(field: str, value: str, said: Names = NOTHING) -> tuple[str, ...]:
    """What a value of a field goes by, also by the word of the authority."""
    known = BY_NAME[field].vocabulary
    own = vocabulary(known).names(value) if known else (value,)
    return (said.labels[key], *own) if said.labels and (key := fold(value)) in said.labels else own


def label(field: str, value: str, said: Names = NOTHING) -> str:
    """What a value of a field is called, first by the word of the authority."""
    if said.labels and (key := fold(value)) in said.labels:
        return said.labels[key]
    known = BY_NAME[field].vocabulary
    return vocabulary(known).label(value) if known else value


def begins(field: str, value: str, typed: tuple[str, ...], said: Names = NOTHING) -> bool:
    """Whether a value goes by a name that has each of the typed words as the beginning of a word."""
    return any(
        all(any(word.startswith(letters) for word in own) for letters in typed)
        for own in map(words, names(field, value, said))
    )
