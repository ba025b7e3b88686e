"""Narrower topics below those of the model: found if a text uses the vocabulary's own name, in its title or often.

A topic of the IPTC Media Topics is assigned if its label, or another of its names, occurs `OFTEN` times in the text (an
occurrence in the title counts as two), and the model chose the top level it belongs to. Words that occur in most news
(government, party) are ignored, as are those that the vocabulary disambiguates by brackets (trial, executive). Singular
and plural are treated alike, other endings are not: a product is not productivity. So there are few, each with clear
evidence. Not for topics whose label does not occur in news; these are never found.

Cost: a twentieth of a millisecond an article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from indexer.enrich.shared.words import Columns
from indexer.enrich.topics.words import Words
from search.article import Evidence
from search.text import MAX_WORD, fold_word, runs, stem
from search.vocabulary import vocabulary

OFTEN = 3
"""The least number of occurrences of a name in an article."""

TITLE = 2
"""The factor for occurrences in the title."""

RARE = 3.5
"""The rarity (see `topics.Model`) from which a single word is specific enough to be a topic's name."""

MOST = 3
"""The greatest number of narrower topics of an article."""

IN_TITLE, IN_TEXT = 0.8, 0.7
"""The confidence of a narrower topic."""

_LONGEST = 4
_SKIPPED = frozenset(("and", "or", "of", "the", "in", "for", "to"))


@dataclass(frozen=True, slots=True)
class Name:
    """A topic's name: the words after its first, the topic, the top level it belongs to."""

    rest: tuple[str, ...]
    code: str
    top: str


def find(title: Words, text: Words, tops: Sequence[str], rarity: Mapping[str, float], language: str) -> list[Evidence]:
    """Evidence for each narrower topic below some top levels, the most frequent first.

    Args:
        title, text: their words, as far as they are read.
        rarity: of stems; a stem that is missing is rare.
    """
    allowed = frozenset(tops)
    counts: dict[str, int] = {}
    first: dict[str, tuple[str, int, int]] = {}
    for where, passage, weight in (("text", text, 1), ("title", title, TITLE)):
        reached, words = 0, passage.words
        for at in passage.places(BEGINS, _BEGINS).tolist():
            if at < reached:
                continue
            here = [name for name in _begun_by(words[at]) if _stands(name, words, at)]
            longest = max((len(name.rest) for name in here), default=0)
            if not here or (not longest and rarity.get(stem(_singular(words[at]), language), RARE) < RARE):
                continue
            reached = at + 1 + longest
            for name in here:
                if len(name.rest) == longest and name.top in allowed:
                    counts[name.code] = counts.get(name.code, 0) + weight
                    if name.code not in first:
                        first[name.code] = (where, passage.span(at)[0], passage.span(at + longest)[1])
    topics = vocabulary("topic")
    found = sorted((code for code, count in counts.items() if count >= OFTEN), key=lambda c: (-counts[c], c))
    broader = {above for code in found for above in topics.ancestors(code)}
    evidence = []
    for code in [code for code in found if code not in broader][:MOST]:
        where, start, end = first[code]
        if where == "title":
            evidence.append(Evidence(code, start, end, title.passage[start:end], "label", IN_TITLE, "title"))
        else:
            evidence.append(Evidence(code, start, end, text.passage[start:end], "label", IN_TEXT))
    return evidence


@lru_cache(maxsize=1 << 16)
def _begun_by(word: str) -> tuple[Name, ...]:
    """The names that begin with a word, as written."""
    return _names().get(_singular(word), ()) if len(word) <= MAX_WORD else ()


_BEGINS = 2
BEGINS = Columns((np.uint8,), lambda _table, words: ([_BEGINS if _begun_by(word) else 1 for word in words],))
"""Of each word: 2 if a name begins with it."""


def _stands(name: Name, words: Sequence[str], at: int) -> bool:
    """True if the rest of a name follows its first word."""
    return tuple(_singular(word[:MAX_WORD]) for word in words[at + 1 : at + 1 + len(name.rest)]) == name.rest


@lru_cache(maxsize=1 << 16)
def _singular(word: str) -> str:
    """A word as compared: folded, without a plural ending."""
    folded = fold_word(word)
    if len(folded) > 4 and folded.endswith("ies"):
        return f"{folded[:-3]}y"
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and folded[-2] not in "siu" else folded


@cache
def _names() -> Mapping[str, tuple[Name, ...]]:
    """First word of a name → the names that begin with it, without names that several topics of one top level share."""
    topics = vocabulary("topic")
    found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for code, entry in topics.entries.items():
        above = topics.ancestors(code)
        if not above:
            continue
        for name in (entry.label, *entry.aliases):
            words = tuple(_singular(match[0]) for match in runs(name))
            if "(" not in name and 0 < len(words) <= _LONGEST and not _SKIPPED.intersection(words):
                found.setdefault(words, set()).add((code, above[-1]))
    names: dict[str, list[Name]] = {}
    for words, codes in sorted(found.items()):
        tops = [top for _, top in codes]
        for code, top in sorted(codes):
            if tops.count(top) == 1:
                names.setdefault(words[0], []).append(Name(words[1:], code, top))
    return {first: tuple(entries) for first, entries in names.items()}
