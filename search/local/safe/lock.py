"""The right to write to an index: one process at a time, until it lets go or ends, however it ends.

The lock is held by the system for as long as the process lives, so that none is ever left behind. Its file says who
holds it, for people; what it says counts for nothing when nobody does.

It lies in a directory of the name under which plain Whoosh wants to make its own lock, a file, before it writes
anything: a file of that name cannot be opened for writing, by the superuser neither, so that every writer of Whoosh is
refused before it has changed anything. The lock's file says why, to who looks.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path

import orjson
from whoosh.util.filelock import FileLock

from search import disk
from search.errors import IndexLocked
from search.local.format.manifest import NAME

FILE = f"{NAME}_WRITELOCK"
"""The directory that keeps plain Whoosh from writing."""
HOLDER = "only-dateline-writes"
"""The file in it that is locked."""


class WriteLock:
    """Holds the lock of the index in a directory from when it is made to `release`.

    Raises:
        IndexLocked: when another process has it.
        CannotWrite: when the directory cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE / HOLDER
        make(folder)
        disk.touch(path)
        self._lock = FileLock(str(path))
        if not disk.ask("lock", path, self._lock.acquire):
            raise IndexLocked(f"Another process is writing to “{folder}”{_holder(path)}. Wait until it has finished.")
        try:
            said = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now().astimezone().isoformat()}
            disk.overwrite(path, orjson.dumps(said))
        except BaseException:  # a full disk, say
            self.release()
            raise

    def release(self) -> None:
        """Let another process write."""
        self._lock.release()


def make(folder: Path) -> None:
    """Make the place of the lock in the directory of an index, where it is not there.

    Raises:
        CannotWrite: when it cannot be made.
    """
    path = folder / FILE
    if not path.is_dir():
        disk.remove(path)  # a lock of an earlier version, or of Whoosh
        disk.make_folder(path)


def _holder(path: Path) -> str:
    """Who holds a lock, as far as the file says."""
    try:
        said = orjson.loads(path.read_bytes())
        return f": {int(said['pid'])} on {said['host']}, since {said['since'][:16].replace('T', ' ')}"
    except (OSError, ValueError, KeyError, TypeError):  # it is just being written, or by an earlier version
        return ""
