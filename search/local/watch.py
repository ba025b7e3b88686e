"""Detects changes in a directory with one system call, instead of checking every file.

Linux queues the events of the files of a watched directory (inotify); while the queue is empty, no process of this
machine has created, changed, renamed or removed any. Changes made in other ways are not seen: from another machine on a
shared disk, through another name of a file, through memory mapped for writing. So callers check the directory
themselves at least every `CHECK_EVERY_S`, and always if the system has no such queue.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
import weakref
from pathlib import Path

CHECK_EVERY_S = 0.5
"""How long a directory may be assumed unchanged because the queue is empty."""

_MODIFY, _ATTRIB, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _DELETE_SELF, _MOVE_SELF = (
    0x2, 0x4, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800,
)  # fmt: skip
_EVENTS = _MODIFY | _ATTRIB | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _DELETE_SELF | _MOVE_SELF
_QUEUE_BYTES = 1 << 16


class Watch:
    """Counts the events in a directory.

    Args:
        folder: the directory; if it cannot be watched, `quiet` is always False.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._events = 0
        self._checked: int | None = None
        self._next = 0.0
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._queue = _queue(self._folder)
        self._close = None if self._queue is None else weakref.finalize(self, os.close, self._queue)

    def events(self) -> int:
        """A number that has increased if something has happened since the last call."""
        with self._lock:
            if os.getpid() != self._process:  # a fork shares the queue with its parent, and each sees half of it
                self._events += 1
                self._begin()
            if self._queue is None:
                self._events += 1
                return self._events
            try:
                os.read(self._queue, _QUEUE_BYTES)
            except BlockingIOError:
                return self._events
            self._events += 1
            return self._events

    def quiet(self, events: int) -> bool:
        """True if nothing has changed since the directory was last checked.

        Args:
            events: the current result of `events`.
        """
        return events == self._checked and time.monotonic() < self._next

    def checked(self, events: int) -> None:
        """Record that the directory has been checked, after `events` returned this."""
        self._next = time.monotonic() + CHECK_EVERY_S
        self._checked = events

    def close(self) -> None:
        """Stop watching. From now on `quiet` is always False."""
        with self._lock:
            if self._close is not None and os.getpid() == self._process:
                self._close()
            self._queue = self._close = None


def _queue(folder: Path) -> int | None:
    """An event queue for a directory; None if the system has none available."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        queue = int(library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    except (OSError, AttributeError):
        return None
    if queue < 0:
        return None
    if library.inotify_add_watch(queue, os.fsencode(folder), _EVENTS) < 0:
        os.close(queue)
        return None
    return queue
