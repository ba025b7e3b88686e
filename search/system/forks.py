"""Processes that are forks of this one, and share what it has loaded: modules, tables and kernels."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def may_fork() -> bool:
    """True if a fork is safe: on Linux, where it is usual, while this process has no other thread, whose locks a fork
    would hold forever.
    """
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def no_interrupts() -> Iterator[None]:
    """Block Ctrl-C, which reaches all processes of a terminal, while a process starts and cannot yet ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin() -> None:
    """Make this process, a fork or not, one that the first process ends: it ignores Ctrl-C, which reaches all, has no
    handler of another process, and ends when the first one ends, in whatever way.
    """
    from multiprocessing import parent_process  # not at the top: everything that imports `search` would wait
    from multiprocessing.connection import wait

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = parent_process()
    if parent is not None:

        def watch(sentinel: int) -> None:
            wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()
