"""Rights: what the sender of each request may see, by the rules of the index (`desk.rights`).

A client that does not see everything may use the routes of `NARROWED`, whose answers come from an engine of what it
sees. What people have stored about an archive, such as citations with their totals, was found by somebody who may have
seen more; so all other routes are for those who see everything, until they can tell. A new route is among these.
"""

from __future__ import annotations

import falcon
from falcon import Request, Response

from desk.people.holder import Holder, Person
from desk.rights.rule import STRANGER, Reader
from desk.rights.store import Known
from search.said import said
from search.system import acting
from search.system.acting import Actor, Via
from service import seeing
from service.http.auth import OPEN
from service.http.own_desk import OWN
from service.http.session import member_of

NARROWED = frozenset({
    "/", "/advanced", "/compare", "/draft", "/entity/{field}/{value:path}",
    "/title/{value:path}", "/issue/{day}/{value:path}",
    "/iiif/title/{value:path}", "/iiif/{issue}/manifest", "/iiif/{issue}/search",
    "/iiif/{issue}/search/{version}",
    "/iiif/scan/{article_id}/{number}", "/iiif/scan/{article_id}/{number}/info.json",
    "/iiif/scan/{article_id}/{number}/{region}/{size}/{rotation}/{file}",
    "/article/{article_id}", "/article/{article_id}/scan/{number}", "/article/{article_id}/versions/{other}",
    "/article/{article_id}/event",
    "/api/search", "/api/export", "/api/facets/{field}", "/api/suggest", "/api/trend", "/api/special", "/api/pairs",
    "/api/concordance", "/api/entities/{field}/{value:path}", "/api/draft", "/api/compare", "/api/count",
    "/api/articles", "/api/articles/{article_id}", "/api/articles/{article_id}/similar",
    "/api/articles/{article_id}/event",
    "/api/jobs", "/api/jobs/{job_id}", "/upload", "/upload/{job_id}", "/api/me",
    "/lists", "/lists/{name}", "/api/lists", "/api/lists/{name}", "/api/lists/{name}/articles/{article_id}",
    "/searches", "/api/searches", "/api/searches/{name}",
    "/alerts", "/alerts/{name}/feed.atom", "/api/alerts", "/api/alerts/{name}",
    "/oai", "/feed.atom", "/sitemap.xml", "/sitemap/{name}",
})  # fmt: skip
"""Routes whose answers come from what the reader may see."""


class Rights:
    """Has each request see what its sender may see; puts the reader into `req.context.reader`."""

    def __init__(self, place: str) -> None:
        self._known = Known(place)

    def process_request(self, _req: Request, _resp: Response) -> None:
        """Nothing is seen until it is known who asks, whatever the last request of this thread was."""
        seeing.begin()
        acting.begin()

    def process_resource(self, req: Request, _resp: Response, _resource: object, _params: dict[str, str]) -> None:
        """Falcon calls it when the route is known, and the client is authorized."""
        route = req.uri_template or ""
        via: Via = "api" if route.startswith("/api/") else "page"
        if route in OPEN:  # they reveal nothing about the archive
            req.context.reader = STRANGER
            acting.begin(Actor("", via))
            return
        reader = self.reader(req)
        sight = self._known.sight(reader)
        if not sight.is_whole and route not in NARROWED:
            raise falcon.HTTPForbidden(
                description=said("This is for those who may see every article. What you may see has limits.")
            )
        req.context.reader = reader
        seeing.begin(sight, *_asker(req))
        acting.begin(Actor(reader.name, via))

    def process_response(self, _req: Request, _resp: Response, _resource: object, _succeeded: bool) -> None:
        """Nobody acts in this thread until its next request."""
        acting.begin()

    def reader(self, req: Request) -> Reader:
        """Who sends a request."""
        holder: Holder | None = req.context.get("key") or req.context.get("user")
        if holder is None:
            return STRANGER
        groups = self._known.groups_of([member_of(holder)])
        if isinstance(holder, Person):
            groups |= holder.groups
        return Reader(holder.called, groups, is_known=True, sees_all=holder.permits("admin") or holder.id == OWN)


def _asker(req: Request) -> tuple[str, bool, bool]:
    """To whom what somebody saves belongs, and whether he may edit and administer; of who serves himself all is
    nobody's.
    """
    holder: Holder | None = req.context.get("key") or req.context.get("user")
    if holder is None:
        return "", False, False
    is_own = holder.id == OWN
    return "" if is_own else member_of(holder), holder.permits("edit"), is_own or holder.permits("admin")
