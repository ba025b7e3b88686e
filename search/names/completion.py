"""Matching of names by parts of their words, once for all engines: for completions, and for searching within a facet.

A name is a list of words (`near_names.words`). The typed text is such a list too, and each of its words must begin a
word of the name, in any order: “bl ant” finds Antony Blinken; or, *inside* words, must be a part of one: “inke” does. A
value of a vocabulary has its label and its aliases as names; the typed words must all belong to the same one.
"""

from __future__ import annotations

from typing import Literal, get_args

from search.fields import BY_NAME
from search.names.authority import NO_RULES, NameRules
from search.names.near_names import words
from search.names.vocabulary import vocabulary
from search.text.tokens import fold

Completed = Literal["person", "country", "topic", "source"]
TYPES: tuple[Completed, ...] = get_args(Completed)
"""The fields whose values are suggested, in the order in which ties are listed."""


def names(field: str, value: str, rules: NameRules = NO_RULES) -> tuple[str, ...]:
    """The names of a value of a field, including its label in the authority file."""
    known = BY_NAME[field].vocabulary
    own = vocabulary(known).names(value) if known else (value,)
    return (rules.labels[key], *own) if rules.labels and (key := fold(value)) in rules.labels else own


def label(field: str, value: str, rules: NameRules = NO_RULES) -> str:
    """The label of a value of a field; that of the authority file takes precedence."""
    if rules.labels and (key := fold(value)) in rules.labels:
        return rules.labels[key]
    known = BY_NAME[field].vocabulary
    return vocabulary(known).label(value) if known else value


def has_labels(field: str, rules: NameRules = NO_RULES) -> bool:
    """True if values of a field may have other labels than themselves."""
    return bool(rules.labels) or BY_NAME[field].vocabulary is not None


def begins(field: str, value: str, typed: tuple[str, ...], rules: NameRules = NO_RULES) -> bool:
    """True if a value has a name in which each of the typed words begins a word."""
    return any(
        all(any(word.startswith(letters) for word in own) for letters in typed)
        for own in map(words, names(field, value, rules))
    )


def has(field: str, value: str, typed: tuple[str, ...], rules: NameRules = NO_RULES) -> bool:
    """True if a value has a name in which each of the typed words is a part of a word."""
    return any(
        all(any(letters in word for word in own) for letters in typed) for own in map(words, names(field, value, rules))
    )
