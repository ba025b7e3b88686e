"""A query in the fields of a form: `read(tree)` puts it into them, `tree(form)` makes one of them.

A field has words as they are typed, never operators: whatever is in one is cut into words as a text is. What no field
can hold is the `rest`, a tree of its own, so that no query loses anything: `tree(read(t))` is `t` but for the order of
what AND joins. Words come back in the spelling in which they were typed, if the tree knows it and a field can have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from search.syntax.nodes import All, And, Days, Near, Node, Not, Or, Phrase, Together, Value, Word
from search.text import dates
from search.text.tokens import tokens

Item = Word | Phrase
"""A word, or several that are written as one, like cease-fire: adjacent words."""
Within = Literal["s", "p"] | int

EVERY: Node = All()
DISTANCE = 5
"""The words between near ones, unless another number is chosen."""

_AROUND = ' "“”„«»()'
"""Signs of the query language around words, which mean nothing in a field."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields; "" is an empty one.

    Attributes:
        all: every one of these, anywhere.
        phrase: these words next to each other.
        any: at least one of these.
        none: none of these.
        title: every one of these in the title.
        near, within: these near each other: in one sentence `s`, in one paragraph `p`, or with at most this many other
            words between them, in any order.
        author, source: a name.
        first, last: the days of publication, as `dates.written` reads them.
        rest: what else must match.
    """

    all: str = ""
    phrase: str = ""
    any: str = ""
    none: str = ""
    title: str = ""
    near: str = ""
    within: Within = DISTANCE
    author: str = ""
    source: str = ""
    first: str = ""
    last: str = ""
    rest: Node = EVERY


def items(text: str, field: str | None = None) -> tuple[Item, ...]:
    """The words of a text; those without a space between them are one item."""
    found = (_item(part, field) for part in text.split())
    return tuple(item for item in found if item)


def tree(form: Form) -> Node:
    """The tree of a form: what its fields require, in their order, and the rest.

    Raises:
        ValueError: if a day is not a date.
    """
    parts: list[Node] = [*items(form.all)]
    parts += [phrase] if (phrase := _item(form.phrase)) else []
    parts += _several(items(form.any))
    parts += _near(items(form.near), form.within)
    parts += items(form.title, "title")
    parts += map(Not, items(form.none))
    names = (("author", form.author), ("source", form.source))
    parts += [Value(facet, name, name) for facet, typed in names if (name := " ".join(typed.split()))]
    parts += [days(form.first, form.last)] if form.first or form.last else []
    return all_of([*parts, form.rest])


def days(first: str, last: str) -> Days:
    """The range between two days as they are typed, of which one may be "".

    Raises:
        ValueError: if one is not a date.
    """
    return Days(_day(first), _day(last), typed=first if first == last else f"{first}..{last}")


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
    last = max((n for n, part in enumerate(parts) if isinstance(part, Phrase) and part.field is None), default=-1)
    rest: list[Node] = []
    for number, part in enumerate(parts):
        if number == last and isinstance(part, Phrase):  # by its place, as there may be an equal one before it
            form = replace(form, phrase=_together(part))
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
            return replace(form, all=_more(form.all, part))
        case Word() | Phrase() if part.field == "title":
            return replace(form, title=_more(form.title, replace(part, field=None)))
        case Not(Word() | Phrase() as inner) if inner.field is None:
            return replace(form, none=_more(form.none, inner))
        case Or(parts) if not form.any and (found := _typed(parts)):
            return replace(form, any=found)
        case Near(_, distance, None) if not form.near:
            return replace(form, near=_together(part), within=distance)
        case Together(parts, "s" | "p" as within) if not form.near and (found := _typed(parts)):
            return replace(form, near=found, within=within)
        case Value("author", value) if not form.author:
            return replace(form, author=value)
        case Value("source", value) if not form.source:
            return replace(form, source=value)
        case Days(_, _, "published") if not (form.first or form.last):
            first, last = _range(part)
            return replace(form, first=first, last=last)
        case _:
            return None


def _more(text: str, item: Item) -> str:
    return f"{text} {_alone(item)}".lstrip()


def _typed(parts: Iterable[Node]) -> str:
    """Plain words and phrases as they are typed; "" if a part is anything else."""
    found = [_alone(part) if isinstance(part, Word | Phrase) and part.field is None else "" for part in parts]
    return " ".join(found) if all(found) else ""


def _alone(item: Item) -> str:
    """An item as it is typed among others: without a space."""
    words = (item.word,) if isinstance(item, Word) else item.words
    text = "-".join(item.typed.split())
    return text if items(text) == (item,) else "-".join(words)


def _together(group: Phrase | Near) -> str:
    """Adjacent or near words as they are typed in a field of their own."""
    return " ".join(group.typed.split()) if _words(group.typed) == group.words else " ".join(group.words)


def _range(part: Days) -> tuple[str, str]:
    """The first and the last day as they are typed."""
    first, dots, last = (end.strip() for end in part.typed.partition(".."))
    last = last if dots else first
    try:
        same = (_day(first), _day(last)) == (part.first, part.last)
    except ValueError:
        same = False  # one of them was omitted, with a note
    return (first, last) if same else (part.first or "", part.last or "")


def _day(text: str) -> str | None:
    return dates.written(text, date.today()) if text else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(text))


def _item(text: str, field: str | None = None) -> Item | None:
    """The words of a text, adjacent; None if it has none."""
    words, typed = _words(text), " ".join(text.strip(_AROUND).split())
    if len(words) < 2:
        return Word(words[0], field, typed) if words else None
    return Phrase(words, field, typed)


def _several(found: tuple[Item, ...]) -> list[Node]:
    """One of these."""
    return [Or(found)] if len(found) > 1 else [*found]


def _near(found: tuple[Item, ...], within: Within) -> list[Node]:
    """These near each other; of one there is nothing to be near to."""
    if isinstance(within, int):
        typed = " ".join(item.typed for item in found)
        words = _words(typed)
        return [Near(words, within, typed=typed)] if len(words) > 1 else [*found]
    different = tuple(dict.fromkeys(found))
    return [Together(different, within)] if len(different) > 1 else [*different]
