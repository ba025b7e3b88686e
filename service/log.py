"""What the service says on stderr: a line of JSON for each write, and what failed; nothing that anybody asked for.

    {"time": "2026-03-01T10:00:00+00:00", "audit": "POST /api/articles", "status": 202, "job": "…", "key": "3f2a91c0"}
    {"time": "2026-03-01T10:00:02+00:00", "audit": "job done", "job": "…", "added": 2, "updated": 0, "removed": 0, …}

A write that was refused has a line too. Requests that read have one where `DATELINE_LOG_REQUESTS` asks for it. Of an
error nobody foresaw the places in the program are told and its kind, but not its words, which may be a reader's.
"""

from __future__ import annotations

import sys
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime

import orjson
from falcon import Request, Response
from gunicorn.glogging import Logger

from service.rates import address_of
from service.settings import Settings

_READING = ("GET", "HEAD", "OPTIONS")


def line(**fields: object) -> None:
    """Write a line; what is None is left out."""
    told = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **fields}
    say(orjson.dumps({name: value for name, value in told.items() if value is not None}).decode())


def say(text: str) -> None:
    """Write to stderr. Where that is full or closed there is no place to say so, and no reason to refuse the work."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")  # in one piece, so that lines of several processes do not mix
        sys.stderr.flush()


def trace(error: BaseException) -> str:
    """Where an error came from, without what it says."""
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        words = f": {seen.strerror}" if isinstance(seen, OSError) and seen.strerror else ""
        told += [*traceback.format_tb(seen.__traceback__), f"{type(seen).__name__}{words}\n"]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "".join(told)


class RequestLog:
    """Writes the lines of requests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def process_request(self, req: Request, _resp: Response) -> None:
        """Start the clock; Falcon calls it."""
        req.context.arrived = time.perf_counter()

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Falcon calls it when there is an answer."""
        writes = req.method not in _READING and req.uri_template is not None
        if not writes and not self._settings.log_requests:
            return
        key = req.context.get("key")
        told: dict[str, object] = {
            "status": resp.status_code,
            "key": key.id if key else None,
            "key_name": (key.name or None) if key else None,
            "address": address_of(req, self._settings.proxies),
            "request": req.context.get("id"),
        }
        if writes:
            job = resp.media.get("job") if resp.status_code == 202 and isinstance(resp.media, dict) else None
            line(audit=f"{req.method} {req.path}", job=job, bytes=req.content_length, **told)
        else:
            taken = round(1000 * (time.perf_counter() - req.context.arrived), 1)
            line(asked=f"{req.method} {req.relative_uri}", ms=taken, **told)


class Quiet(Logger):  # type: ignore[misc]
    """gunicorn's log without what was asked: of an address the path, of what is no HTTP who sent it."""

    def warning(self, msg: object, *args: object, **kwargs: object) -> None:
        """Warn."""
        text = str(msg)
        if text.startswith("Invalid request from ip="):
            msg = text.partition(": ")[0]
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: object, *args: object, **_kwargs: object) -> None:
        """Say that an error came up to gunicorn, and from where."""
        error = sys.exception()
        paths = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in args)
        if isinstance(msg, BaseException):
            msg = type(msg).__name__
        super().error(f"{msg}\n%s", *paths, trace(error) if error else "")
