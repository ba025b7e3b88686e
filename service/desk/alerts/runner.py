"""The process that looks for what is new to alerts, and delivers it: `dateline serve` starts it with the workers.

It is restarted when it ends, and stops with the server. If several servers serve one index, the process of one of them
works, and another takes over when it ends. Until there is a desk, it opens no index and needs next to no memory; but
an index in a cluster is opened.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

TICK_S = 1.0
FILES = ("desk.sqlite*", "alerts.sqlite*")
"""Those of a desk, and of an earlier version; importing more to know them would cost memory."""

Stop = Callable[[], bool]


def main() -> None:
    """`python -m service.desk.alerts.runner PLACE PARENT`: work until told to stop, or until the parent ends."""
    place, parent = sys.argv[1], int(sys.argv[2])
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server says when to stop

    def stop() -> bool:
        return stopped.is_set() or os.getppid() != parent

    is_elsewhere = "://" in place or "DATELINE_DESK" in os.environ
    while not stop() and not is_elsewhere and not any(file for name in FILES for file in Path(place).glob(name)):
        stopped.wait(TICK_S)
    if not stop():
        from service.desk.alerts.telling import tell  # not before there is something to tell: it is most of the program

        tell(place, stop, stopped.wait)


if __name__ == "__main__":
    main()
