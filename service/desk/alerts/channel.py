"""What all ways to tell somebody have in common: they succeed, or say in a sentence why not, within a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from search.errors import DatelineError
from service.desk.alerts.message import Message

WITHIN_S = 60.0
"""The time that a delivery may take once it is connected; connecting may take as long."""


class NotDelivered(DatelineError):
    """A message has not arrived, as far as we know; a sentence says why."""


class Channel(Protocol):
    """A way to tell somebody."""

    def deliver(self, message: Message) -> None:
        """Deliver a message; it has arrived when this returns. Raises NotDelivered."""
        ...


@contextmanager
def deadline(connection: Callable[[], socket.socket | None], seconds: float = WITHIN_S) -> Iterator[None]:
    """Cut a connection when the time is over: a timeout alone would begin again with each byte.

    Args:
        connection: gives the one that there is at the moment, if there is one; it is cut again after each such time.

    Raises:
        TimeoutError: for any error after the time was over.
    """
    done, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not done.wait(seconds):
            over.set()
            if (current := connection()) is not None:
                with suppress(OSError):  # it is closed
                    current.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except Exception as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        done.set()


def reason(error: Exception) -> str:
    """Why something failed, in a few words, without the text of a stranger."""
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
