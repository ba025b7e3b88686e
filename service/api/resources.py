"""Resources of the API: each reads parameters, calls the engine, and renders the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from falcon import HTTPNotFound, Request, Response
from msgspec import structs
from msgspec.structs import asdict

from search.analyses import legible
from search.analyses.entity import entity
from search.analyses.event import event
from search.analyses.periods import Periods, special_by
from search.errors import OutOfTime
from search.fields import ENTITIES
from search.measures.cross_table import CrossTable
from search.measures.keyness import Special
from search.system.json import Json
from search.values.results import Trend, ValueFacet
from service import params
from service.api.versions import to_representative
from service.formats import render, takeaway
from service.html.parts import figure
from service.http.conditional import forbid_caching
from service.params import entity_path
from service.params.operation import Place, operation
from service.resource import Resource
from service.values import article_values, result_values
from service.values.job_values import Status


def _link(resp: Response, links: Mapping[str, str | None]) -> None:
    """Add a `Link` header (RFC 8288) for each of these."""
    for relation, target in links.items():
        if target:
            resp.append_link(target, relation)


_MISSING = {404: "Not found"}
FACETS = {"field": Place("A facet.", params.facet.FACETS_AND_DATE)}
ENTITY = {
    "field": Place("A facet.", ENTITIES),
    "value": Place("A name in any spelling; a country or topic also by code. Percent-encoded, as in every URL."),
}
_GONE = {404: "Not found", 410: "The article was withdrawn or removed"}


class SearchResource(Resource):
    """`GET /api/search`: a search."""

    @operation("search", "Search the archive", result_values.Results, parameters=params.PARAMETERS)
    def on_get(self, req: Request, resp: Response) -> None:
        request = params.read(params.split(req.query_string))
        results = self._archive.engine.search(request.query)
        if results.incomplete:
            forbid_caching(req, resp)
        resp.media = render.results(results, request, self._archive.engine.authority().names, root=req.root_path)
        _link(resp, asdict(resp.media.links) | {"search": f"{req.root_path}/opensearch.xml"})


class FacetResource(Resource):
    """`GET /api/facets/{field}`: the values of one facet, or the histogram."""

    places = FACETS

    @operation(
        "facet",
        "One facet of the matches: its values, or for date the histogram",
        result_values.Facet,
        parameters=params.facet.PARAMETERS,
        refuses=_MISSING,
    )
    def on_get(self, req: Request, resp: Response, field: str) -> None:
        if field not in params.facet.FACETS_AND_DATE:
            there = ", ".join(params.facet.FACETS_AND_DATE)
            raise HTTPNotFound(description=f"There is no facet “{field[:80]}”. The facets are: {there}.")
        request = params.facet.read(params.split(req.query_string), field)
        engine = self._archive.engine
        counted, origin = takeaway.stated(
            engine, takeaway.given(req), lambda: engine.facet(request.query, field, request.listing)
        )
        if request.format == "csv":
            takeaway.give(req, resp, "csv", field, takeaway.table(takeaway.facet(counted), origin))
            return
        if request.format == "svg" and isinstance(counted, ValueFacet):
            takeaway.give(
                req, resp, "svg", field, figure.world(counted, request.query, origin, self._settings.site_name)
            )
            return
        resp.media = render.facet(request.field, counted, engine.authority().names)
        if isinstance(counted, ValueFacet):
            _link(resp, render.facet_links(counted, request, req.root_path))


class SuggestResource(Resource):
    """`GET /api/suggest`: completions of a typed text."""

    @operation(
        "suggest", "Completions of a name, with counts", result_values.Suggestions, parameters=params.suggest.PARAMETERS
    )
    def on_get(self, req: Request, resp: Response) -> None:
        request = params.suggest.read(params.split(req.query_string))
        resp.media = result_values.Suggestions(self._archive.engine.suggest(request.text, request.limit))


class TrendResource(Resource):
    """`GET /api/trend`: the share of articles that match, by time."""

    @operation("trend", "What share of the articles matches, by time", Trend, parameters=params.trend.PARAMETERS)
    def on_get(self, req: Request, resp: Response) -> None:
        request, engine = params.trend.read(params.split(req.query_string)), self._archive.engine

        def asked() -> Trend:
            found = engine.trend(request.query, request.denominator)
            if request.legible is None:
                return found
            among = legible.trend(engine, request.query, request.denominator, found, request.legible)
            return structs.replace(found, legible=among)

        found, origin = takeaway.stated(engine, takeaway.given(req), asked)
        if request.format == "csv":
            takeaway.give(req, resp, "csv", "trend", takeaway.table(takeaway.trend(found), origin))
        elif request.format == "svg":
            takeaway.give(
                req, resp, "svg", "trend", figure.trend(found, request.query, origin, self._settings.site_name)
            )
        else:
            resp.media = found


class SpecialResource(Resource):
    """`GET /api/special`: the values or words that are special about a result."""

    @operation(
        "special",
        "The values, or words, that are more frequent among the matches than elsewhere, or less",
        result_values.Special,
        parameters=params.special.PARAMETERS,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        request, engine = params.special.read(params.split(req.query_string)), self._archive.engine

        def compared() -> tuple[Special, Periods | None]:
            whole = engine.special(request.query, request.contrast)
            by = request.by
            return whole, special_by(engine, request.query, request.contrast, by) if by is not None else None

        (found, periods), origin = takeaway.stated(engine, takeaway.given(req), compared)
        if periods is not None and periods.incomplete:
            if request.format == "csv":
                raise OutOfTime("There was no time for all periods. Ask for fewer, or for JSON.")
            forbid_caching(req, resp)
        name = f"special-{request.contrast.field}" + (f"-by-{request.by}" if request.by else "")
        if request.format == "csv":
            table = takeaway.special(found) if periods is None else takeaway.periods(periods)
            takeaway.give(req, resp, "csv", name, takeaway.table(table, origin))
        elif request.format == "svg":
            takeaway.give(
                req, resp, "svg", name, figure.special(found, request.query, origin, self._settings.site_name)
            )
        else:
            resp.media = render.special(found, periods)


class CompareResource(Resource):
    """`GET /api/compare`: up to five queries side by side."""

    @operation(
        "compare",
        "Up to five queries side by side: over time, what they share, and how they differ",
        result_values.Comparison,
        parameters=params.compare.PARAMETERS,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        request, engine = params.compare.read(params.split(req.query_string)), self._archive.engine
        found, origin = takeaway.stated(
            engine, takeaway.given(req), lambda: engine.compare(request.queries, request.comparing)
        )
        if request.format == "csv":
            table = takeaway.table(takeaway.comparison(found, request.table), origin)
            takeaway.give(req, resp, "csv", f"compare-{request.table}", table)
        elif request.format == "svg":
            drawn = figure.comparison(found, request.query, origin, self._settings.site_name)
            takeaway.give(req, resp, "svg", "compare", drawn)
        else:
            resp.media = render.comparison(found)


class CountResource(Resource):
    """`GET /api/count`: the articles of a result by one or two dimensions."""

    @operation(
        "count",
        "The articles of a result by one or two dimensions: facets, and intervals of time",
        CrossTable,
        parameters=params.count.PARAMETERS,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        request, engine = params.count.read(params.split(req.query_string)), self._archive.engine
        found, origin = takeaway.stated(
            engine, takeaway.given(req), lambda: engine.cross(request.query, request.crossing)
        )
        name = "-".join(axis.by for axis in found.axes)
        if request.format == "csv":
            takeaway.give(req, resp, "csv", name, takeaway.table(takeaway.cross(found), origin))
        elif request.format == "svg":
            takeaway.give(req, resp, "svg", name, figure.cross(found, request.query, origin, self._settings.site_name))
        else:
            resp.media = found


class EntityResource(Resource):
    """`GET /api/entities/{field}/{value}`: everything about a person, country, topic, author or source."""

    places = ENTITY

    @operation(
        "entity",
        "Everything about one person, country, topic, author or source",
        article_values.Entity,
        refuses=_MISSING,
    )
    def on_get(self, req: Request, resp: Response, field: str, value: str) -> None:
        engine = self._archive.engine
        with engine.batch():
            found = entity(engine, field, entity_path.read(value))
        if found.incomplete:
            forbid_caching(req, resp)
        resp.media = render.entity(found, engine.authority().names, req.root_path)
        _link(resp, asdict(resp.media.links))


class SimilarResource(Resource):
    """`GET /api/articles/{id}/similar`: similar articles."""

    @operation(
        "similar",
        "Similar articles, by the most distinctive words of one",
        result_values.Results,
        parameters=params.similar.PARAMETERS,
        refuses=_GONE,
    )
    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        request = params.similar.read(params.split(req.query_string))
        found = self._archive.engine.similar(article_id, replace(request.query, facets=()))
        if found.incomplete:
            forbid_caching(req, resp)
        resp.media = render.similar(found, request, article_id, self._archive.engine.authority().names, req.root_path)
        _link(resp, asdict(resp.media.links))


class EventResource(Resource):
    """`GET /api/articles/{id}/event`: articles that may belong to the same event."""

    @operation(
        "event",
        "Articles that may belong to the same event: a suggestion, which no count depends on",
        article_values.Event,
        refuses=_GONE,
    )
    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        engine = self._archive.engine
        with engine.batch():
            found = event(engine, article_id)
        if found.incomplete:
            forbid_caching(req, resp)
        resp.media = render.event(found, req.root_path)
        _link(resp, asdict(resp.media.links))


class ArticleResource(Resource):
    """`GET /api/articles/{id}`: one complete article."""

    @operation("article", "One complete article", article_values.Article, refuses=_GONE)
    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        engine = self._archive.engine
        article = engine.article(article_id)
        copies = engine.copies(article_id) if article.group else ()
        resp.media = render.article(
            article, copies, to_representative(engine, article, copies), engine.authority().names
        )


class HealthResource(Resource):
    """`GET /healthz`: liveness; the process responds."""

    @operation("alive", "Liveness: the process responds", Status, unknown="ignore")
    def on_get(self, _req: Request, resp: Response) -> None:
        resp.media = Status("alive")


class ReadyResource(Resource):
    """`GET /readyz`: readiness; an index is open."""

    @operation("ready", "Readiness: an index is open", Status, unknown="ignore")
    def on_get(self, _req: Request, resp: Response) -> None:
        resp.media = Status("ready", self._archive.engine.generation)


class OpenApiResource(Resource):
    """`GET /openapi.json`: the description of this API."""

    def __init__(self, document: Json) -> None:
        self.document = document

    @operation("description", "This description", Mapping[str, Any], unknown="ignore")
    def on_get(self, req: Request, resp: Response) -> None:
        resp.media = self.document | ({"servers": [{"url": req.root_path}]} if req.root_path else {})
