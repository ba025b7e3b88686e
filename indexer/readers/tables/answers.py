"""Answers of news services: objects that are no articles, but have a list of them in it.

Which list that is, is decided by its first records alone, so that it is the same for an answer of any size, and for one
that is cut off. Cost: linear in the objects of an answer, and in the first records of its lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from indexer.readers.shared.columns import as_fields, renamed, states_no_text
from indexer.safe.json_values import KEPT, MAX_OUTER, Undecided


class _Facts(NamedTuple):
    """What of an article a record states, in the order in which it counts."""

    has_named_text: bool = False
    has_text: bool = False
    has_title: bool = False
    others: int = 0
    """Of its date and its address."""

    def known(self) -> int:
        """The number of facts besides the text."""
        return self.has_title + self.others


class _Path(NamedTuple):
    """The names that lead to a value; linked, since together they may be long."""

    name: str = ""
    outer: _Path | None = None

    def __str__(self) -> str:
        names: list[str] = []
        at: _Path | None = self
        while at is not None and at.outer is not None:
            names.append(at.name[:60])
            at = at.outer
        return ".".join(reversed(names))


class _List(NamedTuple):
    """A list of an answer: where it is, in how many objects, and the most that one of its first records states."""

    path: _Path
    elements: list[object]
    depth: int
    facts: _Facts


def is_article(value: object, names: Mapping[str, str]) -> bool:
    """True if a value is an object with a text."""
    return isinstance(value, dict) and (bool(value.get("text")) or "text" in as_fields(renamed(value, names)))


def articles(value: object, names: Mapping[str, str], certainly: bool = False) -> list[object] | Undecided | None:
    """The list of the articles in an object, or the outline of one; None if it is no answer.

    Of several lists it is the one that has the record which states most of an article: a text, and by the name that is
    given for it; then a title; then a date and an address; of equal ones the one that is in fewer objects.

    Args:
        names: field → its name in the file, if that differs.
        certainly: only a list whose records have a text.

    Returns:
        Undecided: if several lists have texts and are equal.
    """
    if not isinstance(value, dict) or states_no_text(renamed(value, names)):
        return None
    lists = [one for one in _lists(value, names) if one.facts.has_text or not certainly]
    if not lists:
        return None
    best = max(lists, key=_order)
    own = _facts(value, names)
    if own.has_title and own.others and own.known() > best.facts.known():
        return None  # an article whose text is not known
    equal = [one for one in lists if _order(one) == _order(best)]
    if len(equal) == 1:
        return best.elements
    return Undecided(_undecided(equal), best.elements) if best.facts.has_text else None


def _order(one: _List) -> tuple[_Facts, int]:
    return one.facts, -one.depth


def _undecided(lists: list[_List]) -> str:
    first, second = lists[0].path, lists[1].path
    others = f" and {len(lists) - 2} more" if len(lists) > 2 else ""
    return (
        f"Its lists “{first}” and “{second}”{others} may each be the articles. Leave one of them in the file, or name the "
        "field of the text that only the articles have: --map text=NAME."
    )


def _lists(value: dict[str, object], names: Mapping[str, str]) -> Iterator[_List]:
    """The lists of objects in an object, and in the objects in it."""
    for depth, path, elements in _all_lists(value):
        records = list(islice((one for one in elements if isinstance(one, dict)), KEPT))
        if records:
            yield _List(path, elements, depth, max(_facts(one, names) for one in records))


def _all_lists(value: dict[str, object]) -> Iterator[tuple[int, _Path, list[object]]]:
    """Each list in an object, and in the objects in it, after those in fewer objects."""
    outer = [(_Path(), value)]
    for depth in range(1, MAX_OUTER + 1):
        within: list[tuple[_Path, dict[str, object]]] = []
        for path, inner in outer:
            for name, one in inner.items():
                if isinstance(one, list):
                    yield depth, _Path(name, path), one
                elif isinstance(one, dict):
                    within.append((_Path(name, path), one))
        outer = within


def _facts(record: dict[str, object], names: Mapping[str, str]) -> _Facts:
    fields = as_fields(renamed(record, names))
    others = bool(fields.get("published")) + bool(fields.get("url"))
    return _Facts(names.get("text") in record, bool(fields.get("text")), bool(fields.get("title")), others)
