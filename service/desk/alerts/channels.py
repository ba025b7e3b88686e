"""The ways to tell somebody, by name: the only place that lists them."""

from __future__ import annotations

from collections.abc import Mapping

from desk.alerts.alert import Channel as Name
from service.desk.alerts.channel import Channel, Feed
from service.desk.alerts.mail import Mail
from service.desk.alerts.operator_command import Command
from service.desk.alerts.post import Post
from service.settings import Settings


def channels(settings: Settings, command: Command | None = None) -> Mapping[Name, Channel]:
    """The ways to tell somebody here, without that of a command if it is None. Raises BadSetting."""
    found: dict[Name, Channel] = {"feed": Feed(), "mail": Mail(settings), "post": Post(settings)}
    return found if command is None else {**found, "command": command}


def is_targeted(name: str) -> bool:
    """True if an alert has a target of its own when it is told in this way."""
    return any(way.TARGETED for known, way in (("mail", Mail), ("post", Post)) if known == name)
