"""What a worker of the server sees at its sockets."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.server import worker
from service.server.raw_answers import REQUEST_LINE_BYTES
from tests import waiting
from tests.cases import cases

AT_ONCE = struct.pack("ii", 1, 0)
"""Of `SO_LINGER`: a connection is reset instead of closed."""


@contextmanager
def connected() -> Iterator[tuple[worker.TimedSocket, socket.socket]]:
    """Two ends of a connection, the server's and the client's."""
    with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as stack:
        client = stack.enter_context(socket.create_connection(server.getsockname(), waiting.HANG_S))
        yield stack.enter_context(worker.TimedSocket(fileno=server.accept()[0].detach())), client


def resets(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    client.close()


@cases("does, gone", [(socket.socket.close, True), (resets, True), (lambda client: client.sendall(b"GET"), False)])
def test_a_client_is_gone_who_has_closed_or_reset(does: Callable[[socket.socket], None], gone: bool) -> None:
    with connected() as (ours, client):
        assert not worker._gone(ours)
        does(client)
        assert select.select([ours], [], [], waiting.HANG_S)[0] == [ours]
        assert worker._gone(ours) == gone
        assert ours.gettimeout() == 0.0


def test_everything_is_sent_and_the_limit_of_time_stays() -> None:
    with connected() as (ours, client):
        ours.settimeout(7.0)
        ours.sendall(b"HTTP/1.1 200 OK\r\n\r\nabc")
        assert ours.gettimeout() == 7.0
        ours.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: client.recv(100), b""))
        assert received == b"HTTP/1.1 200 OK\r\n\r\nabc"


@cases("flag, limit", [(True, worker.STALLED_S), (False, 0.0)])
def test_no_socket_waits_forever(flag: bool, limit: float) -> None:
    with connected() as (ours, _):
        ours.setblocking(flag)
        assert ours.gettimeout() == limit


@cases(
    "data, too_long",
    [
        (b"a" * (REQUEST_LINE_BYTES + 2), False),
        (b"a" * (REQUEST_LINE_BYTES + 3), True),
        (b"a" * REQUEST_LINE_BYTES + b"\r\nb", False),
        (b"a" * (REQUEST_LINE_BYTES + 1) + b"\r\nb", True),
    ],
)
def test_a_line_is_too_long_before_its_end_is_read(data: bytes, too_long: bool) -> None:
    assert worker._is_line_too_long(data) == too_long
