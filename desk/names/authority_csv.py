"""The authority file: the names of an index as a CSV that its owner maintains, under version control with other files.

    kind,name,alias,wikidata,action
    person,Muammar Gaddafi,Moammar Gadhafi,Q19878,merge
    person,,Baker,,split
    person,Boilerplate,,,block

An import replaces all entries, so that a line removed from the file no longer applies; `dropped` are the entries that
would be removed, for confirmation by a person. `search.names.authority` defines the meaning of the lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from desk import edited
from search.errors import BadAuthority
from search.names.authority import Authority, Entry, changed, subject
from search.text import dates

COLUMNS = ("kind", "name", "alias", "wikidata", "action")


def read(content: bytes) -> list[Entry]:
    """Parse the lines of a file; a missing column is empty, an empty action merges.

    Raises:
        BadAuthority: with the number of the invalid line.
    """
    text = edited.decoded(content, BadAuthority)
    return [
        Entry(**(cells | {"action": cells["action"] or "merge"}))  # type: ignore[arg-type]  # checked when taken in
        for _, cells in edited.rows(text, COLUMNS, ("kind",), BadAuthority)
    ]


def write(entries: Iterable[Entry]) -> str:
    """The file of some entries, one per line, in the given order."""
    return "".join(f"{row}\n" for row in (",".join(COLUMNS), *map(line, entries)))


def line(entry: Entry) -> str:
    """An entry as a line of the file."""
    return edited.line((entry.kind, entry.name, entry.alias, entry.wikidata, entry.action))


def imported(authority: Authority, entries: Iterable[Entry], name: str, by: str = "") -> Authority:
    """The authority with its entries replaced by those of a file."""
    return changed(authority, entries, authority.entries, dates.exactly(), f"import {name}", by)


def dropped(before: Authority, after: Authority) -> tuple[Entry, ...]:
    """The entries about names and aliases that the new authority does not mention; changed ones are not included."""
    told = set(map(subject, after.entries))
    return tuple(entry for entry in before.entries if subject(entry) not in told)
