"""JSON and JSON Lines in the contract's shape: an object, a list of objects, or one object per line.

Other common names of fields (`body`, `headline`, `date`, `authors`…) are recognised as for the columns of a table. An
object that is no article may be the answer of a news service (`answers`), in which they are. Items of a format of its
own, as ninjs, are read by its reader wherever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import BinaryIO

from indexer.readers.shared import embargoes, problems
from indexer.readers.shared.columns import EXPORTED, listed, without_markup
from indexer.readers.shared.record import Item, Origin, kind_of
from indexer.readers.tables import answers, unanswered
from indexer.readers.tables.stated import Apart, Reading
from indexer.safe import json_values
from indexer.safe.json_values import Undecided, Value
from indexer.safe.stray_bytes import Strays
from search.errors import BadRecord, NoArticle
from search.said import said


def read(
    file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None, apart: Apart | None = None
) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each record that cannot be read.

    Args:
        names: field → its name in the file, if that differs.
        apart: the format of records that are read by its own rules.
    """
    reading = Reading(names or {}, apart)
    number = 0
    is_empty = True
    has_articles = False
    """True if one was an article by itself; then an object that is cut off is no answer."""

    known = answers.Known()

    def choose(outline: dict[str, object], ends: bool) -> list[object] | Undecided | None:
        if answers.is_article(outline, reading) or (ends and has_articles):
            return None
        return answers.articles(outline, reading, certainly=ends, known=known)

    strays = Strays()
    for found in json_values.values(file, origin.name, choose, strays):
        is_empty = is_empty and isinstance(found, Value) and found.value is None
        if isinstance(found, BadRecord):
            yield problems.of_strays(found, strays)
            continue
        if found.is_inner or answers.is_article(found.value, reading):
            has_articles = has_articles or not found.is_inner
            records: list[object] | BadRecord | None = None
        else:
            records = _records(found.value, reading)
        if isinstance(records, BadRecord):
            yield records.with_reason(_at(found, records.reason), found.line)
            continue
        first = None if found.number is None else max(found.number, number + 1)
        each = [Value(found.value, first, found.line)] if records is None else map(Value, records, count(first or 1))
        for one in each:
            number = one.number or number
            if one.value is not None:
                yield from _items(one, origin, reading, strays)
            elif one.number is not None or one.line is not None:
                is_empty = False
                yield NoArticle(_at(one, said("It is null.")), one.line)
    if is_empty:
        yield NoArticle(said("It has no records."))


def _records(value: object, reading: Reading) -> list[object] | BadRecord | None:
    """The articles in an object without a text; None if it is one record."""
    certain = answers.articles(value, reading, certainly=True, also_one=True)
    return certain or unanswered.reason(value, reading) or answers.articles(value, reading)


def _at(found: Value, reason: str) -> str:
    """A reason with the number of the record, if the file has no lines that tell it."""
    if found.number is None or found.line is not None:
        return reason
    return said("Record {number}: {reason}", number=str(found.number), reason=reason)


def _items(found: Value, origin: Origin, reading: Reading, strays: Strays) -> Iterator[Item]:
    value, number, line = found.value, found.number, found.line
    if isinstance(value, dict) and reading.apart is not None and reading.is_apart(value):
        for item in reading.apart.items(value, origin, number):
            yield (
                item.with_reason(_at(found, item.reason), line)
                if isinstance(item, BadRecord)
                else problems.marked(item, strays, value)
            )
        return
    try:
        yield problems.marked(_article(value, origin, number, reading), strays, value)
    except BadRecord as problem:
        yield problem.with_reason(_at(found, problem.reason), line)


def _article(value: object, origin: Origin, number: int | None, reading: Reading) -> Item:
    if not isinstance(value, dict):
        raise BadRecord(said("It is not a JSON object: it is {value}.", value=_shown(value)))
    if is_exported := isinstance(origins := value.get("export"), dict) and origins.keys() == EXPORTED:
        value = {name: content for name, content in value.items() if name != "export"}  # different in each export
    record = reading.stated(value).fields
    if "text" not in record and record:
        names = listed(list(record))
        raise BadRecord(said("It has no text. Say which field is: --map text=NAME. It has: {names}.", names=names))
    return embargoes.item(record if is_exported else without_markup(record), origin, number)


def _shown(value: object) -> str:
    """What kind of value it is, and the beginning of a string or number."""
    if isinstance(value, bool):
        return f"“{str(value).lower()}”"
    return f"{kind_of(value)}, “{str(value)[:60]}”" if isinstance(value, str | int | float) else kind_of(value)
