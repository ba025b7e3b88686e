"""Parquet: one article per row, columns recognised by their names as in a table (see `columns`).

It needs the extra `parquet` (pyarrow). A few rows are in memory at a time. Parquet compresses so well that a small file
can exhaust a machine's memory: a file with a row group that would unpack to more than `MAX_GROUP` is rejected, and
reading stops if a file turns out to unpack to too many times its size.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from indexer.readers.shared import columns
from indexer.readers.shared.record import Item, Origin
from indexer.safe.stray_bytes import decoded, is_mostly_utf_8
from search.errors import BadRecord
from search.said import said

MAX_GROUP = 128 * 1024 * 1024
"""Bytes that a row group may unpack to, as stated in the file."""
MAX_RATIO = 200
"""The factor by which a file may expand, beyond `MAX_UNPACKED`."""
MAX_UNPACKED = 16 * 1024 * 1024
"""Characters that any file may unpack to."""
ROWS = 16
"""Rows read at once."""
_MAGIC = b"PAR1"
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f\ufffd]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_MOST_BEYOND_ASCII = 0.4
"""The share of such characters in a text in Windows-1252; of data, they are half."""
_UNUSUAL = re.compile(r"[^\t-\r -~À-ÖØ-öø-ÿŠŒŽšœžŸƒªº\xa0‘’‚“”„‹›«»–—…•·°§€£•©®™¿¡´½]")
"""What texts in Windows-1252 rarely have: control characters, `×`, `¤`, `¬`…"""
_MOST_UNUSUAL = 1 / 64
"""The share of such characters in a text; of data, they are a quarter."""


def looks_like(head: bytes, name: str) -> bool:
    """True if a file is Parquet, by its first four bytes."""
    return head.startswith(_MAGIC)


def read(file: BinaryIO, origin: Origin, names: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Read the articles of a file, and a BadRecord for each row that cannot be read.

    Args:
        file: seekable.
        names: field → its name in the file.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        yield BadRecord(said("It is Parquet; install dateline[parquet] to read it."))
        return
    allowed = MAX_UNPACKED + MAX_RATIO * file.seek(0, 2)
    file.seek(0)
    try:
        opened = parquet.ParquetFile(file, pre_buffer=False, memory_map=False)
        _refuse_large(opened.metadata)
        header = list(opened.schema_arrow.names)
        fields = columns.fields_of(header, names or {})
    except BadRecord as problem:
        yield BadRecord(problem.reason)
        return
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        yield BadRecord(said("It is Parquet that cannot be read: {reason}.", reason=_first_line(error)))
        return
    if not opened.metadata.num_rows:
        yield BadRecord(said("It has columns and no rows."))
    number = unpacked = 0
    try:
        for batch in opened.iter_batches(batch_size=ROWS, use_threads=False):
            values_of = [
                (_in_microseconds(column), pyarrow.types.is_fixed_size_binary(column.type)) for column in batch.columns
            ]
            for at in range(batch.num_rows):
                number += 1
                try:
                    values = [plain(column[at].as_py(), has_size) for column, has_size in values_of]
                except (ValueError, OverflowError) as error:
                    yield BadRecord(
                        said(
                            "Row {number}: a value in it cannot be read: {reason}.",
                            number=str(number),
                            reason=_first_line(error),
                        )
                    )
                    continue
                unpacked += sum(len(value) for value in values if isinstance(value, str))
                if unpacked > allowed:
                    yield BadRecord(
                        said(
                            "Row {number}: the file unpacks to more than {most} times its size.",
                            number=str(number),
                            most=MAX_RATIO,
                        )
                    )
                    return
                try:
                    yield columns.row(values, header, fields, origin, number)
                except BadRecord as problem:
                    yield problem.with_reason(said("Row {number}: {reason}", number=str(number), reason=problem.reason))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        yield BadRecord(
            said("It cannot be read after row {number}: {reason}.", number=str(number), reason=_first_line(error))
        )


def _refuse_large(metadata: Any) -> None:
    for group in range(metadata.num_row_groups):
        size = metadata.row_group(group).total_byte_size
        if size > MAX_GROUP:
            raise BadRecord(
                said(
                    "One of its row groups unpacks to {mb} MB, more than {most}. Write it with smaller row groups.",
                    mb=size // 2**20,
                    most=MAX_GROUP // 2**20,
                )
            )


def _in_microseconds(column: Any) -> Any:
    """A column of timestamps with Python's precision; any other unchanged."""
    import pyarrow

    kind = column.type
    if not pyarrow.types.is_timestamp(kind) or kind.unit != "ns":
        return column
    return column.cast(pyarrow.timestamp("us", kind.tz), safe=False)


def plain(value: Any, of_fixed_size: bool = False) -> Any:
    """A value as JSON can represent it: dates in ISO 8601, bytes as text, and data in Base64.

    Args:
        of_fixed_size: True if it is of a column of bytes of a fixed size, such as keys.
    """
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return _text(value, of_fixed_size)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float) and not -1e308 < value < 1e308:  # JSON has no NaN
        return None
    return str(value) if isinstance(value, Decimal) or not isinstance(value, str | int | float | bool | None) else value


def _text(data: bytes, of_fixed_size: bool = False) -> str:
    """Bytes as text, or in Base64 if they are data; those of a fixed size are text only in UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = decoded(data)
    if is_mostly_utf_8(data):
        is_text = len(_CONTROL.findall(text)) <= len(text) * _MOST_UNUSUAL
    else:
        beyond, unusual = len(_BEYOND_ASCII.findall(text)), len(_UNUSUAL.findall(text))
        is_text = beyond <= max(1, len(text) * _MOST_BEYOND_ASCII) and unusual <= len(text) * _MOST_UNUSUAL
    if is_text and not of_fixed_size:
        return text
    return base64.b64encode(data).decode("ascii")  # a picture, a key


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["it is damaged"])[0].rstrip(".")[:200]
