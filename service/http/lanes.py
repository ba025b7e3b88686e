"""Lanes: expensive requests wait in a queue of their own, so that a plain search never waits behind one.

A worker has threads for requests with an estimate of more than `SLOW_MS` of CPU time, others for streams, which take as
long as their readers do, one for pictures in other sizes, and the rest for everything else. The estimate is known
before a request runs, from its route, as the application will find it, and from its parameters: what the route costs
whatever it is asked, the cost of reading postings (`Engine.effort`, from the tree and the statistics of its terms; see
`search.local.ask.effort`), that of the query's length, which is parsed and written into each link of a page, and that
of what is written: values, and intervals of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import Literal

from falcon.routing import CompiledRouter

from search.errors import BadQuery, IndexProblem
from search.measures.keyness import WORDS
from search.system import budget
from search.values.query import Query
from service import params
from service.archive import Archive
from service.remembered import Remembered

Lane = Literal["cheap", "expensive", "streams", "pictures"]
SLOW_MS = 25.0
CHARACTER_MS = 0.04
"""The cost of each character of the parameters, which a page writes into some hundred links."""
WHOLE_MS = 200.0
"""The cost of what reads a whole result, enriches a text, or reads all words of the archive: its least, mostly."""
STREAMS = frozenset({"/api/export"})
"""Routes that write as much as there is, as fast as it is read."""
SPECIAL, FRONT = "/api/special", "/"
WHOLE = frozenset({
    "/draft", "/api/draft", "/cite", "/cite/{citation_id}", "/api/citations", "/api/citations/{citation_id}",
    "/alerts", "/alerts/{name}/feed.atom", "/api/alerts", "/api/alerts/{name}", "/searches", "/api/searches", "/names",
    "/sitemap.xml", "/sitemap/{name}", "/api/batch", "/batch", "/api/concordance", "/iiif/title/{value:path}",
})  # fmt: skip
"""Routes that enrich a text, read a whole result, or read one or many again."""
RENDERED = "/iiif/scan/{article_id}/{number}/{region}/{size}/{rotation}/{file}"
"""The route that decodes a picture."""
RENDERED_MS = 60.0
"""The cost of a small picture of a page of 12 million pixels."""
PICTURES = frozenset({RENDERED, "/article/{article_id}/scan/{number}"})
"""Routes of which a page asks as many as it has pictures."""
PICTURE = 0.1
"""As how much of a request one of them counts, besides its CPU time."""
LEAST = {
    "/": (4.0, 4), "/entity/{field}/{value:path}": (8.0, 35), "/compare": (10.0, 10), "/feed.atom": (3.0, 4),
    "/api/search": (1.0, 3), "/api/count": (1.0, 8), "/api/pairs": (1.0, 180),
}  # fmt: skip
"""What a route costs at least: in milliseconds, and as a multiple of what it costs to find all articles. Measured with
2,000, 30,000 and 300,000 articles.
"""
VIEWS = {"people": (8.0, 200), "over-time": (30.0, 20)}
"""The same of views of the search page."""
WRITTEN_MS = {"/api/pairs": 0.05, "/api/facets/{field}": 0.005, "/api/special": 0.01}
"""The cost of each value that a route writes, of as many as `limit` allows."""
INTERVAL_MS = {"/api/trend": 0.03, "/api/compare": 0.006, "/compare": 0.006, "/api/count": 0.015}
"""The cost of each interval that a route counts by, for each question; of other routes the least."""
DAYS_IN = {"day": 1, "week": 7, "month": 30}
"""The days of those intervals of which there may be many."""
MOST_WRITTEN = 100_000
"""The greatest `limit` that any route takes."""


class Lanes:
    """Estimates from its address what a request costs.

    Args:
        routes: the templates of the application's routes.
    """

    def __init__(self, archive: Archive, routes: Iterable[str]) -> None:
        self._archive = archive
        self._days: Remembered[int] = Remembered(1)
        self._router = _router(tuple(routes))

    def of(self, path: str, query_string: str) -> Lane:
        """The lane of a request.

        Args:
            path: without escapes.
        """
        route = self._route(path)
        if route in STREAMS:
            return "streams"
        if route == RENDERED:
            return "pictures"
        return "expensive" if self.estimate_ms(path, query_string) > SLOW_MS else "cheap"

    def weight(self, path: str) -> float:
        """As how many requests one counts, without its CPU time: a page asks for all of its pictures at once.

        Args:
            path: without escapes.
        """
        return PICTURE if self._route(path) in PICTURES else 1.0

    def estimate_ms(self, path: str, query_string: str) -> float:
        """The CPU time that a request will take, roughly; 0 if it is refused immediately.

        Args:
            path: without escapes.
        """
        try:
            return self._of_route(self._route(path), params.split(query_string))
        except (BadQuery, IndexProblem):
            return 0.0

    def _route(self, path: str) -> str:
        found = self._router.find(path)
        return (found[3] if found is not None else None) or ""

    def _of_route(self, route: str, sent: Sequence[tuple[str, str]]) -> float:
        if route in WHOLE:
            return WHOLE_MS
        if route == RENDERED:
            return RENDERED_MS
        pairs = [(name, given) for name, value in sent if (given := value.strip())]  # as all that reads them
        estimate = CHARACTER_MS * sum(len(value) for _, value in pairs)
        view = next((value for name, value in pairs if name == "view"), "") if route == FRONT else ""
        is_special = route == SPECIAL or view == "special"
        if view == "concordance" or (
            is_special and next((value for name, value in pairs if name == "field"), WORDS) == WORDS
        ):
            return WHOLE_MS
        texts = [value for name, value in pairs if name == "q"]
        fixed, times = VIEWS.get(view) or LEAST.get(route, (0.0, 0))
        estimate += fixed + sum(map(self._archive.engine.effort, texts))
        if times:
            estimate += self._archive.engine.effort("") * times
        for name, value in pairs:
            if name == "limit" and route in WRITTEN_MS:
                with suppress(ValueError):  # it is refused
                    estimate += WRITTEN_MS[route] * min(MOST_WRITTEN, max(0, int(value[:9])))
        spans = [DAYS_IN[value] for name, value in pairs if name in ("interval", "by") and value in DAYS_IN]
        if spans:
            intervals = self._days.get(self._archive.edition, None, self._span) / min(spans)
            estimate += INTERVAL_MS.get(route, min(INTERVAL_MS.values())) * intervals * max(1, len(texts))
        return estimate

    def _span(self) -> int:
        """The days from the first year of the archive to its last; not of the budget of the request that asks first."""
        with budget.within(None):
            found = self._archive.engine.search(Query(facets=("date",), interval="year", size=0)).histogram()
        years = [int(bucket.start[:4]) for bucket in found.buckets]
        return 366 * (years[-1] - years[0] + 1) if years else 0


@cache
def _router(templates: tuple[str, ...]) -> CompiledRouter:
    """A router of those routes; every application of a process has the same ones."""
    router = CompiledRouter()
    for template in templates:
        router.add_route(template, _Resource())
    return router


class _Resource:
    """Replaces the resource of a route."""

    def on_get(self) -> None:
        """Nothing is asked of it."""
