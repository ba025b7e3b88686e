"""Ports of this machine that tests hold, so that no other process is given them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port at which nobody listens, but who is told of it: the system gives it to nobody else meanwhile.

    A server with SO_REUSEADDR, as all have, may listen there, since what holds the port has it too and does not listen.
    One that was merely free may be another process's a second later, when the server has begun.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
