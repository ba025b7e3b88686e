"""Pages of other origins: none may read the answers unless its origin is listed, as browsers understand it."""

from __future__ import annotations

from collections.abc import Sequence

from falcon import Request, Response

EXPOSED = "ETag, Link, Location, Retry-After, X-Request-ID"
ACCEPTED = "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-ID"
MAX_AGE_S = 600


class Cors:
    """Lets listed origins in; `*` is any. Credentials that a browser adds by itself are never let in."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._origins = frozenset(origins)

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Falcon calls it when there is an answer."""
        if not self._origins:
            return
        resp.append_header("Vary", "Origin")
        origin = req.get_header("Origin")
        if origin is None or not ({origin, "*"} & self._origins):
            return
        resp.set_header("Access-Control-Allow-Origin", origin)
        resp.set_header("Access-Control-Expose-Headers", EXPOSED)
        if req.method == "OPTIONS" and req.get_header("Access-Control-Request-Method"):
            resp.set_header("Access-Control-Allow-Methods", resp.get_header("Allow") or "")
            resp.set_header("Access-Control-Allow-Headers", ACCEPTED)
            resp.set_header("Access-Control-Max-Age", str(MAX_AGE_S))
