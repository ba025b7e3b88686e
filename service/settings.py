"""Settings of the service, read from the environment once.

`SETTINGS` is derived from the dataclass and feeds the documentation: name, default, help.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

from search.errors import DatelineError

PREFIX = "DATELINE_"

T = TypeVar("T")


class BadSetting(DatelineError):
    """A setting in the environment that cannot be used."""


def _setting(default: T, text: str) -> T:
    chosen: T = field(default=default, metadata={"help": text})
    return chosen


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs; each field is set by `DATELINE_` and its name in capitals."""

    index: str = _setting("", "The index to serve, where no command names it.")
    site_name: str = _setting("Dateline", "The name at the head of the page.")
    threads: int = _setting(8, "Threads of each worker process.")
    kernel_cache: str = _setting(
        "", "Where compiled kernels are kept; by default beside the program or in the home directory."
    )
    timeout_s: int = _setting(30, "Seconds after which a worker that does not answer is replaced.")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment asks for.

    Raises:
        BadSetting: for a number that is none.
    """
    values: dict[str, object] = {}
    for entry in fields(Settings):
        name = PREFIX + entry.name.upper()
        if not (text := environment.get(name, "").strip()):
            continue
        if isinstance(entry.default, int):
            if not text.isdecimal() or int(text) < 1:
                raise BadSetting(f"{name} is “{text}”. It is a whole number above 0.")
            values[entry.name] = int(text)
        else:
            values[entry.name] = text
    return Settings(**values)  # type: ignore[arg-type]
