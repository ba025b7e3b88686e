"""Corrections as a file: CSV or JSON Lines, to keep under version control, to take to another index, or to learn from.

    number,article,field,action,value,names,by,at,note,undone,undone_by
    1,1961-08-berlin-wall,person,remove,Brandenburg Gate,,night desk,2026-11-26T21:04:11Z,a building,,

An import needs the columns `article`, `field`, `action` and `value`; it adds what is not in force yet, and removes
nothing, so that importing a file twice changes nothing. `gold` is what people say is right, for the measurements.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import orjson

from indexer.corrections.correction import Correction, checked
from search.errors import BadQuery, DatelineError
from search.json import Json

COLUMNS = ("number", "article", "field", "action", "value", "names", "by", "at", "note", "undone", "undone_by")
_APART = " | "
"""Separates names in a cell."""
NEEDED = ("article", "field", "action", "value")
MOST_BYTES = 64 * 1024 * 1024
"""The greatest size of a file."""


class BadCorrections(DatelineError):
    """A file of corrections is not valid."""


def as_json(correction: Correction) -> Json:
    """A correction as JSON values, in the order of the columns."""
    values = asdict(correction) | {"names": list(correction.names)}
    return {name: values[name] for name in COLUMNS}


def csv_lines(corrections: Iterable[Correction]) -> Iterator[bytes]:
    """The lines of a CSV."""
    yield _line(COLUMNS)
    for correction in corrections:
        cells = as_json(correction) | {"names": _APART.join(correction.names)}
        yield _line(["" if value is None else value for value in cells.values()])


def json_lines(corrections: Iterable[Correction]) -> Iterator[bytes]:
    """The lines of JSON Lines."""
    return (orjson.dumps(as_json(correction)) + b"\n" for correction in corrections)


def gold(corrections: Iterable[Correction]) -> Iterator[bytes]:
    """What the corrections in force say of each article, as JSON Lines: by field, what is right and what is wrong."""
    found: dict[str, Json] = {}
    for correction in corrections:
        if correction.undone is None:
            fields = found.setdefault(correction.article, {})
            lists = fields.setdefault(correction.field, {"right": [], "wrong": []})
            if correction.action == "set":
                lists["right"] = [correction.value]
                continue
            to, other = ("wrong", "right") if correction.action == "remove" else ("right", "wrong")
            lists[other] = [value for value in lists[other] if value != correction.value]
            lists[to] = [*(value for value in lists[to] if value != correction.value), correction.value]
    return (orjson.dumps({"id": article, **fields}) + b"\n" for article, fields in found.items())


def read(content: bytes, by: str, at: str) -> list[Correction]:
    """The corrections of a file, CSV or JSON Lines; those that are undone there are passed over.

    Args:
        by, at: for those that do not say who made them, and when.

    Raises:
        BadCorrections: with the number of the invalid line.
    """
    if len(content) > MOST_BYTES:
        raise BadCorrections(f"The file has {len(content):,} bytes; the limit is {MOST_BYTES:,}. Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCorrections(f"The file is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None
    rows = _objects(text) if text.lstrip().startswith("{") else _rows(text)
    found = []
    for number, row in rows:
        if row.get("undone"):
            continue
        values = [row.get(name) or "" for name in (*NEEDED, "by", "at", "note")]
        if not all(isinstance(value, str) for value in values):
            raise BadCorrections(f"Line {number}: {', '.join(NEEDED)} are text.")
        article, field, action, value, made_by, made_at, note = values
        names = row.get("names") or []
        names = names.split(_APART) if isinstance(names, str) else names
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise BadCorrections(f"Line {number}: names are a list of texts.")
        try:
            found.append(checked(article, field, action, value, made_by or by, made_at or at, note, names))
        except BadQuery as problem:
            raise BadCorrections(f"Line {number}: {problem}") from None
    return found


def _rows(text: str) -> Iterator[tuple[int, Json]]:
    """The lines of a CSV, each with its number."""
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = rows.fieldnames or ()
        missing = [name for name in NEEDED if name not in names]
        unknown = [name for name in names if name not in COLUMNS]
        if missing or unknown:
            wrong = f"There is no column “{missing[0]}”" if missing else f"“{unknown[0]}” is not a column"
            raise BadCorrections(f"{wrong}. The first line is: {','.join(COLUMNS)}, or at least {','.join(NEEDED)}.")
        for row in rows:
            if None in row:
                raise BadCorrections(
                    f"Line {rows.line_num} has more cells than columns. Quote cells that have a comma."
                )
            if any(row.values()):
                yield rows.line_num, row
    except csv.Error as error:
        raise BadCorrections(f"Line {rows.line_num} is not CSV: {error}. Quote cells with a quotation mark.") from None


def _objects(text: str) -> Iterator[tuple[int, Json]]:
    """The lines of JSON Lines, each with its number."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise BadCorrections(f"Line {number} is not JSON: {error.msg}.") from None
        if not isinstance(value, dict):
            raise BadCorrections(f"Line {number} is not an object.")
        yield number, value


def _line(cells: Iterable[object]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode("utf-8", "surrogatepass")
