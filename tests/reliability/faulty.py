"""The seam of the disk (`search.local.disk`), made to fail or to keep a diary; the files are real."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from search.local import disk

CALLS = ("create", "sync", "rename", "remove", "sync_folder")


class Counted:
    """A file each of whose writes is announced."""

    def __init__(self, file: BinaryIO, path: Path, announce: Callable[[str, Path], None]) -> None:
        self._file = file
        self._path = path
        self._announce = announce

    def write(self, data: bytes) -> int:
        self._announce("write", self._path)
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def fail_at(monkeypatch: pytest.MonkeyPatch, number: int, error: int = errno.ENOSPC) -> Callable[[], int]:
    """Let the so-manieth call that changes the disk fail, once; what is returned tells how many there have been."""
    calls = 0

    def announce(_what: str, path: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(error, os.strerror(error), str(path))

    _watch(monkeypatch, announce)
    return lambda: calls


def _watch(monkeypatch: pytest.MonkeyPatch, announce: Callable[[str, Path], None]) -> None:
    def watched(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            path = Path(arguments[0].name) if name == "sync" else arguments[0]
            announce(name, path)
            made = original(*arguments)
            return Counted(made, path, announce) if name == "create" else made

        return call

    for name in CALLS:
        monkeypatch.setattr(disk, name, watched(name, getattr(disk, name)))


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

    def _sync(self, file: BinaryIO) -> None:
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
