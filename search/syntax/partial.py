"""Some of the words instead of all: which parts of a query are required, as `Query.match` says.

The parts that are counted are those of the query's outermost AND that have words: a word, a phrase, a group in
parentheses. Words that are inflections of one in any language of the archive are one part, which any of them is enough
for: no word of an article counts as two. Conditions and exclusions are always required; function words do not count,
since the parser drops them. A query without such an AND, and a group with a number of its own, is asked as it stands.

`most` requires more than half of the parts, which are two of two, two of three, four of seven. The number depends on
the text alone, so that each count, facet and cursor is that of one stated query, `(a OR b OR c)@2`; and what `auto`
means depends on the text and the archive, never on the filters, so that a value of a facet has the count that was
shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from search.syntax.nodes import And, Node, Or, Word, at_least, joined, leaves
from search.syntax.parser import Parsed, parse
from search.text.tokens import terms_in
from search.values.query import Query

FEW = 10
"""`auto` requires most parts if fewer articles of the archive have all."""


def asked(query: Query, languages: Sequence[str | None] = ()) -> Parsed:
    """The text of a query, read, with the parts that `match` requires; `auto` must have been settled.

    Args:
        languages: those of the archive, English if there are none.
    """
    parsed = parse(query.text)
    if query.match == "all":
        return parsed
    forms, required = _counted(parsed.tree, languages or (None,))
    counted = tuple(joined(Or, some) for some in forms)
    least = 1 if query.match == "any" else len(counted) // 2 + 1
    if least < len(counted):
        return Parsed(joined(And, (at_least(least, counted), *required)), parsed.notes, counted, least)
    if any(len(some) > 1 for some in forms):
        return Parsed(joined(And, (*counted, *required)), parsed.notes)
    return parsed


def settled(query: Query, total: Callable[[Query], int], languages: Sequence[str | None] = ()) -> Query:
    """The query with what `auto` means in an archive of these languages.

    Args:
        total: returns how many articles match a query.
    """
    if query.match != "auto":
        return query
    several = asked(replace(query, match="any"), languages).counted
    is_few = several and total(Query(query.text, size=0, facets=())) < FEW
    return replace(query, match="most" if is_few else "all")


def _counted(tree: Node, languages: Sequence[str | None]) -> tuple[list[list[Node]], tuple[Node, ...]]:
    """The parts that are counted, each once, inflections of one word together; and those that are always required."""
    if not isinstance(tree, And):
        return [], (tree,)
    worded = tuple(dict.fromkeys(part for part in tree.parts if next(leaves(part), None)))
    parent = list(range(len(worded)))  # of each part, one that is searched as the same word; itself at the root

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    first: dict[object, int] = {}
    for number, part in enumerate(worded):
        if isinstance(part, Word):
            for word in terms_in(part.word, languages):
                one, other = sorted((root(number), root(first.setdefault((word, part.field), number))))
                parent[other] = one
    forms: dict[int, list[Node]] = {}
    for number, part in enumerate(worded):
        forms.setdefault(root(number), []).append(part)
    return list(forms.values()), tuple(part for part in tree.parts if part not in worded)
