"""Readers that other distributions provide: each is an entry point of the group `dateline.readers`.

    [project.entry-points."dateline.readers"]
    telex = "telex_reader"

It names a module with `looks_like(head, name)` and `read(file, origin)`, like Dateline's own readers. `read` makes
articles with `indexer.readers.shared.record.article` and yields a `BadRecord` for a record that it cannot read. The
module may define `MARKS`, the bytes that a file of the format begins with, in lower case, and `SUFFIXES`. Plug-ins are
tried before Dateline's own readers, in order of name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import BinaryIO, Protocol

from indexer.readers.shared.record import Item, Origin
from search.errors import DatelineError

GROUP = "dateline.readers"


class BrokenPlugin(DatelineError):
    """An installed plug-in that cannot be used."""


class Reader(Protocol):
    """The interface of a reader module."""

    def looks_like(self, head: bytes, name: str) -> bool:
        """True if a file is of the format, by its first bytes and its name."""

    def read(self, file: BinaryIO, origin: Origin) -> Iterator[Item]:
        """Read a file: articles, and a BadRecord for each record that cannot be read."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed reader.

    Attributes:
        version: of its distribution; files are read again when it changes.
    """

    name: str
    version: str
    reader: Reader
    marks: tuple[bytes, ...] = ()
    suffixes: tuple[str, ...] = ()


@cache
def installed() -> tuple[Plugin, ...]:
    """The plug-ins of this environment, by name. Raises BrokenPlugin if one cannot be imported, or lacks a function."""
    return tuple(map(_plugin, sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))))


def _plugin(entry: EntryPoint) -> Plugin:
    version = entry.dist.version if entry.dist is not None else ""
    try:
        reader = entry.load()
    except Exception as error:  # it runs code of others, which may raise anything
        raise _broken(entry, f"{type(error).__name__}: {error}") from error
    for name in ("looks_like", "read"):
        if not callable(getattr(reader, name, None)):
            raise _broken(entry, f"it has no function {name}")
    return Plugin(entry.name, version, reader, getattr(reader, "MARKS", ()), getattr(reader, "SUFFIXES", ()))


def _broken(entry: EntryPoint, reason: str) -> BrokenPlugin:
    where = f" of {entry.dist.name} {entry.dist.version}" if entry.dist is not None else ""
    return BrokenPlugin(f"The reader “{entry.name}”{where} cannot be used: {reason}. Repair or uninstall it.")
