"""The ways to tell somebody, by name: each is the class of its name in the module of its name, as `Mail` in `mail`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from desk.alerts.alert import CHANNELS
from desk.alerts.alert import Channel as Name
from service.desk.alerts.channel import Channel
from service.desk.alerts.operator_command import Command
from service.settings import Settings

_SERVED: Mapping[Name, type[Channel]] = {
    name: getattr(import_module(f"{__package__}.{name}"), name.capitalize()) for name in CHANNELS if name != "command"
}
"""Those of a server; a command is given on the command line alone."""
WAYS: Mapping[Name, type[Channel]] = {name: Command if name == "command" else _SERVED[name] for name in CHANNELS}

TARGETED: frozenset[str] = frozenset(name for name, way in WAYS.items() if way.TARGET)
"""Those that tell somebody at an address."""


def channels(settings: Settings, command: Sequence[str] | None = None) -> Mapping[Name, Channel]:
    """The ways to tell somebody here, without that of a command if it is None. Raises BadSetting."""
    found = {name: way(settings) for name, way in _SERVED.items()}
    return found if command is None else {**found, "command": Command(command)}
