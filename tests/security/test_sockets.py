"""Bytes that are no HTTP, or too much of it, or of the dearest questions: a real server goes on answering."""

from __future__ import annotations

import contextlib
import json
import random
import re
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

import search
from desk.people import keys
from search import Article
from service.server.fair_queue import MOST, SHARE
from tests import waiting
from tests.cases import cases
from tests.processes import has_read
from tests.security.besieging import (
    CLIENTS,
    LIKE,
    NEAR,
    PLAIN,
    asking,
    besieged,
    close,
    connected,
    overtaken,
    plain,
    refused,
    status,
)
from tests.security.test_queries import large
from tests.service.serving import Served, serving

HOST = "127.0.0.1"
LONG = b"a" * 100_000


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "news.idx"


@pytest.fixture(scope="module")
def served(where: Path) -> Iterator[Served]:
    """A server of one worker, which believes a proxy on this machine."""
    large(where, 1_000)
    with search.writer(where) as writer:
        writer.add(Article("first", "zebra"))
    with serving(where, proxies=HOST, user_header="Remote-User") as served:
        yield served


@pytest.fixture(scope="module")
def port(served: Served) -> int:
    return int(served.address.rpartition(":")[2])


def check_answers(port: int) -> None:
    """Make sure that the server answers."""
    with urllib.request.urlopen(f"http://{HOST}:{port}/api/search?q=zebra", timeout=waiting.HANG_S) as answer:
        assert answer.status == 200
        assert b'"total":1' in answer.read().replace(b" ", b"")


def said(port: int, data: bytes) -> bytes:
    """What the server says to these bytes, until it closes."""
    answer = b""
    with socket.create_connection((HOST, port), waiting.HANG_S) as connection:
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
    "method": b"G@T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "line": b"GET /" + LONG + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + LONG + b"\r\n\r\n",
    "headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    "version": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "smuggling": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
    "lengths": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "negative": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "chunks": b"POST /api/articles HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a megabyte of headers": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "
    + LONG[:1000]
    + b"\r\n"
    + b"Y: z\r\n" * 150_000,
    "space": b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "zero in a name": b"GET / HTTP/1.1\r\nHost: localhost\r\nX\0: a\r\n\r\n",
}


@cases("name", REFUSED)
def test_what_is_no_request_is_refused_and_the_next_is_answered(name: str, port: int) -> None:
    status = said(port, REFUSED[name])[:12]

    assert not status or status.startswith(b"HTTP/1.1 4"), status
    check_answers(port)


HONOURED = (
    "SCRIPT_NAME", "SCRIPT-NAME", "PATH_INFO", "PATH-INFO", "REMOTE_USER", "REMOTE-USER", "REMOTE_ADDR", "Forwarded",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Forwarded-SSL",
    "X-Forwarded-Prefix", "X-Forwarded-Port", "X-Real-IP", "X-Script-Name", "X-HTTP-Method-Override",
    "Transfer-Encoding", "Content-Length", "Content-Type", "Content-Encoding", "Expect", "Connection", "Upgrade",
    "HTTP2-Settings", "TE", "Trailer", "Host", "Range", "If-Range", "If-None-Match", "If-Modified-Since", "Accept",
    "Accept-Encoding", "Cookie", "Authorization", "Idempotency-Key", "X-Request-ID", "Origin",
    "Access-Control-Request-Method", "Proxy", "Early-Data", "wsgi.url_scheme", "HTTP_HOST", "Sec-WebSocket-Key",
    "Max-Forwards", "Keep-Alive", "X-Sendfile",
)  # fmt: skip
"""Headers that some server, gateway or framework acts on."""
VALUES = (
    b"", b"/x", b"/", b"//", b"/api", b"x", b"https", b"http", b"on", b"1", b"0", b"-1", b"+5", b"5, 5", b"1e3",
    b"99999999999999999999999", b"0x10", b"chunked", b"gzip, chunked", b"chunked, chunked", b"identity", b"Chunked ",
    b"100-continue", b"200-maybe", b"close", b"keep-alive, Upgrade", b"h2c", b"AAMAAABkAAQCAAAAAAIAAAAA",
    b"websocket", b"bytes=0-", b"bytes=5-1", b"bytes=-", b"bytes=0-0,2-3,9999999-", b"*", b'W/"',
    b"Thu, 99 Foo 2026 99:99:99 GMT", b"Basic ////", b"Basic \xff", b"Bearer", b"Bearer \xe9", b"\xff\xfe",
    b"\xc3\xa9", b"a" * 8000, b",,,,", b";q=", b"gzip;q=x", b"for=[::1]:x;host=evil", b"1.2.3.4, ,, unknown",
    b"application/json; charset=\xff", b"application/x-ndjson", b"localhost", b"evil.example", b"[::1",
    b"localhost:99999", b"None", b"%00", b"\t", b"a\tb",
)  # fmt: skip
BODIES = (
    b"", b"0\r\n\r\n", b"zz\r\n", b"5\r\nab", b"5\r\nabcdefgh\r\n0\r\n\r\n", b"2\r\n{}XX0\r\n\r\n",
    b"-1\r\n{}\r\n0\r\n\r\n", b"2;x=\"\r\n{}\r\n0\r\n\r\n", b"2;" + b"x" * 9000 + b"\r\n{}\r\n0\r\n\r\n",
    b"ffffffffffffffffffffff\r\n{}\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"2\n{}\n0\n\n", b"2\r\n{}\r\n0\r\nTrailer",
    b"2\r\n{}\r\n0\r\nA: b\r\n\r\n", b"2\r\n{}\r\n0\r\n: b\r\n\r\n", b"2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n",
    b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", b"2\r\n{}\r\n0\r\nA\0: b\r\n\r\n", b"\r\n\r\n",
    b"1\r\n{\r\n" * 500 + b"0\r\n\r\n", b"{}", b" 2\r\n{}\r\n0\r\n\r\n", b"2 \r\n{}\r\n0\r\n\r\n",
    b"\xb2\r\n{}\r\n0\r\n\r\n", b"_2\r\n{}\r\n0\r\n\r\n",
)  # fmt: skip
"""Of a request that is chunked: some whole, most not; the connection is closed after each."""
STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)
ROUTES = (
    b"/", b"/api/search?q=zebra", b"/api/articles", b"/static/dateline.css", b"/nothing", b"/healthz", b"/api/export",
)  # fmt: skip


