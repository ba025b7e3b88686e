"""How tests wait and how they measure: for states, with deadlines that only a hang meets; in CPU time, at its least.

A machine that is busy makes nothing fail here. What a test says about speed is said in CPU seconds of the reference
machine (`indexer.safe.speed`), and of several runs the quickest counts, since others only lengthen one.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace
from typing import TypeVar

import pytest

from indexer.safe import speed

HANG_S = 800.0 * speed.slowness()
"""For `timeout=` of processes and sockets, too."""
BROWSER_S = 180.0 * speed.slowness()
"""For what a page is to show or do: far more than a busy machine takes, and far less than a hang costs elsewhere."""
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
    """CPU seconds of this thread that a task takes at least, as on the reference machine."""
    return min(cpu_once(task) for _ in range(runs)) / speed.measured()


def cpu_once(task: Callable[[], object]) -> float:
    """CPU seconds of this thread that a task takes this time, on this machine.

    Those of the process are counted in ticks of up to 10 ms by Linux while one of its timers runs (`setitimer`).
    """
    began = time.thread_time()
    task()
    return time.thread_time() - began


def grows_less(
    most: float,
    prepared: Callable[[int], Callable[[], object]],
    small: int,
    large: int,
    tries: int = 10,
    least_s: float = 0.001,
) -> bool:
    """Whether the larger input takes less than so many times the CPU time of the smaller, each at its least.

    Args:
        most: the bound of the ratio.
        prepared: makes an input of a size, and gives the task to measure on it.
        small: the size of the smaller input.
        large: the size of the larger.
        tries: how often both are measured before the answer is no.
        least_s: CPU seconds that the smaller input counts as, if it takes less.
    """
    least_small = least_large = float("inf")
    cpu_once(prepared(small))  # what is done once is done
    with _uncollected():
        for _ in range(tries):
            least_small = min(least_small, cpu_once(prepared(small)))
            least_large = min(least_large, cpu_once(prepared(large)))
            if least_large < most * max(least_small, least_s):
                return True
            gc.collect()
    return False


@contextmanager
def _uncollected() -> Iterator[None]:
    """Garbage is not collected meanwhile: a larger input would also pay for going through all that the process has.

    What is there now is not gone through again, here or later: with many tests behind it, that takes 0.3 s each time.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def elapsed(task: Callable[[], object]) -> float:
    """Seconds by the clock that a task takes: to print, to be a lower bound, or to be compared with another.

    Never compared with a number from above: a busy machine has any task take any time.
    """
    began = time.monotonic()
    task()
    return time.monotonic() - began


def put_clocks(patch: pytest.MonkeyPatch, module: str, **clocks: Callable[..., object]) -> None:
    """Have a module read other clocks, or sleep otherwise: it alone, since other threads look at the time, too.

    Args:
        patch: undoes it.
        module: its name.
        clocks: functions of `time` by their names.
    """
    patch.setattr(f"{module}.time", SimpleNamespace(**{**vars(import_module(module).time), **clocks}))


def work(seconds: float) -> None:
    """Use so many CPU seconds."""
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def idle(seconds: float) -> None:
    """Use no CPU for so long: for tests whose subject is a task that waits."""
    time.sleep(seconds)


def random_while(dice: random.Random, most_s: float) -> None:
    """Let some time pass: for tests whose subject is that something happens at any moment."""
    time.sleep(dice.uniform(0, most_s))
