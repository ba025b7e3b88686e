"""`GET /entity/{field}/{value}`: a person, country, topic, author or source. Every figure links to its own search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from falcon import Request, Response

from search.analyses.entity import Entity, entity
from search.engine import Engine
from search.values.query import Filter, Query
from search.values.results import FacetCount
from service import params
from service.formats import render
from service.html.optional import OptionalParts
from service.html.parts.filters import adding, undated
from service.html.parts.passage import brief, passage_of
from service.html.parts.timeline import timeline
from service.html.templates import html
from service.html.view import PageState
from service.http.conditional import forbid_caching
from service.params import entity_path
from service.resource import Resource
from service.wording import labels
from service.wording.messages import gettext, mark

HEADINGS = {
    "person": mark("With whom"), "country": mark("Where"), "topic": mark("About what"),
    "source": mark("In which sources"), "author": mark("By whom"),
}  # fmt: skip
"""Facet → the heading above its values."""


@dataclass(frozen=True, slots=True)
class Other:
    """A value in the same articles: its label, the articles that have both, their URL, and the URL of its own page."""

    label: str
    count: int
    url: str
    page: str | None


class EntityPage(Resource):
    """`GET /entity/{field}/{value}`: the page of one value."""

    def on_get(self, req: Request, resp: Response, field: str, value: str) -> None:
        """Show everything about a value."""
        engine = self._archive.engine
        with engine.batch():
            self._answer(req, resp, engine, field, value)

    def _answer(self, req: Request, resp: Response, engine: Engine, field: str, value: str) -> None:
        found = entity(engine, field, entity_path.read(value))
        if found.incomplete:
            forbid_caching(req, resp)
        state = PageState(Query(filters={field: Filter(any=(found.value,))}), root=req.root_path)
        drawn = timeline(engine, found.timeline, state) if found.timeline is not None else None
        addresses = render.entity_links(found)
        html(
            req,
            resp,
            "entity.html",
            site=self._settings.site_name,
            query=Query(),
            view=state.view,
            entity=found,
            kind=labels.field(field),
            label=labels.value(field, found.value, found.label),
            all=state.to(),
            timeline=drawn,
            undated=found.timeline.missing if found.timeline is not None else 0,
            undated_url=state.to(undated(state.query)),
            first=passage_of(found.first, state),
            last=passage_of(found.last, state) if found.last != found.first else None,
            together=[
                (
                    name,
                    gettext(HEADINGS[name]),
                    list(_others(found, name, state)),
                    counted.distinct - len(counted.values),
                    state.to(more=name),
                )
                for name, counted in found.together.items()
                if counted.distinct
            ],
            said=[
                (one.text, one.count, state.at(params.url("/", _page_query(found, one.query))))
                for one in found.epithets
            ],
            newest=[brief(hit.article, state) for hit in found.newest],
            omitted=OptionalParts(found.incomplete).omitted,
            api=state.at(addresses.self),
            feed=state.at(addresses.feed),
            issues=entity_path.title(found.value, req.root_path) if _is_printed(engine, found) else "",
            names=state.at(f"/names?{params.joined([('kind', field), ('name', found.value)])}"),
        )


def _is_printed(engine: Engine, found: Entity) -> bool:
    """True for a title with a scan that has a date."""
    return found.field == "source" and engine.totals((replace(found.query, scan=True, date_from="0001").counting,)) != (
        0,
    )


def _page_query(found: Entity, query: Query) -> Query:
    """A query about the entity as the page writes it: with a filter that its facet shows as ticked."""
    return Query(query.text, {found.field: Filter(any=(found.value,))})


def _others(found: Entity, name: str, state: PageState) -> Iterator[Other]:
    return (_other(name, one, state) for one in found.together[name].values)


def _other(name: str, one: FacetCount, state: PageState) -> Other:
    url = state.to(adding(state.query, name, one.value))
    page = entity_path.address(name, one.value, state.root)
    return Other(labels.value(name, one.value, one.label), one.count, url, page)
