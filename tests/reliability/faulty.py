"""The door to the disk (`search.disk`), made to fail or to keep a diary; the files are real."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from search import disk

CALLS = ("create", "sync", "rename", "remove", "sync_folder")


_OF_SQLITE = {
    errno.ENOSPC: (sqlite3.SQLITE_FULL, "database or disk is full"),
    errno.EROFS: (sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
    errno.EACCES: (sqlite3.SQLITE_CANTOPEN, "unable to open database file"),
    errno.EPERM: (sqlite3.SQLITE_CANTOPEN, "unable to open database file"),
    errno.EMFILE: (sqlite3.SQLITE_CANTOPEN, "unable to open database file"),
}
"""What SQLite makes of an errno; of others a disk I/O error."""
_OF_DATABASE = ("database", "statement", "fetch", "backup")


def fail_at(
    monkeypatch: pytest.MonkeyPatch, number: int, error: int = errno.ENOSPC, on: bool = False, only: str = ""
) -> Callable[[], int]:
    """Let the so-manieth call that changes the disk fail; what is returned tells how many there have been.

    Args:
        on: let every one after it fail too.
        only: count and fail calls of this kind only.
    """
    calls = 0

    def system(what: str, path: Path, do: Callable[[], Any]) -> Any:
        nonlocal calls
        if only and what != only:
            return do()
        calls += 1
        if calls == number or (on and calls > number):
            raise _of_sqlite(error) if what in _OF_DATABASE else OSError(error, os.strerror(error), str(path))
        return do()

    monkeypatch.setattr(disk, "system", system)
    return lambda: calls


def _of_sqlite(error: int) -> sqlite3.OperationalError:
    code, words = _OF_SQLITE.get(error, (sqlite3.SQLITE_IOERR, "disk I/O error"))
    raised = sqlite3.OperationalError(words)
    raised.sqlite_errorcode = code
    return raised


@dataclass
class Inode:
    """A file whatever its name: what of it is on disk."""

    synced: bytes = b""


@dataclass
class Power:
    """A directory, and what would be there if the power failed now.

    Attributes:
        durable: names that are on disk whatever happens.
        names: names as programs see them.
        pending: changes of names since the directory was last synced, in order.
        moments: for each call that changed the disk, what was durable and pending before it.
    """

    folder: Path
    durable: dict[str, Inode] = field(default_factory=dict)
    names: dict[str, Inode] = field(default_factory=dict)
    pending: list[tuple[str, Inode | None]] = field(default_factory=list)
    moments: list[tuple[dict[str, Inode], list[tuple[str, Inode | None]], dict[int, bytes]]] = field(
        default_factory=list
    )

    def __post_init__(self) -> None:
        for path in filter(Path.is_file, self.folder.iterdir()):
            self.durable[path.name] = self.names[path.name] = Inode(path.read_bytes())

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep the diary of everything that changes the disk from now on."""
        for name in CALLS:
            monkeypatch.setattr(disk, name, self._watched(name, getattr(disk, name)))

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.mark()
            made = original(*arguments)
            getattr(self, f"_{name}")(*arguments)
            return made

        return call

    def mark(self) -> None:
        """Note what would be there now."""
        synced = {id(inode): inode.synced for inode in [*self.durable.values(), *self.names.values()]}
        self.moments.append((dict(self.durable), list(self.pending), synced))

    def _name(self, name: str, inode: Inode | None) -> None:
        self.pending.append((name, inode))
        if inode is None:
            self.names.pop(name, None)
        else:
            self.names[name] = inode

    def _create(self, path: Path) -> None:
        self._name(path.name, Inode())

    def _sync(self, file: disk.File) -> None:
        self.names[Path(file.name).name].synced = Path(file.name).read_bytes()

    def _rename(self, path: Path, name: Path) -> None:
        inode = self.names[path.name]
        self._name(path.name, None)
        self._name(name.name, inode)

    def _remove(self, path: Path) -> None:
        self._name(path.name, None)

    def _sync_folder(self, folder: Path) -> None:
        if folder == self.folder:
            self.durable = dict(self.names)
            self.pending = []