@pytest.fixture(scope="module")
def key(port: int, where: Path) -> bytes:
    return keys.add(str(where), ["index"])[1].encode()


def closed_after(port: int, data: bytes) -> list[int]:
    """The statuses of what the server says to these bytes, after which nothing more comes."""
    answer = b""
    with socket.create_connection((HOST, port), waiting.HANG_S) as connection:
        with contextlib.suppress(OSError):  # it may close before it has read all
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
    return [int(status) for status in STATUS.findall(answer)]


@cases("header", HONOURED)
def test_no_header_is_a_fault_of_ours(header: str, port: int, key: bytes, amount: Callable[..., int]) -> None:
    dice = random.Random(header)
    for value in (b"/x", *dice.sample(VALUES, amount(len(VALUES), few=3))):
        method, route = dice.choice((b"GET", b"GET", b"HEAD", b"POST", b"DELETE", b"OPTIONS")), dice.choice(ROUTES)
        own = b"" if header == "Authorization" else b"Authorization: Bearer " + key + b"\r\n"
        host = b"" if header == "Host" else b"Host: localhost\r\n"
        line = header.encode() + b": " + value + b"\r\n"
        request = method + b" " + route + b" HTTP/1.1\r\n" + host + own + line + b"\r\n" + dice.choice(BODIES)
        assert max(closed_after(port, request), default=0) < 500, request


def test_a_name_is_read_from_no_header_that_is_spelled_in_another_way(port: int) -> None:
    for header, name in (("Remote-User", "ann"), ("Remote_User", ""), ("X-Remote-User", ""), ("REMOTE-USER", "ann")):
        request = urllib.request.Request(f"http://{HOST}:{port}/api/me", headers={header: "ann"})
        with urllib.request.urlopen(request, timeout=waiting.HANG_S) as answer:
            assert json.loads(answer.read())["name"] == name, header


CHUNKED = b"POST %b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: %b%b\r\n\r\n"


@cases("kind", [b"application/json", b"application/x-ndjson"])
@cases("known", [True, False])
@cases("route", [b"/api/articles", b"/api/search", b"/nothing", b"/static/nothing"])
def test_no_chunk_is_a_fault_of_ours(
    route: bytes, known: bool, kind: bytes, port: int, key: bytes, amount: Callable[..., int]
) -> None:
    own = b"\r\nAuthorization: Bearer " + key if known else b""
    taken = (
        BODIES if known and route == b"/api/articles" else random.Random(7).sample(BODIES, amount(len(BODIES), few=5))
    )
    for body in taken:
        statuses = closed_after(port, CHUNKED % (route, kind, own) + body)
        assert max(statuses, default=0) < 500, body
        assert statuses[1:] in ([], [400]), body  # a second one answers what stands after a body that was whole


