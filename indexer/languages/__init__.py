"""Languages: all that enrichment knows of one is a folder of tables and models here, behind one `Language` value.

A folder has the code of its language as its name (ISO 639-1). Its files are read when a text wants them: a table that
is missing is empty, and a fact whose model is missing is not looked for. `CONTRIBUTING.md` says what to write for a
second language.

    kinds.tsv       kind, words: the small words that rules ask for, as they are written (`owns`, `link`, `street`)
    words.tsv       word, kinds: the large lists of such words, compared folded (`role`, `function`, `particle`)
    patterns.tsv    name, pattern: what words cannot say; `{kind}` is any word of a kind, `{name}` another pattern
    given, surname, nicknames, titles, places, brands, ordinary, known    what a name is made of, and what is none
    known_words     what the words of the rows of `known` are in this language
    clusters.npz    classes of words that are used alike, with their card; `classes` in `kinds` names a relative's
    persons.npz     the model of the tagger of persons, with its card
    lexicon.npz     the words of the language, by which it is told how much of a text can be read, with its card
    former          former spellings: a pattern, and what stands there today
    topics.npz      the model of topics, with its card
    topic_signs     words that tell a narrower topic, besides its names
    country_*.tsv   the gazetteer of countries

Not for what is the same in all languages, or differs by more than these: dates in `search.text.date_words`, stems in
`search.text.tokens`, words of bylines and sections in `indexer/enrich/data`.

Cost: nothing for a language that no text is in, but for the words that tell it apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import ascii_letters

from search.system.lazy import cached_property
from search.text import date_words
from search.text.tokens import fold

DEFAULT = "en"
"""The language of an article of unknown language, unless its text excludes that."""

CAPITAL_NOUNS = frozenset(("de", "lb"))
"""Languages that write nouns with a capital: it does not mark a name."""

TABLE = ".tsv"
KINDS, SHARED, FUNCTION = "kinds", "shared", "function"
"""The table of kinds; the kind there of the tables of `DEFAULT` that are a language's as well, such as names of
persons, whom news has of all the world; the kind of words that these rows do not have."""
RELATIVE = "classes"
"""The kind of the code of a related language whose classes of words a language has."""
EMPTY = (FUNCTION, "telling", "frequent", "frequent-too", "empty")
"""The kinds of words that tell nothing of what a text is about."""
MONTH = "month"
"""The kind of the names of months, of `search.text.date_words`: the longest first, with a capital and in capitals, and
small where the kind `small` has it. In a pattern with and without accents."""
SMALL = "small"
"""The kind of the kinds that are written small within a sentence."""
_PLAIN = re.compile("[a-z]+")
_REFERENCE = re.compile(r"\{([a-z][a-z-]*)\}")
_NEVER = r"(?!)"


class Language:
    """What is known of a language.

    Attributes:
        code: ISO 639-1.
        folder: of its files.
        table: name → a table as {first column: the others}. A word in several rows has the other columns of all, in
            order. Empty if there is no such file.
        listed: kind → its words in `kinds.tsv`, in order.
        words: kind → the same as a set; of a kind of `words.tsv`, folded.
        empty: the words that tell nothing of what a text is about, those of the kinds in `EMPTY`, folded.
        by_hand: true if the text of the tagger of persons was labelled by hand, which tells persons from others among
            names alone and words in capitals.
        pattern: name → the pattern of `patterns.tsv`; if there is none, one that never matches.
    """

    def __init__(self, code: str, folder: Path) -> None:
        self.code, self.folder = code, folder
        self._files = frozenset(path.name for path in folder.iterdir())
        self.table = cache(self._table)
        self.listed = cache(self._listed)
        self.words = cache(self._words)
        self.pattern = cache(self._pattern)
        self.empty = cache(self._empty)

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    @cached_property
    def by_hand(self) -> bool:
        """True if people labelled it."""
        return "hand" in self.words("labels")

    def has(self, file: str) -> bool:
        """True if the folder has a file."""
        return file in self._files

    def has_pattern(self, name: str) -> bool:
        """True if there is a pattern of a name."""
        return name in self.table("patterns")

    def _table(self, name: str) -> Mapping[str, tuple[str, ...]]:
        rows: dict[str, tuple[str, ...]] = self._shared(name)
        columns: dict[str, tuple[str, ...]] = {"": ()}  # the same for many words
        file = f"{name}{TABLE}"
        for line in (self.folder / file).read_text(encoding="utf-8").splitlines() if self.has(file) else ():
            if not line or line[0] == "#":
                continue
            key, tab, rest = line.partition("\t")
            others = columns.get(tab + rest)
            if others is None:
                others = columns[tab + rest] = tuple(rest.split("\t"))
            rows[key] = rows[key] + others if key in rows else others
        return rows

    def _shared(self, name: str) -> dict[str, tuple[str, ...]]:
        """The rows of a table that this language shares with the default one, but for its own function words."""
        if name == KINDS or self.code == DEFAULT or name not in self.listed(SHARED):
            return {}
        function = self.words(FUNCTION)
        return {word: others for word, others in default().table(name).items() if fold(word) not in function}

    def _listed(self, kind: str) -> tuple[str, ...]:
        if kind == MONTH:
            months = filter(_PLAIN.fullmatch, date_words.words(self.code).own)
            small = MONTH in self.listed(SMALL)
            forms = {form for name in months for form in (name.capitalize(), name.upper(), *[name] * small)}
            return tuple(sorted(forms, key=lambda form: (-len(form), form)))
        return tuple(word for row in self.table(KINDS).get(kind, ()) for word in row.split("|"))

    def _words(self, kind: str) -> frozenset[str]:
        if kind in self.table(KINDS):
            return frozenset(self.listed(kind))
        return frozenset(fold(word) for word, kinds in self.table("words").items() if kind in kinds)

    def _empty(self) -> frozenset[str]:
        return frozenset(fold(word) for kind in EMPTY for word in self.words(kind))

    def _pattern(self, name: str) -> re.Pattern[str]:
        return re.compile(self._written(name) if self.has_pattern(name) else _NEVER)

    def _written(self, name: str) -> str:
        """A pattern or a kind as a regular expression."""
        if self.has_pattern(name):
            (pattern,) = self.table("patterns")[name]
            return _REFERENCE.sub(lambda found: self._written(found[1]), pattern)
        written = accented if name == MONTH else re.escape
        return f"(?:{'|'.join(map(written, self.listed(name))) or _NEVER})"


def accented(word: str) -> str:
    """A regular expression of a word of letters from a to z, with and without accents on them."""
    return "".join(_accented()[letter] for letter in word)


@cache
def _accented() -> Mapping[str, str]:
    """Letter → a set of it and of those that are it with an accent."""
    found = {letter: [letter] for letter in ascii_letters}
    for letter in map(chr, range(0xC0, 0x180)):
        plain = fold(letter)
        if len(plain) == 1 and plain in found:
            found[plain.upper() if letter.isupper() else plain].append(letter)
    return {letter: f"[{''.join(some)}]" if len(some) > 1 else letter for letter, some in found.items()}


def named(code: str) -> Language | None:
    """The language of a code; None if it has no folder."""
    folder = folders().get(code)
    return _language(code, folder) if folder else None


def default() -> Language:
    """The language of `DEFAULT`."""
    return _language(DEFAULT, folders()[DEFAULT])


def installed() -> tuple[Language, ...]:
    """All languages, by their codes."""
    return tuple(_language(code, folder) for code, folder in folders().items())


@cache
def folders() -> Mapping[str, Path]:
    """Code → folder; those of the package and of what else is in its path."""
    found = (path for place in __path__ for path in Path(place).iterdir() if (path / f"kinds{TABLE}").exists())
    return {path.name: path for path in sorted(found, key=lambda path: path.name)}


@cache
def _language(code: str, folder: Path) -> Language:
    return Language(code, folder)
