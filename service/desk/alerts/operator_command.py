"""Alerts as input of a command of the operator, who names it on the command line; nobody does over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence

import orjson

from service.desk.alerts.channel import NotDelivered, Untargeted
from service.desk.alerts.message import Message, as_json

COMMAND_S = 600.0
"""The time that a command may take."""


class Command(Untargeted):
    """Runs a command for each message, which gets its JSON on stdin; it has arrived if the command exits with 0.

    The environment has `DATELINE_DELIVERY`, the same for a message however often it is sent.
    """

    NAME = "command"

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)

    def deliver(self, message: Message) -> None:
        """Run the command. Raises NotDelivered."""
        environment = {**os.environ, "DATELINE_DELIVERY": message.id}
        try:
            with subprocess.Popen(
                self._command, stdin=subprocess.PIPE, env=environment, start_new_session=True
            ) as process:
                try:
                    process.communicate(orjson.dumps(as_json(message)), COMMAND_S)
                except subprocess.TimeoutExpired:
                    raise NotDelivered(f"The command did not end within {COMMAND_S / 60:.0f} minutes.") from None
                finally:
                    if process.poll() is None:  # also an interrupt
                        os.killpg(process.pid, signal.SIGKILL)
        except OSError as error:
            raise NotDelivered(f"The command could not be run: {error.strerror}.") from None
        if process.returncode != 0:
            raise NotDelivered(f"The command ended with {process.returncode}.")
