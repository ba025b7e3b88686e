"""Lanes: expensive requests wait in a queue of their own, so that a plain search never waits behind one.

A worker has `SLOW_THREADS` threads for requests with an estimate of more than `SLOW_MS` of CPU time, and the others for
the rest. The estimate is known before a request runs, from its route, as the application will find it, and from its
parameters: the cost of reading postings (`Engine.effort`, from the tree and the statistics of its terms; see
`search.local.ask.effort`), that of the query's length, which is parsed and written into each link of a page, and that
of what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from falcon.routing import CompiledRouter

from search.errors import BadQuery, IndexProblem
from search.measures.keyness import WORDS
from service import params
from service.archive import Archive

SLOW_MS = 25.0
CHARACTER_MS = 0.04
"""The cost of each character of the parameters, which a page writes into some hundred links."""
SLOW_THREADS = 1
WHOLE_MS = 200.0
"""The cost of what reads a whole result, enriches a text, or reads all words of the archive: its least, mostly."""
SPECIAL, PAIRS, FRONT = "/api/special", "/api/pairs", "/"
WHOLE = frozenset({
    "/draft", "/api/draft", "/cite", "/cite/{citation_id}", "/api/citations", "/api/citations/{citation_id}",
    "/alerts", "/alerts/{name}/feed.atom", "/api/alerts", "/api/alerts/{name}", "/searches", "/api/searches",
})  # fmt: skip
"""Routes that enrich a text, read a whole result, or read one or many again."""
QUERIES = 100
"""The cost of counting pairs, as a multiple of that of finding all articles."""
WRITTEN_MS = {"/api/pairs": 0.05, "/api/facets/{field}": 0.005, "/api/special": 0.01}
"""The cost of each value that a route writes, of as many as `limit` allows."""
MOST_WRITTEN = 100_000
"""The greatest `limit` that any route takes."""


class Lanes:
    """Estimates from its address what a request costs.

    Args:
        routes: the templates of the application's routes.
    """

    def __init__(self, archive: Archive, routes: Iterable[str]) -> None:
        self._archive = archive
        self._router = CompiledRouter()
        for template in routes:
            self._router.add_route(template, _Resource())

    def slow(self, path: str, query_string: str) -> bool:
        """True if a request is expensive."""
        return self.estimate_ms(path, query_string) > SLOW_MS

    def estimate_ms(self, path: str, query_string: str) -> float:
        """The CPU time that a request will take, roughly; 0 if it is refused immediately.

        Args:
            path: without escapes.
        """
        found = self._router.find(path)
        route = found[3] if found is not None else ""
        try:
            return self._of_route(route or "", params.split(query_string))
        except (BadQuery, IndexProblem):
            return 0.0

    def _of_route(self, route: str, sent: Sequence[tuple[str, str]]) -> float:
        if route in WHOLE:
            return WHOLE_MS
        pairs = [(name, given) for name, value in sent if (given := value.strip())]  # as all that reads them
        estimate = CHARACTER_MS * sum(len(value) for _, value in pairs)
        view = next((value for name, value in pairs if name == "view"), "") if route == FRONT else ""
        is_special = route == SPECIAL or view == "special"
        if is_special and next((value for name, value in pairs if name == "field"), WORDS) == WORDS:
            return WHOLE_MS
        texts = [value for name, value in pairs if name == "q"]
        times = QUERIES if route == PAIRS or view == "people" else 1
        if texts or times > 1:
            estimate += sum(map(self._archive.engine.effort, texts)) + self._archive.engine.effort("") * (times - 1)
        for name, value in pairs:
            if name == "limit" and route in WRITTEN_MS:
                with suppress(ValueError):  # it is refused
                    estimate += WRITTEN_MS[route] * min(MOST_WRITTEN, max(0, int(value[:9])))
        return estimate


class _Resource:
    """Stands for the resource of a route."""

    def on_get(self) -> None:
        """Nothing is asked of it."""
