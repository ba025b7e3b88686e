"""Joins the parts between which `/s`, `/p` and `/5` stand: `oil /s iran /s price`, `(oil OR gas) /5 iran`.

Parts joined by `/s` are all in one sentence, however many they are, and likewise `/p`; `/5` joins the two next to it:
`a /5 b /5 c` is read as `a /5 b AND b /5 c`, and so are different operators in a row. What has no place in a sentence
(a date, a source, an exclusion, near words) cannot be joined: there the operator is read as AND.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Literal, cast

from search.said import said
from search.syntax.lexer import Lexeme
from search.syntax.nodes import MAX_DISTANCE, And, Node, Part, Together, alternatives
from search.syntax.notes import Notes

Within = Literal["s", "p"] | int


def read(parts: Sequence[Node], operators: Sequence[Lexeme], notes: Notes) -> list[Node]:
    """The nodes that must all match.

    Args:
        operators: those between the parts, one fewer, if there are parts.
    """
    found: list[Node] = []
    row: list[Node] = list(parts[:1])
    before: Lexeme | None = None
    for part, operator in zip(parts[1:], operators, strict=True):
        if before is not None and (operator.text != before.text or operator.text[1:].isdecimal()):
            found += _joined(row, before, notes)
            row = row[-1:]
        row.append(part)
        before = operator
    found += row if before is None else _joined(row, before, notes)
    return list(dict.fromkeys(found))


def _joined(row: Sequence[Node], operator: Lexeme, notes: Notes) -> list[Node]:
    """The parts between which the same operator stands, joined by it as far as they can be."""
    within = _within(operator, notes)
    placed = [_parts(node, within) for node in row]
    lost = [node for node, parts in zip(row, placed, strict=True) if parts is None]
    groups = [tuple(dict.fromkeys(parts)) for parts in placed if parts is not None]
    found: list[Node] = [*_together(groups, within)]
    if lost:
        notes.about(
            operator.at,
            "“{text}” at {at} joins words, phrases, persons, countries and groups of these with OR: read as AND.",
            text=operator.text,
        )
    elif not found:
        notes.about(operator.at, "“{text}” at {at} has the same on both sides: ignored.", text=operator.text)
    if found:
        return [*found, *lost]
    return [part for node, parts in zip(row, placed, strict=True) for part in (parts or (node,))]


def _within(operator: Lexeme, notes: Notes) -> Within:
    if operator.text in ("/s", "/p"):
        return cast(Literal["s", "p"], operator.text[1:])
    distance = int(operator.text[1:])
    nearest = min(max(distance, 1), MAX_DISTANCE)
    if distance != nearest:
        reason = said(
            "must be a number of words from 1 to {max_distance}: read as /{nearest}.",
            max_distance=str(MAX_DISTANCE),
            nearest=str(nearest),
        )
        notes.about(operator.at, "“{text}” at {at} {reason}", text=operator.text, reason=reason)
    return nearest


def _parts(node: Node, within: Within) -> list[Part] | None:
    """The parts for which a node stands: itself, or all that it requires; None if any has no place."""
    if isinstance(node, Together) and node.within == within and not isinstance(within, int):
        return list(node.parts)
    if isinstance(node, And):
        found = [_parts(part, within) for part in node.parts]
        return [part for parts in found for part in parts or ()] if all(found) else None
    return [cast(Part, node)] if alternatives(node) else None


def _together(groups: Sequence[Iterable[Part]], within: Within) -> Iterator[Together]:
    if not isinstance(within, int):
        parts = tuple(dict.fromkeys(part for group in groups for part in group))
        if len(parts) > 1:
            yield Together(parts, within)
    elif len(groups) > 1:
        for a, b in product(*groups):
            if a != b:
                yield Together((a, b), within)
