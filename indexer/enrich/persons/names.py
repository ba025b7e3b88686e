"""A person's name, parsed: words, suffix, the title before it.

`parse` returns a `Name` for a name as printed. Not for deciding who is meant (see `identity`), nor for finding names in
text (see `mentions`).

Cost: some microseconds a name; results are cached.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from indexer.enrich.shared.words import Table
from indexer.languages import Language
from search.system.lazy import cached_property
from search.text.tokens import fold


@dataclass(frozen=True)
class Name:
    """A parsed name.

    Attributes:
        words: the name as written, without title and suffix; at least one.
        keys: the words as compared: folded, without full stops and Arabic articles.
        suffix: `Jr`, `III` or "", as compared.
        title, kind: the title before it and its kind (see the table of titles); "" if there is none.
        language: of the text.
    """

    words: tuple[str, ...]
    keys: tuple[str, ...]
    suffix: str
    title: str
    kind: str
    language: Language = field(repr=False)

    @cached_property
    def full(self) -> bool:
        """True if it is more than a surname or a given name: two words, without particles, or a numeral."""
        language, first = self.language, self.words[0]
        heads = first[0].isupper() and (first in language.table("given") or first in language.table("nicknames"))
        rest = self.keys[heads:]
        return heads + sum(key not in language.words("particle") for key in rest) > 1 or self.suffix in language.words(
            "numeral"
        )

    @cached_property
    def spelt_out(self) -> bool:
        """True if it has a word that is neither a letter nor a particle."""
        return any(len(key) > 1 and key not in self.language.words("particle") for key in self.keys)

    @cached_property
    def family(self) -> str:
        """The family name as compared, or the only word."""
        return self.keys[0] if family_first(self) else self.keys[-1]

    @cached_property
    def spelling(self) -> str:
        """As it would appear in a list of persons."""
        loud = len(self.words) > 1 and all(word.isupper() for word in self.words if word[0].isupper())
        words = [
            self._usual(word, loud and at > 0, _LONGEST_INITIALS if loud else _LONGEST_LOUD)
            for at, word in enumerate(self.words)
        ]
        if self.suffix in self.language.words("numeral"):
            words.append(self.suffix.upper())
        elif self.suffix in ("jr", "sr"):
            words.append(f"{self.suffix.capitalize()}.")
        elif len(words) == 1 and self._is_royal():
            words.insert(0, self.title)
        return " ".join(words)

    def _usual(self, word: str, inside: bool, longest: int) -> str:
        """A word as it is usually written: one in capitals, of more than so many letters, with the first only, a
        particle inside a name small.
        """
        if not word.isupper() or "." in word:
            return word
        if inside and fold(word) in self.language.words("inside"):
            return word.lower()
        return _LETTERS.sub(lambda letters: letters[0].capitalize(), word) if len(word) > longest else word

    def _is_royal(self) -> bool:
        """True if the title is part of the name if only a given name follows: Prince Harry, but not Pope Francis."""
        royal = self.kind in _ROYAL and self.title[0].isupper()
        return royal and fold(self.title) not in self.language.words("reigning")


_ROYAL = frozenset(("royal", "religious"))


@lru_cache(maxsize=1 << 14)
def parse(text: str, language: Language, before: str = "") -> Name:
    """Parse a name in a text.

    Args:
        text: the name as it appears in the text, possibly with a title: `President Joe Biden`, `Blinken's`.
        before: the words before it, which may contain a title.
    """
    bare = _POSSESSIVE.sub("", text) if text[-1:] in _ENDS else text
    words = [word for word in bare.replace(",", " ").split() if word.isalnum() or any(map(str.isalnum, word))]
    title, kind = "", ""
    while len(words) > 1:
        size = title_size(words, language)
        if not size:
            break
        title = " ".join(words[:size])
        kind, words = title_kind(title, language), words[size:]
    if not title and before:
        title = title_at_end(before, language)
        kind = title_kind(title, language) if title else ""
    suffix = ""
    while len(words) > 1 and is_suffix(words[-1], language):
        last = key(words.pop())
        suffix = "jr" if last in language.words("junior") else "sr" if last in language.words("senior") else last
    return Name(tuple(words), tuple(map(key, words)), suffix, title, kind, language)


def written(words: Sequence[str], language: Language) -> str:
    """Some words of a text as they are written: an elided one and the word after it are one."""
    text = " ".join(words)
    return text.replace("' ", "'").replace("’ ", "’") if language.listed(ELIDED) else text


ELIDED = "elided"
"""The kind of words that end with an apostrophe, and are apart from the word after it in a sentence."""

_LONGEST_LOUD = 3
_LONGEST_INITIALS = 2
"""The most letters of a word in capitals that is left so: `FHC`; in a name that is in capitals as a whole: `JD BOS`."""
_LETTERS = re.compile(r"[^\W\d_]+")

_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_ENDS = frozenset("'’ʼsS")
_ARTICLE = re.compile(r"^(?:al|el|ul|ad|as|ar|ash|at)[-‐‑]")
_LONGEST_TITLE = 4


def is_suffix(word: str, language: Language) -> bool:
    """True if a word after a name is part of it, like Jr. and III."""
    return word[0].isupper() and len(word) > 1 and key(word) in language.words("suffix")


@lru_cache(maxsize=1 << 15)
def key(word: str) -> str:
    """A word of a name as compared."""
    if word.isascii() and word.isalnum():
        return word.lower()
    return _ARTICLE.sub("", fold(word).replace(".", "").replace("’", "'"))


class _Spelt(dict[str, list[int]]):
    """Key → the capitalised words of a table that have it, by their numbers."""


def spelt(of: Table) -> dict[str, list[int]]:
    """The capitalised words of a table whose traits are known, by their keys."""
    found: _Spelt | None = of.notes.get(_Spelt)
    return of.notes.setdefault(_Spelt, _Spelt()) if found is None else found


@lru_cache(maxsize=1 << 12)
def title_kind(words: str, language: Language) -> str:
    """The kind of a title, "" if the words are not one."""
    return title_kinds(language).get(fold(words).replace(".", ""), "")


@cache
def title_kinds(language: Language) -> dict[str, str]:
    """Title, folded and without full stops → its kind."""
    return {fold(title).replace(".", ""): kinds[0] for title, kinds in language.table("titles").items()}


@cache
def _first_words(language: Language) -> frozenset[str]:
    return frozenset(title.partition(" ")[0] for title in title_kinds(language))


def title_size(words: Sequence[str], language: Language) -> int:
    """The length of the title at the start, in words; a word such as Dean may be a title or a given name."""
    if fold(words[0]).replace(".", "").partition(" ")[0] not in _first_words(language):
        return 0
    for size in range(min(_LONGEST_TITLE, len(words) - 1), 0, -1):
        if title_kind(" ".join(words[:size]), language):
            rest = words[size:]
            named = len(rest) == 1 and (rest[0] in language.table("surname") or rest[0][0].islower())
            return 0 if size == 1 and named and words[0] in language.words("name-too") else size
    return 0


def title_at_end(before: str, language: Language) -> str:
    """The title at the end of some words, "" if there is none: `the Secretary of State` → `Secretary of State`."""
    words = before.split()
    for size in range(min(_LONGEST_TITLE, len(words)), 0, -1):
        title = " ".join(words[-size:])
        if title_kind(title, language):
            return title
    return ""


def family_first(name: Name) -> bool:
    """True if the family name comes first, as in Xi Jinping: known as such, and not followed by a known given name."""
    words, language = name.words, name.language
    given, kinds = language.table("given"), language.table("words")
    return (
        1 < len(words) < 4
        and "family-first" in kinds.get(words[0], ())
        and not any(word in given and "family-first" not in kinds.get(word, ()) for word in words[1:])
        and not (len(words) == 2 and words[1] in language.table("surname") and words[0] in given)
    )
