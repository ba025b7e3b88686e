"""Cheap answers of one process are computed one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.server import turns
from service.server.turns import Turns
from tests import waiting


class Application:
    """An application that knows how many threads have been in it at once."""

    def __init__(self, together: int = 1) -> None:
        self._lock = threading.Lock()
        self._inside = self.most = 0
        self._meeting = threading.Barrier(together, timeout=waiting.HANG_S)

    def __call__(self, environ: dict[str, Any], _start_response: Callable[..., Any]) -> list[bytes]:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        try:
            self._meeting.wait()
            if "fails" in environ:
                raise KeyError
            return [b"answer"]
        finally:
            with self._lock:
                self._inside -= 1


def ask(asked: Turns, method: str = "GET", **more: object) -> object:
    return asked({"REQUEST_METHOD": method, **more}, print)


def ask_together(asked: Turns, count: int, method: str = "GET") -> list[object]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda _: ask(asked, method), range(count)))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", waiting.HANG_S)


@pytest.mark.usefixtures("patient")
def test_one_answer_is_computed_at_a_time() -> None:
    application = Application()
    assert ask_together(Turns(application, taken=True), 8) == [[b"answer"]] * 8
    assert application.most == 1


@pytest.mark.usefixtures("patient")
def test_a_request_that_may_wait_for_its_body_takes_no_turn() -> None:
    application = Application(together=3)
    ask_together(Turns(application, taken=True), 3, "POST")
    assert application.most == 3


@pytest.mark.usefixtures("patient")
def test_nobody_takes_a_turn_where_answers_are_computed_elsewhere() -> None:
    application = Application(together=3)
    ask_together(Turns(application, taken=False), 3)
    assert application.most == 3


@pytest.mark.usefixtures("patient")
def test_a_thread_of_expensive_requests_takes_no_turn() -> None:
    application = Application(together=2)
    asked = Turns(application, taken=True)
    with ThreadPoolExecutor(1, initializer=asked.stay_out) as expensive:
        slow = expensive.submit(ask, asked)
        assert ask(asked) == slow.result() == [b"answer"]


def test_a_request_waits_for_a_slow_one_for_a_moment_only() -> None:
    application = Application(together=2)
    assert ask_together(Turns(application, taken=True), 2) == [[b"answer"]] * 2


@pytest.mark.usefixtures("patient")
def test_a_failure_ends_a_turn() -> None:
    asked = Turns(Application(), taken=True)
    for _ in range(2):
        with pytest.raises(KeyError):
            ask(asked, fails=True)
    assert ask(asked) == [b"answer"]
