"""Applies corrections to an article, and takes them off again.

What was found stays in the article's `extra`, under `FOUND`, so that a correction can be undone without reading the
archive again: a corrected article is always made of what was found, by the corrections in force, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from desk.corrections import rewriting
from desk.corrections.correction import LISTED, SET, Correction
from search.names.vocabulary import vocabulary
from search.said import said
from search.system.json import Json
from search.text.tokens import fold
from search.values.article import Article, Evidence, changed

FOUND = "dateline.found"
"""The name in `extra` of the facts as they were found, or stated, of each field that is corrected."""
CARRIED = "dateline.corrections"
"""The name in `extra` of the corrections that an article still has to get; see `carrying`."""

RULE = "corrected"
"""The rule of the evidence for a corrected value, whose `text` says by whom and when; also the origin of a date."""

OURS = frozenset({FOUND, CARRIED})
"""The names that no archive may use: an exported article has the first one, and its facts are those that it states."""
LENGTH = "text_length"
"""The name, next to the text as it was read, of the length of the one with corrected lines, before what was read."""
SCAN = "scan"
"""The name of the words of each scanned page as they were packed."""
_TEXTS = ("published", "published_from", "title")
"""The attributes that corrections change, besides lists of text: text or null."""


def carrying(article: Article, corrections: Iterable[Correction]) -> Article:
    """An article as it was read, with the corrections that `corrected` is to apply; forged ones are dropped."""
    listed = [[c.article, c.field, c.action, c.value, c.by, c.at, c.note, list(c.names)] for c in corrections]
    if not listed and article.extra.keys().isdisjoint(OURS):
        return article
    rest = {name: value for name, value in article.extra.items() if name not in OURS}
    return changed(article, extra={**rest, CARRIED: listed} if listed else rest)


def corrected(article: Article) -> Article:
    """An enriched article, with the corrections applied that it carries."""
    listed = article.extra.get(CARRIED)
    if not listed:
        return article
    rest = {name: value for name, value in article.extra.items() if name != CARRIED}
    return applied(changed(article, extra=rest), [Correction(*each) for each in listed])


def applied(article: Article, corrections: Iterable[Correction]) -> Article:
    """An article as it was found, with some corrections. Cost: linear in their number and the text."""
    corrections = list(corrections)
    before = article
    rewritten = rewriting.rewritten(article, [one.value for one in corrections if one.field == "line"])
    if rewritten is not None:
        text = "\n\n".join([rewritten.text, *rewritten.read])
        article = changed(article, text=text, scan=rewritten.scan, evidence=rewritten.evidence)
    texts: dict[str, Correction] = {}
    lists: dict[str, _Values] = {}
    for correction in corrections:
        if correction.field in SET:
            texts[correction.field] = correction
        elif correction.field in LISTED:
            field = correction.field
            values = lists.get(field)
            if values is None:
                values = lists[field] = _Values(field, getattr(article, field), article.evidence.get(field, ()))
            values.take(correction)
    changes: dict[str, Any] = {}
    evidence: dict[str, tuple[Evidence, ...]] = {}
    for name, values in lists.items():
        changes[name] = values.values
        if values.evidence != article.evidence.get(name, ()):
            evidence[name] = values.evidence
    if "title" in texts:
        changes["title"], evidence["title"] = texts["title"].value, (_said(texts["title"], "title"),)
    if "date" in texts:
        changes |= {"published": texts["date"].value, "published_from": RULE}
        evidence["published"] = (_said(texts["date"]),)
    made = changed(article, **changes, evidence={**article.evidence, **evidence})
    saved: Json = {}
    for name in (*LISTED, *_TEXTS):
        if getattr(before, name) != getattr(made, name) or before.evidence.get(name, ()) != made.evidence.get(name, ()):
            value = getattr(before, name)
            saved[name] = list(value) if isinstance(value, tuple) else value
    if rewritten is not None:
        saved |= {"text": before.text, SCAN: [page.text for page in before.scan], LENGTH: len(rewritten.text)}
    if not saved:
        return before
    of = before.evidence if rewritten is not None else [name for name in saved if name in before.evidence]
    marks = {name: [_entry(e) for e in before.evidence[name]] for name in of}
    return changed(made, extra={**before.extra, FOUND: {**saved, "evidence": marks}})


def as_found(article: Article) -> Article:
    """An article without its corrections; itself if what it carries as found is not what `applied` writes."""
    saved = article.extra.get(FOUND)
    try:
        values, marks = _saved(saved)
        if SCAN in values:
            pages = zip(article.scan, values[SCAN], strict=True)
            values[SCAN] = tuple(replace(page, text=packed) for page, packed in pages)
    except (AttributeError, KeyError, TypeError, ValueError):  # another program wrote it
        return article
    is_moved = "text" in values
    evidence = {name: entries for name, entries in article.evidence.items() if name not in values and not is_moved}
    extra = {name: value for name, value in article.extra.items() if name != FOUND}
    return changed(article, **values, evidence={**evidence, **marks}, extra=extra)


def printed_text(article: Article) -> str:
    """The text of an article without what of it was read wrongly and follows it."""
    saved = article.extra.get(FOUND)
    length = saved.get(LENGTH) if isinstance(saved, dict) else None
    return article.text[:length] if type(length) is int and length >= 0 else article.text


def _saved(saved: Any) -> tuple[dict[str, Any], dict[str, tuple[Evidence, ...]]]:
    """The facts as found, and their evidence. Raises one of several errors if they are of another form."""
    values: dict[str, Any] = {}
    for name, value in saved.items():
        if name in LISTED and isinstance(value, list) and all(isinstance(each, str) for each in value):
            values[name] = tuple(value)
        elif (isinstance(value, str | None) and (name in _TEXTS or (name == "text" and value is not None))) or (
            name == SCAN and isinstance(value, list) and all(isinstance(each, str) for each in value)
        ):
            values[name] = value
        elif name not in ("evidence", LENGTH):
            raise ValueError(name)
    if ("text" in values) != (type(saved.get(LENGTH)) is int and SCAN in values):
        raise ValueError("text")
    marks = {name: tuple(map(_evidence, entries)) for name, entries in saved["evidence"].items()}
    if not marks.keys() <= values.keys() and "text" not in values:
        raise ValueError("evidence")
    return values, marks


class _Values:
    """The values of a field of an article, while they are corrected."""

    def __init__(self, field: str, values: Sequence[str], evidence: Sequence[Evidence]) -> None:
        self._field, self._found = field, evidence
        self._there: dict[str, list[str]] = {}
        for value in values:
            self._there.setdefault(fold(value), []).append(value)
        self._added: dict[str, Evidence] = {}
        self._removed: set[str] = set()

    def take(self, correction: Correction) -> None:
        """Add or remove a value; with a topic, those below it go."""
        key = fold(correction.value)
        if correction.action == "remove":
            for gone in self._named(correction):
                self._removed.add(gone)
                del self._there[gone]
                self._added.pop(gone, None)
        elif key not in self._there:
            self._there[key] = [correction.value]
            self._added[key] = _said(correction, main=True if self._field == "country" else None)

    def _named(self, correction: Correction) -> list[str]:
        """The keys of the values that a removal removes."""
        names = {fold(name): name for name in (correction.value, *correction.names)}
        found = [key for key in names if key in self._there]
        if self._field == "topic":
            above = vocabulary("topic").ancestors
            found += [
                k
                for k, (code, *_) in self._there.items()
                if k not in names and not {*names.values()}.isdisjoint(above(code))
            ]
        return found

    @property
    def values(self) -> tuple[str, ...]:
        """The values, those that were added last."""
        return tuple(value for values in self._there.values() for value in values)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The evidence that is left, and that of the values that were added."""
        return (*(entry for entry in self._found if fold(entry.value) not in self._removed), *self._added.values())


def _said(correction: Correction, within: Literal["text", "title"] = "text", main: bool | None = None) -> Evidence:
    """The evidence for a corrected value: by whom, and on which day."""
    by = str(said("corrected by {name} on {day}", name=correction.by, day=correction.at[:10]))
    return Evidence(correction.value, None, None, by, RULE, 1.0, within, main)


def _entry(evidence: Evidence) -> Json:
    """Evidence as JSON values, by the names that an article's JSON has."""
    return {_NAMES.get(name, name): getattr(evidence, name) for name in Evidence.__slots__}


def _evidence(entry: Json) -> Evidence:
    """The evidence of which `_entry` has made JSON values. Raises TypeError or KeyError if it is none."""
    return Evidence(**{name: entry[_NAMES.get(name, name)] for name in Evidence.__slots__})


_NAMES = {"within": "in"}
"""Attributes of evidence that JSON names otherwise."""
