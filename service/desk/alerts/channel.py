"""What all ways to tell somebody have in common: they succeed, or say in a sentence why not, within a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar, Protocol

from desk.alerts.alert import Alert
from search.errors import BadQuery, BadValue, DatelineError
from search.said import said
from service.desk.alerts.message import Message
from service.settings import Settings

LONGEST_S = 600.0
"""The time that a channel may take for a delivery, in all."""
WITHIN_S = 60.0
"""The time that a delivery may take once it is connected; connecting may take as long."""


class NotDelivered(DatelineError):
    """A message has not arrived, as far as we know; a sentence says why."""


class Channel(Protocol):
    """A way to tell somebody, made of the settings; `serve` makes it when it starts, and ends if that is a BadSetting.

    Attributes:
        WORD: its name on a page.
        TARGET: what the target of an alert is, in the help of the command; "" if it has none.
        HELP: what the option of the command does; "" for what is done without one.
        SETTING: the variable of the environment by which an operator allows it; "" if it needs none.
    """

    WORD: ClassVar[str]
    TARGET: ClassVar[str]
    HELP: ClassVar[str]
    SETTING: ClassVar[str]

    def __init__(self, settings: Settings) -> None: ...

    @property
    def works(self) -> bool:
        """True if it is allowed here."""
        ...

    def target(self, text: str) -> str:
        """Whom to tell, as it is stored. Raises BadQuery if a text is none."""
        ...

    def receiver(self, alert: Alert) -> str:
        """Who answers when an alert is told, of those that this channel asks."""
        ...

    def deliver(self, message: Message) -> None:
        """Deliver a message; it has arrived when this returns. Raises NotDelivered."""
        ...


class Untargeted:
    """What channels without a target have in common."""

    WORD: ClassVar[str]
    TARGET: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    SETTING: ClassVar[str] = ""

    def __init__(self, _settings: Settings) -> None:
        """It has no settings."""

    @property
    def works(self) -> bool:
        """It is always allowed."""
        return True

    def target(self, text: str) -> str:
        """None. Raises BadQuery if there is one."""
        if text:
            reason = said("A {channel} has no target.", channel=self.WORD)
            raise BadQuery([BadValue("target", text[:80], reason, said("Leave it out."))])
        return ""

    def receiver(self, _alert: Alert) -> str:
        """One for all."""
        return ""


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
