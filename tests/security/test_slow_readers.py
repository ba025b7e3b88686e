"""Whoever asks for much and reads none of it: the threads that answer are not his for long."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest

import search
from search import Article
from service.server.worker import TimedSocket
from tests import waiting
from tests.processes import children, until_idle
from tests.service.serving import serving

THREADS = 2


@pytest.mark.soak
def test_answers_that_nobody_reads_come_to_an_end(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        for number in range(300):
            writer.add(Article(f"a{number}", f"zebra {number} " * 10_000))
    with serving(place, threads=str(THREADS)) as served, contextlib.ExitStack() as stack:
        host, _, port = served.address.removeprefix("http://").partition(":")
        for _ in range(THREADS):
            greedy = stack.enter_context(socket.create_connection((host, int(port)), waiting.HANG_S))
            greedy.sendall(b"GET /api/export?format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until_idle(children(served.process.pid))  # both threads wait for somebody to read

        def ask() -> None:
            with socket.create_connection((host, int(port)), waiting.HANG_S) as question:
                question.sendall(
                    b"GET /api/search?q=zebra&size=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                assert question.recv(12) == b"HTTP/1.1 200"  # though nobody ever reads the answers

        taken = waiting.elapsed(ask)
    assert taken > 1
    print(f"a question waited {taken:.0f} s for {THREADS} threads that {THREADS} unread answers held")


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

        with pytest.raises(TimeoutError):
            nearly.sendall(b"x" * held)
