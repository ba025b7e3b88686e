"""The process that looks for what is new to alerts, and delivers it: `dateline serve` starts it with the workers.

It is restarted when it ends, and stops with the server. If several servers serve one index, the process of one of them
works, and another takes over when it ends. Until there is a desk, it opens no index and needs next to no memory; but
an index in a cluster is opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

TICK_S = 1.0
FILES = ("desk.sqlite*", "alerts.sqlite*")
"""Those of a desk, and of an earlier version; importing more to know them would cost memory."""

Stop = Callable[[], bool]
Pause = Callable[[float], object]


def run(place: str, stop: Stop, pause: Pause) -> None:
    """Work until told to stop."""
    is_elsewhere = "://" in place or "DATELINE_DESK" in os.environ
    while not stop() and not is_elsewhere and not any(file for name in FILES for file in Path(place).glob(name)):
        pause(TICK_S)
    if not stop():
        from service.desk.alerts.telling import tell  # not before there is something to tell: it is most of the program

        tell(place, stop, pause)
