"""Alerts as feeds, which readers fetch by themselves (see `atom`): what is stored has arrived."""

from __future__ import annotations

from service.desk.alerts.channel import Untargeted
from service.desk.alerts.message import Message
from service.wording.messages import mark


class Feed(Untargeted):
    """The feed of an alert."""

    WORD = mark("feed")

    def deliver(self, _message: Message) -> None:
        """Do nothing."""
