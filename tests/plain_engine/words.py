"""What occurs in a text: words, phrases, windows, and similar spellings."""

from __future__ import annotations

from collections import Counter
from functools import cache

from search.syntax import nodes
from search.text.tokens import term, tokens
from search.values.article import Article


@cache
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, as they are written."""
    return tuple(token.word for token in tokens(text))


@cache
def terms_of(text: str, language: str | None) -> tuple[str, ...]:
    """The terms of a text."""
    return tuple(term(word, language) for word in words_of(text))


def length_of(article: Article) -> int:
    return 3 * len(words_of(article.title)) + len(words_of(article.text))


def runs_of(words: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    """Where these words stand side by side."""
    return sum(tuple(words[at : at + len(wanted)]) == wanted for at in range(len(words)))


def windows_of(words: tuple[str, ...], bag: tuple[str, ...], distance: int) -> int:
    """Ranges that have all words of the bag, and no more others than the distance, and no smaller range in them."""

    def has(first: int, last: int) -> bool:
        return Counter(bag) <= Counter(words[first : last + 1])

    return sum(
        has(first, last) and not has(first + 1, last) and not has(first, last - 1)
        for first in range(len(words))
        for last in range(first + len(bag) - 1, min(first + len(bag) + distance, len(words)))
    )


def weighing(leaf: nodes.Leaf) -> list[nodes.Leaf]:
    """The words whose idf makes that of a leaf."""
    match leaf:
        case nodes.Phrase(words) | nodes.Near(words):
            return [nodes.Word(word, leaf.field) for word in words]
        case nodes.Exact(words):
            return [nodes.Exact((word,), leaf.field) for word in words]
        case _:
            return [leaf]


def between(a: str, b: str, edits: int) -> int | None:
    """How far one word is from the other, in edits; None if it is farther than these."""
    return found if a[0] == b[0] and (found := edits_between(a, b)) <= edits else None


def edits_between(a: str, b: str) -> int:
    """How many letters to add, drop, change or swap with a neighbour make one word of the other, none edited twice."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y)))
            if i > 1 and j > 1 and (x, y) == (b[j - 2], a[i - 2]):
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
