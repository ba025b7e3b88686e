"""The tree that a query is read as, and what each of its nodes finds, exactly: every engine keeps to these sentences.

A *word* is folded as in `text`; a *form* is a word as it stands in an article, folded and not stemmed. A *field* is the
title or the text of an article; where a leaf names none, each of the two is looked at, by itself. Positions count
the words of a field from 0. A word in any inflection stands for the words of an article that have its *term*
(`search.text.term`) in the language of that article, so that what it finds among articles of one language depends on
no other.

A leaf is scored by BM25 with a *frequency*, in which what is found in the title counts three times, and an *idf*. A
condition is not scored: it adds 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from search import dates

MAX_EDITS = 2
MAX_SIMILAR = 50
"""Forms that a `Fuzzy` stands for, at most."""
MAX_DISTANCE = 100
"""Words that may stand between those of a `Near`, at most."""


@dataclass(frozen=True, slots=True)
class All:
    """Every article: what an empty query asks for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word in any inflection. Frequency: the positions of its term. idf: of the articles that match."""

    word: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any form that begins with these folded letters.

    Frequency: the positions of all these forms. idf: of the articles that match, as if it were one word.
    """

    letters: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any form like this folded word: with the same first letter, and at most so many edits away.

    An edit adds, drops or changes a code point, or swaps two neighbours, no code point being edited twice (optimal
    string alignment). Of the archive's forms, whichever field they stand in, the `MAX_SIMILAR` nearest count: the
    fewest edits first, then those that more articles have in title or text (deleted articles still count until their
    segment is merged, as in every statistic), then by spelling, in the order of code points. The named field is
    looked at only after that choice.

    Frequency: the positions of these forms. idf: of the articles that match, as if it were one word.
    """

    word: str
    edits: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """These folded words side by side as they are written, not stemmed: the forms of successive positions.

    One word or more. Frequency: the positions where the first of them stands, the others following. idf: the sum of
    that of `Exact((word,), field)` over its words, a repeated word repeatedly.
    """

    words: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words side by side in this order, each in any inflection; two words or more.

    Frequency: the positions where the first of them stands,
    the others following. idf: the sum of that of `Word(word, field)` over its words, a repeated word repeatedly.
    """

    words: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Folded words near each other in any order, each in any inflection; two words or more, distance 0 or more.

    The terms of all words are taken as a multiset. A window is a range of positions of one field, from `first` to
    `last` inclusive, that has the whole multiset: a term that stands twice in it, at two positions. It is minimal when
    no smaller range inside it has the multiset. An article matches when it has a window with
    (last - first) - (words - 1) <= distance: at most so many other words stand in it.

    Frequency: the minimal windows that are so narrow, which may overlap. (Of the ranges that end at a position, take
    the latest start with the whole multiset; a minimal window ends wherever that start is greater than at the position
    before, or is there for the first time.) idf: as of a `Phrase`.
    """

    words: tuple[str, ...]
    distance: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """Articles that have a value in a facet: equal to it when both are folded as names (`text.fold`).

    Of `country`, `topic` and `language` it is a code, or what was typed where that is in no vocabulary (no article has
    such a value). A topic includes the narrower ones, as the facet's own filter does.
    """

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Days:
    """Articles whose day of publication (`dates.day_of`) lies in a range, both ends included; never undated ones.

    Of the dates `mentioned` in the text one must lie in the range with all days it stands for: a range of one month has
    that month and its days, and not its year.
    Of `added` it is the day in UTC on which they came into the index.

    Ends are a day, a month, a year, or relative to today (`-7d`, `last-week`), as `dates.written` gives them; None is
    open, and not both are.
    """

    first: str | None
    last: str | None
    field: str = "published"

    def bounds(self, today: date | None = None) -> tuple[date | None, date | None]:
        """The first day and the last; None where the range is open."""
        today = today or date.today()
        return (
            dates.parse_bound(self.first, today).first if self.first else None,
            dates.parse_bound(self.last, today).last if self.last else None,
        )


@dataclass(frozen=True, slots=True)
class Id:
    """The article of this id."""

    id: str


@dataclass(frozen=True, slots=True)
class Url:
    """Articles whose address, as it is compared (`addresses.key`), begins so."""

    beginning: str


@dataclass(frozen=True, slots=True)
class And:
    """Every part. Scored by the sum of its parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part. Scored by the sum of the parts that match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every article but these; not scored."""

    part: Node


Leaf = Word | Prefix | Fuzzy | Exact | Phrase | Near
"""What is looked for in title and text, scored and marked."""
Condition = Value | Days | Id | Url
"""What an article must be, not scored and not marked."""
Node = All | Leaf | Condition | And | Or | Not


def terms(tree: Node) -> Iterator[Leaf | Condition]:
    """Leaves and conditions that an article may be found by: those not under a NOT, in order, each once.

    Of each the answer tells how many articles have it.
    """
    return iter(dict.fromkeys(_terms(tree)))


def excluded(tree: Node) -> Iterator[Leaf | Condition]:
    """Leaves and conditions that no article found may have: those under a NOT, and not under a NOT of it again."""
    return iter(dict.fromkeys(_excluded(tree, under=False)))


def leaves(tree: Node) -> Iterator[Leaf]:
    """The leaves among the terms; a question without any has no scores, and is answered by date."""
    return (term for term in terms(tree) if isinstance(term, Leaf))


def _terms(tree: Node) -> Iterator[Leaf | Condition]:
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case All() | Not():
            pass
        case _:
            yield tree


def _excluded(tree: Node, under: bool) -> Iterator[Leaf | Condition]:
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _excluded(part, under)
        case Not(part):
            yield from _excluded(part, not under)
        case All():
            pass
        case _ if under:
            yield tree
