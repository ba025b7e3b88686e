"""The tree of a query, and exactly what each of its nodes matches: every engine implements these sentences.

A *word* is folded as in `text`; a *form* is a word of an article, folded and not stemmed. A *field* is the title or the
text of an article; a leaf without a field is matched in each of the two, separately. Positions count the words of a
field from 0. A word in any inflection matches the words of an article that have its *term* (`search.text.tokens.term`)
in the language of that article, so that the matches among articles of one language depend on no other.

A node remembers how it was *typed*, without field, operators and quotes, and how its field was *named* where that is
another name than its own (*land*); "" if it was made otherwise. That decides nothing, and equal nodes may differ in it.

A leaf is scored by BM25 with a *frequency*, in which matches in the title count three times, and an *idf*. A
condition is not scored: it adds 0.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, cast

from search.fields import PLACED
from search.text import dates

MAX_EDITS = 2
MAX_SIMILAR = 50
"""Maximum number of forms that a `Fuzzy` expands to."""
MAX_DISTANCE = 100
"""Maximum number of words between those of a `Near`."""


def _typed() -> Any:
    """How a node was typed, which does not make it another."""
    return dataclasses.field(default="", compare=False, repr=False)


def _quoted() -> Any:
    """True for a node that was typed in quotes, which does not make it another."""
    return dataclasses.field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """Every article: the tree of an empty query."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word in any inflection. Frequency: the positions of its term. idf: from the number of articles that
    match.
    """

    word: str
    field: str | None = None
    typed: str = _typed()
    quoted: bool = _quoted()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any form that begins with these folded letters.

    Frequency: the positions of all these forms. idf: from the number of articles that match, as if it were one word.
    """

    letters: str
    field: str | None = None
    typed: str = _typed()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any form similar to this folded word: with the same first letter, and at most `edits` edits away.

    An edit adds, drops or changes a code point, or swaps two neighbours, no code point being edited twice (optimal
    string alignment). Of the archive's forms in any field, the `MAX_SIMILAR` nearest count: the fewest edits first,
    then those that more articles have in title or text (deleted articles still count until their segment is merged, as
    in every statistic), then by spelling, in the order of code points. The field is matched only after that choice.

    Frequency: the positions of these forms. idf: from the number of articles that match, as if it were one word.
    """

    word: str
    edits: int
    field: str | None = None
    typed: str = _typed()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Misread:
    """A folded word in any inflection, or what a program for OCR may have read in its place, in any inflection, too.

    Its *readings* are those of the archive that `search.text.misreadings.forms` chooses, without some, and also some of
    those that are words of their own: each is a word, or two adjacent ones where one was broken. How many articles have
    each, in any field, decides; the field is matched only after that choice.

    Frequency: the positions of all readings, those of the word itself twice, so that what was read right is before what
    was misread. idf: from the number of articles that match, as if it were one word.
    """

    word: str
    without: tuple[str, ...] = ()
    field: str | None = None
    typed: str = _typed()
    also: tuple[str, ...] = ()
    named: str = _typed()

    def read_as(self, reading: str) -> Word | Phrase:
        """What finds one of its readings, or itself."""
        words = tuple(reading.split())
        return Word(reading, self.field) if len(words) == 1 else Phrase(words, self.field)


@dataclass(frozen=True, slots=True)
class Exact:
    """These adjacent folded words as written, not stemmed: the forms of successive positions.

    One word or more. Frequency: the positions of the first word, where the others follow. idf: the sum of that of
    `Exact((word,), field)` over its words, a repeated word repeatedly.
    """

    words: tuple[str, ...]
    field: str | None = None
    typed: str = _typed()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent folded words in this order, each in any inflection; two words or more.

    Frequency: the positions of the first word, where the others follow. idf: the sum of that of `Word(word, field)`
    over its words, a repeated word repeatedly.
    """

    words: tuple[str, ...]
    field: str | None = None
    typed: str = _typed()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Near:
    """Folded words near each other in any order, each in any inflection; two words or more, distance 0 or more.

    The terms of all words are a multiset. A window is a range of positions of one field, from `first` to `last`
    inclusive, that contains the whole multiset: a term that occurs twice in it, at two positions. It is minimal if no
    smaller range inside it contains the multiset. An article matches if it has a window with
    (last - first) - (words - 1) <= distance: at most this many other words are in it.

    Frequency: the number of such minimal windows, which may overlap. (Of the ranges that end at a position, take the
    latest start with the whole multiset; a minimal window ends wherever that start is greater than at the position
    before, or exists for the first time.) idf: as of a `Phrase`.
    """

    words: tuple[str, ...]
    distance: int
    field: str | None = None
    typed: str = _typed()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Value:
    """Articles that have a value in a facet: equal to it when both are folded as names (`text.fold`).

    For `country`, `topic` and `language` it is a code, or the typed text if that is not in the vocabulary (no article
    has such a value). A topic includes the narrower ones, as the facet's own filter does.
    """

    facet: str
    value: str
    typed: str = _typed()
    quoted: bool = _quoted()
    named: str = _typed()


