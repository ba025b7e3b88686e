"""Few articles have all words of a query: those that have most of them, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engine import Engine
from search.syntax import asked
from search.syntax.partial import FEW
from search.values.query import Match, Query
from search.values.results import Hit, Partial, Results
from service.html.view import PageState
from service.wording.messages import counted, gettext, mark

SHOWN = 10
"""Maximum number of hits of the wider query on the page of the narrow one."""
IN_WORDS: dict[Match, str] = {
    "most": mark("most search terms"),
    "any": mark("any search term"),
    "auto": mark("most search terms, if few articles have all"),
}
"""What is required, unless it is all."""


@dataclass(frozen=True, slots=True)
class Wider:
    """The articles that have most words of a query, or any.

    Attributes:
        state: the page with all of them.
        hits: the first that do not have all words.
    """

    said: str
    state: PageState
    total: int
    hits: Sequence[Hit]


def wider(engine: Engine, state: PageState, results: Results) -> Wider | None:
    """What is offered below a result of few articles; None if requiring fewer words finds no more."""
    match = offered(state, results)
    if match is None:
        return None
    fewer = replace(state.query, match=match, size=SHOWN + results.total, facets=(), explain=True)
    if not asked(fewer).counted:
        return None
    found = engine.search(fewer)
    if found.query.partial is None or found.total <= results.total:
        return None
    return Wider(
        sentence(found.query.partial, found.total, fewer),
        replace(state, query=replace(state.query, match=match)),
        found.total,
        [hit for hit in found.hits if hit.missing][:SHOWN],
    )


def offered(state: PageState, results: Results) -> Match | None:
    """What may be required instead, if this is the first page of few articles: most words, or any if none has most."""
    query = state.query
    if query.page > 1 or query.cursor is not None or state.view.show != "articles":
        return None
    if query.match == "all":
        return "most" if results.total < FEW else None
    return "any" if not results.total and query.match != "any" else None


def sentence(partial: Partial, total: int, query: Query) -> str:
    """How many have all words of a query, and how many as many as are required."""
    return f"{_complete(partial, query)} {_enough(partial, total, query)}"


def _complete(partial: Partial, query: Query) -> str:
    if not partial.complete:
        return gettext("No article has all {of} search terms.").format(of=partial.of)
    if query.group:
        return counted(
            "{count} story has all {of} search terms.",
            "{count} stories have all {of} search terms.",
            partial.complete,
            of=partial.of,
        )
    return counted(
        "{count} article has all {of} search terms.",
        "{count} articles have all {of} search terms.",
        partial.complete,
        of=partial.of,
    )


def _enough(partial: Partial, total: int, query: Query) -> str:
    if query.group:
        return counted(
            "{count} story has at least {least}.", "{count} stories have at least {least}.", total, least=partial.least
        )
    return counted(
        "{count} article has at least {least}.", "{count} articles have at least {least}.", total, least=partial.least
    )
