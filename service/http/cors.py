"""CORS: pages of other origins may read responses only if their origin is listed."""

from __future__ import annotations

from collections.abc import Sequence

import falcon
from falcon import Request, Response

EXPOSED = ("ETag", "Link", "Location", "Retry-After", "X-Request-ID")


class Cors(falcon.CORSMiddleware):  # type: ignore[type-arg]  # those are for ASGI
    """Falcon's middleware with `Vary`, without which a cache gives one origin the response for another.

    Credentials that a browser adds by itself are never allowed.
    """

    def __init__(self, origins: Sequence[str]) -> None:
        super().__init__("*" if "*" in origins else origins, EXPOSED)
        self._is_open = "*" in origins

    def process_response(self, req: Request, resp: Response, resource: object, req_succeeded: bool) -> None:
        """Add the headers; Falcon calls it when there is a response."""
        resp.append_header("Vary", "Origin")
        if self._is_open:  # viewers load thumbnails as plain images
            resp.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        super().process_response(req, resp, resource, req_succeeded)
