"""Ports of this machine that tests hold, so that no other process is given them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port on which only a server that is told its number listens: meanwhile the system gives it to nobody else.

    The server can, with SO_REUSEADDR, which all set, because the socket that holds the port sets it too and does not
    listen. A port that was merely free may belong to another process a second later, when the server has started.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
