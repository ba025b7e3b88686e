"""Responses to requests that never reach the application: complete problems, written to the socket by the worker."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from http import HTTPStatus

import orjson

from service.http import problems

REQUEST_LINE_BYTES = 8190
"""The maximum length of a request line, gunicorn's own limit; a longer one gets a 414."""
HEADERS = 100
HEADER_BYTES = 8190
HEAD_BYTES = 128 * 1024
"""The maximum size of a request without its body; a larger one gets a 431."""
_REASONS = {
    429: "You have sent too much that is not HTTP. Try again later.",
    503: "Too many expensive queries are waiting. Try again later, or use fewer phrases and rarer words.",
    500: "Dateline failed on this request; the server's log says why.",
    414: f"The address has more than {REQUEST_LINE_BYTES:,} bytes. Use fewer or shorter parameters.",
    431: f"The headers are too large. The limit is {HEADERS} of {HEADER_BYTES:,} bytes each, {HEAD_BYTES:,} in all. "
    "Send fewer or shorter ones.",
}
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class Rewritten:
    """A socket that sends a problem instead of gunicorn's error page, which is written in one call."""

    def __init__(self, client: socket.socket, rewritten: Callable[[bytes], bytes]) -> None:
        self._client = client
        self._answer = rewritten

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)

    def sendall(self, data: bytes) -> None:
        """Send the problem that replaces the page."""
        self._client.sendall(self._answer(data))


def status_of(page: bytes) -> HTTPStatus:
    """The status of a response that begins with these bytes."""
    found = _STATUS.match(page)
    return HTTPStatus(int(found[1])) if found is not None else HTTPStatus.BAD_REQUEST


SHARE_TAKEN = "As many of your expensive queries as may are waiting. Try again when they are answered."


def problem(status: HTTPStatus, retry_after: int | None = None, detail: str = "") -> bytes:
    """A problem as a complete response, with what is told of its status unless there is a better sentence."""
    detail = detail or _REASONS.get(status.value, "This is not valid HTTP. Check its request line and headers.")
    body = orjson.dumps({"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail})
    again = f"Retry-After: {retry_after}\r\n" if retry_after else ""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n{again}"
        f"Content-Type: {problems.MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
