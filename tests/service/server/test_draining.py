"""The socket of a server that stops."""

from __future__ import annotations

import socket
import sys

from service.server.draining import drop_new_connections
from tests.cases import cases


@cases("host", ["127.0.0.1", "::1"])
def test_whoever_had_come_is_served(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        came = socket.create_connection(listener.getsockname()[:2], 5)
        drop_new_connections(listener)
        taken, _ = listener.accept()
        came.sendall(b"x")
        assert taken.recv(1) == b"x"
        came.close()
        taken.close()


class Refusing:
    """A socket whose owner may not set a filter, as in some containers."""

    family = socket.AF_INET

    def __init__(self) -> None:
        self.asked = 0

    def setsockopt(self, *_: object) -> None:
        self.asked += 1
        raise PermissionError(1, "Operation not permitted")


def test_a_filter_that_is_not_allowed_is_done_without() -> None:
    listener = Refusing()
    drop_new_connections(listener)

    assert listener.asked == (sys.platform == "linux")
