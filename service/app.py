"""The application: `create_app(archive)` makes the collaborators, hands them to the resources and lists every route."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import falcon
import orjson
from falcon import Request, Response
from falcon.media import JSONHandler

from search.errors import DatelineError
from service import problems
from service.archive import Archive
from service.page import ArticlePage, SearchPage, refuse_page
from service.resources import ArticleResource, HealthResource, OpenApiResource, ReadyResource, SearchResource
from service.settings import Settings

STATIC = Path(__file__).parent / "static"
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Puts the same headers on every answer, and keeps files from being written to."""

    def process_request(self, req: Request, _resp: Response) -> None:
        """Files are read, and nothing else; Falcon would take any method."""
        if req.path.startswith("/static/") and req.method not in ("GET", "HEAD"):
            raise falcon.HTTPMethodNotAllowed(["GET", "HEAD"])

    def process_response(self, _req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Headers; Falcon calls it after each request."""
        resp.set_headers(SECURITY_HEADERS)


def routes(archive: Archive, settings: Settings) -> Iterable[tuple[str, Any]]:
    """Every address and what answers there."""
    return (
        ("/", SearchPage(archive, settings)),
        ("/article/{article_id}", ArticlePage(archive, settings)),
        ("/api/search", SearchResource(archive)),
        ("/api/articles/{article_id}", ArticleResource(archive)),
        ("/healthz", HealthResource()),
        ("/readyz", ReadyResource(archive)),
        ("/openapi.json", OpenApiResource()),
    )


def create_app(archive: Archive, settings: Settings | None = None) -> falcon.App[Request, Response]:
    """A WSGI application that answers from an archive, whose index need not be there yet."""
    settings = settings or Settings()
    app = falcon.App(middleware=[Guard()])
    handler = JSONHandler(dumps=orjson.dumps, loads=orjson.loads)
    app.resp_options.media_handlers.update({"application/json": handler, problems.MEDIA_TYPE: handler})
    app.set_error_serializer(problems.serialize)
    app.add_error_handler(Exception, problems.crash)
    app.add_error_handler(falcon.HTTPError, _http_error)
    app.add_error_handler(DatelineError, _refuse(settings))
    for address, resource in routes(archive, settings):
        app.add_route(address, resource)
    app.add_static_route("/static", STATIC)
    return app


def _http_error(_req: Request, resp: Response, error: falcon.HTTPError, _params: dict[str, Any]) -> None:
    resp.set_headers(error.headers or {})
    problems.serialize(_req, resp, error)


def _refuse(settings: Settings) -> Any:
    """A person who looks at the page gets a page; a program gets JSON."""

    def handle(req: Request, resp: Response, error: DatelineError, params: dict[str, Any]) -> None:
        if req.path == "/" or req.path.startswith("/article/"):
            refuse_page(req, resp, error, settings)
        else:
            problems.refuse(req, resp, error, params)

    return handle
