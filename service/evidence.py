"""The evidence for each value of an article, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.article import Article, Evidence
from search.completion import label
from search.fields import BY_NAME

RULES = {
    "input": "stated by the archive",
    "name": "its name",
    "past": "the name of a former state",
    "demonym": "the name of its people",
    "capital": "its capital",
    "city": "one of its cities",
    "subdivision": "a part of the country",
    "metonym": "a seat of its government",
    "phrase": "a phrase that denotes it",
    "crf": "recognized as a name by the model",
    "context": "a name according to the words around it",
    "surname": "a surname whose full name is in the article",
    "shared": "a surname shared by the named persons",
    "model": "a word that is typical of it",
    "section": "the section it appeared in",
    "url": "a directory of its address",
    "limit": "the text after this can be found by its words, but was not searched for facts",
}
"""Rule of the evidence → its description for people; a rule that is not here is shown by name."""
HEADLINE = "title: "


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    Attributes:
        number: its number in the list and at its passage.
        text: the words that are evidence, as written; "" if there are none.
        why: the rule, in words.
        passage: True if they are in the text and can be marked there.
    """

    number: int
    text: str
    why: str
    confidence: float
    passage: bool


@dataclass(frozen=True, slots=True)
class Because:
    """A value and the evidence for it."""

    kind: str
    label: str
    reasons: tuple[Reason, ...]


def because(article: Article) -> list[tuple[str, str, list[Because]]]:
    """For each facet with evidence: its name, its label, and its values with the evidence for each."""
    found: dict[str, dict[str, list[Reason]]] = {}
    for number, (kind, entry) in enumerate(numbered(article), 1):
        reason = Reason(number, entry.text, why(entry.rule), entry.confidence, entry.start is not None)
        found.setdefault(kind, {}).setdefault(entry.value, []).append(reason)
    return [(kind, BY_NAME[kind].label, list(_values(kind, values))) for kind, values in found.items()]


def why(rule: str) -> str:
    """A rule in words."""
    bare = rule.removeprefix(HEADLINE)
    said = RULES.get(bare, bare)
    return f"in the headline: {said}" if rule != bare else said


def _values(kind: str, values: dict[str, list[Reason]]) -> Iterator[Because]:
    return (Because(kind, label(kind, value), tuple(reasons)) for value, reasons in values.items())


def numbered(article: Article) -> list[tuple[str, Evidence]]:
    """All evidence of an article with its facet, in the order of the list next to the text."""
    return [(kind, entry) for kind, entries in article.evidence.items() for entry in entries]
