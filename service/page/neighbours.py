"""The previous and the next article in the result list that an article was found in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.engine import Engine
from search.errors import CursorExpired
from search.values.query import MAX_DEPTH, Query
from search.values.results import Hit
from service import params
from service.html.view import PageState


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbouring article: its title, URL and language."""

    title: str
    url: str
    language: str | None = None


def neighbours(engine: Engine, state: PageState, article_id: str) -> tuple[Neighbour | None, Neighbour | None]:
    """Find the previous and the next article.

    Returns:
        None for each that does not exist, or if the article is not on the page it came from. Both are None if the
        page's cursor has expired.

    Cost: one search for the page of hits; another only if the article is the first or the last on it.
    """
    try:
        hits = _hits(engine, state.query)
    except CursorExpired:
        return None, None
    at = next((number for number, hit in enumerate(hits) if hit.article.id == article_id), None)
    if at is None:
        return None, None
    return _before(engine, state, hits, at), _after(engine, state, hits, at)


def _before(engine: Engine, state: PageState, hits: tuple[Hit, ...], at: int) -> Neighbour | None:
    if at > 0:
        return _neighbour(hits[at - 1], state)
    query = state.query
    if query.cursor is not None or query.page == 1:
        return None
    earlier = replace(query, page=query.page - 1)
    found = _hits(engine, earlier)
    return _neighbour(found[-1], replace(state, query=earlier)) if found else None


def _after(engine: Engine, state: PageState, hits: tuple[Hit, ...], at: int) -> Neighbour | None:
    if at + 1 < len(hits):
        return _neighbour(hits[at + 1], state)
    query = state.query
    if query.cursor is not None or query.page * query.size >= MAX_DEPTH:
        return None
    later = replace(query, page=query.page + 1)
    found = _hits(engine, later)
    return _neighbour(found[0], replace(state, query=later)) if found else None


def _hits(engine: Engine, query: Query) -> tuple[Hit, ...]:
    return engine.search(replace(query, facets=(), fields=("id", "title"))).hits


def _neighbour(hit: Hit, state: PageState) -> Neighbour:
    url = state.at(params.url(f"/article/{hit.article.id}", state.query))
    return Neighbour(hit.article.heading, url, hit.article.language)
