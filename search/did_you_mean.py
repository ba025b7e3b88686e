"""A query that finds nothing, or has a word that no article has: the query that would find more.

In this order, the first that finds more: the query with such words in their nearest spelling; with the words of its
phrases anywhere; without the parts that no article has; without the one part whose loss finds most, the last of equals;
with any of its parts instead of all. Nothing is replaced by itself: who asks decides. Cost: one search for each query
tried, `MAX_PARTS` and four at most, and a walk through the words with the same first letter, for `MAX_WORDS` words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from search.syntax import MAX_EDITS, All, And, Condition, Leaf, Node, Not, Or, Phrase, Word, askable, terms, write

MAX_PARTS = 16
MAX_WORDS = 16
SHORT = 5
"""Letters of a word up to which one edit is looked for; beyond, `MAX_EDITS`."""
MIN_LETTERS = 3


class Archive(Protocol):
    """What must be known of an archive."""

    def having(self, term: Leaf | Condition) -> int:
        """How many articles have a term."""
        ...

    def nearest(self, word: str, edits: int) -> list[str]:
        """The archive's words that are spelled nearly so, the best first."""
        ...

    def total(self, text: str) -> int:
        """How many articles a query finds under the filters in force."""
        ...


def offer(tree: Node, total: int, archive: Archive) -> str | None:
    """The query to offer, in canonical form; None where there is none."""
    if total and all(archive.having(term) for term in terms(tree) if isinstance(term, Word | Phrase)):
        return None
    spelled = _spelled(tree, archive)
    for trees in _attempts(tree, spelled, total, archive):
        best, most = None, total
        for one in trees:
            text = write(one)
            if text and askable(text) and (found := archive.total(text)) > most:
                best, most = text, found
        if best is not None:
            return best
    return None


def _attempts(tree: Node, spelled: Node, total: int, archive: Archive) -> Iterator[list[Node]]:
    """What is tried: lists of queries, of each list the one that finds most."""
    if spelled != tree:
        yield [spelled]
    if total:
        return
    loose = _loosened(spelled, lambda _: True)
    if loose != spelled:
        yield [loose]
    tree = _loosened(spelled, lambda phrase: not archive.having(phrase))
    if not isinstance(tree, And):
        return
    known = tuple(part for part in tree.parts if not isinstance(part, Leaf | Condition) or archive.having(part))
    if len(known) < len(tree.parts):
        yield [_all(known)]
    if len(known) <= MAX_PARTS:
        yield [_all(known[:n] + known[n + 1 :]) for n in reversed(range(len(known)))]
    wanted = tuple(part for part in known if not isinstance(part, Not))
    if len(wanted) > 1:
        yield [_all((Or(_flat(wanted)), *(part for part in known if isinstance(part, Not))))]


def _all(parts: tuple[Node, ...]) -> Node:
    """All of these; every article where nothing is wanted."""
    if all(isinstance(part, Not) for part in parts):
        return All()
    return parts[0] if len(parts) == 1 else And(parts)


def _flat(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))


def _loosened(node: Node, which: Callable[[Phrase], bool]) -> Node:
    """The tree with the words of some phrases anywhere in an article, each of them; exclusions stay as they are."""
    match node:
        case Phrase(several, field) if which(node):
            return _all(tuple(Word(word, field) for word in dict.fromkeys(several)))
        case And(parts):
            loose = (_loosened(part, which) for part in parts)
            flat = (inner for part in loose for inner in (part.parts if isinstance(part, And) else (part,)))
            return _all(tuple(dict.fromkeys(flat)))
        case Or(parts):
            return Or(tuple(_loosened(part, which) for part in parts))
        case _:
            return node


def _spelled(tree: Node, archive: Archive) -> Node:
    """The tree with words that no article has in their nearest spelling, the first `MAX_WORDS` of them."""
    nearest: dict[Word, str] = {}
    for term in terms(tree):
        if isinstance(term, Word | Phrase) and not archive.having(term):
            parts = term.words if isinstance(term, Phrase) else (term.word,)
            for word in (Word(part, term.field) for part in parts):
                if len(word.word) < MIN_LETTERS or word in nearest or archive.having(word):
                    continue
                if len(nearest) < MAX_WORDS:
                    near = archive.nearest(word.word, 1 if len(word.word) <= SHORT else MAX_EDITS)
                    nearest[word] = next((other for other in near if other != word.word), word.word)
    return _replaced(tree, nearest) if nearest else tree


def _replaced(node: Node, nearest: Mapping[Word, str]) -> Node:
    match node:
        case Word(word, field):
            return Word(nearest.get(node, word), field)
        case Phrase(several, field):
            return Phrase(tuple(nearest.get(Word(word, field), word) for word in several), field)
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_replaced(part, nearest) for part in parts))
        case _:
            return node
