"""The evidence for each value of an article, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from desk.corrections.correction import LISTED, Correction
from desk.corrections.overlay import RULE as CORRECTED
from desk.corrections.overlay import as_found
from search.text.tokens import fold
from search.values.article import INPUT, Article, Evidence
from service.wording import labels
from service.wording.messages import gettext, mark

RULES = {
    INPUT: mark("stated by the archive"),
    CORRECTED: mark("corrected by hand"),
    "name": mark("its name"),
    "past": mark("the name of a former state"),
    "demonym": mark("nationality"),
    "capital": mark("its capital"),
    "city": mark("one of its cities"),
    "town": mark("one of its towns"),
    "namesake": mark("a town that shares the name of a famous place"),
    "subdivision": mark("a part of the country"),
    "metonym": mark("seat of government"),
    "institution": mark("an institution of the country"),
    "phrase": mark("a phrase that denotes it"),
    "crf": mark("recognised as a name"),
    "context": mark("a name according to the words around it"),
    "forename": mark("a usual first name before a usual surname"),
    "surname": mark("a surname that the article also has elsewhere"),
    "shared": mark("a surname shared by the named persons"),
    "known": mark("a name by which readers of the time know the person"),
    "model": mark("a typical word for this topic"),
    "section": mark("the section it appeared in"),
    "url": mark("a directory of its address"),
    "label": mark("a word for the topic itself"),
    "text": mark("the language of the text; it is stated as another"),
    "header": mark("a line with only a date at the beginning of the text"),
    "dateline": mark("the place and day that the report begins with"),
    "limit": mark("the text after this can be found by its words, but was not searched for facts"),
}
"""Rule of the evidence → its description for people. A test finds every rule that the program can give here."""

CERTAIN = frozenset({INPUT, CORRECTED, "limit"})
"""The rules that leave no doubt."""

MERGED = {
    "archive": mark("the articles of the archive unify {name} with this name"),
    "authority": mark("the authority file merges {name} into this name"),
    "table": mark("the table of people known by one name has {name}"),
}
"""What shows a value under another name → its description; `{name}` is the name in the article."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    Attributes:
        number: its number in the list and at its passage.
        text: the words that are evidence, as written; "" if there are none.
        why: the rule, in words.
        sure: the confidence, in words; "" for a rule that leaves no doubt.
        passage: True if they are in the text or the title and can be marked there.
    """

    number: int
    text: str
    why: str
    sure: str
    passage: bool


@dataclass(frozen=True, slots=True)
class ValueEvidence:
    """A value and the evidence for it.

    Attributes:
        main: True for a country that the article is mainly about.
        removed: by whom and on which day it was removed, in words; "" for a value that the article has. The evidence
            is then that for which it was found.
    """

    kind: str
    label: str
    reasons: tuple[Reason, ...]
    main: bool = False
    removed: str = ""


def by_facet(article: Article, removals: Iterable[Correction] = ()) -> list[tuple[str, str, list[ValueEvidence]]]:
    """For each facet with evidence: its name, its label, and its values with the evidence for each.

    Args:
        removals: the corrections in force of the article; the values that they removed come last.
    """
    found: dict[str, dict[str, list[Reason]]] = {}
    main = {entry.value for entry in article.evidence.get("country", ()) if entry.main}
    for number, (kind, entry) in enumerate(numbered(article), 1):
        said = "" if entry.rule == CORRECTED else entry.text
        reason = Reason(number, said, why(entry), _sure(entry), entry.start is not None)
        found.setdefault(kind, {}).setdefault(entry.value, []).append(reason)
    listed = {kind: list(_values(kind, values, main)) for kind, values in found.items()}
    number = sum(map(len, article.evidence.values()))
    for gone, entries in _removed(article, removals):
        reasons = tuple(
            Reason(place, entry.text, why(entry), _sure(entry), False)
            for place, entry in enumerate(entries, number + 1)
        )
        number += len(entries)
        by = gettext("removed by {name} on {day}").format(name=gone.by, day=gone.at[:10])
        listed.setdefault(gone.field, []).append(
            ValueEvidence(gone.field, labels.named(gone.field, gone.value), reasons, removed=by)
        )
    return [(kind, labels.field(kind), values) for kind, values in listed.items()]


def _removed(article: Article, corrections: Iterable[Correction]) -> Iterator[tuple[Correction, list[Evidence]]]:
    """The removals of values that an article does not have, each with the evidence for which they were found."""
    found, has = as_found(article).evidence, {name: set(map(fold, getattr(article, name))) for name in LISTED}
    for one in corrections:
        if one.action != "remove" or fold(one.value) in has[one.field]:
            continue
        names = {fold(name) for name in (one.value, *one.names)}
        yield one, [entry for entry in found.get(one.field, ()) if fold(entry.value) in names]


def _sure(entry: Evidence) -> str:
    """The confidence in words; a value that was found is never quite certain."""
    return (
        ""
        if entry.rule.partition("; ")[0] in CERTAIN
        else gettext("{number} % sure").format(number=min(99, round(100 * entry.confidence)))
    )


def why(entry: Evidence) -> str:
    """The rule of a piece of evidence in words; a rule of another program is shown by name."""
    rule, _, merged = entry.rule.partition("; ")
    if rule == CORRECTED:  # its text says by whom
        return labels.stored(entry.text) if entry.text else gettext(RULES[rule])
    words = gettext(RULES[rule]) if rule in RULES else rule
    if entry.within == "title":
        words = gettext("in the headline: {reason}").format(reason=words)
    by, _, name = merged.partition(" ")
    return f"{words}; {gettext(MERGED[by]).format(name=name)}" if by in MERGED else words


def _values(kind: str, values: dict[str, list[Reason]], main: Set[str]) -> Iterator[ValueEvidence]:
    return (
        ValueEvidence(kind, _label(kind, value), tuple(reasons), kind == "country" and value in main)
        for value, reasons in values.items()
    )


def _label(kind: str, value: str) -> str:
    """The label of a value; of the text, it is a sentence about how far it was read."""
    return labels.stored(value) if kind == "text" else labels.named(kind, value)


def numbered(article: Article) -> list[tuple[str, Evidence]]:
    """All evidence of an article with its facet, in the order of the list next to the text."""
    return [(kind, entry) for kind, entries in article.evidence.items() for entry in entries]
