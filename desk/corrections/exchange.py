"""Corrections as a file: CSV or JSON Lines, to keep under version control, to take to another index, or to learn from.

    number,article,field,action,value,names,by,at,note,undone,undone_by
    1,1961-08-berlin-wall,person,remove,Brandenburg Gate,,night desk,2026-11-26T21:04:11Z,a building,,

An import needs the columns `article`, `field`, `action` and `value`; it adds what is not in force yet, and removes
nothing, so that importing a file twice changes nothing. `gold` is what people say is right, for the measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import orjson

from desk import edited
from desk.corrections.correction import Correction, checked, made
from search.errors import BadQuery, DatelineError
from search.system.json import Json

COLUMNS = ("number", "article", "field", "action", "value", "names", "by", "at", "note", "undone", "undone_by")
_APART = " | "
"""Separates names in a cell."""
NEEDED = ("article", "field", "action", "value")


class BadCorrections(DatelineError):
    """A file of corrections is not valid."""


def as_json(correction: Correction) -> Json:
    """A correction as JSON values, in the order of the columns, and the label of its value."""
    values = asdict(correction) | {"names": list(correction.names)}
    return {name: values[name] for name in COLUMNS} | {"label": correction.label}


def csv_lines(corrections: Iterable[Correction]) -> Iterator[bytes]:
    """The lines of a CSV."""
    yield _line(COLUMNS)
    for correction in corrections:
        cells = as_json(correction) | {"names": _APART.join(correction.names)}
        yield _line(["" if cells[name] is None else cells[name] for name in COLUMNS])


def json_lines(corrections: Iterable[Correction]) -> Iterator[bytes]:
    """The lines of JSON Lines."""
    return (orjson.dumps(as_json(correction)) + b"\n" for correction in corrections)


def gold(corrections: Iterable[Correction]) -> Iterator[bytes]:
    """What the corrections in force say of each article, as JSON Lines: by field, what is right and what is wrong.

    Of two that contradict each other the later one counts, as in articles.
    """
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for correction in sorted(corrections, key=made):
        if correction.undone is None:
            said = found.setdefault(correction.article, {}).setdefault(correction.field, {})
            if correction.action == "set":
                said.clear()
            said.pop(correction.value, None)  # the last word comes last
            said[correction.value] = correction.action != "remove"
    for article, fields in found.items():
        line: Json = {"id": article}
        for field, said in fields.items():
            line[field] = {
                "right": [value for value, right in said.items() if right],
                "wrong": [value for value, right in said.items() if not right],
            }
        yield orjson.dumps(line) + b"\n"


def read(content: bytes, by: str, at: str) -> list[Correction]:
    """The corrections of a file, CSV or JSON Lines; those that are undone there are skipped.

    Args:
        by, at: for those that do not say who made them, and when.

    Raises:
        BadCorrections: with the number of the invalid line.
    """
    text = edited.decoded(content, BadCorrections)
    rows = _objects(text) if text.lstrip().startswith("{") else edited.rows(text, COLUMNS, NEEDED, BadCorrections)
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
    return f"{edited.line(map(str, cells))}\n".encode("utf-8", "surrogatepass")
