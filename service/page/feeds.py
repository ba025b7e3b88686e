"""`GET /feeds`: what a feed is, and how to follow a search with one."""

from __future__ import annotations

from falcon import Request, Response

from search.values.query import Query
from service.html.templates import html
from service.resource import Resource


class FeedsPage(Resource):
    """`GET /feeds`: the page, the same for everybody."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        html(req, resp, "feeds.html", site=self._settings.site_name, query=Query())
