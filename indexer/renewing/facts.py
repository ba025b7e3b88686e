"""The facts of an article: those that enrichment finds, and how two texts of one article are told apart by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from desk.corrections.correction import Correction
from desk.corrections.overlay import applied, as_found
from indexer.run import policy
from search.text import dates
from search.values.article import Article, changed

FACTS: Mapping[str, tuple[str, ...]] = {
    "language": ("language",),
    "dates": ("published", "published_from", "mentioned"),
    "authors": ("byline", "author"),
    "persons": ("person",),
    "topics": ("topic",),
    "countries": ("country",),
    "legibility": ("known",),
}
"""Room of enrichment → the fields of an article that it finds; their evidence has their names."""
_NOT_FACTS = frozenset({"digest", "added", "changed", "group", "evidence"})
_COMPARED = tuple(name for name in Article.__slots__ if name not in _NOT_FACTS)


def without(found: Article, read: Article, rooms: Collection[str]) -> Article:
    """A stored article with the facts of some rooms as they were read."""
    names = [name for room in rooms for name in FACTS[room]]
    evidence = {name: found.evidence[name] for name in found.evidence if name not in names}
    evidence |= {name: entries for name, entries in read.evidence.items() if name in names}
    return changed(found, **{name: getattr(read, name) for name in names}, evidence=evidence)


def is_same(one: Article, other: Article) -> bool:
    """True if two articles have the same facts, with the same evidence."""
    return all(getattr(one, name) == getattr(other, name) for name in _COMPARED) and dict(one.evidence) == dict(
        other.evidence
    )


def written(now: Article, new: Article, corrections: Collection[Correction]) -> Article:
    """The article to write of one that is stored: with other facts, and with its corrections."""
    dated = policy.dated(changed(new, group=now.group), as_found(now), dates.now())
    return applied(dated, corrections) if corrections else dated
