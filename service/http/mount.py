"""The path of the public URL, as the path at which the service is mounted.

Every link begins with `req.root_path`. Another WSGI application that mounts this one sets it (`SCRIPT_NAME`); a proxy
that removes a prefix from the path cannot, so the prefix is that of `DATELINE_PUBLIC_URL`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from falcon import Request, Response


class Mount:
    """Sets the root path of each request, and in its context `base`, the public URL, or "".

    Args:
        public_url: its path is the root path; without a path, that of the request remains.
    """

    def __init__(self, public_url: str) -> None:
        self._root = urlsplit(public_url).path.rstrip("/")
        self._url = public_url.rstrip("/")

    def process_request(self, req: Request, _resp: Response) -> None:
        """Falcon calls it before the resource is found."""
        req.context.base = self._url
        if self._root:
            req.env["SCRIPT_NAME"] = self._root
