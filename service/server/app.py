"""The application: `create_app(archive)` creates the parts, passes them to the resources and adds every route."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import falcon
from falcon import Request, Response
from falcon.media import JSONHandler

from desk.people.keys import Keys
from search.errors import DatelineError
from search.system.json import Json
from service import gone
from service.api import openapi
from service.api.admin import AdministeredAlertResource, AdminResource, SnapshotsResource
from service.api.batch import BatchesResource, BatchResource
from service.api.browser_search import OpenSearchResource
from service.api.concordance import ConcordanceResource
from service.api.crawlers import RobotsResource, SitemapPartResource, SitemapResource
from service.api.draft_resource import DraftResource
from service.api.ingest import ArticlesResource, JobResource, JobsResource
from service.api.pairs import PairsResource
from service.api.reference import ReferencePage
from service.api.removals import RemovalsResource, WritableArticle
from service.api.resources import (
    CompareResource,
    CountResource,
    EntityResource,
    EventResource,
    FacetResource,
    HealthResource,
    OpenApiResource,
    ReadyResource,
    SearchResource,
    SimilarResource,
    SpecialResource,
    SuggestResource,
    TrendResource,
)
from service.api.scan import ScanResource
from service.archive import Archive
from service.desk.alerts.atom import AlertFeedResource
from service.desk.alerts.page import AlertsPage
from service.desk.alerts.resource import AlertResource, AlertsResource
from service.desk.audit.resource import AuditResource
from service.desk.citations.page import CitationPage, CitePage
from service.desk.citations.resource import CitationResource, CitationsResource
from service.desk.corrections.page import CorrectPage
from service.desk.corrections.resource import Correcting, CorrectionResource, CorrectionsResource
from service.desk.lists.page import ListPage, ListsPage
from service.desk.lists.resource import EntryResource, ListResource, ListsResource
from service.desk.names.page import NamesPage
from service.desk.names.resource import AuthorityResource
from service.desk.people.page import ProviderPage, ReturnPage, SignInPage, SignOutPage
from service.desk.people.resource import KeyResource, KeysResource
from service.desk.rights.page import RightsPage
from service.desk.rights.people_resource import (
    PeopleResource,
    PersonResource,
    SessionResource,
    SessionsResource,
)
from service.desk.rights.reader import Rights
from service.desk.rights.resource import MeResource, RightsResource
from service.desk.searches.page import SearchesPage
from service.desk.searches.resource import SavedSearchResource, SearchesResource
from service.formats.download import ExportResource
from service.formats.feed import FeedResource
from service.formats.oai import OaiResource
from service.html.refusal import error_page, refuse_page, wanted
from service.http import problems
from service.http.auth import Authorization
from service.http.callers import SignedInAtProxy
from service.http.conditional import Conditional
from service.http.cors import Cors
from service.http.given_labels import GivenLabels
from service.http.guard import Bounds, Guard, OtherSites
from service.http.hosts import Hosts
from service.http.lanes import Lanes
from service.http.languages import Languages
from service.http.lenient import LenientRequest
from service.http.log import RequestLog
from service.http.metrics import Metrics, MetricsResource
from service.http.mount import Mount
from service.http.own_desk import OwnDesk
from service.http.packing import Packing
from service.http.rates import Rates, Throttle
from service.http.session import Sessions
from service.iiif.content_search import ContentSearchResource
from service.iiif.image import ImageInformationResource, ImageResource, ImageServiceResource
from service.iiif.presentation import CollectionResource, ManifestResource
from service.page.admin import AdminPage
from service.page.advanced import AdvancedPage
from service.page.article import ArticlePage
from service.page.batch import BatchesPage, BatchPage
from service.page.compare import ComparePage
from service.page.draft import DraftPage
from service.page.entity import EntityPage
from service.page.event import EventPage
from service.page.feeds import FeedsPage
from service.page.issue import IssuePage
from service.page.search import SearchPage
from service.page.title import TitlePage
from service.page.upload import UploadPage, UploadsPage
from service.page.versions import VersionsPage
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values.shared_values import encode

Refusal = Callable[[Request, Response, DatelineError, Mapping[str, object]], None]
STATIC = Path(__file__).parents[1] / "static"
ROUTES: tuple[tuple[str, type[Resource]], ...] = (
    ("/", SearchPage),
    ("/advanced", AdvancedPage),
    ("/compare", ComparePage),
    ("/batch", BatchesPage),
    ("/batch/{job_id}", BatchPage),
    ("/article/{article_id}/scan/{number}", ScanResource),
    ("/searches", SearchesPage),
    ("/alerts", AlertsPage),
    ("/rights", RightsPage),
    ("/admin", AdminPage),
    ("/alerts/{name}/feed.atom", AlertFeedResource),
    ("/sign-in", SignInPage),
    ("/sign-in/provider", ProviderPage),
    ("/sign-in/done", ReturnPage),
    ("/sign-out", SignOutPage),
    ("/article/{article_id}/versions/{other}", VersionsPage),
    ("/article/{article_id}/event", EventPage),
    ("/cite", CitePage),
    ("/cite/{citation_id}", CitationPage),
    ("/entity/{field}/{value:path}", EntityPage),
    ("/title/{value:path}", TitlePage),
    ("/issue/{day}/{value:path}", IssuePage),
    ("/iiif/title/{value:path}", CollectionResource),
    ("/iiif/{issue}/manifest", ManifestResource),
    ("/iiif/{issue}/search", ContentSearchResource),
    ("/iiif/{issue}/search/{version}", ContentSearchResource),
    ("/iiif/scan/{article_id}/{number}", ImageServiceResource),
    ("/iiif/scan/{article_id}/{number}/info.json", ImageInformationResource),
    ("/iiif/scan/{article_id}/{number}/{region}/{size}/{rotation}/{file}", ImageResource),
    ("/draft", DraftPage),
    ("/api/search", SearchResource),
    ("/api/export", ExportResource),
    ("/api/articles", ArticlesResource),
    ("/api/articles/{article_id}", WritableArticle),
    ("/api/articles/{article_id}/similar", SimilarResource),
    ("/api/articles/{article_id}/event", EventResource),
    ("/api/facets/{field}", FacetResource),
    ("/api/suggest", SuggestResource),
    ("/api/trend", TrendResource),
    ("/api/special", SpecialResource),
    ("/api/batch", BatchesResource),
    ("/api/batch/{job_id}", BatchResource),
    ("/api/concordance", ConcordanceResource),
    ("/api/pairs", PairsResource),
    ("/api/entities/{field}/{value:path}", EntityResource),
    ("/api/draft", DraftResource),
    ("/api/compare", CompareResource),
    ("/api/count", CountResource),
    ("/api/searches", SearchesResource),
    ("/api/searches/{name}", SavedSearchResource),
    ("/api/alerts", AlertsResource),
    ("/api/alerts/{name}", AlertResource),
    ("/api/authority", AuthorityResource),
    ("/api/corrections", CorrectionsResource),
    ("/api/corrections/{number}", CorrectionResource),
    ("/api/citations", CitationsResource),
    ("/api/citations/{citation_id}", CitationResource),
    ("/lists", ListsPage),
    ("/lists/{name}", ListPage),
    ("/api/lists", ListsResource),
    ("/api/lists/{name}", ListResource),
    ("/api/lists/{name}/articles/{article_id}", EntryResource),
    ("/api/jobs", JobsResource),
    ("/api/jobs/{job_id}", JobResource),
    ("/upload", UploadsPage),
    ("/upload/{job_id}", UploadPage),
    ("/api/rights", RightsResource),
    ("/api/audit", AuditResource),
    ("/api/admin", AdminResource),
    ("/api/admin/alerts/{number}", AdministeredAlertResource),
    ("/api/removals", RemovalsResource),
    ("/api/snapshots", SnapshotsResource),
    ("/api/keys", KeysResource),
    ("/api/keys/{name}", KeyResource),
    ("/api/people", PeopleResource),
    ("/api/people/{person:path}", PersonResource),
    ("/api/sessions", SessionsResource),
    ("/api/sessions/{session_id}", SessionResource),
    ("/api/me", MeResource),
    ("/oai", OaiResource),
    ("/feed.atom", FeedResource),
    ("/feeds", FeedsPage),
    ("/robots.txt", RobotsResource),
    ("/sitemap.xml", SitemapResource),
    ("/sitemap/{name}", SitemapPartResource),
    ("/opensearch.xml", OpenSearchResource),
    ("/healthz", HealthResource),
    ("/readyz", ReadyResource),
)
"""Every route but those that need more than the archive, the settings and the spool."""
OTHERS: tuple[tuple[str, type[object]], ...] = (
    ("/article/{article_id}", ArticlePage),
    ("/article/{article_id}/corrections", CorrectPage),
    ("/names", NamesPage),
    ("/metrics", MetricsResource),
    ("/openapi.json", OpenApiResource),
    ("/docs", ReferencePage),
)
"""Those that do: see `routes`."""


@cache
def description() -> Json:
    """The description of the API, the same for every archive: what the classes of the resources declare."""
    return openapi.document((*ROUTES, *OTHERS))


def routes(archive: Archive, settings: Settings, metrics: Metrics | None = None) -> Iterable[tuple[str, object]]:
    """Every route and its resource; `service.http.auth` decides who may use it."""
    archive = archive.for_readers()
    spool = Spool(archive.place)
    article = ArticlePage(archive, settings, spool)
    correcting = Correcting(archive, spool, settings.spool_bytes)
    made = {
        ArticlePage: article,
        CorrectPage: CorrectPage(archive, settings, spool, article.on_get),
        NamesPage: NamesPage(archive, settings, spool, correcting.tell_apart),
        MetricsResource: MetricsResource(metrics or Metrics(), archive, spool),
        OpenApiResource: OpenApiResource(description()),
        ReferencePage: ReferencePage(settings, description()),
    }
    simple = ((address, kind(archive, settings, spool)) for address, kind in ROUTES)
    return *simple, *((address, made[kind]) for address, kind in OTHERS)


def lanes_of(archive: Archive) -> Lanes:
    """What estimates the cost of the requests of an application."""
    return Lanes(archive, [address for address, _ in (*ROUTES, *OTHERS)])


def middleware(
    archive: Archive,
    settings: Settings,
    metrics: Metrics,
    rates: Rates,
    hosts: Hosts | None,
    desk: OwnDesk | None,
    lanes: Lanes,
) -> list[Any]:
    """The middleware: in this order for requests, in reverse for responses."""
    authorization = Authorization(
        Keys(archive.place), Sessions(archive.place, settings), settings.require_key, desk, SignedInAtProxy(settings)
    )
    return [
        Mount(settings.public_url),
        Languages(settings.language),
        GivenLabels(archive.for_readers()),
        metrics,
        RequestLog(settings),
        *((Cors(settings.origins),) if settings.origins else ()),
        Guard(settings.time_budget_ms, settings.offers_ms),
        Throttle(authorization, rates, settings, lanes),
        OtherSites(settings.origins),
        *((hosts,) if hosts is not None else ()),
        Bounds(settings.max_body_bytes),
        authorization,
        Rights(archive.place),
        Conditional(archive.for_readers()),
        Packing(),
    ]


def create_app(
    archive: Archive,
    settings: Settings | None = None,
    rates: Rates | None = None,
    hosts: Hosts | None = None,
    desk: OwnDesk | None = None,
    lanes: Lanes | None = None,
) -> falcon.App[Request, Response]:
    """A WSGI application that serves an archive, whose index need not exist yet.

    Args:
        rates: the rate limits, if shared with other processes.
        hosts: the accepted host names; without it, the server in front of the application checks them.
        desk: that of the user who serves, if it is open without a key.
        lanes: what estimates the cost of requests, if others use it too.
    """
    settings = settings or Settings()
    metrics = Metrics()
    app = falcon.App(
        request_type=LenientRequest,
        middleware=middleware(archive, settings, metrics, rates or Rates(), hosts, desk, lanes or lanes_of(archive)),
    )
    handler = JSONHandler(dumps=encode)
    app.resp_options.media_handlers.update({"application/json": handler, problems.MEDIA_TYPE: handler})
    app.set_error_serializer(problems.serialize)
    pages = set()
    for address, resource in routes(archive, settings, metrics):
        app.add_route(address, resource)
        if "page" in type(resource).__module__.split("."):
            pages.add(address)
    refused, http_error = _refuse(archive, settings, pages), _http_error(settings)

    def crashed(req: Request, resp: Response, error: Exception, given: Mapping[str, object]) -> None:
        known = problems.of_crash(req, error)
        if isinstance(known, DatelineError):
            refused(req, resp, known, given)
        else:
            http_error(req, resp, known, given)

    app.add_error_handler(Exception, crashed)
    app.add_error_handler(falcon.HTTPError, http_error)
    app.add_error_handler(DatelineError, refused)
    app.add_static_route("/static", STATIC)
    return app


def _http_error(settings: Settings) -> Callable[[Request, Response, falcon.HTTPError, Mapping[str, object]], None]:
    """Write one of Falcon's errors as a page for browsers, as JSON for other programs."""

    def handle(req: Request, resp: Response, error: falcon.HTTPError, _params: Mapping[str, object]) -> None:
        resp.set_headers(error.headers or {})
        resp.append_header("Vary", "Accept")
        if wanted(req):
            error_page(req, resp, error, settings)
        else:
            problems.serialize(req, resp, error)

    return handle


def _refuse(archive: Archive, settings: Settings, pages: Collection[str]) -> Refusal:
    """Write an error as a page at the routes of pages, as JSON at others."""

    def handle(req: Request, resp: Response, error: DatelineError, params: Mapping[str, object]) -> None:
        error = gone.explained(archive.place, error)
        resp.append_header("Vary", "Accept")
        if req.uri_template in pages or wanted(req):
            refuse_page(req, resp, error, settings)
        else:
            problems.refuse(req, resp, error, params)

    return handle
