"""Alerts as input of a command of the operator, who names it on the command line; nobody does over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence

import orjson

from service.desk.alerts.channel import LONGEST_S, NotDelivered, Untargeted
from service.desk.alerts.message import Message, as_json
from service.wording.messages import mark


class Command(Untargeted):
    """Runs a command for each message, which gets its JSON on stdin; it has arrived if the command exits with 0.

    The environment has `DATELINE_DELIVERY`, the same for a message however often it is sent.
    """

    WORD = mark("command")
    HELP = "Give it to the command of: dateline alerts INDEX run -- COMMAND."

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
                    process.communicate(orjson.dumps(as_json(message)), LONGEST_S)
                except subprocess.TimeoutExpired:
                    raise NotDelivered(f"The command did not end within {LONGEST_S / 60:.0f} minutes.") from None
                finally:
                    if process.poll() is None:  # also an interrupt
                        os.killpg(process.pid, signal.SIGKILL)
        except OSError as error:
            raise NotDelivered(f"The command could not be run: {error.strerror}.") from None
        if process.returncode != 0:
            raise NotDelivered(f"The command ended with {process.returncode}.")
