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

_ATTRIBUTES = {"date": ("published", "published_from"), "title": ("title",)}
"""The attributes of a field that are not of its name."""


def carrying(article: Article, corrections: Iterable[Correction]) -> Article:
    """An article, not yet enriched, with the corrections that `corrected` is to apply."""
    listed = [[c.article, c.field, c.action, c.value, c.by, c.at, c.note, list(c.names)] for c in corrections]
    if not listed and CARRIED not in article.extra:
        return article
    rest = {name: value for name, value in article.extra.items() if name != CARRIED}
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
    for name in ("person", "country", "topic", "published", "published_from", "title"):
        if getattr(found, name) != getattr(article, name) or found.evidence.get(name) != article.evidence.get(name):
            value = getattr(found, name)
            saved[name] = list(value) if isinstance(value, tuple) else value
    if not saved:
        return article
    evidence = {name: [_entry(e) for e in found.evidence[name]] for name in saved if name in found.evidence}
    return replace(article, extra={**article.extra, FOUND: {**saved, "evidence": evidence}})


def as_found(article: Article) -> Article:
    """An article without its corrections."""
    saved = article.extra.get(FOUND)
    if not isinstance(saved, dict) or not isinstance(saved.get("evidence"), dict):
        return article
    values = {name: value for name, value in saved.items() if name != "evidence"}
    evidence = {name: entries for name, entries in article.evidence.items() if name not in values}
    evidence |= {name: tuple(Evidence(**each) for each in entries) for name, entries in saved["evidence"].items()}
    extra = {name: value for name, value in article.extra.items() if name != FOUND}
    given: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return replace(article, **given, evidence=evidence, extra=extra)


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
