from __future__ import annotations

import signal
import time

import pytest

from tests import waiting


def test_what_comes_true_is_given() -> None:
    said = iter([None, "", "now"])

    assert waiting.until(lambda: next(said), "it says so") == "now"


def test_what_never_comes_true_fails_and_is_named() -> None:
    with pytest.raises(AssertionError, match="the moon is here"):
        waiting.until(lambda: False, "the moon is here", patience_s=0.1)


def test_a_busy_machine_takes_nothing_from_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def fifth_time() -> bool:
        nonlocal asked
        asked += 1
        return asked == 5

    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda _: sleep(0.1))  # comes back late

    assert waiting.until(fifth_time, "it was asked five times", patience_s=0.2)


def test_what_is_not_there_yet_is_asked_again() -> None:
    said = iter([ConnectionRefusedError(), TimeoutError(), "here"])

    def ask() -> str:
        if isinstance(answer := next(said), OSError):
            raise answer
        return str(answer)

    assert waiting.answered(ask) == "here"


def test_waiting_is_no_cpu_time() -> None:
    assert waiting.cpu_seconds(lambda: time.sleep(0.3)) < 0.2


def test_short_tasks_are_measured_while_a_limit_of_time_runs() -> None:
    signal.setitimer(signal.ITIMER_PROF, 100)
    try:
        taken = [waiting.cpu_once(lambda: sum(range(20_000))) for _ in range(50)]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)

    assert all(taken)
