"""JSON and JSON Lines in the contract's shape: an object, a list of objects, or an object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from indexer.readers.record import Origin, article
from search.article import Article
from search.errors import BadRecord

MAX_BYTES = 256 * 1024 * 1024
"""Of a JSON file, which is read whole, and of a line of JSON Lines, which may have any number of lines."""


def read(file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Article | BadRecord]:
    """The articles of a file, and why records are none.

    A first line that is whole by itself makes it JSON Lines.

    Args:
        names: field → what the file calls it, where that differs.
    """
    first = file.readline(MAX_BYTES)
    try:
        value = orjson.loads(first)
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict) or (value is None and _looks_like_lines(first, file)):
        yield from _lines(first, file, origin, names or {})
    else:
        yield from _whole(first + file.read(MAX_BYTES + 1), origin, names or {})


def _looks_like_lines(first: bytes, file: BinaryIO) -> bool:
    """Whether a file whose first line is broken goes on with an object a line."""
    place = file.tell()
    second = file.readline(MAX_BYTES).strip()
    file.seek(place)
    return first.strip()[:1] == b"{" and len(first.strip()) > 1 and second[:1] == b"{" and second[-1:] == b"}"


def _lines(first: bytes, file: BinaryIO, origin: Origin, names: Mapping[str, str]) -> Iterator[Article | BadRecord]:
    number = 0
    line = first
    while line:
        number += 1
        if line.strip():
            yield _record(line, origin, names, number)
        if len(line) >= MAX_BYTES and not line.endswith(b"\n"):
            yield BadRecord(f"The line is longer than {MAX_BYTES // 2**20} MB.", number)
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_BYTES)
        line = file.readline(MAX_BYTES)


def _record(line: bytes, origin: Origin, names: Mapping[str, str], number: int) -> Article | BadRecord:
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return BadRecord(f"It is not JSON: {error.msg} at character {error.pos + 1}.", number)
    return _article(value, origin, names, number, number)


def _whole(data: bytes, origin: Origin, names: Mapping[str, str]) -> Iterator[Article | BadRecord]:
    if len(data) > MAX_BYTES:
        yield BadRecord(f"It is larger than {MAX_BYTES // 2**20} MB. Give it as JSON Lines, an article a line.")
        return
    try:
        value = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        yield BadRecord(f"It is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.", error.lineno)
        return
    if isinstance(value, list):
        for number, record in enumerate(value, 1):
            yield _article(record, origin, names, number, None)
    else:
        yield _article(value, origin, names, None, None)


def _article(
    value: Any, origin: Origin, names: Mapping[str, str], number: int | None, line: int | None
) -> Article | BadRecord:
    where = f"Record {number}: " if number is not None and line is None else ""
    if not isinstance(value, dict):
        return BadRecord(f"{where}It is no JSON object.", line)
    try:
        return article(renamed(value, names), origin, number)
    except BadRecord as problem:
        return BadRecord(f"{where}{problem.reason}", line)


def renamed(record: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """A record under the contract's names; a field that the file has under both keeps the name asked for."""
    if not names:
        return record
    taken = {theirs: ours for ours, theirs in names.items()}
    kept = {
        name: value
        for name, value in record.items()
        if name not in taken and not (name in names and names[name] in record)
    }
    return {**kept, **{taken[name]: value for name, value in record.items() if name in taken}}