def test_requests_of_random_bytes_between_good_ones_are_no_fault_of_ours(
    port: int, key: bytes, amount: Callable[..., int]
) -> None:
    dice = random.Random(15)
    whole = (
        b"POST /api/articles HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + b"\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    )
    for _ in range(amount(300)):
        request = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(request))
            request[at : at + dice.randrange(3)] = dice.choice(
                (b"", b"\r\n", b"\0", b":", b" ", b"\xff", b"0", b",", b";")
            )
        assert max(closed_after(port, bytes(request)), default=0) < 500, bytes(request)
    check_answers(port)


def test_a_header_cannot_be_written_by_a_parameter(port: int) -> None:
    answer = said(
        port, b"GET /api/search?q=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )

    assert b"\r\nset-cookie" not in answer.lower()


def test_paths_do_not_lead_out(port: int) -> None:
    for path in (
        b"/static/../../pyproject.toml",
        b"/static/%2e%2e/%2e%2e/etc/passwd",
        b"//etc/passwd",
        b"/static/..%5c",
    ):
        answer = said(port, b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 4"), path
        assert b"root:" not in answer


SLOW = {
    "nothing": b"",
    "half a line": b"GET /api/sea",
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow",
    "half a body without a key": b"POST /api/articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
    "half a body that nobody wants": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
    "a request, and half of one": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHo",
    "no end": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
}
"""What is sent on connections that then stay open, unread."""
EACH = 60


@cases("name", SLOW)
def test_connections_that_do_not_go_on_hold_nobody_up(name: str, port: int) -> None:
    alone = ten_answers(port)
    with contextlib.ExitStack() as stack:
        for _ in range(EACH):
            slow = stack.enter_context(socket.create_connection((HOST, port), waiting.HANG_S))
            slow.sendall(SLOW[name])
        assert ten_answers(port) < 10 + 20 * alone  # each of them held a thread, or the worker, for seconds


def ten_answers(port: int) -> float:
    """How long ten questions take, one after another."""

    def ask() -> None:
        for _ in range(10):
            check_answers(port)

    return waiting.elapsed(ask)


def test_a_request_that_comes_in_pieces_is_answered(port: int) -> None:
    with socket.create_connection((HOST, port), waiting.HANG_S) as connection:
        for piece in (
            b"GET /hea", b"lthz HT", b"TP/1.1\r\nHost: localhost\r", b"\nX: y\r\n\r", b"\nGET /healthz HTTP/1.1\r\n",
        ):  # fmt: skip
            connection.sendall(piece)
            waiting.until(lambda: has_read(connection), "the piece was read")
        assert b"alive" in read_until(connection, b"alive")
        connection.sendall(b"Host: localhost\r\nConnection: close\r\n\r\n")
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


@pytest.mark.check
def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    with socket.create_connection((HOST, port), waiting.HANG_S) as connection:
        connection.sendall(b"GET / HT")
        said: list[bytes] = []
        assert waiting.elapsed(lambda: said.append(connection.recv(100))) > 5
    assert said == [b""]


def test_requests_that_are_left_in_the_middle_do_no_harm(port: int) -> None:
    for cut in (5, 20, 60):
        for _ in range(20):
            request = b"POST /api/articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n" + b"{" * 100
            with socket.create_connection((HOST, port), waiting.HANG_S) as connection:
                connection.sendall(request[:cut])
    check_answers(port)


def test_plain_questions_pass_while_many_ask_for_the_worst(served: Served, amount: Callable[..., int]) -> None:
    with besieged(served) as statuses:
        before_it = overtaken(served, statuses, amount(40, few=8))
        waiting.until(lambda: len(statuses) >= CLIENTS, "the worst are answered too")
    assert set(statuses) <= {200}
    assert before_it[-amount(4, few=2)] < CLIENTS // 2  # in a single lane all of them come first


def test_where_too_many_wait_the_next_is_told_to_come_later(served: Served) -> None:
    connections = asking(served, range(MOST + 10))
    with refused(connections) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    plain(served)
    close(served, connections)


def test_one_caller_leaves_room_and_turns_to_others(served: Served) -> None:
    connections = asking(served, [1] * (SHARE + 10))
    with refused(connections) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0
    (other,) = asking(served, [2])
    assert status(other) == 200
    close(served, [other, *connections])


def test_an_address_is_as_expensive_however_it_is_written(served: Served) -> None:
    connections = asking(served, [1] * (SHARE + 10), "/%63ite")

    with refused(connections) as answer:
        assert answer.status == 429
    close(served, connections)


def test_a_connection_is_used_again_after_a_slow_request(served: Served) -> None:
    with closing(connected(served)) as connection:
        for path in ("/api/search?q=" + quote(NEAR), PLAIN, "/?q=" + quote(LIKE), PLAIN):
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200
            answer.read()
            assert connection.sock is not None
