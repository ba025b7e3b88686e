"""The controlled vocabularies: countries, topics and languages, by code, label and alias.

Each is a table in `search/data` with one entry per line. `find` maps a code, a label or an alias, in any case and
without accents, to the code. If a word fits several entries, the order is codes, labels, aliases, labels without their
years; so "Burma" is Myanmar, and "Burma (1948–1989)" the state of the past. Topics also have everyday words, in
`EVERYDAY`: people who look for "football" or "murders" mean `soccer` and `homicide`. These are used for queries
(`meant`), not for files (`find`).

A label that people of an archive have given to a value is known while that archive is asked: an engine reads queries
within `labelled`, and so does a service its parameters.

Not for finding countries in running text (see `indexer.enrich.countries`). Cost: a table is read once, at first use;
`find` is a dictionary lookup, `nearest` compares with many labels and takes milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from search.names import near_names
from search.system.lazy import shared_property
from search.text import tables
from search.text.plurals import SINGULARS
from search.text.tokens import fold, plain_spellings

TABLES = {"country": "countries.tsv", "topic": "topics.tsv", "language": "languages.tsv"}
"""Vocabulary → its table in `search/data`."""
EVERYDAY = {"topic": "topic_words.tsv"}
"""Vocabulary → the table of everyday words for its values."""
ELSEWHERE = {"country": "country_names.tsv", "topic": "topic_names.tsv", "language": "language_names.tsv"}
"""Vocabulary → the table of its names in other languages, a column each."""
SEVERAL = "|"
"""Between the words of one cell."""

GivenLabels = Callable[[str], Mapping[str, str]]
"""Returns the labels that people have given to values of a vocabulary: folded label → code."""

_YEARS = re.compile(r"\s*\(\d{4}–\d{4}\)$")


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One value of a vocabulary.

    Attributes:
        parent: the code of the broader entry, None at the top.
        everyday: words that people use for it, in addition to label and aliases.
        elsewhere: language → names in it, the label first.
    """

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    everyday: tuple[str, ...] = ()
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """The entries of one vocabulary by code, in the order of its table, and its name."""

    entries: Mapping[str, VocabularyEntry]
    name: str = ""

    def label(self, code: str) -> str:
        """The label of a code; the code itself if it is unknown."""
        entry = self.entries.get(code)
        return entry.label if entry else code

    def find(self, value: str) -> str | None:
        """The code of a code, label or alias, in any case and without accents."""
        return value if value in self.entries else self._codes.get(_key(value))

    def meant(self, value: str) -> str | None:
        """The code that a query means: as in `find`, else of a given label (see `labelled`), else for an everyday word,
        singular or plural, else for a label in another language.
        """
        code, key = self.find(value), _key(value)
        if code is None:
            code = _given.get()(self.name).get(key)
        if code is None and self._everyday:
            singulars = _singulars(key)
            code = self._everyday.get(key) or next(
                filter(None, (self._codes.get(one) or self._everyday.get(one) for one in singulars)),
                self._codes.get(f"{key}s"),
            )
        return self._elsewhere.get(key) if code is None else code

    def names(self, code: str) -> tuple[str, ...]:
        """Label, aliases, everyday words and labels in other languages of a code; the code itself if it is unknown."""
        entry = self.entries.get(code)
        return (entry.label, *entry.aliases, *entry.everyday, *_in_others(entry)) if entry else (code,)

    def nearest(self, value: str, in_english: bool = True) -> str | None:
        """The name, in any language, that is spelled nearly like the value (see `near_names`); None if none is.

        In English it is the label of what has the name. Of names equally near, one in English precedes.

        Args:
            in_english: False for a value given in another language: a name in one of these precedes.
        """
        begun = {word[0] for word in near_names.words(value)}
        english = self._words.keys() | self._everyday.keys()
        preferred = english if in_english else self._elsewhere.keys()
        like = (
            (name, 2 if name in preferred else 1) for name, (_, initials) in self._named.items() if begun <= initials
        )
        found = near_names.nearest(value, like)
        if found is None:
            return None
        code = self._named[found][0]
        other = next((name for name in _in_others(self.entries[code]) if found in _keys(name)), None)
        return self.label(code) if other is None or (in_english and found in english) else other

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The broader codes, nearest first."""
        above: list[str] = []
        entry = self.entries.get(code)
        while entry and entry.parent:
            above.append(entry.parent)
            entry = self.entries.get(entry.parent)
        return tuple(above)

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly below, in the order of the table."""
        return self._children.get(code, ())

    @shared_property
    def tops(self) -> tuple[str, ...]:
        """The codes without a parent, in the order of the table."""
        return self._children.get(None, ())

    @shared_property
    def _children(self) -> dict[str | None, tuple[str, ...]]:
        below: dict[str | None, list[str]] = {}
        for entry in self.entries.values():
            below.setdefault(entry.parent, []).append(entry.code)
        return {parent: tuple(codes) for parent, codes in below.items()}

    @shared_property
    def _codes(self) -> dict[str, str]:
        """Every folded way to write an entry → its code; the first entry takes precedence."""
        found: dict[str, str] = {}
        for code in self.entries:
            found.setdefault(_key(code), code)
            found.setdefault(_key(code.rpartition(":")[2]), code)
        for word, code in self._words.items():
            found.setdefault(word, code)
        return found

    @shared_property
    def _words(self) -> dict[str, str]:
        """Folded labels, aliases and labels without years → code."""
        found: dict[str, str] = {}
        for words in (_label, _aliases, _bare_label):
            for entry in self.entries.values():
                for word in words(entry):
                    found.setdefault(_key(word), entry.code)
        return found

    @shared_property
    def _named(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Every name and everyday word → its code, and the first letters of its words."""
        known = {**self._elsewhere, **self._everyday, **self._words}
        return {name: (code, frozenset(word[0] for word in near_names.words(name))) for name, code in known.items()}

    @shared_property
    def _everyday(self) -> dict[str, str]:
        """Folded everyday words → code."""
        return {_key(word): entry.code for entry in self.entries.values() for word in entry.everyday}

    @shared_property
    def _elsewhere(self) -> dict[str, str]:
        """Folded labels in other languages → code, if they are of one."""
        found: dict[str, set[str]] = {}
        for entry in self.entries.values():
            for label in _in_others(entry):
                for key in _keys(label):
                    found.setdefault(key, set()).add(entry.code)
        return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


def _none(_name: str) -> Mapping[str, str]:
    return {}


_given: ContextVar[GivenLabels] = ContextVar("given labels", default=_none)


@contextmanager
def labelled(given: GivenLabels) -> Iterator[None]:
    """Within it, queries of this thread may use the labels that people have given to values, too."""
    before = _given.set(given)
    try:
        yield
    finally:
        _given.reset(before)


def begin_labels(given: GivenLabels) -> None:
    """The same for code that cannot be a block of `labelled`, up to `end_labels`."""
    _given.set(given)


def end_labels() -> None:
    """End what `begin_labels` began."""
    _given.set(_none)


def _singulars(key: str) -> tuple[str, ...]:
    """The possible singulars of a folded word or phrase, by its last word."""
    before, space, last = key.rpartition(" ")
    ends = ("s", ""), ("es", ""), ("ies", "y")
    found = [last.removesuffix(old) + new for old, new in ends if last.endswith(old) and len(last) > len(old) + 2]
    return tuple(before + space + one for one in (SINGULARS.get(last), *found) if one)


@cache
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary `country`, `topic` or `language`; a KeyError for any other name."""
    everyday = {row["code"]: _several(row["words"]) for row in _rows(EVERYDAY[name])} if name in EVERYDAY else {}
    elsewhere = {row.pop("code"): row for row in _rows(ELSEWHERE[name])} if name in ELSEWHERE else {}
    entries = (
        VocabularyEntry(
            row["code"],
            row["label"],
            _several(row["aliases"]),
            row.get("parent") or None,
            everyday.get(row["code"], ()),
            {language: _several(cell) for language, cell in elsewhere.get(row["code"], {}).items() if cell},
        )
        for row in _rows(TABLES[name])
    )
    return Vocabulary({entry.code: entry for entry in entries}, name)


def _rows(table: str) -> Iterator[dict[str, str]]:
    return tables.rows("search", "data", table)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(SEVERAL)) if cell else ()


def _key(value: str) -> str:
    return fold(value.replace("’", "'"))


def _keys(value: str) -> tuple[str, ...]:
    return plain_spellings(value.replace("’", "'"))


def _in_others(entry: VocabularyEntry) -> Iterator[str]:
    return chain.from_iterable(entry.elsewhere.values())


def _label(entry: VocabularyEntry) -> tuple[str, ...]:
    return (entry.label,)


def _aliases(entry: VocabularyEntry) -> tuple[str, ...]:
    return entry.aliases


def _bare_label(entry: VocabularyEntry) -> tuple[str, ...]:
    return (_YEARS.sub("", entry.label),)
