"""Rules for every request: its id, its time budget, what a browser may ask, security headers, the size of its body."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection

import falcon
from falcon import Request, Response

from search.system import budget
from service.http.posted_body import too_large

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all, browsers would not say where a form is from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FRAMES = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})
FREE = frozenset({"/healthz", "/readyz"})
"""Paths that cost and tell nothing."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class Guard:
    """Gives each request an id and a time budget, and adds the same headers to every response."""

    def __init__(self, time_budget_ms: int, offers_ms: int) -> None:
        self._time_budget_ms = time_budget_ms
        self._offers_ms = offers_ms

    def process_request(self, req: Request, _resp: Response) -> None:
        """Set the id and start the time budget; Falcon calls it before anything can be refused."""
        given = req.get_header("X-Request-ID") or ""
        budget.begin(self._time_budget_ms, self._offers_ms)
        req.context.id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Add the headers; Falcon calls it after each request."""
        budget.end()
        resp.set_headers(SECURITY_HEADERS)
        resp.set_header("X-Request-ID", req.context.get("id") or uuid.uuid4().hex)


class OtherSites:
    """Refuses what pages of other sites have a browser ask here, before it costs anything.

    They may lead people here, by a link or a form that reads, and a page of a listed origin (`Cors`) may ask; no other
    may load answers as images or scripts, in frames, by a script, or ahead of a click. A browser says so in
    `Sec-Fetch-Site`, over HTTPS and on this machine.
    """

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = frozenset(origins)

    def process_request(self, req: Request, _resp: Response) -> None:
        """Refuse a request with 403; Falcon calls it for each request."""
        if req.get_header("Sec-Fetch-Site") not in ("cross-site", "same-site") or req.path in FREE:
            return
        ahead = "prefetch" in (req.get_header("Sec-Purpose") or req.get_header("Purpose") or "")
        leads = req.get_header("Sec-Fetch-Mode") == "navigate" and req.get_header("Sec-Fetch-Dest") not in _FRAMES
        leads = leads and not ahead
        if leads or not self._origins.isdisjoint(("*", req.get_header("Origin"))):
            return
        raise falcon.HTTPForbidden(
            description="A page of another site asked for this. Open it here, or have the operator list that site in "
            "DATELINE_CORS_ORIGINS."
        )


class Bounds:
    """Refuses requests that no resource accepts: a body that is too large, and writing to files."""

    def __init__(self, max_body_bytes: int) -> None:
        self._max_body_bytes = max_body_bytes

    def process_request(self, req: Request, _resp: Response) -> None:
        """Refuse all but reading for files; Falcon would accept any method and any length."""
        if (req.content_length or 0) > self._max_body_bytes:
            raise too_large(self._max_body_bytes)
        if req.path.startswith("/static/") and req.method not in ("GET", "HEAD"):
            raise falcon.HTTPMethodNotAllowed(["GET", "HEAD"])
