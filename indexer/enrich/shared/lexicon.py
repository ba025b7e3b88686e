"""The properties of a word in the tables of a language: given name, family name, place, part of a title.

For finding names in text: the sentence splitter, the tagger, the rules. Not for countries, whose words are in
`gazetteer`, nor for topics.

Cost: the tables are loaded once, at first use, some 7 MB; then a lookup, and `flags` is cached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain

from indexer.languages import Language
from search.text.tokens import fold

FLAGS = "gfepdocbhtl"
"""Properties of a word, a letter for each; in `flag_bits` the first is the lowest bit.

g: given name. f: family name. e: family name that stands first. p: place. d: demonym or language. o: organisation.
c: calendar. b: brand, team, work or the like. h: ends names of things. t: part of a title. l: particle.
"""

_BIT = {flag: 1 << at for at, flag in enumerate(FLAGS)}


@lru_cache(maxsize=1 << 16)
def flags(word: str, language: Language) -> str:
    """The properties of a word in the tables, a letter of `FLAGS` for each."""
    return flag_letters(flag_bits(word, language))


def flag_bits_of(letters: str) -> int:
    """The bits for some letters of `FLAGS`."""
    return sum(_BIT[letter] for letter in letters)


@cache
def flag_letters(bits: int) -> str:
    """The letters of some bits."""
    return "".join(flag for flag, bit in _BIT.items() if bits & bit)


def folded_word(word: str) -> str:
    """The same as `fold`, for a word that is met once: it is not cached."""
    return word.lower() if word.isascii() and word.isalnum() else fold.__wrapped__(word)


def flag_bits(word: str, language: Language) -> int:
    """The properties of a word in the tables, a bit for each; one in lower case can only be part of a title, or a
    particle.
    """
    folded = _folded_flags(language).get(folded_word(word).rstrip("."), 0)
    if word[0].isupper():
        return folded | _written_flags(language).get(word, 0)
    return folded & _OF_LOWER


def known_flags(language: Language) -> Iterator[str]:
    """The words that have properties, as they are written, or folded."""
    return chain(_written_flags(language), _folded_flags(language))


_OF_LOWER = flag_bits_of("tl")


@cache
def _written_flags(language: Language) -> Mapping[str, int]:
    """Word → bits, for the tables whose words are compared as they are written."""
    found: dict[str, int] = {}
    for name, flag in (("given", "g"), ("surname", "f"), ("brands", "b")):
        for word in language.table(name):
            found[word] = found.get(word, 0) | _BIT[flag]
    for word, kinds in language.table("words").items():
        if "family-first" in kinds:
            found[word] = found.get(word, 0) | _BIT["e"]
    for word, kinds in language.table("places").items():
        if kinds:
            found[word] = found.get(word, 0) | _BIT["d" if "demonym" in kinds else "p"]
    return found


@cache
def _folded_flags(language: Language) -> Mapping[str, int]:
    """Folded word → bits, for the others."""
    found: dict[str, int] = {}
    for kind, flag in (("organisation", "o"), ("calendar", "c"), ("head", "h"), ("particle", "l")):
        for word in language.words(kind):
            found[word] = found.get(word, 0) | _BIT[flag]
    for word in _title_words(language):
        found[word] = found.get(word, 0) | _BIT["t"]
    return found


@cache
def _title_words(language: Language) -> frozenset[str]:
    return frozenset(
        fold(word).rstrip(".") for title in language.table("titles") for word in title.split() if len(word) > 2
    )
