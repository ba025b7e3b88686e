"""Which requests wait in a lane of their own, so that a plain search never waits behind an expensive one.

A worker has `SLOW_THREADS` threads for requests that are estimated at more than `SLOW_MS` of the processor, and all
others for the rest. The estimate adds what the query reads (`Engine.effort`, from its tree and the statistics of its
terms; see `search.local.ask.effort`) and what its length costs: parsing, and writing it into each link of a page. Who
waits there holds no thread; where `SLOW_WAITING` wait already, the next is told to come later.
"""

from __future__ import annotations

from search.errors import BadQuery, IndexProblem
from service import params
from service.archive import Archive

SLOW_MS = 25.0
CHARACTER_MS = 0.04
"""Of each character of the parameters: a page writes them into some hundred links."""
SLOW_THREADS = 1
SLOW_WAITING = 64
RETRY_AFTER_S = 10
QUESTIONS = {"people": 25}
"""How many questions a view of the page asks, where they are many: one, and one for each person drawn."""


class Lanes:
    """Tells from its address whether a request is expensive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def slow(self, query_string: str) -> bool:
        """Whether what is asked by these parameters takes long."""
        try:
            pairs = params.split(query_string)
            texts = [value for name, value in pairs if name == "q" and value.strip()]
            times = max((QUESTIONS.get(value, 1) for name, value in pairs if name == "view"), default=1)
            estimate = CHARACTER_MS * sum(len(value) for _, value in pairs)
            if texts or times > 1:
                estimate += sum(map(self._archive.engine.effort, texts or [""])) * times
            return estimate > SLOW_MS
        except (BadQuery, IndexProblem):  # it is refused at once
            return False
