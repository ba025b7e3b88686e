"""How tests wait and how they measure: for states, with deadlines that only a hang meets; in CPU time, at its least.

A machine that is busy makes nothing fail here. What a test says about speed is said in CPU seconds of the reference
machine (`indexer.safe.speed`), and of several runs the quickest counts, since others only lengthen one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from indexer.safe import speed

HANG_S = 1200.0 * speed.slowness()
"""For `timeout=` of processes and sockets, too."""
PAUSE_S = 0.02

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, patience_s: float = HANG_S) -> T:
    """What a condition gives, as soon as it is true.

    A pause counts as long as it should last, however late a busy machine comes back from it.

    Raises:
        AssertionError: when it has not come true in all this time, which says `what` was awaited.
    """
    waited = 0.0
    while True:
        began = time.monotonic()
        if value := condition():
            return value
        waited += time.monotonic() - began + PAUSE_S
        assert waited < patience_s, f"Not within {patience_s:.0f} s: {what}."
        time.sleep(PAUSE_S)


def answered(ask: Callable[[], T], what: str = "it answers") -> T:
    """What is answered, as soon as somebody is there who does."""
    said: list[T] = []

    def asked() -> bool:
        try:
            said.append(ask())
        except OSError:
            return False
        return True

    until(asked, what)
    return said[0]


def cpu_seconds(task: Callable[[], object], runs: int = 3) -> float:
    """CPU seconds of this process that a task takes at least, as on the reference machine."""
    least = float("inf")
    for _ in range(runs):
        began = time.process_time()
        task()
        least = min(least, time.process_time() - began)
    return least / speed.measured()


def grows_less(most: float, seconds: Callable[[int], float], small: int, large: int, tries: int = 4) -> bool:
    """Whether the larger input takes less than so many times what the smaller takes, each at its least.

    Args:
        seconds: CPU time for an input of that size.
    """
    least_small = least_large = float("inf")
    for _ in range(tries):
        least_small, least_large = min(least_small, seconds(small)), min(least_large, seconds(large))
        if least_large < most * least_small:
            return True
    return False
