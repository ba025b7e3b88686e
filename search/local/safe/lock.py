"""The write lock of an index: one process at a time, until it releases the lock or ends, however it ends.

The operating system holds the lock for as long as the process lives, so it is never left behind. Its file says who
holds it, for people; the text means nothing when the lock is free.

The lock file is in a directory with the name of the lock file that plain Whoosh creates before it writes anything: a
directory cannot be opened for writing, not even by the superuser, so that every writer of Whoosh fails before it has
changed anything. The name of the lock file tells why.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

import orjson
from whoosh.util.filelock import FileLock

from search.errors import IndexLocked
from search.local.format.manifest import NAME
from search.system import disk

FILE = f"{NAME}_WRITELOCK"
"""The directory that prevents plain Whoosh from writing."""
HOLDER = "only-dateline-writes"
"""The locked file in it."""


class WriteLock:
    """Holds the write lock of an index from construction to `release`.

    Raises:
        IndexLocked: if another process holds it.
        CannotWrite: if the directory cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE / HOLDER
        make(folder)
        disk.touch(path)
        self._lock = FileLock(str(path))
        if not disk.call("lock", path, self._lock.acquire):
            raise IndexLocked(f"Another process is writing to “{folder}”{_holder(path)}.")
        try:
            since = datetime.now().astimezone().isoformat()
            disk.overwrite(path, orjson.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}))
        except BaseException:  # also an interrupt: the lock is not held by nobody
            self.release()
            raise
        _held.add(self)

    def release(self) -> None:
        """Let another process write."""
        _held.discard(self)
        self._lock.release()

    def forget(self) -> None:
        """Close the file in a fork, which would hold the lock for as long as it lives."""
        if self._lock.fd is not None:
            os.close(self._lock.fd)
            self._lock.fd = None


_held: WeakSet[WriteLock] = WeakSet()


def _forked() -> None:
    for lock in list(_held):
        lock.forget()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def make(folder: Path) -> None:
    """Create the directory of the lock in an index, if it does not exist.

    Raises:
        CannotWrite: if it cannot be created.
    """
    path = folder / FILE
    if not path.is_dir():
        disk.remove(path)  # a lock of an earlier version, or of Whoosh
        disk.make_folder(path)


def _holder(path: Path) -> str:
    """The holder of a lock, according to its file."""
    try:
        holder = orjson.loads(path.read_bytes())
        return f": {int(holder['pid'])} on {holder['host']}, since {holder['since'][:16].replace('T', ' ')}"
    except (OSError, ValueError, KeyError, TypeError):  # it is being written, or from an earlier version
        return ""
