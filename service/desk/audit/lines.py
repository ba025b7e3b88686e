"""The audit log as JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from itertools import chain

from desk.audit.store import Entry
from desk.edited import inert
from search.errors import BadQuery, BadValue
from search.text import dates
from service.values.shared_values import encode


def jsonl(entries: Iterable[Entry]) -> Iterator[bytes]:
    """One object a line."""
    return (encode(entry) + b"\n" for entry in entries)


def _csv(entries: Iterable[Entry]) -> Iterator[bytes]:
    rows = ((*astuple(entry)[:-1], "; ".join(entry.which)) for entry in entries)
    for row in chain((tuple(field.name for field in fields(Entry)),), rows):
        line = io.StringIO()
        csv.writer(line).writerow([inert(str(cell)) for cell in row])
        yield line.getvalue().encode()


FORMATS: Mapping[str, Callable[[Iterable[Entry]], Iterator[bytes]]] = {"jsonl": jsonl, "csv": _csv}
MEDIA_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries, and in which form. Raises BadQuery if `since` is not a time.

    Attributes:
        since: the time of the first, or the beginning of one, such as its day; "" for all.
    """

    since: str = ""
    format: str = "jsonl"

    def __post_init__(self) -> None:
        if self.since and not (dates.is_moment(self.since) or _is_day(self.since)):
            hint = "Give a year, a month or a day, such as 2026-11-30, or a time in UTC: 2026-11-30T08:00:00Z."
            raise BadQuery([BadValue("since", self.since[:80], "It is not a time.", hint)])


def _is_day(value: str) -> bool:
    try:
        return dates.parse(value).first is not None and "T" not in value and value.isascii()
    except ValueError:
        return False
