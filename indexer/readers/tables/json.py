"""JSON and JSON Lines in the contract's shape: an object, a list of objects, or one object per line.

Other common names of fields (`body`, `headline`, `date`, `authors`…) are recognised as for the columns of a table. An
object that is no article, but has a list of objects in it, is the answer of a news service, and these are the articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from indexer.readers.shared import embargoes
from indexer.readers.shared.columns import as_fields, extra_of, listed
from indexer.readers.shared.record import Item, Origin
from indexer.safe import json_values
from indexer.safe.json_values import MAX_OUTER, Value
from search.errors import BadRecord

_EXPORTED = {"query", "generation", "exported"}
"""The key under which an export states the origin of its lines; not part of the article, and different each time."""


def read(file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each record that cannot be read.

    Args:
        names: field → its name in the file, if that differs.
    """
    number = 0

    def choose(outline: dict[str, object], ends: bool) -> list[object] | None:
        listed = None if _has_text(outline, names or {}) else _list_of_objects(outline, names or {})
        return None if listed is None or (ends and not any(_has_text(one, names or {}) for one in listed)) else listed

    for found in json_values.values(file, origin.name, choose):
        if isinstance(found, BadRecord):
            yield found
            continue
        for one in _records(found, names or {}, number):
            number = one.number or number
            yield _article(one, origin, names or {})


def _records(found: Value, names: Mapping[str, str], before: int) -> Iterator[Value]:
    """The articles that a value is or has; `before` is the number of the last one before it."""
    number = None if found.number is None else max(found.number, before + 1)
    listed = None if found.is_inner or _has_text(found.value, names) else _list_of_objects(found.value, names)
    if listed is None:
        yield Value(found.value, number, found.line)
        return
    for place, one in enumerate(listed, number or 1):
        yield Value(one, place)


def _has_text(value: object, names: Mapping[str, str]) -> bool:
    return isinstance(value, dict) and (bool(value.get("text")) or "text" in as_fields(renamed(value, names)))


def _list_of_objects(value: object, names: Mapping[str, str]) -> list[object] | None:
    """The list of objects in an object, or else in the objects in it; of several the one that begins with a text."""
    within: list[object] = [value]
    for _ in range(MAX_OUTER):
        within = [one for outer in within if isinstance(outer, dict) for one in outer.values()]
        lists = [one for one in within if isinstance(one, list) and one and all(isinstance(item, dict) for item in one)]
        if lists:
            found = lists if len(lists) == 1 else [one for one in lists if _has_text(one[0], names)]
            return found[0] if len(found) == 1 else None
    return None


def _article(found: Value, origin: Origin, names: Mapping[str, str]) -> Item:
    value, number, line = found.value, found.number, found.line
    where = f"Record {number}: " if number is not None and line is None else ""
    if not isinstance(value, dict):
        return BadRecord(f"{where}It is not a JSON object.", line)
    if isinstance(exported := value.get("export"), dict) and exported.keys() == _EXPORTED:
        value = {name: content for name, content in value.items() if name != "export"}
    record = as_fields(renamed(value, names))
    if "text" not in record and record:
        reason = f"It has no text. Say which field is: --map text=NAME. It has: {listed(list(record))}."
        return BadRecord(f"{where}{reason}", line)
    try:
        return embargoes.item(record, origin, number)
    except BadRecord as problem:
        return problem.with_reason(f"{where}{problem.reason}", line)


def renamed(record: Mapping[str, object], names: Mapping[str, str]) -> Mapping[str, object]:
    """A record with the contract's names; a value whose name is then in use goes to `extra`."""
    taken = {theirs: ours for ours, theirs in names.items() if theirs in record}
    if not taken:
        return record
    displaced = {ours: record[ours] for ours in taken.values() if ours in record and ours not in taken}
    kept = {name: value for name, value in record.items() if name not in taken and name not in displaced}
    extra = {"extra": {**extra_of(record), **displaced}} if displaced else {}
    return {**kept, **extra, **{ours: record[theirs] for theirs, ours in taken.items()}}
