"""Which parts of a `Together` occur in one sentence, in one paragraph, or near each other, by comparing all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise, product

from search.syntax import nodes
from search.text.tokens import term, tokens
from search.values.article import Article
from tests.plain_engine.words import terms_of, words_of
from tests.search.snippets.plain_passages import PARAGRAPH, sentences

Range = tuple[int, int]


@cache
def units_of(text: str, language: str | None, within: str) -> tuple[int, ...]:
    """The number of each word's sentence, or paragraph."""
    starts = [start for start, _ in sentences(text, language)]
    if within == "p":
        starts = [0, *(match.end() for match in PARAGRAPH.finditer(text))]
    return tuple(sum(start <= token.start for start in starts) for token in tokens(text))


def places_of(
    node: nodes.Placed, article: Article, field: str, like: Callable[[str, int], Sequence[str]],
    readings: Callable[[nodes.Misread], Sequence[str]], named: Callable[[str, str], str | None],
) -> Iterator[Range]:  # fmt: skip
    """The places of a node in a field: the first and the last word of each.

    Args:
        like: the forms similar to a word.
        readings: what is taken for a word.
        named: the name under which a value of a facet is shown.
    """
    text = getattr(article, field)
    if not isinstance(node, nodes.Value) and node.field not in (None, field):
        return
    forms, inflected = words_of(text), terms_of(text, article.language)
    match node:
        case nodes.Word(word):
            yield from runs(inflected, (term(word, article.language),))
        case nodes.Phrase(words):
            yield from runs(inflected, tuple(term(word, article.language) for word in words))
        case nodes.Exact(words):
            yield from runs(forms, words)
        case nodes.Prefix(letters):
            yield from ((n, n) for n, form in enumerate(forms) if form.startswith(letters))
        case nodes.Fuzzy(word, edits):
            yield from ((n, n) for n, form in enumerate(forms) if form in like(word, edits))
        case nodes.Misread():
            for read in readings(node):
                yield from runs(inflected, tuple(term(part, article.language) for part in read.split()))
        case nodes.Value(facet, value):
            shown = named(facet, value)
            for entry in article.evidence.get(facet, ()):
                mine = entry.value in getattr(article, facet) and shown is not None
                if mine and named(facet, entry.value) == shown and entry.within == field and entry.start is not None:
                    for n, token in enumerate(tokens(text)):
                        if max(token.start, entry.start) < min(token.end, entry.end or 0):
                            yield n, n


def runs(words: tuple[str, ...], wanted: tuple[str, ...]) -> Iterator[Range]:
    """Where these words stand side by side."""
    for first in range(len(words) - len(wanted) + 1):
        if words[first : first + len(wanted)] == wanted:
            yield first, first + len(wanted) - 1


def taking_part(
    leaf: nodes.Together, article: Article, field: str, each: Sequence[Sequence[Range]]
) -> list[set[Range]]:
    """The places of each part that take part.

    Args:
        each: the places of each part in the field.
    """
    if isinstance(leaf.within, int):
        one, other = each
        near = [(a, b) for a, b in product(one, other) if max(a[0], b[0]) - min(a[1], b[1]) <= leaf.within]
        return [{a for a, _ in near}, {b for _, b in near}]
    if leaf.within == "next":
        rows = [row for row in product(*each) if all(a[1] + 1 == b[0] for a, b in pairwise(row))]
        return [{row[part] for row in rows} for part in range(len(each))]
    units = _units(article, field, leaf.within)
    inside = [[place for place in places if units[place[0]] == units[place[1]]] for places in each]
    common = set.intersection(*({units[first] for first, _ in places} for places in inside))
    return [{place for place in places if units[place[0]] in common} for places in inside]


def _units(article: Article, field: str, within: str) -> Sequence[int]:
    """The number of the sentence, or paragraph, of each word of a field; a title is one."""
    text = getattr(article, field)
    return [0] * len(words_of(text)) if field == "title" else units_of(text, article.language, within)


def frequency(leaf: nodes.Together, article: Article, field: str, each: Sequence[Sequence[Range]]) -> int:
    """The frequency in one field."""
    taking = taking_part(leaf, article, field, each)
    if isinstance(leaf.within, int):
        return min(map(len, taking))
    if leaf.within == "next":
        return len(taking[-1])
    units = _units(article, field, leaf.within)
    return len({units[first] for first, _ in taking[0]})
