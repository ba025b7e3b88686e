"""Workers share the connections of a server."""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import search
from search import Article
from service.server.loads import MOST, Loads
from tests import waiting
from tests.processes import children, connections, until_idle
from tests.service.serving import Served, serving

WORKERS, BESIDE = 3, 2
"""Processes of a server that answer, and others."""
PROGRAM = """
from service.commands import cli
from service.server import worker
worker.HEAD_START_S = 600.0  # however busy this machine is
worker.IDLE_S = 600.0  # and however long the test takes
cli.main()
"""


def test_the_worker_with_fewest_connections_is_first() -> None:
    loads = Loads()
    one, other = loads.join(), loads.join()
    loads.tell(one, 3)
    loads.tell(other, 2)
    assert loads.is_above_least(one)
    assert not loads.is_above_least(other)


def test_nobody_waits_for_a_worker_that_has_ended_or_retired() -> None:
    loads = Loads()
    one, ended, retired = (loads.join() for _ in range(3))
    loads.tell(one, 3)
    loads.leave(ended)
    loads.retire(retired)
    assert not loads.is_above_least(one)


def test_places_are_given_again() -> None:
    loads = Loads()
    for place in range(10 * MOST):
        assert loads.join() == 0, place
        loads.leave(0)


def test_another_process_sees_the_number() -> None:
    loads = Loads()
    one, other = loads.join(), loads.join()
    loads.tell(one, 3)
    child = os.fork()
    if not child:
        loads.tell(other, 2)
        os._exit(0)
    os.waitpid(child, 0)
    assert loads.is_above_least(one)
    assert not loads.is_above_least(other)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("a", "zebra"))
    with serving(tmp_path / "news.idx", workers=WORKERS, program=("-c", PROGRAM)) as server:
        yield server


@pytest.mark.check
def test_connections_that_stay_open_are_shared_evenly(served: Served) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    waiting.until(lambda: len(children(served.process.pid)) == WORKERS + BESIDE, "all processes have been started")
    until_idle(children(served.process.pid))
    with ExitStack() as stack:
        for _ in range(4 * WORKERS):
            connection = http.client.HTTPConnection(host, int(port), timeout=waiting.HANG_S)
            stack.callback(connection.close)
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
        counts = [connections(child, int(port)) for child in children(served.process.pid)]

    assert sorted(counts) == [0] * BESIDE + [4] * WORKERS
