"""`GET /metrics`: metrics for Prometheus, of all workers together, whichever responds.

    dateline_requests_total{route, method, status}      number of requests
    dateline_request_seconds{route}                     seconds until the response began
    dateline_generation, dateline_articles              the open index
    dateline_jobs{state}                                jobs: queued, running, done, failed

They contain nothing that people search for or read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from falcon import Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from desk.alerts.store import with_problems
from search.engine import article_count
from search.errors import IndexProblem
from service import params
from service.archive import Archive
from service.http.metrics_folder import VARIABLE
from service.params.operation import operation
from service.resource import Resource
from service.spool import Spool

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
STATES = ("queued", "running", "paused", "done", "failed", "undone")


class Metrics:
    """Counts requests when their response begins."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "dateline_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "dateline_request_seconds", "Seconds until the response began.", ("route",), buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip

    def process_request(self, req: Request, _resp: Response) -> None:
        """Start the clock; Falcon calls it first."""
        req.context.began = time.perf_counter()

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Count; Falcon calls it last."""
        route = req.uri_template or ("/static" if req.path.startswith("/static/") else "none")
        method = req.method if req.method in _METHODS else "other"
        self._requests.labels(route, method, str(resp.status_code)).inc()
        self._seconds.labels(route).observe(time.perf_counter() - req.context.began)


class MetricsResource(Resource):
    """The counts of all workers, and the current state of the index."""

    def __init__(self, metrics: Metrics, archive: Archive, spool: Spool) -> None:
        self._metrics = metrics
        self._now = _Now(archive, spool)

    @operation("metrics", "Counts for Prometheus", ("text/plain",), unknown="ignore")
    def on_get(self, req: Request, resp: Response) -> None:
        params.none(params.tracking.without(params.split(req.query_string)))
        moment = CollectorRegistry()
        moment.register(self._now)
        counted = self._metrics.registry
        if os.environ.get(VARIABLE):
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        resp.content_type = CONTENT_TYPE_LATEST
        resp.data = generate_latest(counted) + generate_latest(moment)
        resp.set_header("Cache-Control", "no-store")


class _Now(Collector):
    """Metrics that are read at each request."""

    def __init__(self, archive: Archive, spool: Spool) -> None:
        self._archive = archive
        self._spool = spool

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of the index and the jobs; prometheus_client calls it."""
        ready = GaugeMetricFamily("dateline_ready", "1 if an index is open.")
        try:
            engine = self._archive.engine
            generation, articles = engine.generation, article_count(engine)
        except IndexProblem:
            ready.add_metric((), 0)
        else:
            ready.add_metric((), 1)
            yield GaugeMetricFamily("dateline_generation", "Generation of the index.", value=generation)
            yield GaugeMetricFamily("dateline_articles", "Articles in the index.", value=articles)
        yield ready
        jobs = GaugeMetricFamily("dateline_jobs", "Jobs by state.", labels=("state",))
        try:
            counts = self._spool.counts()
        except IndexProblem:
            return
        for state in STATES:
            jobs.add_metric((state,), counts.get(state, 0))
        yield jobs
        yield GaugeMetricFamily(
            "dateline_alerts_failing",
            "Alerts that could not be asked, or told, the last time.",
            value=sum(bool(problem) for _, problem in with_problems(self._archive.place)),
        )
