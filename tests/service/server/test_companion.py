from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.server import companion
from service.server.companion import Companion, Pause, Stop
from tests import waiting
from tests.processes import alive, children, name_of

SEARCHED_FOR = "strike of 1926"


def nothing() -> None:
    """Close nothing."""


def go_on(_stop: Stop, pause: Pause) -> None:
    while True:
        pause(waiting.HANG_S)


@contextmanager
def beside(one: Companion) -> Iterator[int]:
    """The id of a companion that works, which is killed with the block."""
    before = set(children(os.getpid()))
    one.keep(nothing)
    (pid,) = set(children(os.getpid())) - before
    try:
        yield pid
    finally:
        one.stop(0.0)


def test_a_process_that_ends_at_once_is_started_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "RESTART_S", 0.01)
    begun = tmp_path / "begun"

    def begin(_stop: Stop, _pause: Pause) -> None:
        with begun.open("a", encoding="utf-8") as file:
            file.write("\n")

    one = Companion("begins", begin)

    def pause_s() -> float:
        one.keep(nothing)
        return one.pause_s

    waiting.until(lambda: pause_s() > 1, "its pauses are long")
    one.stop(0.0)

    assert 6 < len(begun.read_text("utf-8")) < 10


def test_it_ends_when_told_and_is_listed_by_its_name(tmp_path: Path) -> None:
    done = tmp_path / "done"

    def work(stop: Stop, pause: Pause) -> None:
        while not stop():
            pause(waiting.HANG_S)
        done.touch()

    one = Companion("works", work)
    with beside(one) as pid:
        waiting.until(lambda: name_of(pid) == "works", "it has its name")
        one.tell()
        waiting.until(lambda: not alive(pid), "it has ended")

    assert done.exists()


def test_one_that_does_not_end_when_told_is_killed_in_time() -> None:
    one = Companion("goes on", go_on)
    with beside(one) as pid:
        waiting.until(lambda: name_of(pid) == "goes on", "it has its name")
        one.tell()
        one.stop(0.0)

        assert not alive(pid)


def test_what_only_the_master_uses_is_closed_in_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        one = Companion("listens not", go_on)
        one.keep(listener.close)
    try:
        waiting.until(lambda: refused(address), "nobody listens")
    finally:
        one.stop(0.0)


def refused(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=waiting.HANG_S).close()
    except ConnectionRefusedError:
        return True
    return False


def test_an_error_is_logged_without_its_message_and_it_is_started_again(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "RESTART_S", 0.0)

    def fail(_stop: Stop, _pause: Pause) -> None:
        raise ValueError(SEARCHED_FOR)

    one = Companion("fails", fail)
    logged = ""

    def twice() -> bool:
        nonlocal logged
        one.keep(nothing)
        logged += capfd.readouterr().err
        return logged.count("ValueError") == 2

    waiting.until(twice, "it has failed twice")
    one.stop(0.0)

    assert SEARCHED_FOR not in logged


def test_signals_of_the_master_do_not_run_its_handlers_in_it() -> None:
    received: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _frame: received.append(number))
    try:
        with beside(Companion("is told", go_on)) as pid:
            waiting.until(lambda: name_of(pid) == "is told", "it has its name")
            os.kill(pid, signal.SIGUSR1)
            waiting.until(lambda: not alive(pid), "it has ended, as a process does that handles no such signal")
    finally:
        signal.signal(signal.SIGUSR1, before)
