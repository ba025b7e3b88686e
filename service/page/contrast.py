"""The words of each compared query that are more frequent in what it finds than in what only the others find.

Cost: a comparison of all words for each query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engine import Engine
from search.measures.keyness import WORDS, Contrast
from search.syntax import askable, parse, write
from search.syntax.nodes import Or, joined
from search.values.query import Query
from service.html.parts.special import LOOKED_AT, having, ignored, strength, times
from service.html.view import PageState

LISTED = 15
"""The number of words of each query."""
SURE = 3.84
"""The least G²: chance explains a greater one in less than one of twenty cases."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A word: the articles of the query that have it, their URL, None if it cannot be asked for, and its measures."""

    word: str
    count: int
    url: str | None
    times: str
    strength: str


def contrast(engine: Engine, queries: Sequence[Query], state: PageState) -> list[tuple[Telling, ...]]:
    """The most telling words of each query against the others; of articles, also if stories are counted."""
    alone = [replace(query, group=None) for query in queries]
    return [tuple(_telling(engine, one, than(alone, number), state)) for number, one in enumerate(alone)]


def than(queries: Sequence[Query], number: int) -> str | None:
    """The words of a query that finds what all but one find; None if it cannot be asked for."""
    others = [query.text for place, query in enumerate(queries) if place != number]
    if len(others) == 1:
        return others[0]
    text = write(joined(Or, tuple(parse(other).tree for other in others))) if others else ""
    return text if others and askable(text) else None


def _telling(engine: Engine, query: Query, others: str | None, state: PageState) -> Sequence[Telling]:
    if others is None:
        return ()
    found = engine.special(query, Contrast(WORDS, limit=LOOKED_AT, than=others))
    empty = ignored(engine, query, WORDS)
    listed = [one for one in found.values if one.count > 1 and one.g2 >= SURE and not empty(one.value, one.count)][
        :LISTED
    ]
    opened = [having(query, WORDS, one.value) for one in listed]
    return [
        Telling(one.value, one.count, state.to(asked, show="articles") if asked else None, times(one), strength(one.g2))
        for one, asked in zip(listed, opened, strict=True)
    ]
