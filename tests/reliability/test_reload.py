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
from tests.processes import alive, children, has_taken, name_of
from tests.service.serving import Served, serving

ASKING = 8


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


def replaced_and_stopped(place: Path, times: int, several: int, answered: int = 50) -> Counter[str]:
    """Have a server of several workers replace them so often, and then stop, while it is asked."""
    with serving(place, workers=several) as served:
        load = Load(served)
        for _ in range(times):
            load.until(answered)
            before = workers(served)
            served.process.send_signal(signal.SIGHUP)
            other_workers(served, before, several)
        load.until(2 * answered)
        assert set(load.seen) == {"answered"}, load.seen
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=waiting.HANG_S) == 0
        return load.end()


@pytest.mark.check
def test_no_request_is_dropped_when_the_workers_are_replaced_and_when_the_server_stops(place: Path) -> None:
    seen = replaced_and_stopped(place, 3, 2, 50)

    assert set(seen) == {"answered", "refused"}, seen


@pytest.mark.check
def test_a_worker_that_is_killed_is_replaced(place: Path) -> None:
    with serving(place, workers=2) as served:
        before = other_workers(served, set(), 2)
        os.kill(min(before), signal.SIGKILL)
        now = other_workers(served, {min(before)}, 2)

        assert len(now - before) == 1
        assert all(served.ask("GET", "/api/search?q=the").status == 200 for _ in range(20))


def other_workers(served: Served, gone: set[int], several: int) -> set[int]:
    """So many workers other than these, as soon as there are just so many.

    What is about to become the process that indexes looks like a worker for a moment, so they are looked at twice.
    """

    seen: list[set[int]] = [set()]

    def settled() -> set[int]:
        seen.append(workers(served))
        return seen[-1] if len(seen[-1]) == several and not seen[-1] & gone and seen[-1] == seen[-2] else set()

    return waiting.until(settled, "new workers")


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


@pytest.mark.check
def test_a_server_that_was_told_often_to_begin_anew_stops_at_once(place: Path) -> None:
    once = served_and_stopped(place, 1)  # starts two workers, and two in their place

    assert served_and_stopped(place, 40) < 10 * once  # forty reloads, one after another, are twenty times as much


def workers(served: Served) -> set[int]:
    """The processes that answer."""
    return {pid for pid in children(served.process.pid) if alive(pid) and answers(pid)}


def answers(pid: int) -> bool:
    """Whether it is none beside the workers, nor one that is gone by now."""
    return name_of(pid) not in ("dateline-index", "dateline-alerts", "")


@pytest.mark.soak
def test_no_request_is_dropped_in_a_hundred_reloads_and_twenty_stops(place: Path) -> None:
    seen = replaced_and_stopped(place, 100, 2)
    ends = seen.copy()
    for _ in range(19):
        ends += replaced_and_stopped(place, 0, 2)
    assert set(ends) == {"answered", "refused"}, ends
    print(f"100 reloads: {seen['answered']:,} answered; 20 stops: {ends['answered']:,} answered, none dropped")
