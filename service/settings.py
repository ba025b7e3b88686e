"""Settings of the service, read from the environment once.

`SETTINGS` is derived from the dataclass and feeds the documentation: name, default, help.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

from search.errors import DatelineError

PREFIX = "DATELINE_"
_MB = 1024 * 1024

T = TypeVar("T")


class BadSetting(DatelineError):
    """A setting in the environment that cannot be used."""


def _setting(default: T, text: str, least: int = 1) -> T:
    chosen: T = field(default=default, metadata={"help": text, "least": least})
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
    require_key: bool = _setting(False, "Whether reading needs a key of scope `read`; writing always needs one.")
    public_url: str = _setting(
        "",
        "Where people reach the service, with a proxy before it: `https://news.example.org`. For feeds, and a name "
        "that it answers to.",
    )
    hosts: str = _setting(
        "",
        "Names that the service answers to, by comma, beside `localhost` and that of `DATELINE_PUBLIC_URL`: "
        "`news.example.org,10.0.0.7`; `*` is any.",
    )
    cors_origins: str = _setting(
        "", "Origins whose pages may read the API, by comma, or `*`; none by default: `https://desk.example.org`."
    )
    max_body_mb: int = _setting(32, "Megabytes of articles that one request may send.")
    spool_mb: int = _setting(1024, "Megabytes of articles that may wait to be indexed; more is answered with 503.")
    index_workers: int = _setting(1, "Processes that read and enrich what was sent.")
    copies_hours: int = _setting(96, "Hours within which copies of one text are published.", 0)
    time_budget_ms: int = _setting(
        10_000, "Milliseconds that the questions of one request may take; what is left out is named in the answer."
    )
    offers_ms: int = _setting(
        300,
        "Milliseconds of the processor that all that is offered beside an answer may take: other spellings, names, "
        "ways out of an empty result.",
    )
    cursor_minutes: int = _setting(
        15, "Minutes for which a list can be followed as it was when it was begun, after each page of it."
    )
    anonymous_rate: int = _setting(
        0,
        "Requests a minute from one address without a key; 0 is 600 from other machines, and any number from this.",
        0,
    )
    key_rate: int = _setting(0, "Requests a minute with one key; 0 is any number.", 0)
    anonymous_export: int = _setting(0, "Articles of one export without a key; 0 is any number.", 0)
    proxies: int = _setting(0, "Proxies of yours before the service, whose `X-Forwarded-For` is believed.", 0)
    log_requests: bool = _setting(False, "Whether each request is logged, with what was asked for and by whom.")

    @property
    def max_body_bytes(self) -> int:
        """The most bytes of a body."""
        return self.max_body_mb * _MB

    @property
    def spool_bytes(self) -> int:
        """The most bytes that may wait."""
        return self.spool_mb * _MB

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that may read."""
        return tuple(origin.strip().rstrip("/") for origin in self.cors_origins.split(",") if origin.strip())

    def base(self, prefix: str) -> str:
        """What stands before a path in a full address: the public URL, or what the request was sent to."""
        return self.public_url.rstrip("/") or prefix


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment asks for.

    Raises:
        BadSetting: for a number that is none, and a switch that is neither on nor off.
    """
    values: dict[str, object] = {}
    for entry in fields(Settings):
        name = PREFIX + entry.name.upper()
        if not (text := environment.get(name, "").strip()):
            continue
        if isinstance(entry.default, bool):
            if text.lower() not in ("true", "false"):
                raise BadSetting(f"{name} is “{text}”. It is true or false.")
            values[entry.name] = text.lower() == "true"
        elif isinstance(entry.default, int):
            least = int(entry.metadata["least"])
            if not text.isdecimal() or int(text) < least:
                raise BadSetting(f"{name} is “{text}”. It is a whole number, {least} or more.")
            values[entry.name] = int(text)
        else:
            values[entry.name] = text
    return Settings(**values)  # type: ignore[arg-type]
