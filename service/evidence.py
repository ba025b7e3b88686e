"""Why is this here? The evidence for each value of an article, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.article import Article, Evidence
from search.completion import label
from search.fields import BY_NAME

RULES = {
    "input": "stated by the archive",
    "name": "its name",
    "past": "the name of a state of the past",
    "demonym": "the name of its people",
    "capital": "its capital",
    "city": "one of its cities",
    "subdivision": "a part of the country",
    "metonym": "a seat of its power",
    "phrase": "a phrase that stands for it",
    "crf": "read as a name by the model",
    "context": "a name by the words around it",
    "surname": "a surname the article completes",
    "shared": "a surname shared by those named",
    "model": "a word that speaks for it",
    "limit": "what comes after is found by its words, and no facts were looked for in it",
}
"""Rule of the evidence → what it says to a reader; one that is not here is shown as it is called."""
HEADLINE = "title: "


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    Attributes:
        number: its number in the list and at its passage.
        text: the words that spoke, as written; "" where there are none.
        why: what they are.
        passage: whether they stand in the text, and can be marked there.
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
    """For each facet that has evidence: its name, its label, and its values with the evidence for each."""
    found: dict[str, dict[str, list[Reason]]] = {}
    for number, (kind, entry) in enumerate(numbered(article), 1):
        reason = Reason(number, entry.text, why(entry.rule), entry.confidence, entry.start is not None)
        found.setdefault(kind, {}).setdefault(entry.value, []).append(reason)
    return [(kind, BY_NAME[kind].label, list(_values(kind, values))) for kind, values in found.items()]


def why(rule: str) -> str:
    """A rule as a reader understands it."""
    bare = rule.removeprefix(HEADLINE)
    said = RULES.get(bare, bare)
    return f"in the headline: {said}" if rule != bare else said


def _values(kind: str, values: dict[str, list[Reason]]) -> Iterator[Because]:
    return (Because(kind, label(kind, value), tuple(reasons)) for value, reasons in values.items())


def numbered(article: Article) -> list[tuple[str, Evidence]]:
    """All evidence of an article with its facet, in the order of the list beside the text."""
    return [(kind, entry) for kind, entries in article.evidence.items() for entry in entries]
