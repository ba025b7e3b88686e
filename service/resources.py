"""Resources of the API: each reads parameters, asks the engine, renders the answer."""

from __future__ import annotations

from typing import Any

from falcon import Request, Response

from service import openapi, params, render
from service.archive import Archive


class SearchResource:
    """`GET /api/search`: a search."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def on_get(self, req: Request, resp: Response) -> None:
        """Answer a question."""
        request = params.read(params.split(req.query_string))
        results = self._archive.engine.search(request.query)
        resp.media = render.results(results, request)
        for relation, target in resp.media["links"].items():
            if target:
                resp.append_link(target, relation)

    on_head = on_get


class ArticleResource:
    """`GET /api/articles/{id}`: one article, whole."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        """Give an article."""
        params.none(params.split(req.query_string))
        resp.media = render.article(self._archive.engine.article(article_id))

    on_head = on_get


class HealthResource:
    """`GET /healthz`: whether the process answers."""

    def on_get(self, _req: Request, resp: Response) -> None:
        """Say so."""
        resp.media = {"status": "alive"}

    on_head = on_get


class ReadyResource:
    """`GET /readyz`: whether an index is open."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def on_get(self, _req: Request, resp: Response) -> None:
        """Name the generation it would answer from; 503 while there is none."""
        resp.media = {"status": "ready", "generation": self._archive.engine.generation}

    on_head = on_get


class OpenApiResource:
    """`GET /openapi.json`: this API, described."""

    def __init__(self) -> None:
        self._document: dict[str, Any] = openapi.document()

    def on_get(self, _req: Request, resp: Response) -> None:
        """Give the description."""
        resp.media = self._document

    on_head = on_get
