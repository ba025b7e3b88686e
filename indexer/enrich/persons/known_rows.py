"""The table of people known by one name, `known.tsv`: rows, the forms under which they are found, words near them.

Not for deciding who is meant: see `known`.

Cost: the table is read at first use, in some 30 milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from indexer.enrich.shared.lexicon import folded_word
from indexer.enrich.shared.words import Table
from indexer.languages import Language
from search.text.tokens import fold

RULE = "known"

DOUBTFUL = "?"
"""Ends a form that needs a word of the row near it."""

TRANSLATED = "known_words"
"""The table of what the words of rows are in another language; without it, they are looked for as they are."""

ENDINGS = "ending"
"""The kind of what may follow a word of a row in the text: `brazil` in `Brazilian`."""

LONGEST = 3
"""The greatest length of a word of a row, in words of the text."""

_STILL = 9999


class Row(NamedTuple):
    """A person of the table, under one form.

    Attributes:
        first, last: the years in which the form means the person.
        item: the Wikidata item, or "".
        doubtful: True if one of the words must be near the form.
    """

    name: str
    words: tuple[str, ...]
    first: int
    last: int
    item: str
    doubtful: bool

    @property
    def source(self) -> str:
        """The row as the evidence names it."""
        years = f"{self.first}–{self.last if self.last < _STILL else ''}"
        return f"{RULE}; table “{self.name}”, {years}{', ' + self.item if self.item else ''}"


@cache
def rows(language: Language) -> dict[str, tuple[Row, ...]]:
    """Form → the rows that have it."""
    found: dict[str, list[Row]] = {}
    others = {word: tuple(forms.split("|")) for word, (forms, *_) in language.table(TRANSLATED).items()}
    for name, (forms, words, first, last, *item) in language.table("known").items():
        if first.isdigit():
            here = (each for word in map(fold, words.split("|")) for each in (word, *others.get(word, ())))
            said = tuple(dict.fromkeys(here))
            for form in forms.split("|"):
                bare = form.removesuffix(DOUBTFUL)
                years = int(first), int(last) if last else _STILL
                telling = tuple(word for word in said if word != fold(bare))
                found.setdefault(bare, []).append(Row(name, telling, *years, "".join(item), bare != form))
    return {form: tuple(rows) for form, rows in found.items()}


@cache
def named(language: Language) -> dict[tuple[str, str], Row]:
    """Given name and surname → the row of a person with just these two names, unless several have them."""
    found: dict[tuple[str, str], Row] = {}
    several = set()
    for row in {row.name: row for some in rows(language).values() for row in some}.values():
        words = row.name.split()
        name = words[0], words[-1]
        if name in found or len(words) != 2:
            several.add(name)
        found[name] = row
    return {name: row for name, row in found.items() if name not in several}


@cache
def _vocabulary(language: Language) -> frozenset[str]:
    """The words of all rows."""
    return frozenset(word for several in rows(language).values() for row in several for word in row.words)


@cache
def first_words(language: Language) -> frozenset[str]:
    """The first words of the words of all rows."""
    return frozenset(word.partition(" ")[0] for word in _vocabulary(language))


@cache
def next_words(language: Language) -> dict[str, frozenset[str]]:
    """First word of several → what the second may be, in the text."""
    found: dict[str, set[str]] = {}
    for first, second, *more in (word.split(" ") for word in _vocabulary(language) if " " in word):
        found.setdefault(first, set()).update([second] if more else (second + end for end in language.listed(ENDINGS)))
    return {first: frozenset(seconds) for first, seconds in found.items()}


def begins(folded: str, language: Language) -> bool:
    """True if a folded word of a text may be the first of a word of a row."""
    first, known = folded.partition(" ")[0], first_words(language)
    return first in known or any(
        first.endswith(end) and first[: -len(end)] in known for end in _endings_by_last(language).get(first[-1:], ())
    )


@cache
def _endings_by_last(language: Language) -> dict[str, list[str]]:
    """Last letter → the endings that have it, in order."""
    endings = language.listed(ENDINGS)
    return {end[-1]: [each for each in endings if each.endswith(end[-1])] for end in endings if end}


def said(words: Sequence[str], at: int, end: int, language: Language) -> Iterable[str]:
    """The words of rows that a word of a text is, alone or with those after it.

    Args:
        at: where it stands.
        end: of the words to look at.
    """
    folded, alone, next_words = begun(words[at], language)
    if not next_words or at + 1 >= end or fold(words[at + 1]) not in next_words:
        return alone
    here = [folded, *map(fold, words[at + 1 : min(at + LONGEST, end)])]
    return [word for size in range(1, len(here) + 1) for word in _said(" ".join(here[:size]), language)]


@dataclass(frozen=True, slots=True)
class Sayers:
    """The words of a table of words that say those of rows, by their numbers.

    Attributes:
        alone: word of a row → the words that are it.
        first: first of several → the words that are it.
    """

    alone: dict[str, list[int]] = field(default_factory=dict)
    first: dict[str, list[int]] = field(default_factory=dict)

    def add(self, word: str, number: int, language: Language) -> None:
        """Note what a word says."""
        folded, alone, after = begun(word, language)
        for said in alone:
            self.alone.setdefault(said, []).append(number)
        if after:
            self.first.setdefault(folded, []).append(number)


def sayers(of: Table) -> Sayers:
    """Those of a table whose traits are known."""
    found: Sayers | None = of.notes.get(Sayers)
    return of.notes.setdefault(Sayers, Sayers()) if found is None else found


@lru_cache(maxsize=1 << 14)
def begun(word: str, language: Language) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """A word of a text in folded form, the words of rows that it is alone, and what may follow it in others."""
    folded = folded_word(word)
    return folded, _said(folded, language), next_words(language).get(folded, frozenset())


@lru_cache(maxsize=1 << 14)
def _said(gram: str, language: Language) -> tuple[str, ...]:
    known = _vocabulary(language)
    ends = ("", *_endings_by_last(language).get(gram[-1:], ()))
    return tuple(word for end in ends if gram.endswith(end) and (word := gram[: len(gram) - len(end)]) in known)
