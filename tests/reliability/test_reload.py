"""A server that is told to begin anew, or to stop, while it is asked: each request that it took is answered."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests import waiting
from tests.processes import alive, children, has_taken
from tests.reliability import model
from tests.service.serving import Served, serving

ASKING = 8


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "news.idx"
    model.make(made, 4)
    return made


class Load:
    """Threads that ask, on connections that stay and on new ones, and note what came of it."""

    def __init__(self, served: Served) -> None:
        self._address = served.address.removeprefix("http://")
        self._stop = threading.Event()
        self.seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(n % 2 == 0,)) for n in range(ASKING)]
        for thread in self._threads:
            thread.start()

    def _ask(self, stays: bool) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=waiting.HANG_S)
        while not self._stop.is_set():
            outcome = self._one(connection)
            with self._lock:
                self.seen[outcome] += 1
            if not stays or outcome != "answered":
                connection.close()
            if outcome == "refused":
                return
        connection.close()

    def _one(self, connection: http.client.HTTPConnection) -> str:
        """One question; asked again where a connection that had been used was closed meanwhile, as browsers do."""
        used = connection.sock is not None
        try:
            if not used:
                connection.connect()
        except ConnectionRefusedError:
            return "refused"
        except ConnectionResetError:
            return "dropped: reset on the way"
        try:
            connection.request("GET", "/api/search?q=the&size=3")
            answer = connection.getresponse()
            body = answer.read()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            connection.close()
            return self._one(connection) if used else f"dropped: {type(error).__name__}"
        if answer.status != 200:
            return f"status {answer.status}"
        json.loads(body)
        if answer.getheader("Connection") == "close":
            connection.close()
        return "answered"

    def until(self, answered: int) -> None:
        """Wait until so many more have been answered."""
        wanted = self.seen["answered"] + answered
        waiting.until(lambda: self.seen["answered"] >= wanted, f"{answered} more answers")

    def end(self) -> Counter[str]:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.seen


def reloaded(place: Path, times: int) -> Counter[str]:
    with serving(place, workers=2) as served:
        load = Load(served)
        for _ in range(times):
            load.until(50)
            before = workers(served)
            served.process.send_signal(signal.SIGHUP)
            replaced(served, before)
        load.until(100)
        return load.end()


def stopped(place: Path) -> Counter[str]:
    with serving(place, workers=2) as served:
        load = Load(served)
        load.until(100)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=waiting.HANG_S) == 0
        return load.end()


def test_no_request_is_dropped_when_the_workers_are_replaced(place: Path) -> None:
    seen = reloaded(place, 3)

    assert set(seen) == {"answered"}, seen


def test_no_request_is_dropped_when_the_server_stops(place: Path) -> None:
    seen = stopped(place)

    assert set(seen) == {"answered", "refused"}, seen


def test_a_worker_that_is_killed_is_replaced(place: Path) -> None:
    with serving(place, workers=2) as served:
        before = two_workers(served, set())
        os.kill(min(before), signal.SIGKILL)
        now = two_workers(served, {min(before)})

        assert len(now - before) == 1
        assert all(served.ask("GET", "/api/search?q=the").status == 200 for _ in range(20))


def replaced(served: Served, before: set[int]) -> None:
    """Wait until two others answer in place of these workers."""
    two_workers(served, before)


def two_workers(served: Served, gone: set[int]) -> set[int]:
    """Two workers other than these, as soon as there are just two.

    What is about to become the process that indexes looks like a worker for a moment, so they are looked at twice.
    """

    seen: list[set[int]] = [set()]

    def settled() -> set[int]:
        seen.append(workers(served))
        return seen[-1] if len(seen[-1]) == 2 and not seen[-1] & gone and seen[-1] == seen[-2] else set()

    return waiting.until(settled, "two workers")


def served_and_stopped(place: Path, reloads: int) -> float:
    """CPU seconds of a server that is told so often to begin anew, and then to stop."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with serving(place, workers=2) as served:
        for _ in range(reloads):
            served.process.send_signal(signal.SIGHUP)
            waiting.until(lambda: has_taken(served.process.pid, signal.SIGHUP), "it was told")
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=waiting.HANG_S) == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_server_that_was_told_often_to_begin_anew_stops_at_once(place: Path) -> None:
    once = served_and_stopped(place, 1)  # starts two workers, and two in their place

    assert served_and_stopped(place, 40) < 10 * once  # forty reloads, one after another, are twenty times as much


def workers(served: Served) -> set[int]:
    """The processes that answer."""
    return {pid for pid in children(served.process.pid) if alive(pid) and answers(pid)}


def answers(pid: int) -> bool:
    """Whether it is none beside the workers, nor one that is gone by now."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"service.indexing" not in command and b"service.alerts.runner" not in command
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.soak
def test_no_request_is_dropped_in_a_hundred_reloads_and_twenty_stops(place: Path) -> None:
    seen = reloaded(place, 100)
    assert set(seen) == {"answered"}, seen
    ends: Counter[str] = Counter()
    for _ in range(20):
        ends += stopped(place)
    assert set(ends) == {"answered", "refused"}, ends
    print(f"100 reloads: {seen['answered']:,} answered; 20 stops: {ends['answered']:,} answered, none dropped")
