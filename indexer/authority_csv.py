"""The authority file: the names of an index as a CSV that its owner maintains, under version control with other files.

    kind,name,alias,wikidata,action
    person,Muammar Gaddafi,Moammar Gadhafi,Q19878,merge
    person,,Baker,,split
    person,Boilerplate,,,block

An import replaces all entries, so that a line removed from the file no longer applies; `dropped` are the entries that
would be removed, for confirmation by a person. `search.authority` defines the meaning of the lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from search.authority import Authority, Entry, changed
from search.errors import BadAuthority
from search.text import fold

COLUMNS = ("kind", "name", "alias", "wikidata", "action")
MOST_BYTES = 64 * 1024 * 1024
"""The greatest size of a file; a name takes some fifty bytes."""


def read(content: bytes) -> list[Entry]:
    """Parse the lines of a file; a missing column is empty, an empty action merges.

    Raises:
        BadAuthority: with the number of the invalid line.
    """
    if len(content) > MOST_BYTES:
        raise BadAuthority(f"The file has {len(content):,} bytes; the limit is {MOST_BYTES:,}. Remove names.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadAuthority(f"The file is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    entries = []
    try:
        unknown = [name for name in rows.fieldnames or () if name not in COLUMNS]
        if unknown or "kind" not in (rows.fieldnames or ()):
            wrong = f"“{unknown[0]}” is not a column" if unknown else "There is no column “kind”"
            raise BadAuthority(f"{wrong}. The first line is: {','.join(COLUMNS)}.")
        for row in rows:
            if None in row:
                raise BadAuthority(f"Line {rows.line_num} has more cells than columns. Quote cells that have a comma.")
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if not any(cells.values()):
                continue
            cells["action"] = cells["action"] or "merge"
            entries.append(Entry(**cells))  # type: ignore[arg-type]  # the action is looked at when it is taken in
    except csv.Error as error:
        raise BadAuthority(
            f"Line {rows.line_num} is not CSV: {error}. Quote cells that have a quotation mark."
        ) from None
    return entries


def write(entries: Iterable[Entry]) -> str:
    """The file of some entries, one per line, in the given order."""
    return "".join(f"{row}\n" for row in (",".join(COLUMNS), *map(line, entries)))


def line(entry: Entry) -> str:
    """An entry as a line of the file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow((entry.kind, entry.name, entry.alias, entry.wikidata, entry.action))
    return out.getvalue()


def imported(authority: Authority, entries: Iterable[Entry], name: str) -> Authority:
    """The authority with its entries replaced by those of a file."""
    return changed(authority, entries, authority.entries, now(), f"import {name}")


def dropped(before: Authority, after: Authority) -> tuple[Entry, ...]:
    """The entries about names and aliases that the new authority does not mention; changed ones are not included."""
    told = {_about(entry) for entry in after.entries}
    return tuple(entry for entry in before.entries if _about(entry) not in told)


def _about(entry: Entry) -> tuple[str, str]:
    return entry.kind, fold(entry.alias or entry.name)


def now() -> str:
    """The time, for the journal."""
    return datetime.now(UTC).isoformat(timespec="seconds")
