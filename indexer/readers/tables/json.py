"""JSON and JSON Lines in the contract's shape: an object, a list of objects, or one object per line.

Other common names of fields (`body`, `headline`, `date`, `authors`…) are recognised as for the columns of a table.
UTF-8, or UTF-16 with a byte order mark; a line, or a file that is one value, that is in neither is in Windows-1252.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, cast

import orjson

from indexer.readers.shared import embargoes
from indexer.readers.shared.columns import as_fields, listed
from indexer.readers.shared.record import Item, Origin
from search.errors import BadRecord

_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n" + _MARK
MAX_BYTES = 256 * 1024 * 1024
"""Of a JSON file, which is read whole."""
MAX_LINE_BYTES = 32 * 1024 * 1024
"""Of a line of JSON Lines, of which there may be any number."""
_LINES = (".jsonl", ".ndjson")
_EXPORTED = {"query", "generation", "exported"}
"""The key under which an export states the origin of its lines; not part of the article, and different each time."""


def read(file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each record that cannot be read.

    If the first line is an object by itself, the file is JSON Lines. Otherwise it is JSON if it is valid as a whole,
    and JSON Lines with invalid lines if its name or a later line shows that.

    Args:
        names: field → its name in the file, if that differs.
    """
    with _in_utf8(file) as transcoded:
        yield from _values(transcoded, origin, names or {})


def _values(file: BinaryIO, origin: Origin, names: Mapping[str, str]) -> Iterator[Item]:
    """Read the articles of a file in UTF-8."""
    first = b""
    blank = 0
    while not first.strip() and (line := file.readline(MAX_BYTES)):
        blank += not line.strip(_BLANK)
        first = line.removeprefix(_MARK)
    if not first.strip():
        yield BadRecord("It is empty.")
        return
    too_long = len(first) > MAX_LINE_BYTES and origin.name.lower().endswith(_LINES)
    if too_long or isinstance(_parsed(first), dict):
        yield from _lines(first, file, origin, names, blank)
        return
    rest = file.read(MAX_BYTES + 1)
    whole = first + rest
    if len(whole) <= MAX_BYTES and _parsed(whole) is None and _by_lines(whole, origin):
        yield from _lines(first, io.BytesIO(rest), origin, names, blank)
    else:
        yield from _whole(whole, origin, names)


@contextmanager
def _in_utf8(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file in UTF-8, transcoded if it is in UTF-16; it remains open."""
    mark = file.read(2)
    file.seek(0)
    if mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        yield file
        return
    text = io.TextIOWrapper(file, "utf-16", errors="replace", newline="\n")
    try:
        yield cast(BinaryIO, _AsUtf8(text))
    finally:
        text.detach()


class _AsUtf8:
    """A text file, read as UTF-8."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def readline(self, size: int) -> bytes:
        """A line, or its first `size` characters."""
        return self._text.readline(size).encode()

    def read(self, size: int) -> bytes:
        """The next `size` characters."""
        return self._text.read(size).encode()


def _loads(data: bytes) -> object:
    """Parse JSON. Raises orjson.JSONDecodeError if it is invalid."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return orjson.loads(data.decode("cp1252", "replace"))
        raise


def _parsed(data: bytes) -> object:
    """Parse JSON; None if it is invalid."""
    try:
        return _loads(data)
    except orjson.JSONDecodeError:
        return None


def _by_lines(data: bytes, origin: Origin) -> bool:
    """True if a file that is not JSON as a whole is JSON Lines, by its name or because one line is an object."""
    lines = (line.strip() for line in data.splitlines())
    objects = (line[:1] == b"{" and line[-1:] == b"}" and len(line) > 2 for line in lines)
    return origin.name.lower().endswith(_LINES) or any(objects)


def _lines(first: bytes, file: BinaryIO, origin: Origin, names: Mapping[str, str], number: int) -> Iterator[Item]:
    """Read an object per line; `number` lines have been read before the first."""
    line = first
    while line:
        number += 1
        if len(line) > MAX_LINE_BYTES:
            yield BadRecord(f"The line is longer than {MAX_LINE_BYTES // 2**20} MB.", number)
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
        elif line.strip():
            yield _record(line, origin, names, number)
        line = file.readline(MAX_LINE_BYTES + 1)


def _record(line: bytes, origin: Origin, names: Mapping[str, str], number: int) -> Item:
    try:
        value = _loads(line)
    except orjson.JSONDecodeError as error:
        return BadRecord(f"It is not JSON: {error.msg} at character {error.pos + 1}.", number)
    return _article(value, origin, names, number, number)


def _whole(data: bytes, origin: Origin, names: Mapping[str, str]) -> Iterator[Item]:
    if len(data) > MAX_BYTES:
        yield BadRecord(f"It is larger than {MAX_BYTES // 2**20} MB. Provide it as JSON Lines, one article per line.")
        return
    try:
        value = _loads(data)
    except orjson.JSONDecodeError as error:
        yield BadRecord(f"It is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.", error.lineno)
        return
    if isinstance(value, list):
        for number, record in enumerate(value, 1):
            yield _article(record, origin, names, number, None)
    else:
        yield _article(value, origin, names, None, None)


def _article(value: object, origin: Origin, names: Mapping[str, str], number: int | None, line: int | None) -> Item:
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
    extra = {"extra": {**_object(record.get("extra")), **displaced}} if displaced else {}
    return {**kept, **extra, **{ours: record[theirs] for theirs, ours in taken.items()}}


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {} if value is None else {"extra": value}
