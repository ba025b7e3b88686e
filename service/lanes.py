"""Lanes: expensive requests wait in a queue of their own, so that a plain search never waits behind one.

A worker has `SLOW_THREADS` threads for requests with an estimate of more than `SLOW_MS` of CPU time, and the others for
the rest. The estimate is the sum of the cost of reading postings (`Engine.effort`, from the tree and the statistics of
its terms; see `search.local.ask.effort`) and the cost of the query's length: parsing it, and writing it into each link
of a page. A waiting request holds no thread; if `SLOW_WAITING` are waiting, the next gets a 503.
"""

from __future__ import annotations

from search.errors import BadQuery, IndexProblem
from search.keyness import WORDS
from service import params
from service.archive import Archive

SLOW_MS = 25.0
CHARACTER_MS = 0.04
"""The cost of each character of the parameters, which a page writes into some hundred links."""
SLOW_THREADS = 1
SLOW_WAITING = 64
RETRY_AFTER_S = 10
SPECIAL = "/api/special"
"""The route that reads all words of the archive, if it is asked for words."""
DRAFT = "/draft"
"""The end of the routes that enrich a text."""
WHOLE = ("/cite", "/api/citations", "/alerts", "/api/alerts")
"""Routes that read a whole result, and the beginnings of those that read one again."""
PAIRS = "/api/pairs"
QUERIES = 100
"""The cost of counting pairs, as a multiple of that of finding all articles."""


class Lanes:
    """Estimates from its parameters if a request is expensive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def slow(self, path: str, query_string: str) -> bool:
        """True if a request for a path with these parameters is expensive."""
        try:
            pairs = params.split(query_string)
            if path.endswith((DRAFT, *WHOLE)) or any(f"{route}/" in path for route in WHOLE):
                return True
            if path.endswith(SPECIAL) or ("view", "special") in pairs:
                return next((value for name, value in pairs if name == "field"), WORDS) == WORDS
            texts = [value for name, value in pairs if name == "q" and value.strip()]
            times = QUERIES if path.endswith(PAIRS) or ("view", "people") in pairs else 1
            estimate = CHARACTER_MS * sum(len(value) for _, value in pairs)
            if texts or times > 1:
                estimate += sum(map(self._archive.engine.effort, texts)) + self._archive.engine.effort("") * (times - 1)
            return estimate > SLOW_MS
        except (BadQuery, IndexProblem):  # it is refused immediately
            return False
