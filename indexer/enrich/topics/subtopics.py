"""Finer topics below those that the model names: what a text calls by the vocabulary's own word, in its title or often.

A topic of the IPTC Media Topics is taken where its label, or another name of it, stands in the text `OFTEN` times, one
in the title counting for two, and the model named the top level it belongs to; words that most news has (government,
party) say nothing, and neither do those that the vocabulary itself tells apart by brackets (trial, executive). Singular
and plural are one, other endings are not: a product is not productivity. So there are few, and each has the words that
speak for it. Not for topics whose label is no word of the news, which are never found.

Cost: a twentieth of a millisecond an article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from search.article import Evidence
from search.text import MAX_WORD, fold_word, runs, stem
from search.vocabulary import vocabulary

OFTEN = 3
"""How often a name must stand in an article."""

TITLE = 2
"""How many times one in the title counts."""

Words = Sequence[re.Match[str]]

RARE = 3.5
"""The rarity (see `topics.Model`) from which a single word is news enough to name a topic."""

MOST = 3
"""How many finer topics an article gets at most."""

IN_TITLE, IN_TEXT = 0.8, 0.7
"""How sure a finer topic is."""

_LONGEST = 4
_SKIPPED = frozenset(("and", "or", "of", "the", "in", "for", "to"))


@dataclass(frozen=True, slots=True)
class Name:
    """A topic's name: the words after its first, the topic, the top level it belongs to."""

    rest: tuple[str, ...]
    code: str
    top: str


def find(title: Words, text: Words, tops: Sequence[str], rarity: Mapping[str, float], language: str) -> list[Evidence]:
    """Evidence for each finer topic below some top levels, the most often named first.

    Args:
        title, text: their words, as far as they are read.
        rarity: of stems; one that is not there is rare.
    """
    allowed = frozenset(tops)
    counts: dict[str, int] = {}
    first: dict[str, tuple[str, int, int]] = {}
    for where, matches, weight in (("text", text, 1), ("title", title, TITLE)):
        reached = 0
        for at in [at for at, match in enumerate(matches) if _begun(match[0])]:
            if at < reached:
                continue
            match = matches[at]
            some = _begun(match[0])
            here = [name for name in some if _stands(name, matches, at)]
            longest = max((len(name.rest) for name in here), default=0)
            if not here or (not longest and rarity.get(stem(_singular(match[0]), language), RARE) < RARE):
                continue
            reached = at + 1 + longest
            for name in here:
                if len(name.rest) == longest and name.top in allowed:
                    counts[name.code] = counts.get(name.code, 0) + weight
                    first.setdefault(name.code, (where, match.start(), matches[at + longest].end()))
    words = vocabulary("topic")
    found = sorted((code for code, count in counts.items() if count >= OFTEN), key=lambda c: (-counts[c], c))
    broader = {above for code in found for above in words.ancestors(code)}
    evidence = []
    for code in [code for code in found if code not in broader][:MOST]:
        where, start, end = first[code]
        if where == "title":
            evidence.append(Evidence(code, None, None, title[0].string[start:end], "title: label", IN_TITLE))
        else:
            evidence.append(Evidence(code, start, end, text[0].string[start:end], "label", IN_TEXT))
    return evidence


def _begun(word: str) -> tuple[Name, ...]:
    """The names that a word, as it is written, begins."""
    return _begun_by(word) if len(word) <= MAX_WORD else ()


@lru_cache(maxsize=1 << 16)
def _begun_by(word: str) -> tuple[Name, ...]:
    return _names().get(_singular(word), ())


def _stands(name: Name, matches: Sequence[re.Match[str]], at: int) -> bool:
    """Whether the rest of a name follows its first word."""
    return tuple(_singular(match[0][:MAX_WORD]) for match in matches[at + 1 : at + 1 + len(name.rest)]) == name.rest


@lru_cache(maxsize=1 << 16)
def _singular(word: str) -> str:
    """A word as it is compared: folded, without the ending of a plural."""
    folded = fold_word(word)
    if len(folded) > 4 and folded.endswith("ies"):
        return f"{folded[:-3]}y"
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and folded[-2] not in "siu" else folded


@cache
def _names() -> Mapping[str, tuple[Name, ...]]:
    """First word of a name → the names that begin with it; a name of several topics of one top level names none."""
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
