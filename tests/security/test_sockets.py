"""Bytes that are no HTTP, or too much of it, sent to a real server: refused, and it goes on answering."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

import search
from search import Article

HOST = "127.0.0.1"
LONG = b"a" * 100_000


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server over an index of one article."""
    place = tmp_path_factory.mktemp("served") / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("first", "zebra"))
    with socket.create_server((HOST, 0)) as probe:
        number = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "service", "serve", str(place), "--port", str(number), "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                answers(number)
                break
            time.sleep(0.1)
        yield number
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def answers(port: int) -> None:
    """Make sure that the server answers, soon."""
    with urllib.request.urlopen(f"http://{HOST}:{port}/api/search?q=zebra", timeout=20) as answer:
        assert answer.status == 200
        assert b'"total":1' in answer.read().replace(b" ", b"")


def said(port: int, data: bytes, seconds: float = 5) -> bytes:
    """What the server says to these bytes, until it closes or that time has passed."""
    answer = b""
    with socket.create_connection((HOST, port), seconds) as connection:
        with contextlib.suppress(OSError):  # it may close before it has read all
            connection.sendall(data)
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer and b"keep-alive" in answer:
                    break
    return answer


REFUSED = {
    "noise": bytes(range(256)) * 40 + b"\r\n\r\n",
    "zeros": b"\0" * 10_000,
    "tls": bytes.fromhex("16030100a5010000a10303") + b"\x01" * 160 + b"\r\n\r\n",
    "method": b"G@T / HTTP/1.1\r\nHost: x\r\n\r\n",
    "line": b"GET /" + LONG + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + LONG + b"\r\n\r\n",
    "headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    "version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "smuggling": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
    "lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "negative": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "chunks": b"POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a megabyte of headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 1000 + b"\r\n" + b"Y: z\r\n" * 150_000,
    "space": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
    "zero in a name": b"GET / HTTP/1.1\r\nHost: x\r\nX\0: a\r\n\r\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_request_is_refused_and_the_next_is_answered(name: str, port: int) -> None:
    status = said(port, REFUSED[name])[:12]

    assert not status or status.startswith(b"HTTP/1.1 4") or status.startswith(b"HTTP/1.1 5"), status
    assert status[:12] != b"HTTP/1.1 500"
    answers(port)


def test_a_header_cannot_be_written_by_a_parameter(port: int) -> None:
    answer = said(port, b"GET /api/search?q=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert b"\r\nset-cookie" not in answer.lower()


def test_paths_do_not_lead_out(port: int) -> None:
    for path in (
        b"/static/../../pyproject.toml",
        b"/static/%2e%2e/%2e%2e/etc/passwd",
        b"//etc/passwd",
        b"/static/..%5c",
    ):
        answer = said(port, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 4"), path
        assert b"root:" not in answer


SLOW = {
    "nothing": b"",
    "half a line": b"GET /api/sea",
    "half a head": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow",
    "half a body without a key": b"POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
    "half a body that nobody wants": b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
    "a request, and half of one": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHo",
    "no end": b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}
"""What is sent on connections that then stay open, unread."""
EACH = 60


@pytest.mark.parametrize("name", SLOW)
def test_connections_that_do_not_go_on_hold_nobody_up(name: str, port: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(EACH):
            slow = stack.enter_context(socket.create_connection((HOST, port), 5))
            slow.sendall(SLOW[name])
        began = time.monotonic()
        for _ in range(10):
            answers(port)
        assert time.monotonic() - began < 10  # each of them held a thread, or the worker, for seconds


def test_a_request_that_comes_in_pieces_is_answered(port: int) -> None:
    with socket.create_connection((HOST, port), 5) as connection:
        for piece in (b"GET /hea", b"lthz HT", b"TP/1.1\r\nHost: x\r", b"\nX: y\r\n\r", b"\nGET /healthz HTTP/1.1\r\n"):
            connection.sendall(piece)
            time.sleep(0.05)
        assert b"alive" in read_until(connection, b"alive")
        connection.sendall(b"Host: x\r\nConnection: close\r\n\r\n")
        assert b"alive" in read_until(connection, b"")


def read_until(connection: socket.socket, wanted: bytes) -> bytes:
    """What comes until something is in it, or there is an end."""
    answer = b""
    while not (wanted and wanted in answer):
        piece = connection.recv(65536)
        if not piece:
            break
        answer += piece
    return answer


def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    with socket.create_connection((HOST, port), 30) as connection:
        connection.sendall(b"GET / HT")
        began = time.monotonic()
        assert connection.recv(100) == b""
        assert 5 < time.monotonic() - began < 20


def test_requests_that_are_left_in_the_middle_do_no_harm(port: int) -> None:
    for cut in (5, 20, 60):
        for _ in range(20):
            request = b"POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"{" * 100
            with socket.create_connection((HOST, port), 5) as connection:
                connection.sendall(request[:cut])
    answers(port)
