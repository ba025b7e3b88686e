"""How a query was read: what every engine returns about a query's text in addition to the matches.

The canonical form, the notes, and the number of articles for each of its words, phrases and values. The parser does not
know which names the archive has: `person:ronald reagan` is read as typed, and the advice that quotes are missing is
given here. Advice is not a repair: `strict` does not refuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from msgspec import structs

from search.fields import BY_NAME
from search.said import said
from search.syntax import Parsed, asked, write
from search.syntax.nodes import (
    MAX_DISTANCE,
    And,
    Condition,
    Leaf,
    Node,
    Together,
    Value,
    Word,
    excluded,
    sought,
    terms,
)
from search.values.query import Query
from search.values.results import FormCount, Partial, Reading, TermCount

MAX_NAME_WORDS = 3
"""Words after a value that may belong to its name."""


def reading(
    text: str,
    parsed: Parsed,
    having: Callable[[Leaf | Condition], int],
    partial: Partial | None = None,
    forms: Iterable[FormCount] = (),
) -> Reading:
    """The canonical form, notes and counts of a query.

    Args:
        having: returns the number of articles that have a term.
        partial: how many parts are required, if not all.
        forms: what a scanner may have read, and how many matches each adds.
    """
    wanted = tuple(TermCount(write(term), having(term)) for term in terms(parsed.tree))
    unwanted = tuple(TermCount(write(term), having(term), excluded=True) for term in excluded(parsed.tree))
    notes = (*parsed.notes, *_names_without_quotes(parsed.tree, having), *_names_without_places(parsed.tree, having))
    return Reading(text, write(parsed.tree), notes, wanted + unwanted, partial, adding(forms))


def adding(forms: Iterable[FormCount]) -> tuple[FormCount, ...]:
    """Those that add any matches, a broken word as it is written.

    Those that are omitted come last; those that add most come first, then by word and form.
    """
    found = [structs.replace(one, form=one.form.replace(" ", "+")) for one in forms if one.articles]
    return tuple(sorted(found, key=lambda one: (one.own, -one.articles, one.word, one.form)))


def required(
    query: Query, parsed: Parsed, found: int, total: Callable[[Query], int], languages: Sequence[str | None]
) -> Partial | None:
    """How many parts of the text are required, and how many matches have all; None if all are, and some match.

    Args:
        found: how many articles match; if none does, it is said how many have any part.
        total: returns how many articles match a query.
        languages: those of the archive.
    """
    if found or query.match == "all":
        counted = parsed.counted
        return Partial(parsed.least, len(counted), total(replace(query.counting, match="all"))) if counted else None
    either = replace(query.counting, match="any")
    of = len(parsed.counted or asked(either, languages).counted)  # most of two are both
    return Partial(parsed.least or of, of, 0, total(either)) if of else None


def with_counts(tree: Node) -> tuple[Leaf | Condition, ...]:
    """All nodes of which `reading` may need the number of articles, except names that lack quotes."""
    named = _values_together(tree)
    return tuple(dict.fromkeys((*terms(tree), *excluded(tree), *named, *map(_anywhere, named))))


def named(tree: Node) -> Iterator[tuple[Value, tuple[Word, ...]]]:
    """Values of facets without a vocabulary, each with the plain words that follow it, `MAX_NAME_WORDS` at most."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    for place, part in enumerate(parts):
        if isinstance(part, Value) and BY_NAME[part.facet].vocabulary is None:
            following = parts[place + 1 : place + 1 + MAX_NAME_WORDS]
            words = takewhile(lambda other: isinstance(other, Word) and other.field is None, following)
            yield part, tuple(word for word in words if isinstance(word, Word))


def _names_without_quotes(tree: Node, having: Callable[[Leaf | Condition], int]) -> Iterator[str]:
    for value, words in named(tree):
        if words and not value.quoted and not having(value):
            following = (f'"{word.word}"' if word.quoted else word.word for word in words)
            whole = Value(value.facet, " ".join((value.value, *following)))
            yield said(
                "No article has {value}; put a name of several words in quotes: {whole}.",
                value=write(value),
                whole=write(whole),
            )


def _values_together(tree: Node) -> tuple[Value, ...]:
    """The values among the parts of each `Together`."""
    each = sought(leaf for leaf in (*terms(tree), *excluded(tree)) if isinstance(leaf, Together))
    return tuple(dict.fromkeys(one for one in each if isinstance(one, Value)))


def _anywhere(value: Value) -> Together:
    """Finds the articles that have a place of a value: each is near itself."""
    return Together((value, value), MAX_DISTANCE)


def _names_without_places(tree: Node, having: Callable[[Leaf | Condition], int]) -> Iterator[str]:
    for value in _values_together(tree):
        there = having(value)
        if (without := there - having(_anywhere(value))) > 0:
            yield _without_places(write(value), without, there)


def _without_places(value: str, without: int, there: int) -> str:
    if there == 1:
        return said(
            "The only article with {value} does not state where the text names it: /s, /p and /5 do not find it there.",
            value=value,
        )
    if without == 1:
        return said(
            "1 of {there} articles with {value} does not state where the text names it: /s, /p and /5 do not find it "
            "there.",
            there=there,
            value=value,
        )
    return said(
        "{without} of {there} articles with {value} do not state where the text names it: /s, /p and /5 do not find it "
        "there.",
        without=without,
        there=there,
        value=value,
    )
