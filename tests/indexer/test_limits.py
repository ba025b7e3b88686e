from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from indexer import limits
from indexer.limits import TooMuch, bounded


def slow() -> Iterator[int]:
    yield 1
    while True:
        pass


def greedy() -> Iterator[int]:
    yield 1
    yield len(bytearray(400 * 1024 * 1024))


def test_what_takes_too_long_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    found = bounded(slow(), 100)

    assert next(found) == 1
    with pytest.raises(TooMuch, match="to read"):
        next(found)


def test_what_takes_too_much_memory_is_refused() -> None:
    found = bounded(greedy(), 100)

    assert next(found) == 1
    with pytest.raises(TooMuch, match="300 MB"):
        next(found)


def test_waiting_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)

    assert list(bounded((time.sleep(0.4) for _ in range(1)), 100)) == [None]


def test_limits_leave_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGPROF)
    assert list(bounded(iter([1, 2]), 100)) == [1, 2]

    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    assert len(bytearray(400 * 1024 * 1024)) > 0


def test_what_is_kept_between_two_records_is_not_theirs() -> None:
    kept = []
    for size in bounded((len(bytearray(100 * 1024 * 1024)) for _ in range(4)), 100):
        kept.append(bytearray(size))

    assert len(kept) == 4
