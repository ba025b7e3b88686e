"""Applies corrections to an article, and takes them off again.

What was found stays in the article's `extra`, under `FOUND`, so that a correction can be undone without reading the
archive again: a corrected article is always made of what was found, by the corrections in force, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from indexer.corrections.correction import Correction
from search.article import Article, Evidence
from search.json import Json
from search.text import fold
from search.vocabulary import vocabulary

FOUND = "dateline.found"
"""The name in `extra` of the facts as they were found, or stated, of each field that is corrected."""
CARRIED = "dateline.corrections"
"""The name in `extra` of the corrections that an article still has to get; see `carrying`."""

RULE = "corrected"
"""The rule of the evidence for a corrected value; its `text` says by whom and when."""

_OURS = frozenset({FOUND, CARRIED})
"""The names that no archive may use: an exported article has the first one, and its facts are those that it states."""
_LISTS, _TEXTS = ("person", "country", "topic"), ("published", "published_from", "title")
"""The attributes that corrections change: lists of text, and text or null."""


def carrying(article: Article, corrections: Iterable[Correction]) -> Article:
    """An article as it was read, with the corrections that `corrected` is to apply; forged ones are dropped."""
    listed = [[c.article, c.field, c.action, c.value, c.by, c.at, c.note, list(c.names)] for c in corrections]
    if not listed and article.extra.keys().isdisjoint(_OURS):
        return article
    rest = {name: value for name, value in article.extra.items() if name not in _OURS}
    return replace(article, extra={**rest, CARRIED: listed} if listed else rest)


def corrected(article: Article) -> Article:
    """An enriched article, with the corrections applied that it carries."""
    listed = article.extra.get(CARRIED)
    if not listed:
        return article
    rest = {name: value for name, value in article.extra.items() if name != CARRIED}
    return applied(replace(article, extra=rest), [Correction(*each) for each in listed])


def applied(article: Article, corrections: Iterable[Correction]) -> Article:
    """An article as it was found, with some corrections."""
    found = article
    for correction in corrections:
        article = _applied(article, correction)
    saved: Json = {}
    for name in (*_LISTS, *_TEXTS):
        if getattr(found, name) != getattr(article, name) or found.evidence.get(name) != article.evidence.get(name):
            value = getattr(found, name)
            saved[name] = list(value) if isinstance(value, tuple) else value
    if not saved:
        return article
    evidence = {name: [_entry(e) for e in found.evidence[name]] for name in saved if name in found.evidence}
    return replace(article, extra={**article.extra, FOUND: {**saved, "evidence": evidence}})


def as_found(article: Article) -> Article:
    """An article without its corrections; itself if what it carries as found is not what `applied` writes."""
    saved = article.extra.get(FOUND)
    try:
        values, marks = _saved(saved)
    except (AttributeError, KeyError, TypeError, ValueError):  # another program wrote it
        return article
    evidence = {name: entries for name, entries in article.evidence.items() if name not in values}
    extra = {name: value for name, value in article.extra.items() if name != FOUND}
    return replace(article, **values, evidence={**evidence, **marks}, extra=extra)


def _saved(saved: Any) -> tuple[dict[str, Any], dict[str, tuple[Evidence, ...]]]:
    """The facts as found, and their evidence. Raises one of several errors if they are of another form."""
    values: dict[str, Any] = {}
    for name, value in saved.items():
        if name in _LISTS and isinstance(value, list) and all(isinstance(each, str) for each in value):
            values[name] = tuple(value)
        elif name in _TEXTS and isinstance(value, str | None):
            values[name] = value
        elif name != "evidence":
            raise ValueError(name)
    marks = {name: tuple(Evidence(**each) for each in entries) for name, entries in saved["evidence"].items()}
    if not marks.keys() <= values.keys():
        raise ValueError("evidence")
    return values, marks


def _applied(article: Article, correction: Correction) -> Article:
    by = f"corrected by {correction.by} on {correction.at[:10]}"
    match correction.field:
        case "title":
            said = Evidence(correction.value, None, None, by, RULE, 1.0, "title")
            return replace(article, title=correction.value, evidence={**article.evidence, "title": (said,)})
        case "date":
            said = Evidence(correction.value, None, None, by, RULE, 1.0)
            evidence = {**article.evidence, "published": (said,)}
            return replace(article, published=correction.value, published_from=None, evidence=evidence)
        case field:
            values: tuple[str, ...] = getattr(article, field)
            entries = article.evidence.get(field, ())
            if correction.action == "remove":
                gone = {value for value in values if any(_is(field, value, each) for each in _names(correction))}
                values = tuple(value for value in values if value not in gone)
                entries = tuple(entry for entry in entries if entry.value not in gone)
            elif not any(fold(value) == fold(correction.value) for value in values):
                values = (*values, correction.value)
                main = True if field == "country" else None
                entries = (*entries, Evidence(correction.value, None, None, by, RULE, 1.0, "text", main))
            changes: dict[str, Any] = {field: values}
            return replace(article, **changes, evidence={**article.evidence, field: entries})


def _names(correction: Correction) -> tuple[str, ...]:
    return (correction.value, *correction.names)


def _is(field: str, value: str, other: str) -> bool:
    """True if a value is another one, or a topic below it."""
    if field == "topic":
        return other in (value, *vocabulary("topic").ancestors(value))
    return fold(value) == fold(other)


def _entry(evidence: Evidence) -> Json:
    return {name: getattr(evidence, name) for name in Evidence.__slots__}
