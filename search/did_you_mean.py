"""A query that finds nothing, or has a word that no article has or that is most likely misspelled: the one to offer.

In this order, the first that finds more: the query with names and words in the spelling that was most likely meant;
with only the words that no article has in their nearest spelling; with the words of its phrases anywhere; without the
parts that no article has; without the one part whose loss finds most, the last of equals; with any of its parts instead
of all.

A word that few articles have is most likely misspelled where one edit makes it a far commoner one (`FAR`): *volker* has
a few articles, *volcker* hundreds. A query that finds something gets such an offer only where it finds far more. A name
is looked for among those of the archive (`near_names`), together with the words that were typed behind it.

Nothing is replaced by itself: who asks decides. Cost: one search for each query tried, `MAX_PARTS` and five at most,
and a walk through the words with the same first letter, for `MAX_WORDS` words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from search.reading import named
from search.syntax import (
    MAX_EDITS,
    All,
    And,
    Condition,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Value,
    Word,
    askable,
    terms,
    write,
)

MAX_PARTS = 16
MAX_WORDS = 16
SHORT = 5
"""Letters of a word up to which one edit is looked for; beyond, `MAX_EDITS`."""
MIN_LETTERS = 3
FAR = 20
"""How many times the articles of a word those of a far commoner one are."""
FEW = 10
"""Articles up to which a word is thought misspelled where the query finds something."""
SURE_LETTERS = 4
"""Letters that a word of the archive needs to be thought misspelled."""
COMPARED = 4
"""Of the most frequent words one edit away, those that are looked at."""


class Archive(Protocol):
    """What must be known of an archive."""

    def having(self, term: Leaf | Condition) -> int:
        """How many articles have a term."""
        ...

    def nearest(self, word: str, edits: int) -> list[str]:
        """The archive's words that are spelled nearly so, the best first."""
        ...

    def named(self, facet: str, name: str) -> str | None:
        """The value of a facet that was meant by a name (`near_names.nearest`), as the archive spells it."""
        ...

    def total(self, text: str) -> int:
        """How many articles a query finds under the filters in force."""
        ...


def offer(tree: Node, total: int, archive: Archive) -> str | None:
    """The query to offer, in canonical form; None where there is none."""
    unknown = any(not archive.having(term) for term in terms(tree) if isinstance(term, Word | Phrase) or _is_name(term))
    if total and not unknown:
        likely = _spelled(tree, archive, FEW)
        return None if likely == tree else _best([likely], FAR * total - 1, archive)
    for trees in _attempts(tree, total, archive):
        best = _best(trees, total, archive)
        if best is not None:
            return best
    return None


def _best(trees: list[Node], most: int, archive: Archive) -> str | None:
    """The query that finds most, if it finds more than so many."""
    best = None
    for one in trees:
        text = write(one)
        if text and askable(text) and (found := archive.total(text)) > most:
            best, most = text, found
    return best


def _is_name(term: Leaf | Condition) -> bool:
    return any(term == value for value, _ in named(term))


def _attempts(tree: Node, total: int, archive: Archive) -> Iterator[list[Node]]:
    """What is tried: lists of queries, of each list the one that finds most."""
    called = _called(tree, archive)
    likely = _spelled(called, archive, None)
    if likely != tree:
        yield [likely]
    spelled = _spelled(called, archive, 0)
    if spelled not in (tree, likely):
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


def _called(tree: Node, archive: Archive) -> Node:
    """The tree with names that no article has as they were most likely meant, with the words that belong to them."""
    parts = list(tree.parts) if isinstance(tree, And) else [tree]
    before = tuple(parts)
    for value, words in reversed(list(named(tree))):
        if archive.having(value):
            continue
        for count in range(len(words), -1, -1):
            typed = " ".join((value.value, *(word.word for word in words[:count])))
            if (meant := archive.named(value.facet, typed)) is not None:
                at = next(place for place, part in enumerate(parts) if part is value)
                parts[at : at + 1 + count] = [Value(value.facet, meant)]
                break
    return tree if tuple(parts) == before else _all(tuple(parts))


def _spelled(tree: Node, archive: Archive, most: int | None) -> Node:
    """The tree with words in the spelling that was most likely meant, the first `MAX_WORDS` that may be misspelled.

    Args:
        most: articles that a word has at most; None for any number, where one edit makes it far commoner.
    """
    nearest: dict[Word, str] = {}
    for term in terms(tree):
        if not isinstance(term, Word | Phrase) or (most is not None and archive.having(term) > most):
            continue
        parts = term.words if isinstance(term, Phrase) else (term.word,)
        for word in (Word(part, term.field) for part in parts):
            if len(word.word) < MIN_LETTERS or word in nearest or len(nearest) == MAX_WORDS:
                continue
            having = archive.having(word)
            if not having:
                near = archive.nearest(word.word, 1 if len(word.word) <= SHORT else MAX_EDITS)
                nearest[word] = next((other for other in near if other != word.word), word.word)
            elif most is None or having <= most:
                nearest[word] = _far_commoner(word, having, archive)
    return _replaced(tree, nearest) if nearest else tree


def _far_commoner(word: Word, having: int, archive: Archive) -> str:
    """The far commoner word that one edit makes of a word; itself where there is none."""
    if len(word.word) >= SURE_LETTERS and word.word.isalpha():
        near = [other for other in archive.nearest(word.word, 1) if other != word.word and other.isalpha()]
        for other in near[:COMPARED]:
            if archive.having(Word(other, word.field)) >= FAR * having:
                return other
    return word.word


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
