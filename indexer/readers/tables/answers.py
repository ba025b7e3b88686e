"""Answers of news services: objects that are no articles, but have a list of them in it.

Which list that is, is decided by its first records alone, so that it is the same for an answer of any size, and for one
that is cut off. Cost: linear in the objects of an answer, and in the first records of its lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from indexer.readers.shared.columns import has_only_html, is_called, states_no_text
from indexer.readers.shared.mapped import has, renamed
from indexer.readers.tables.stated import Reading
from indexer.safe.json_values import MAX_OUTER, OUTLINED, Undecided

PARTS = frozenset(
    ("assets", "attachments", "audio", "captions", "comments", "embeds", "galleries", "gallery", "images", "media",
     "multimedia", "photos", "pictures", "related", "replies", "videos")
)  # fmt: skip
"""Names of lists that belong to the one article that has a title next to them: none has articles of its own. Nor has
one in an answer with another list, whose records have a summary, a title, and a date or an address."""


class Facts(NamedTuple):
    """What of an article a record states, in the order in which it counts."""

    has_named_text: bool = False
    has_text: bool = False
    has_summary: bool = False
    has_title: bool = False
    others: int = 0
    """Of its date and its address."""

    def known(self) -> int:
        """The number of facts besides the text."""
        return self.has_title + self.others

    def is_read(self) -> bool:
        """True if it has a text, if only in summary."""
        return self.has_text or self.has_summary

    def is_whole(self) -> bool:
        """True if it states what an article has besides its text."""
        return self.has_title and self.others > 0


class Path(NamedTuple):
    """The names that lead to a value; linked, since together they may be long."""

    name: str = ""
    outer: Path | None = None

    def is_part(self) -> bool:
        """True if it is that of parts of an article."""
        at: Path | None = self
        while at is not None:
            if at.name in PARTS:
                return True
            at = at.outer
        return False

    def __str__(self) -> str:
        names: list[str] = []
        at: Path | None = self
        while at is not None and at.outer is not None:
            names.append(at.name[:60])
            at = at.outer
        return ".".join(reversed(names))


class _List(NamedTuple):
    """A list of an answer: where it is, in how many objects, and the most that one of its first records states."""

    path: Path
    elements: list[object]
    depth: int
    facts: Facts


def is_article(value: object, reading: Reading) -> bool:
    """True if a value is an object with a text, or an item of a format of its own; a feed has a summary as well.

    An `html` is the text of an article only if that has a title.
    """
    if not isinstance(value, dict) or value.get("text"):
        return isinstance(value, dict)
    stated = facts(value, reading)
    return stated.has_text and (stated.has_title or stated.has_named_text or not has_only_html(value))


class Known:
    """The facts of the list that was chosen, while those that come after it are compared with it, one by one."""

    def __init__(self) -> None:
        self._elements: list[object] | None = None
        self._facts: Facts | None = None

    def of(self, elements: list[object]) -> Facts | None:
        """The facts of a list; None if it is another one."""
        return self._facts if elements is self._elements else None

    def remember(self, one: _List) -> None:
        """Replace the list."""
        self._elements, self._facts = one.elements, one.facts


def articles(
    value: object,
    reading: Reading,
    certainly: bool = False,
    also_one: bool = False,
    known: Known | None = None,
) -> list[object] | Undecided | None:
    """The list of the articles in an object, or the outline of one; None if it is no answer.

    Of several lists it is the one that has the record which states most of an article: a text, and by the name that is
    given for it; then a title; then a date and an address; of equal ones the one that is in fewer objects. Comments and
    pictures next to a title are no articles.

    Args:
        certainly: only a list whose records have a text, if only in summary.
        also_one: also the articles that an object has by their ids, and a lone one, if no list has texts.
        known: of the list that was chosen in another outline of the object.

    Returns:
        Undecided: if several lists have texts and are equal.
    """
    if not isinstance(value, dict) or states_no_text(renamed(value, reading.names)):
        return None
    known = known or Known()
    lists = [one for one in _lists(value, reading, known) if one.facts.is_read() or not certainly]
    if also_one:
        lists += _keyed(value, reading)
    lone = _articles_in(value, reading) if also_one and not any(one.facts.has_text for one in lists) else []
    lists = lone or lists
    if not lists:
        return None
    lists = _without_parts(lists)
    best = max(lists, key=_order)
    own = facts(value, reading)
    more = own.known() - best.facts.known() + (best.facts.has_summary and not best.facts.has_text)
    if more > 0 and (own.is_whole() or is_called("text", best.path.name)):
        return None  # an article whose text is not known, or has parts that are not
    if all(known.of(one.elements) is None for one in lists):
        known.remember(best)
    equal = [one for one in lists if _order(one) == _order(best)]
    if len(equal) == 1:
        return best.elements
    return Undecided(_undecided(equal, "objects" if lone else "lists"), best.elements) if best.facts.is_read() else None


def _without_parts(lists: list[_List]) -> list[_List]:
    """Lists without those of parts of articles, if there is another one of articles that are known."""
    others = [one for one in lists if one.facts.has_named_text or not one.path.is_part()]
    return others if any(one.facts.is_read() and one.facts.is_whole() for one in others) else lists


def _order(one: _List) -> tuple[Facts, int]:
    return one.facts, -one.depth


def _undecided(lists: list[_List], what: str) -> str:
    first, second = lists[0].path, lists[1].path
    others = f" and {len(lists) - 2} more" if len(lists) > 2 else ""
    return (
        f"Its {what} “{first}” and “{second}”{others} may each be the articles. Leave one of them in the file, or name "
        "the field of the text that only the articles have: --map text=NAME."
    )


def _lists(value: dict[str, object], reading: Reading, known: Known) -> Iterator[_List]:
    """The lists of objects in an object, and in the objects in it, without those of the parts of an article."""
    for depth, path, inner in objects_in(value):
        parts = PARTS & inner.keys()
        if parts and not facts(inner, reading).has_title:
            parts = frozenset()
        for name, elements in inner.items():
            if not isinstance(elements, list) or name in parts:
                continue
            found = known.of(elements)
            if found is None:
                records = list(islice((one for one in elements if isinstance(one, dict)), OUTLINED))
                found = max((facts(one, reading) for one in records), default=None)
            if found is not None:
                yield _List(Path(name, path), elements, depth, found)


def _articles_in(value: dict[str, object], reading: Reading) -> list[_List]:
    """The articles that are objects in an object, each as a list of one."""
    inner = [(depth, path, one, facts(one, reading)) for depth, path, one in objects_in(value) if one is not value]
    return [
        _List(path, [one], depth, known) for depth, path, one, known in inner if known.has_text and known.is_whole()
    ]


def _keyed(value: dict[str, object], reading: Reading) -> list[_List]:
    """The articles that are the values of an object, by their ids: several, and it has no other objects.

    If each key has a digit, as ids have, it is enough that each has a title, and one a text: the others are told of.
    """
    found: list[_List] = []
    for depth, path, inner in objects_in(value):
        records = {key: one for key, one in inner.items() if isinstance(one, dict) and key not in PARTS}
        stated = [facts(one, reading) for one in islice(records.values(), OUTLINED)]
        read = [one.is_read() for one in stated]
        by_ids = any(read) and all(any(map(str.isdigit, key)) for key in records)
        if len(stated) > 1 and all(one.has_title for one in stated) and (all(read) or by_ids):
            elements: list[object] = [_with_id(one, key, reading) for key, one in records.items()]
            found.append(_List(path, elements, depth, max(stated)))
    return found


def _with_id(record: dict[str, object], key: str, reading: Reading) -> dict[str, object]:
    """A record with the key of an object as its id, if it has none."""
    if reading.is_apart(record) or reading.stated(record).fields.get("id"):
        return record
    return {**record, reading.names.get("id", "id"): key}


def lists_in(value: dict[str, object]) -> Iterator[tuple[int, Path, list[object]]]:
    """Each list in an object and in the objects in it, and the number of these; the outer ones first."""
    for depth, path, inner in objects_in(value):
        for name, one in inner.items():
            if isinstance(one, list):
                yield depth, Path(name, path), one


def objects_in(value: dict[str, object]) -> Iterator[tuple[int, Path, dict[str, object]]]:
    """An object and the objects in it, up to `MAX_OUTER` in each other, from depth 1; the outer ones first."""
    outer = [(Path(), value)]
    for depth in range(1, MAX_OUTER + 1):
        yield from ((depth, path, inner) for path, inner in outer)
        outer = [
            (Path(name, path), one) for path, inner in outer for name, one in inner.items() if isinstance(one, dict)
        ]


def facts(record: dict[str, object], reading: Reading) -> Facts:
    """What of an article a record states."""
    if reading.is_apart(record):
        return Facts(has_text=True, has_title=True, others=1)
    stated = reading.stated(record)
    fields, is_summary = stated.fields, stated.text_from is not None
    others = bool(fields.get("published")) + bool(fields.get("url"))
    has_text = bool(fields.get("text")) and not is_summary
    return Facts(has(record, reading.names.get("text")), has_text, is_summary, bool(fields.get("title")), others)
