"""The door to the disk (`search.system.disk`), made to fail or to keep a diary; the files are real."""

from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from search.system import disk

CALLS = (
    "create", "touch", "sync", "sync_file", "rename", "link", "remove", "make_folder", "remove_tree", "sync_folder",
)  # fmt: skip


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
    """A file or directory whatever its name: what of it is on disk."""

    synced: bytes = b""
    is_folder: bool = False


Names = dict[str, Inode]
"""By path, as seen from the directory that is watched."""
Change = tuple[str, Inode | None]


@dataclass
class Moment:
    """What is on disk at one moment: names for certain, changes of names perhaps, in any part, and synced bytes."""

    durable: Names
    pending: list[Change]
    synced: dict[int, bytes]

    def outcomes(self, dice: random.Random) -> list[Names]:
        """Directories that may be found then: no pending change on disk, all of them, the first few, some."""
        first = self.pending[: dice.randint(0, len(self.pending))]
        some = [change for change in self.pending if dice.random() < 0.5]
        return [self._named(changes) for changes in ([], self.pending, first, some)]

    def _named(self, changes: list[Change]) -> Names:
        changed: dict[str, Inode | None] = {**self.durable, **dict(changes)}
        names = {name: inode for name, inode in changed.items() if inode is not None}
        return {
            name: inode
            for name, inode in names.items()
            if all(str(above) in names for above in PurePosixPath(name).parents if above.name)
        }

    def restored(self, dice: random.Random, folder: Path) -> Iterator[Path]:
        """The directories that may be found then, made one after another in the same place."""
        for names in self.outcomes(dice):
            self.restore(names, folder)
            yield folder
            shutil.rmtree(folder)

    def restore(self, names: Names, folder: Path) -> None:
        """Make the directory that is found, with the bytes that were synced."""
        folder.mkdir()
        for name, inode in sorted(names.items()):
            if inode.is_folder:
                (folder / name).mkdir()
            else:
                (folder / name).write_bytes(self.synced.get(id(inode), b""))


@dataclass
class Power:
    """A directory with all below it, and what would be there if the power failed now.

    A name is on disk once the directory that has it was synced, and what is below it only if it is itself. SQLite
    syncs its files by itself, at each commit; that it syncs their directory as well is not relied on.

    Attributes:
        durable: names that are on disk whatever happens.
        names: names as programs see them.
        pending: changes of names since their directory was last synced, in order.
        moments: what was on disk before each call that changed it.
    """

    folder: Path
    durable: Names = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path in self.folder.rglob("*"):
            inode = Inode(is_folder=True) if path.is_dir() else Inode(path.read_bytes())
            self.durable[self._of(path)] = self.names[self._of(path)] = inode

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep the diary of everything that changes the disk from now on."""
        for name in CALLS:
            monkeypatch.setattr(disk, name, self._watched(name, getattr(disk, name)))
        monkeypatch.setattr(disk, "system", self._system)

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            self.mark()
            made = original(*arguments, **more)
            if made is not False:  # of a link that was not made
                getattr(self, f"_{name}")(*arguments)
            return made

        return call

    def _system(self, what: str, path: Path, do: Callable[[], Any]) -> Any:
        if what not in _OF_DATABASE:
            return do()
        self.mark()
        made = do()
        if (inode := self.names.get(self._of(path))) is not None:
            inode.synced = path.read_bytes()  # before its COMMIT, a transaction stands in memory
        return made

    def mark(self) -> None:
        """Note what would be there now."""
        synced = {id(inode): inode.synced for inode in [*self.durable.values(), *self.names.values()]}
        self.moments.append(Moment(dict(self.durable), list(self.pending), synced))

    def _of(self, path: Path) -> str:
        """The name of a path in the directory; of one outside a name with `..`."""
        return os.path.relpath(path, self.folder)

    def _name(self, path: Path, inode: Inode | None) -> None:
        name = self._of(path)
        self.pending.append((name, inode))
        if inode is None:
            self.names.pop(name, None)
        else:
            self.names[name] = inode

    def _create(self, path: Path) -> None:
        self._name(path, Inode())

    def _touch(self, path: Path) -> None:
        if self._of(path) not in self.names:
            self._name(path, Inode())

    def _sync(self, file: disk.File) -> None:
        self._sync_file(Path(file.name))

    def _sync_file(self, path: Path) -> None:
        if self.folder in path.parents:
            self.names[self._of(path)].synced = path.read_bytes()

    def _rename(self, path: Path, name: Path) -> None:
        below = PurePosixPath(self._of(path))
        for old, inode in sorted(self.names.items()):
            if PurePosixPath(old).is_relative_to(below):
                self._name(self.folder / old, None)
                self._name(name / PurePosixPath(old).relative_to(below), inode)

    def _link(self, path: Path, to: Path) -> None:
        self._name(to, self.names[self._of(path)])

    def _remove(self, path: Path) -> None:
        self._name(path, None)

    def _make_folder(self, folder: Path) -> None:
        for path in [*reversed(folder.parents), folder]:
            if self.folder in path.parents and self._of(path) not in self.names:
                self._name(path, Inode(is_folder=True))

    def _remove_tree(self, folder: Path) -> None:
        for name in [name for name in self.names if PurePosixPath(name).is_relative_to(self._of(folder))]:
            self._name(self.folder / name, None)

    def _sync_folder(self, folder: Path) -> None:
        at = PurePosixPath(self._of(folder))

        def here(name: str) -> bool:
            return PurePosixPath(name).parent == at

        self.durable = {name: inode for name, inode in self.durable.items() if not here(name)}
        self.durable |= {name: inode for name, inode in self.names.items() if here(name)}
        self.pending = [change for change in self.pending if not here(change[0])]
