"""Conditional requests: an ETag for each response, and 304 if the client has the response already.

A response depends on the generation of the index, the address, the day (dates may be relative), the language of the
page and the version of the program. All are known without computing it, so a 304 costs no search. Only `took_ms` may
differ between two responses with one strong ETag; a response that contains its own time has a weak one. A rebuilt index
may reach the same generation again, so the directory's own stamp counts too.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from falcon import Request, Response

import service
from desk.store.base import stamp
from service import params, seeing
from service.archive import Archive
from service.http.auth import OF_PEOPLE, OPEN
from service.wording.messages import current

CACHE_CONTROL = "private, max-age=0, must-revalidate"
VOLATILE = frozenset(
    {
        "/healthz",
        "/readyz",
        "/metrics",
        "/api/jobs/{job_id}",
        "/api/corrections",
        "/api/me",
        "/api/rights",
        "/api/audit",
        "/api/admin",
        "/api/keys",
        "/admin",
        "/api/citations",
        "/api/searches",
        "/api/searches/{name}",
        "/api/alerts",
        "/api/alerts/{name}",
        "/alerts",
        "/alerts/{name}/feed.atom",
        "/names",
        "/searches",
        "/rights",
        "/sign-in",
        "/sign-in/provider",
        "/sign-in/done",
    }
)
"""Routes whose response depends on the moment, or on who asks."""
DATED = frozenset({"/api/export", "/cite/{citation_id}", "/api/citations/{citation_id}"})
"""Routes whose response contains its own time, and otherwise stays the same, besides those with `req.context.dated`."""
DONE = "dateline-done"
"""The cookie that has a page say once what a form did: see `service.html.sending`."""
PACKED = "-gzip"
"""The suffix of the ETag of a compressed response: other bytes, another ETag."""


class Conditional:
    """Adds ETag and Cache-Control to responses, and responds with 304."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def process_resource(self, req: Request, resp: Response, resource: object, _params: dict[str, str]) -> None:
        """Falcon calls it when the route is known and the client is authorized."""
        req.context.etag = None
        route = req.uri_template or ""
        if req.method not in ("GET", "HEAD") or route in VOLATILE or DONE in req.cookies:
            return
        if not hasattr(resource, "on_get"):
            return
        parts = [edition(), req.prefix, req.relative_uri, date.today().isoformat(), current().language]
        if (session := req.context.get("session")) is not None:  # whose pages have more on them
            parts.append(session.token)
        if not route.startswith("/api/") or route in OF_PEOPLE or "list" in dict(params.split(req.query_string)):
            parts.append(seeing.asker().member)  # whose lists are others, under one name
        if route not in OPEN:  # which reveals nothing about the index, and so does not depend on it
            parts += map(str, self._archive.edition)
            parts.append(stamp(self._archive.place))
        req.context.etag = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if any(_etag_value(tag) == req.context.etag for tag in (req.get_header("If-None-Match") or "").split(",")):
            resp.status = 304
            resp.complete = True

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Falcon calls it when there is a response."""
        if resp.status_code >= 400 and resp.get_header("Cache-Control") is None:
            resp.set_header("Cache-Control", "no-store")  # some may be stored otherwise, and a page names its reader
        etag = req.context.get("etag")
        if etag is None or resp.status_code not in (200, 206, 304):
            return
        packed = resp.get_header("Content-Encoding") == "gzip" or PACKED in (req.get_header("If-None-Match") or "")
        weak = "W/" if req.uri_template in DATED or req.context.get("dated") else ""
        resp.set_header("ETag", f'{weak}"{etag}{PACKED if packed else ""}"')
        resp.set_header("Cache-Control", CACHE_CONTROL)
        if req.get_header("If-None-Match") == "*":
            resp.status = 304
            resp.text = resp.data = resp.media = resp.stream = None
            resp.delete_header("Content-Type")
            resp.delete_header("Content-Range")


def forbid_caching(req: Request, resp: Response) -> None:
    """Forbid caching a response: a later one may be more complete."""
    req.context.etag = None
    resp.set_header("Cache-Control", "no-store")


def _etag_value(tag: str) -> str:
    """The value of an ETag, for any representation; If-None-Match compares weakly."""
    return tag.strip().removeprefix("W/").strip('"').removesuffix(PACKED)


@cache
def edition() -> str:
    """A string that identifies this build of the program: its version, and a hash of its files' times."""
    package = Path(__file__).parents[1]
    folders = (package, package.parent / "desk", package.parent / "search")
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    stamps = [f"{file.name} {file.stat().st_mtime_ns}" for file in files if file.suffix != ".pyc"]
    return f"{service.__version__} {sha256(' '.join(stamps).encode()).hexdigest()}"
