"""Corrects a query that finds nothing, or has a word that is unknown or most likely misspelled.

<<<<<<< HEAD
The first of these that finds more is offered: the query with its fields, names and words in the most likely spelling;
with only the unknown words in their nearest spelling; with the words of its phrases, and what must be in one sentence,
anywhere in the article; without the parts that no article has; without the one part whose removal finds most, the last
of equals; with any of its parts instead of all.
=======
The first of these that finds more is offered: the query with its names and words in the most likely spelling; with
only the unknown words in their nearest spelling; with the words of its phrases, and what must be in one sentence,
anywhere in the article; without the parts that no article has; also without the one correction whose removal finds
most, the last of equals; without any, so that what exists remains as typed; without the one part whose removal finds
most; with any of its parts instead of all. Only if nothing in the query exists are its corrections such parts.
>>>>>>> 4f270a9d (Suggest no guess in place of a word that exists)

A rare word is most likely misspelled if one edit makes it a far commoner one (`FAR`): *volker* has a few articles,
*volcker* hundreds. If the query finds something, the correction is offered only if it finds far more. A name is looked
up among those of the archive (`near_names`), together with the words typed after it; a country, a topic or a language
among the labels of its vocabulary, in every language.

Nothing is replaced automatically: the caller decides. Cost: one search for each query tried, `MAX_PARTS`,
`MAX_WORDS` and eight at most, and a scan of the words with the same first letter, for `MAX_WORDS` words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol, TypeGuard, cast

from search.fields import BY_NAME
from search.measures.reading import named
from search.names.vocabulary import vocabulary
from search.syntax import askable, conditions, nodes, parse, spelled, write
from search.syntax.parser import field_near

MAX_PARTS = 16
MAX_WORDS = 16
MAX_VALUES = 4
"""How many values that a vocabulary does not have are corrected, some milliseconds each."""
SHORT = 5
"""Words up to this length are corrected by one edit; longer ones by `MAX_EDITS`."""
MIN_LETTERS = 3
FAR = 20
"""A word is far commoner than another if it has this many times its articles."""
FEW = 10
"""If the query finds something, only words with at most this many articles are corrected."""
SURE_LETTERS = 4
"""Minimum length of a word of the archive that is corrected."""
COMPARED = 4
"""How many of the most frequent words one edit away are compared."""

_NAMED = re.compile(r"([^\W\d]+):([^\s()]+)")
"""A word after the name of a field."""


class Archive(Protocol):
    """The properties of an archive that corrections depend on."""

    def having(self, term: nodes.Leaf | nodes.Condition) -> int:
        """How many articles have a term."""
        ...

    def nearest(self, word: str, edits: int) -> list[str]:
        """The archive's words within this many edits of a word, best first."""
        ...

    def named(self, facet: str, name: str) -> str | None:
        """The value of a facet that is nearest to a name (`near_names.nearest`), as the archive spells it."""
        ...

    def total(self, text: str) -> int:
        """How many articles a query finds under the filters in force."""
        ...


def may_offer(tree: nodes.Node, total: int, having: Callable[[nodes.Leaf | nodes.Condition], int]) -> bool:
    """False if `offer` has nothing to offer, because the query finds something by words that are not rare.

    Args:
        having: how many articles have a term.
    """
    return not total or any(
        having(term) <= (FEW if isinstance(term, nodes.Word | nodes.Phrase) else 0)
        for term in _terms(tree)
        if isinstance(term, nodes.Word | nodes.Phrase) or _is_name(term)
    )


def offer(tree: nodes.Node, total: int, archive: Archive) -> str | None:
    """The query to offer, as it was typed where nothing is corrected; None if there is nothing to offer."""
    unknown = any(
        not archive.having(term)
        for term in _terms(tree)
        if isinstance(term, nodes.Word | nodes.Phrase) or _is_name(term)
    )
    tried = {tree}
    if total and not unknown:
        likely = _replaced(tree, _spellings(tree, archive, FEW))
        return _best([likely], FAR * total - 1, archive, tried)
    for trees in _attempts(tree, total, archive):
        best = _best(trees, total, archive, tried)
        if best is not None:
            return best
    return None


def _terms(tree: nodes.Node) -> Iterator[nodes.Leaf | nodes.Condition]:
    """The terms of a query, and those that are parts of a term."""
    for term in nodes.terms(tree):
        yield from nodes.sought((term,)) if isinstance(term, nodes.Together) else (term,)


