"""`GET /article/{id}/versions/{other}`: the changes from another article of the same story to this one."""

from __future__ import annotations

from falcon import Request, Response

from search.values.query import Query
from service.api.versions import difference, similarity
from service.html.templates import html
from service.resource import Resource


class VersionsPage(Resource):
    """Compares two articles word by word."""

    def on_get(self, req: Request, resp: Response, article_id: str, other: str) -> None:
        """Show the difference; the other article is the earlier text."""
        engine = self._archive.engine
        after, before = engine.article(article_id), engine.article(other)
        share = similarity(before.text, after.text)
        paragraphs, whole = difference(before.text, after.text) if share is not None else ([], True)
        title, _ = difference(before.heading, after.heading)
        html(
            req,
            resp,
            "versions.html",
            site=self._settings.site_name,
            query=Query(),
            before=before,
            after=after,
            title=title[0] if title else [],
            paragraphs=paragraphs,
            whole=whole,
            similarity=share,
        )
