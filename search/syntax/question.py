"""A question as people type it, read as a query: dates as a range, and what follows “not” or “without” as excluded.

`Reagan oil prices in March 1987 but not OPEC` is `Reagan oil prices NOT OPEC` in March 1987. It is a reading to offer:
somebody may look for the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from search.syntax.function_words import BOTH, FUNCTION_WORDS, WITHOUT
from search.text import dates
from search.text.tokens import fold_word

_OPERATORS = frozenset(("AND", "OR", "NOT"))
_LANGUAGES = {
    "en": "since from after* | until till to before* | between from | without except excluding | but",
    "de": "seit ab nach* | bis vor* | zwischen von | ohne ausser | aber",
    "es": "desde | hasta antes* | entre desde | sin excepto salvo | pero",
    "fr": "depuis des apres* | jusque avant* | entre de | sans sauf | mais",
    "it": "da dal dopo* | fino prima* | tra fra da dal | senza eccetto tranne | ma",
    "nl": "sinds vanaf na* | tot voor* | tussen van | zonder behalve | maar",
    "pt": "desde apos* | ate antes* | entre desde de | sem exceto salvo | mas",
}
"""Words of a language, folded: since, until, between, without, but; one with a star excludes the date itself."""
_LONGEST = 4
"""The number of words of the longest date: `17 de mayo 1998`."""
_YEAR = re.compile(r"1[4-9]\d\d|20\d\d")
_WORD = re.compile(r"[\w'’.-][\w'’.,;:!?-]*")
"""A word without operators."""
_AFTER = ".,;:!?"
_DAY = timedelta(days=1)
_MOST = 40
"""Words of the longest question."""


class Question(NamedTuple):
    """What a question asks for.

    Attributes:
        text: a query.
        date_from, date_to: as parameters; None if it says nothing.
    """

    text: str
    date_from: str | None
    date_to: str | None


class _Words(NamedTuple):
    since: Mapping[str, bool]
    until: Mapping[str, bool]
    between: frozenset[str]
    without: frozenset[str]
    but: frozenset[str]
    both: frozenset[str]
    empty: frozenset[str]
    all: frozenset[str]


class _Span(NamedTuple):
    """A date in a question: which words it is, and what it is as a parameter."""

    first: int
    end: int
    value: str


def read(text: str, today: date) -> Question | None:
    """What a question asks for; None if it has operators, or neither a date nor an exclusion. Cost: linear."""
    typed = text.split()
    if len(typed) > _MOST or not all(map(_WORD.fullmatch, typed)) or not _OPERATORS.isdisjoint(typed):
        return None
    words = [word.rstrip(_AFTER) for word in typed]
    folded = [fold_word(word) for word in words]
    known = max(map(_words, _LANGUAGES), key=lambda words: sum(word in words.all for word in folded))
    found = list(_dates(words, today))
    since, until, taken = _range(folded, found, known)
    wanted, excluded = _divided(words, folded, taken, known)
    if not (excluded or since or until):
        return None
    parts = [" ".join(wanted), *(f"NOT {each}" for each in excluded)]
    return Question(" ".join(filter(None, parts)), since, until)


@cache
def _words(language: str) -> _Words:
    since, until, *others = (part.split() for part in _LANGUAGES[language].split("|"))
    between, without, but = map(frozenset, others)
    return _Words(
        {word.rstrip("*"): word.endswith("*") for word in since},
        {word.rstrip("*"): word.endswith("*") for word in until},
        between,
        without | {WITHOUT[language]},
        but,
        frozenset({BOTH[language]}),
        FUNCTION_WORDS[language],
        FUNCTION_WORDS[language].union(*(part.replace("*", "").split() for part in _LANGUAGES[language].split("|"))),
    )


def _dates(words: Sequence[str], today: date) -> Iterator[_Span]:
    """The dates among some words, the longest ones, none of which overlap."""
    at = 0
    while at < len(words):
        span = next(filter(None, (_date(words, at, length, today) for length in range(_LONGEST, 0, -1))), None)
        if span is None:
            at += 1
        else:
            yield span
            at = span.end


def _date(words: Sequence[str], at: int, length: int, today: date) -> _Span | None:
    """The date that some words are; a number alone is one if it can be a year."""
    said = words[at : at + length]
    number = length == 1 and said[0].isdigit() and not _YEAR.fullmatch(said[0])
    if number or len(said) < length or not any(map(str.isdigit, "".join(said))):
        return None
    try:
        value = dates.written(" ".join(said), today)
        dates.parse(value)
    except ValueError:
        return None
    return _Span(at, at + length, value)


def _range(
    folded: Sequence[str], found: Sequence[_Span], known: _Words
) -> tuple[str | None, str | None, frozenset[int]]:
    """From when, until when, and the words that say so. Only the first date counts, or the first two with “between”."""
    if not found:
        return None, None, frozenset()
    first = found[0]
    before = folded[first.first - 1] if first.first else ""
    taken = set(range(first.first, first.end))
    second = found[1] if len(found) > 1 else None
    if second is not None and before in known.between and folded[first.end : second.first] in _joints(known):
        taken |= set(range(first.first - 1, second.end))
        return first.value, second.value, frozenset(taken)
    if before in known.since:
        after = (dates.parse(first.value).last + _DAY).isoformat() if known.since[before] else first.value
        return after, None, frozenset({*taken, first.first - 1})
    if before in known.until:
        until = (dates.parse(first.value).first - _DAY).isoformat() if known.until[before] else first.value
        return None, until, frozenset({*taken, first.first - 1})
    return first.value, first.value, frozenset(taken)


def _joints(known: _Words) -> list[list[str]]:
    """What stands between the two dates of a range."""
    return [[word] for word in (*known.both, *known.until)]


def _divided(
    words: Sequence[str], folded: Sequence[str], taken: frozenset[int], known: _Words
) -> tuple[list[str], list[str]]:
    """The words that are looked for, and those that are excluded, as a query has them; without dates."""
    wanted: list[str] = []
    excluded: list[str] = []
    run: list[str] | None = None
    for number, (word, key) in enumerate(zip(words, folded, strict=True)):
        if key in known.without:
            excluded += _phrase(run)
            run = []
        elif number in taken or key in known.but | known.both:
            excluded += _phrase(run)
            run = None
        elif run is None:
            wanted.append(word)
        elif run or key not in known.empty:
            run.append(word)
    excluded += _phrase(run)
    return [word for word in wanted if fold_word(word) not in known.empty], excluded


def _phrase(run: Sequence[str] | None) -> list[str]:
    if not run:
        return []
    return [run[0] if len(run) == 1 else f'"{" ".join(run)}"']