def _best(trees: list[nodes.Node], most: int, archive: Archive, tried: set[nodes.Node]) -> str | None:
    """The query that finds most, as one would type it; None if none finds more than `most`.

    Args:
        tried: queries that need no search, to which those that had one are added.
    """
    best = None
    for one in trees:
        text = "" if one in tried else write(one)
        tried.add(one)
        if text and askable(text) and (found := archive.total(text)) > most:
            best, most = one, found
    return None if best is None else spelled(best)


def _is_name(term: nodes.Leaf | nodes.Condition) -> bool:
    return _is_unknown(term) or any(term == value for value, _ in named(term))


def _attempts(tree: nodes.Node, total: int, archive: Archive) -> Iterator[list[nodes.Node]]:
    """The attempts, in order: lists of queries, from each of which the one that finds most is taken."""
    called = _as_names(_in_vocabulary(_in_fields(tree)), archive)
    yield [_replaced(called, _spellings(called, archive, None))]
    nearest = _spellings(called, archive, 0)
    spelled = _replaced(called, nearest)
    yield [spelled]
    if total:
        return
    yield [_loosened(spelled, lambda _: True)]
    known = _known(spelled, archive)
    yield [_all(known)]
    fewer = [_replaced(called, {one: nearest[one] for one in nearest if one != word}) for word in reversed(nearest)]
    yield [_all(_known(one, archive)) for one in (*fewer, _replaced(tree, nearest))]
    typed = _known(tree, archive)
    yield [_all(typed)]
    if not all(isinstance(part, nodes.Not) for part in typed):
        known = typed
    if len(known) <= MAX_PARTS:
        yield [_all(known[:n] + known[n + 1 :]) for n in reversed(range(len(known)))]
    wanted = tuple(part for part in known if not isinstance(part, nodes.Not))
    if len(wanted) > 1:
        yield [_all((nodes.Or(_flat(wanted)), *(part for part in known if isinstance(part, nodes.Not))))]


def _known(tree: nodes.Node, archive: Archive) -> tuple[nodes.Node, ...]:
    """The parts of a query without those that no article has; of such a phrase, the words that some have."""
    loose = _loosened(tree, lambda phrase: not archive.having(phrase))
    return tuple(
        part
        for part in (loose.parts if isinstance(loose, nodes.And) else (loose,))
        if not isinstance(part, nodes.Leaf | nodes.Condition) or archive.having(part)
    )


def _all(parts: tuple[nodes.Node, ...]) -> nodes.Node:
    """The conjunction of these parts; every article if all are exclusions."""
    if all(isinstance(part, nodes.Not) for part in parts):
        return nodes.All()
    return parts[0] if len(parts) == 1 else nodes.And(parts)


def _flat(parts: tuple[nodes.Node, ...]) -> tuple[nodes.Node, ...]:
    return tuple(inner for part in parts for inner in (part.parts if isinstance(part, nodes.Or) else (part,)))


def _loosened(node: nodes.Node, which: Callable[[nodes.Leaf], bool]) -> nodes.Node:
    """The tree with some phrases, and parts in one sentence, replaced by the conjunction of their words or parts;
    exclusions are unchanged.
    """
    match node:
        case nodes.Together(parts) if which(node):
            return _all(tuple(dict.fromkeys(parts)))
        case nodes.Phrase(several, field) if which(node):
            return _all(tuple(nodes.Word(word, field) for word in dict.fromkeys(several)))
        case nodes.And(parts):
            loose = (_loosened(part, which) for part in parts)
            flat = (inner for part in loose for inner in (part.parts if isinstance(part, nodes.And) else (part,)))
            return _all(tuple(dict.fromkeys(flat)))
        case nodes.Or(parts) | nodes.AtLeast(parts):
            return replace(node, parts=tuple(_loosened(part, which) for part in parts))
        case _:
            return node


def _as_names(tree: nodes.Node, archive: Archive) -> nodes.Node:
    """The tree with unknown names, and the words that belong to them, replaced by the most likely known ones."""
    parts = list(tree.parts) if isinstance(tree, nodes.And) else [tree]
    before = tuple(parts)
    for value, words in reversed(list(named(tree))):
        if archive.having(value):
            continue
        for count in range(len(words), -1, -1):
            typed = " ".join((value.value, *(word.word for word in words[:count])))
            if (meant := archive.named(value.facet, typed)) is not None:
                at = next(place for place, part in enumerate(parts) if part is value)
                parts[at : at + 1 + count] = [nodes.Value(value.facet, meant, named=value.named)]
                break
    return tree if tuple(parts) == before else _all(tuple(parts))


