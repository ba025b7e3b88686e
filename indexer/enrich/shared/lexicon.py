"""The tables of words: given name, family name, place, title, kind of word.

For finding names in text: the sentence splitter, the tagger, the rules. Not for countries, whose words are in
`gazetteer`, nor for topics.

Cost: the tables are loaded once, at first use, some 7 MB; then a lookup, and `flags` is cached.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from search.text import fold


@cache
def table(name: str) -> Mapping[str, tuple[str, ...]]:
    """A table of `indexer.enrich.data` as {first column: the others}; lines that start with `#` are comments.

    A word in several rows gets the other columns of all of them, in order.
    """
    rows: dict[str, tuple[str, ...]] = {}
    text = (resources.files("indexer.enrich") / "data" / f"name_{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, *rest = line.split("\t")
            rows[key] = rows.get(key, ()) + tuple(rest)
    return rows


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one kind in the table of words: `particle`, `suffix`, `organisation`, `calendar`, …, folded."""
    return frozenset(fold(word) for word, kinds in table("words").items() if kind in kinds)


@lru_cache(maxsize=1 << 16)
def flags(word: str) -> str:
    """The properties of a word in the tables, a letter for each.

    g: given name. f: family name. e: family name that stands first. p: place. d: demonym or language. o: organisation.
    c: calendar. b: brand, team, work or the like. h: ends names of things. t: part of a title. l: particle.
    """
    folded = fold(word).rstrip(".")
    found = []
    if word[0].isupper():
        if word in table("given"):
            found.append("g")
        if word in table("surname"):
            found.append("f")
        if "family-first" in table("words").get(word, ()):
            found.append("e")
        kinds = table("places").get(word, ())
        if kinds:
            found.append("d" if "demonym" in kinds else "p")
        if folded in words_of("organisation"):
            found.append("o")
        if folded in words_of("calendar"):
            found.append("c")
        if word in table("brands"):
            found.append("b")
        if folded in words_of("head"):
            found.append("h")
    if folded in _title_words():
        found.append("t")
    if folded in words_of("particle"):
        found.append("l")
    return "".join(found)


@cache
def _title_words() -> frozenset[str]:
    return frozenset(fold(word).rstrip(".") for title in table("titles") for word in title.split() if len(word) > 2)
