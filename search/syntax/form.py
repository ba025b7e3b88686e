"""A query in the fields of a form: `read(tree)` puts it into them, `tree(form)` makes one of them.

A field has words, never operators: whatever is typed into one is cut into words as a text is. What no field can hold is
the `rest`, a tree of its own, so that no query loses anything: `tree(read(t))` is `t` but for the order of what AND
joins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from search.syntax.nodes import All, And, Days, Near, Node, Not, Or, Phrase, Together, Value, Word
from search.text import tokens

Item = tuple[str, ...]
"""A folded word, or several that are written as one, like cease-fire: adjacent words."""
Items = tuple[Item, ...]
Within = Literal["s", "p"] | int

EVERY: Node = All()
DISTANCE = 5
"""The words between near ones, unless another number is chosen."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields.

    Attributes:
        all: every one of these, anywhere.
        phrase: these words next to each other.
        any: at least one of these.
        none: none of these.
        title: every one of these in the title.
        near, within: these near each other: in one sentence `s`, in one paragraph `p`, or with at most this many other
            words between them, in any order.
        author, source: a name; "" for any.
        first, last: the days of publication, as in `Days`; None is open.
        rest: what else must match.
    """

    all: Items = ()
    phrase: Item = ()
    any: Items = ()
    none: Items = ()
    title: Items = ()
    near: Items = ()
    within: Within = DISTANCE
    author: str = ""
    source: str = ""
    first: str | None = None
    last: str | None = None
    rest: Node = EVERY


def items(text: str) -> Items:
    """The words of a text; those without a space between them are one item."""
    found = (tuple(token.word for token in tokens(part)) for part in text.split())
    return tuple(item for item in found if item)


def words(text: str) -> Item:
    """The words of a text, each by itself."""
    return tuple(token.word for token in tokens(text))


def typed(found: Iterable[Item]) -> str:
    """Items as they are typed: `items(typed(found)) == found`."""
    return " ".join("-".join(item) for item in found)


def name(text: str) -> str:
    """A name as a query can have it: no quotation mark ends it."""
    if '"' in text or "”" in text:
        text = text.replace("»", " ")
    return " ".join(text.split())


def tree(form: Form) -> Node:
    """The tree of a form: what its fields require, in their order, and the rest."""
    parts: list[Node] = [*map(_leaf, form.all)]
    parts += [_leaf(form.phrase)] if form.phrase else []
    parts += _several(form.any)
    parts += _near(form.near, form.within)
    parts += [_leaf(item, "title") for item in form.title]
    parts += [Not(_leaf(item)) for item in form.none]
    parts += [Value(facet, value) for facet, value in (("author", form.author), ("source", form.source)) if value]
    parts += [Days(form.first, form.last)] if form.first or form.last else []
    return all_of([*parts, form.rest])


def all_of(parts: Iterable[Node]) -> Node:
    """The tree that requires all of these."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else () if isinstance(part, All) else (part,)
    return All() if not flat else flat[0] if len(flat) == 1 else And(tuple(flat))


def read(tree: Node) -> Form:
    """The form of a tree. Of two parts for a field that holds one, the first is in it and the other in the rest."""
    form = Form()
    parts = tree.parts if isinstance(tree, And) else () if isinstance(tree, All) else (tree,)
    phrases = [part for part in parts if isinstance(part, Phrase) and part.field is None]
    rest: list[Node] = []
    for part in parts:
        # Of equal phrases only one is the last, and it does not matter which.
        if phrases and part == phrases[-1] and not form.phrase:
            form = replace(form, phrase=phrases[-1].words)
            continue
        placed = _placed(form, part)
        if placed is None:
            rest.append(part)
        else:
            form = placed
    return replace(form, rest=all_of(rest))


def _placed(form: Form, part: Node) -> Form | None:
    """The form with one more part in its field; None if there is none, or it is taken."""
    match part:
        case Word() | Phrase() if part.field is None:
            return replace(form, all=(*form.all, *_items((part,))))
        case Word() | Phrase() if part.field == "title":
            return replace(form, title=(*form.title, *_items((replace(part, field=None),))))
        case Not(Word() | Phrase() as inner) if inner.field is None:
            return replace(form, none=(*form.none, *_items((inner,))))
        case Or(parts) if not form.any and (found := _items(parts)):
            return replace(form, any=found)
        case Near(words, distance, None) if not form.near:
            return replace(form, near=tuple((word,) for word in words), within=distance)
        case Together(parts, "s" | "p" as within) if not form.near and (found := _items(parts)):
            return replace(form, near=found, within=within)
        case Value("author", value) if not form.author:
            return replace(form, author=value)
        case Value("source", value) if not form.source:
            return replace(form, source=value)
        case Days(first, last, "published") if not (form.first or form.last):
            return replace(form, first=first, last=last)
        case _:
            return None


def _items(parts: Iterable[Node]) -> Items:
    """The items of plain words and phrases; none if a part is anything else."""
    found: list[Item] = []
    for part in parts:
        match part:
            case Word(word, None):
                found.append((word,))
            case Phrase(words, None):
                found.append(words)
            case _:
                return ()
    return tuple(found)


def _leaf(item: Item, field: str | None = None) -> Word | Phrase:
    return Word(item[0], field) if len(item) == 1 else Phrase(item, field)


def _several(found: Items) -> list[Node]:
    """One of these."""
    return [Or(tuple(map(_leaf, found)))] if len(found) > 1 else [*map(_leaf, found)]


def _near(found: Items, within: Within) -> list[Node]:
    """These near each other; of one there is nothing to be near to."""
    if isinstance(within, int):
        apart = tuple(word for item in found for word in item)
        return [Near(apart, within)] if len(apart) > 1 else [*map(_leaf, found)]
    different = tuple(dict.fromkeys(map(_leaf, found)))
    return [Together(different, within)] if len(different) > 1 else [*different]
