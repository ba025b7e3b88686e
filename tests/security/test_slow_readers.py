"""Whoever asks for much and reads none of it: the threads that answer are not his for long."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

import pytest

import search
from search import Article
from service import worker
from tests import waiting
from tests.service.serving import serving

THREADS = 2
WAIT_S = 2 * worker.STALLED_S


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
        time.sleep(1)  # both threads wait for somebody to read
        began = time.monotonic()
        with socket.create_connection((host, int(port)), waiting.HANG_S) as question:
            question.sendall(b"GET /api/search?q=zebra&size=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert question.recv(12) == b"HTTP/1.1 200"
        taken = time.monotonic() - began
    assert 1 < taken < WAIT_S
    print(f"a question waited {taken:.0f} s for {THREADS} threads that {THREADS} unread answers held")
