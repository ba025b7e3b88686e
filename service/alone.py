"""Being the only process that does something: of several servers of an index, the processes of one of them work."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from search.system import disk

LOOK_EVERY_S = 0.2


@contextmanager
def alone(path: Path, stop: Callable[[], bool]) -> Iterator[bool]:
    """Wait until no other process has a lock. False if it is told to stop before.

    Args:
        path: the file of the lock, which is made; its directory must exist.
        stop: asked again and again.
    """
    with disk.create(path) as file:
        while not stop():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(LOOK_EVERY_S)
            else:
                yield True
                return
        yield False