@dataclass(frozen=True, slots=True)
class Days:
    """Articles whose day of publication (`dates.day_of`) lies in a range, both ends included; never undated ones.

    For `mentioned`, one of the dates in the text must lie in the range with all its days: a range of one month matches
    that month and its days, and not its year. For `added`, it is the day in UTC on which the article was first indexed.

    Ends are a day, a month, a year, or relative to today (`-7d`, `last-week`), as `dates.written` returns them; None is
    open, and at most one is None.
    """

    first: str | None
    last: str | None
    field: str = "published"
    typed: str = _typed()
    named: str = _typed()

    def bounds(self, today: date | None = None) -> tuple[date | None, date | None]:
        """The first day and the last; None if the range is open."""
        today = today or date.today()
        return (
            dates.parse_bound(self.first, today).first if self.first else None,
            dates.parse_bound(self.last, today).last if self.last else None,
        )


@dataclass(frozen=True, slots=True)
class Id:
    """The article with this id."""

    id: str


@dataclass(frozen=True, slots=True)
class Url:
    """Articles whose address, normalized by `addresses.key`, begins with this."""

    beginning: str
    typed: str = _typed()


@dataclass(frozen=True, slots=True)
class And:
    """Every part. Scored by the sum of its parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part. Scored by the sum of the parts that match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `least` of the parts, which are different: two or more. Scored by the sum of the parts that match."""

    parts: tuple[Node, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Not:
    """Every article that the part does not match; not scored."""

    part: Node


@dataclass(frozen=True, slots=True)
class Together:
    """Parts in one sentence or paragraph, or adjacent (two parts or more), or near each other (exactly two).

    A part is a `Word`, `Prefix`, `Fuzzy`, `Misread`, `Exact` or `Phrase`, a `Value` of a facet in `fields.PLACED`, or
    an `Or` of these. It has *places*, ranges of positions of one field: of a word each of its positions, of a phrase
    the positions of its words, of a value each word of its mentions, of an `Or` the places of all its parts. A mention
    is evidence, whatever its words, of a value that the article has and that is shown as this one; its words overlap
    its passage.

    Args:
        within: `s` or `p`, if each part must have a place inside one and the same sentence or paragraph
            (`snippets.sentences`; a title is one of each); a number of words, if both must have places in one field
            that overlap, or of which the later begins at most this many positions after the end of the other; `next`,
            if each part must begin where the one before it ends, in this order: a phrase.

    Frequency: of sentences or paragraphs, those in which all parts have a place. Of near places, the places of the part
    that has fewer that are near one of the other part. Of a phrase, the places of its last part at its end. idf: the
    sum of that of the parts; of an `Or`, and of a value,
    from the number of articles that match, as if it were one word.
    """

    parts: tuple[Part, ...]
    within: Literal["s", "p", "next"] | int

    @property
    def field(self) -> None:
        """Its parts have fields, it has none."""


Placed = Word | Prefix | Fuzzy | Misread | Exact | Phrase | Value
"""Nodes that have places in an article; a `Value` only of a facet in `fields.PLACED`."""
Leaf = Word | Prefix | Fuzzy | Misread | Exact | Phrase | Near | Together
"""Nodes that are matched in title and text, scored and marked."""
Condition = Value | Days | Id | Url
"""Nodes that filter articles, not scored and not marked."""
Joint = And | Or | AtLeast
"""Nodes of which several parts decide."""
Node = All | Leaf | Condition | Joint | Not
Part = Placed | Or
"""A part of a `Together`; an `Or` has only `Placed` parts."""


def alternatives(part: Node) -> tuple[Placed, ...] | None:
    """The nodes of which any makes a part of a `Together`; None if it cannot be one: a leaf must be `Placed`."""
    match part:
        case Word() | Prefix() | Fuzzy() | Misread() | Exact() | Phrase():
            return (part,)
        case Value(facet) if facet in PLACED:
            return (part,)
        case Or(parts):
            found = [alternatives(one) for one in parts]
            return tuple(inner for one in found if one for inner in one) if all(found) else None
        case _:
            return None


def nodes(tree: Node) -> Iterator[Node]:
    """A tree and all its parts, also those under a NOT."""
    yield tree
    match tree:
        case And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from nodes(part)
        case Together():
            for part in tree.parts:
                yield from nodes(part)
        case Not(part):
            yield from nodes(part)
        case _:
            pass


def joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node:
    """All of some parts, or any, one at least; parts of the same kind are replaced by theirs."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def mapped(tree: Node, change: Callable[[Node], Node]) -> Node:
    """A tree with what is below And, Or, AtLeast and Not replaced by what a function makes of it."""
    match tree:
        case And(parts) | Or(parts) | AtLeast(parts):
            return replace(tree, parts=tuple(mapped(part, change) for part in parts))
        case Not(part):
            return Not(mapped(part, change))
        case _:
            return change(tree)


def at_least(least: int, parts: Iterable[Node]) -> Node:
    """At least so many of some parts, one at least; equal parts are one, and all are required if there are not more."""
    different = tuple(dict.fromkeys(parts))
    if least <= 1 or len(different) == 1:
        return joined(Or, different)
    return AtLeast(different, min(least, len(different)))


def depends_on_others(tree: Node) -> bool:
    """True if an article may match or not according to what other articles have: names merged by evidence, and the
    nearest of similar forms.
    """
    return any(isinstance(n, Fuzzy | Misread) or (isinstance(n, Value) and n.facet == "person") for n in nodes(tree))


def misread(tree: Node) -> tuple[Misread, ...]:
    """The words by which an article may be found that a scanner may have misread, each once."""
    return tuple(dict.fromkeys(one for one in sought(leaves(tree)) if isinstance(one, Misread)))


def by_word(leaves: Iterable[Misread]) -> Iterator[tuple[str, Sequence[Misread]]]:
    """Misread words, each with its nodes, of which there are several if it is in several fields."""
    found: dict[str, list[Misread]] = {}
    for leaf in leaves:
        found.setdefault(leaf.word, []).append(leaf)
    yield from found.items()


def resting_on(tree: Node, word: str) -> Node:
    """What a tree requires that has a misread word: each match of the tree has the rest anyway, however it was read."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return joined(And, [part for part in parts if _has_misread(part, word)])


def without_readings(tree: Node, word: str, readings: Collection[str]) -> Node:
    """A tree whose misread word is not taken for some of its readings."""
    return _reread(tree, word, lambda one: replace(one, without=(*one.without, *readings)))


def with_readings(tree: Node, word: str, readings: Collection[str]) -> Node:
    """A tree whose misread word is also taken for some that are words of their own."""
    return _reread(tree, word, lambda one: replace(one, also=(*one.also, *readings)))


def _reread(tree: Node, word: str, change: Callable[[Misread], Misread]) -> Node:
    def changed(node: Node) -> Node:
        match node:
            case Together(parts):
                return replace(node, parts=tuple(cast(Part, mapped(part, changed)) for part in parts))
            case Misread() if node.word == word:
                return change(node)
            case _:
                return node

    return mapped(tree, changed)


def is_denied(tree: Node, word: str) -> bool:
    """True if a misread word is under a NOT."""
    return any(isinstance(node, Not) and _has_misread(node, word) for node in nodes(tree))


def _has_misread(tree: Node, word: str) -> bool:
    return any(isinstance(node, Misread) and node.word == word for node in nodes(tree))


def sought(leaves: Iterable[Leaf]) -> Iterator[Leaf | Value]:
    """These leaves, and the alternatives of the parts of each `Together` among them."""
    for leaf in leaves:
        yield leaf
        if isinstance(leaf, Together):
            for part in leaf.parts:
                yield from alternatives(part) or ()


def terms(tree: Node) -> Iterator[Leaf | Condition]:
    """Leaves and conditions by which an article may be found: those not under a NOT, in order, each once.

    The answer states how many articles have each of them.
    """
    return iter(dict.fromkeys(_terms(tree)))


def excluded(tree: Node) -> Iterator[Leaf | Condition]:
    """Leaves and conditions that no match may have: those under a NOT, unless negated again."""
    return iter(dict.fromkeys(_excluded(tree, under=False)))


def leaves(tree: Node) -> Iterator[Leaf]:
    """The leaves among the terms; a query without any has no scores, and is sorted by date."""
    return (term for term in terms(tree) if isinstance(term, Leaf))


def _terms(tree: Node) -> Iterator[Leaf | Condition]:
    match tree:
        case And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _terms(part)
        case All() | Not():
            pass
        case _:
            yield tree


def _excluded(tree: Node, under: bool) -> Iterator[Leaf | Condition]:
    match tree:
        case And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _excluded(part, under)
        case Not(part):
            yield from _excluded(part, not under)
        case All():
            pass
        case _ if under:
            yield tree
