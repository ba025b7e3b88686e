"""A person's name, parsed: words, suffix, the title before it.

`parse` returns a `Name` for a name as printed. Not for deciding who is meant (see `identity`), nor for finding names in
text (see `mentions`).

Cost: some microseconds a name; results are cached.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from indexer.enrich.shared.lexicon import table, words_of
from indexer.enrich.shared.words import Table
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
    """

    words: tuple[str, ...]
    keys: tuple[str, ...]
    suffix: str
    title: str
    kind: str

    @cached_property
    def full(self) -> bool:
        """True if it is more than a surname or a given name: two words, without particles, or a numeral."""
        heads = self.words[0][0].isupper() and (self.words[0] in table("given") or self.words[0] in table("nicknames"))
        rest = self.keys[heads:]
        return heads + sum(key not in words_of("particle") for key in rest) > 1 or self.suffix in words_of("numeral")

    @cached_property
    def spelt_out(self) -> bool:
        """True if it has a word that is neither a letter nor a particle."""
        return any(len(key) > 1 and key not in words_of("particle") for key in self.keys)

    @cached_property
    def family(self) -> str:
        """The family name as compared, or the only word."""
        return self.keys[0] if family_first(self) else self.keys[-1]

    @cached_property
    def spelling(self) -> str:
        """As it would appear in a list of persons."""
        words = [
            word.capitalize() if word.isupper() and len(word) > 3 and "." not in word else word for word in self.words
        ]
        if self.suffix in words_of("numeral"):
            words.append(self.suffix.upper())
        elif self.suffix in ("jr", "sr"):
            words.append(f"{self.suffix.capitalize()}.")
        elif len(words) == 1 and self.kind in _ROYAL and self.title[0].isupper() and fold(self.title) not in _REIGNING:
            words.insert(0, self.title)
        return " ".join(words)


_ROYAL = frozenset(("royal", "religious"))
"""Kinds of title that are part of the name if only a given name follows: Prince Harry, Pope Francis."""

_REIGNING = frozenset(
    ("king", "queen", "pope", "emperor", "empress", "tsar", "tsarina", "czar", "kaiser", "shah", "emir", "cardinal")
)
"""Titles that are dropped even before a given name: Pope Francis is Francis, but Prince Harry, Mother Teresa."""


@lru_cache(maxsize=1 << 14)
def parse(text: str, before: str = "") -> Name:
    """Parse a name.

    Args:
        text: the name as it appears in the text, possibly with a title: `President Joe Biden`, `Blinken's`.
        before: the words before it, which may contain a title.
    """
    bare = _POSSESSIVE.sub("", text) if text[-1:] in _ENDS else text
    words = [word for word in bare.replace(",", " ").split() if word.isalnum() or any(map(str.isalnum, word))]
    title, kind = "", ""
    while len(words) > 1:
        size = title_size(words)
        if not size:
            break
        title = " ".join(words[:size])
        kind, words = title_kind(title), words[size:]
    if not title and before:
        title = title_at_end(before)
        kind = title_kind(title) if title else ""
    suffix = ""
    while len(words) > 1 and is_suffix(words[-1]):
        suffix = _SUFFIXES.get(key(words[-1]), key(words[-1]))
        words.pop()
    return Name(tuple(words), tuple(map(key, words)), suffix, title, kind)


_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_ENDS = frozenset("'’ʼsS")
_SUFFIXES = {"junior": "jr", "jnr": "jr", "senior": "sr", "snr": "sr"}
_ARTICLE = re.compile(r"^(?:al|el|ul|ad|as|ar|ash|at)[-‐‑]")
_LONGEST_TITLE = 4


def is_suffix(word: str) -> bool:
    """True if a word after a name is part of it, like Jr. and III."""
    return word[0].isupper() and len(word) > 1 and key(word) in words_of("suffix")


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
def title_kind(words: str) -> str:
    """The kind of a title, "" if the words are not one."""
    return title_kinds().get(fold(words).replace(".", ""), "")


@cache
def title_kinds() -> dict[str, str]:
    """Title, folded and without full stops → its kind."""
    return {fold(title).replace(".", ""): kinds[0] for title, kinds in table("titles").items()}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(title.partition(" ")[0] for title in title_kinds())


def title_size(words: Sequence[str]) -> int:
    """The length of the title at the start, in words; a word such as Dean may be a title or a given name."""
    if fold(words[0]).replace(".", "").partition(" ")[0] not in _first_words():
        return 0
    for size in range(min(_LONGEST_TITLE, len(words) - 1), 0, -1):
        if title_kind(" ".join(words[:size])):
            rest = words[size:]
            named = len(rest) == 1 and (rest[0] in table("surname") or rest[0][0].islower())
            return 0 if size == 1 and named and words[0] in _NAMES_TOO else size
    return 0


_NAMES_TOO = frozenset(
    ("Dean", "Earl", "Duke", "Don", "Judge", "Major", "Prince", "Guru", "Baron", "Count", "Sri", "Sultan")
)
"""Titles that are given names before a known family name."""


def title_at_end(before: str) -> str:
    """The title at the end of some words, "" if there is none: `the Secretary of State` → `Secretary of State`."""
    words = before.split()
    for size in range(min(_LONGEST_TITLE, len(words)), 0, -1):
        title = " ".join(words[-size:])
        if title_kind(title):
            return title
    return ""


def family_first(name: Name) -> bool:
    """True if the family name comes first, as in Xi Jinping: known as such, and not followed by a known given name."""
    words = name.words
    return (
        1 < len(words) < 4
        and "family-first" in table("words").get(words[0], ())
        and not any(word in table("given") and "family-first" not in table("words").get(word, ()) for word in words[1:])
        and not (len(words) == 2 and words[1] in table("surname") and words[0] in table("given"))
    )
