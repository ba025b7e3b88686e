"""The log on stderr: a JSON line for each write and each failure; by default nothing that people search for.

    {"time": "2026-03-01T10:00:00+00:00", "audit": "POST /api/articles", "status": 202, "job": "…", "key": "3f2a91c0"}
    {"time": "2026-03-01T10:00:02+00:00", "audit": "job done", "job": "…", "added": 2, "updated": 0, "removed": 0, …}

A refused write has a line too. Requests that read have one if `DATELINE_LOG_REQUESTS` is set. An internal error is
logged with its type and its stack, but not its message, which may contain a user's words.
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

from service.http.callers import address_of
from service.settings import Settings

_READING = ("GET", "HEAD", "OPTIONS")


def line(**fields: object) -> None:
    """Write a line; None values are omitted."""
    record = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **fields}
    say(orjson.dumps({name: value for name, value in record.items() if value is not None}).decode())


def say(text: str) -> None:
    """Write to stderr. If that fails, there is nowhere to report it and no reason to stop the work."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")  # in one write, so that lines of several processes do not mix
        sys.stderr.flush()


def trace(error: BaseException) -> str:
    """The stack of an error, without its message."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        words = f": {seen.strerror}" if isinstance(seen, OSError) and seen.strerror else ""
        lines += [*traceback.format_tb(seen.__traceback__), f"{type(seen).__name__}{words}\n"]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "".join(lines)


class RequestLog:
    """Logs requests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def process_request(self, req: Request, _resp: Response) -> None:
        """Start the clock; Falcon calls it."""
        req.context.arrived = time.perf_counter()

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Falcon calls it when there is a response."""
        writes = req.method not in _READING and req.uri_template is not None
        if not writes and not self._settings.log_requests:
            return
        key = req.context.get("key")
        record: dict[str, object] = {
            "status": resp.status_code,
            "key": key.id if key else None,
            "key_name": (key.name or None) if key else None,
            "address": address_of(req, self._settings.in_front),
            "request": req.context.get("id"),
        }
        if writes:
            job = getattr(resp.media, "job", None) if resp.status_code == 202 else None
            line(audit=f"{req.method} {req.path}", job=job, bytes=req.content_length, **record)
        else:
            taken = round(1000 * (time.perf_counter() - req.context.arrived), 1)
            line(asked=f"{req.method} {req.relative_uri}", ms=taken, **record)


class Quiet(Logger):  # type: ignore[misc]
    """gunicorn's log without queries: for a URL only its path, for malformed HTTP only its sender."""

    def warning(self, msg: object, *args: object, **kwargs: object) -> None:
        """Log a warning."""
        text = str(msg)
        if text.startswith("Invalid request from ip="):
            msg = text.partition(": ")[0]
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: object, *args: object, **_kwargs: object) -> None:
        """Log that an error reached gunicorn, and its stack."""
        error = sys.exception()
        paths = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in args)
        if isinstance(msg, BaseException):
            msg = type(msg).__name__
        super().error(f"{msg}\n%s", *paths, trace(error) if error else "")