def _in_fields(tree: nodes.Node) -> nodes.Node:
    """The tree with what was typed as words after the name of a field that does not exist in the nearest field."""

    def renamed(node: nodes.Node) -> nodes.Node:
        named = _NAMED.fullmatch(node.typed) if isinstance(node, nodes.Phrase) else None
        near = named and field_near(named[1])
        return parse(f"{near}:{named[2]}").tree if named and near else node

    return nodes.mapped(tree, renamed)


def _in_vocabulary(tree: nodes.Node) -> nodes.Node:
    """The tree with the first `MAX_VALUES` countries, topics and languages that do not exist as the nearest."""
    unknown = [term for term in dict.fromkeys(nodes.terms(tree)) if _is_unknown(term)]
    nearest: dict[nodes.Word | nodes.Value, str] = {}
    for value in unknown[:MAX_VALUES]:
        if (near := conditions.nearest(value)) is not None:
            nearest[value] = near
    return _replaced(tree, nearest) if nearest else tree


def _is_unknown(term: nodes.Leaf | nodes.Condition) -> TypeGuard[nodes.Value]:
    """True for a value that its vocabulary does not have."""
    known = BY_NAME[term.facet].vocabulary if isinstance(term, nodes.Value) else None
    return isinstance(term, nodes.Value) and known is not None and vocabulary(known).meant(term.value) is None


def _spellings(tree: nodes.Node, archive: Archive, most: int | None) -> dict[nodes.Word | nodes.Value, str]:
    """The most likely spelling of each of the first `MAX_WORDS` words that may be misspelled, if it is another.

    Args:
        most: only words with at most this many articles are corrected; None for no limit.
    """
    nearest: dict[nodes.Word, str] = {}
    for term in _terms(tree):
        if not isinstance(term, nodes.Word | nodes.Phrase) or (most is not None and archive.having(term) > most):
            continue
        parts = term.words if isinstance(term, nodes.Phrase) else (term.word,)
        for word in (nodes.Word(part, term.field) for part in parts):
            if len(word.word) < MIN_LETTERS or word in nearest or len(nearest) == MAX_WORDS:
                continue
            having = archive.having(word)
            if not having:
                near = archive.nearest(word.word, 1 if len(word.word) <= SHORT else nodes.MAX_EDITS)
                same = (other for other in near if other != word.word and _digits(other) == _digits(word.word))
                nearest[word] = next(same, word.word)
            elif most is None or having <= most:
                nearest[word] = _far_commoner(word, having, archive)
    return {word: other for word, other in nearest.items() if other != word.word}


def _digits(word: str) -> list[str]:
    """The digits of a word, which are never corrected: another year is no spelling of the one that was typed."""
    return [character for character in word if character.isdigit()]


def _far_commoner(word: nodes.Word, having: int, archive: Archive) -> str:
    """The far commoner word that is one edit away; the word itself if there is none."""
    if len(word.word) >= SURE_LETTERS and word.word.isalpha():
        near = [other for other in archive.nearest(word.word, 1) if other != word.word and other.isalpha()]
        for other in near[:COMPARED]:
            if archive.having(nodes.Word(other, word.field)) >= FAR * having:
                return other
    return word.word


def _replaced(node: nodes.Node, nearest: Mapping[nodes.Word | nodes.Value, str]) -> nodes.Node:
    match node:
        case nodes.Word(_, field) if node in nearest:
            return nodes.Word(nearest[node], field, named=node.named)
        case nodes.Value(facet) if node in nearest:
            known = BY_NAME[facet].vocabulary
            code = vocabulary(known).meant(nearest[node]) if known else None
            return nodes.Value(facet, code or nearest[node], nearest[node], named=node.named)
        case nodes.Phrase(several, field):
            words = tuple(nearest.get(nodes.Word(word, field), word) for word in several)
            return node if words == several else nodes.Phrase(words, field, named=node.named)
        case nodes.Together(of):
            return replace(node, parts=tuple(cast(nodes.Part, _replaced(part, nearest)) for part in of))
        case nodes.And(parts) | nodes.Or(parts) | nodes.AtLeast(parts):
            return replace(node, parts=tuple(_replaced(part, nearest) for part in parts))
        case _:
            return node
