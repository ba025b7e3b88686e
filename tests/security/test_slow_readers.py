"""Whoever asks for much and reads none of it: the threads that answer are not his for long."""

from __future__ import annotations

import contextlib
import select
import socket
from pathlib import Path

import pytest

import search
from search import Article
from service.server.worker import STALLED_S, TimedSocket
from tests import waiting
from tests.processes import children, until_idle
from tests.service.serving import serving

THREADS, GREEDY = 2, 20


@pytest.mark.check
def test_exports_that_nobody_reads_hold_no_thread_of_others(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        for number in range(100):
            writer.add(Article(f"a{number}", f"zebra {number} " * 10_000))
    with serving(place, threads=str(THREADS)) as served, contextlib.ExitStack() as stack:
        host, _, port = served.address.removeprefix("http://").partition(":")

        def ask() -> None:
            for _ in range(10):
                with socket.create_connection((host, int(port)), waiting.HANG_S) as question:
                    question.sendall(
                        b"GET /api/search?q=zebra&size=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    )
                    assert question.recv(12) == b"HTTP/1.1 200"

        greedy = [
            stack.enter_context(socket.create_connection((host, int(port)), waiting.HANG_S)) for _ in range(GREEDY)
        ]
        for one in greedy:
            one.sendall(b"GET /api/export?format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until_idle(children(served.process.pid))  # those whose turn it is wait for somebody to read
        assert waiting.elapsed(ask) < STALLED_S / 2
        refused = sum(_status(one) == b"429" for one in greedy if select.select([one], [], [], 0)[0])
    assert 0 < refused < GREEDY  # they have their share, and no more


def _status(connection: socket.socket) -> bytes:
    return connection.recv(12)[-3:]


def test_what_the_kernel_takes_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as stack:

        def unread() -> TimedSocket:
            stack.enter_context(socket.create_connection(server.getsockname()))
            return stack.enter_context(TimedSocket(fileno=server.accept()[0].detach()))

        held, full = 0, unread()
        full.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                held += full.send(b"x" * 1024)
        nearly = unread()
        nearly.settimeout(0.01)
        nearly.sendall(b"x" * int(held * 0.9))  # a socket that waits until a third is free would time out at the next
        nearly.sendall(b"x")

        with pytest.raises(BrokenPipeError):
            nearly.sendall(b"x" * held)
