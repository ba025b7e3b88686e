"""`GET /article/{id}`: one article, to read, check and cite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from urllib.parse import urlencode

from falcon import Request, Response

from desk.corrections.correction import Correction
from desk.corrections.overlay import printed_text
from search.analyses.event import event
from search.engine import Engine
from search.fields import ENRICHED, FACETS
from search.text.tokens import fold
from search.values.article import Article
from search.values.query import Query
from search.values.results import Mark
from service import params
from service.api.versions import similarity
from service.desk.lists.stars import keeping, lists_of
from service.html import form, view
from service.html.correcting import desk, in_force
from service.html.marking import Piece, paragraphs, passages, pieces
from service.html.mending import readable
from service.html.optional import OptionalParts
from service.html.parts.citation import citations, described, replayed, structured
from service.html.parts.filters import links, values
from service.html.templates import html
from service.html.view import PageState
from service.http.conditional import forbid_caching
from service.page.event import Entry, entry
from service.page.neighbours import neighbours
from service.page.scans import sheets
from service.page.turning import turns
from service.params.entity_path import address
from service.resource import Resource
from service.wording import labels
from service.wording.evidence import by_facet

AGAIN_S = 2
"""When a browser asks again for an article with a correction that is being applied."""
SIMILAR = 5
THREAD = 5
"""The articles of the event that are listed, those nearest to it; its own page has all."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another article: title, URL, date, source, language."""

    title: str
    url: str
    published: str | None
    source: str | None
    language: str | None
    similarity: float | None = None
    difference: str | None = None


class ArticlePage(Resource):
    """`GET /article/{id}`: one article."""

    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        """Show an article, with the words of the query highlighted, and its evidence if requested."""
        state, unread = readable(partial(view.read, root=req.root_path), params.split(req.query_string), view.NAMES)
        query = state.query
        engine = self._archive.engine
        article = engine.article(article_id)
        (marked,) = engine.marked((article,), query.text)
        parts = OptionalParts()
        before, after = parts.part("neighbours", partial(neighbours, engine, state, article_id)) or (None, None)
        similar = parts.part("similar articles", partial(_similar, engine, article, state)) or []
        thread = parts.part("articles of the event", partial(_thread, engine, article, state))
        turned = parts.part("pages of the issue", partial(turns, engine, article, state)) or {}
        place = self._archive.place
        correct = parts.stored("corrections", partial(desk, req, engine, place, article), None)
        corrected = parts.stored("corrections", partial(in_force, place, article.id), tuple[Correction, ...]())
        if correct is not None and correct.waits:
            form.again(req, resp, AGAIN_S)
        keep = parts.stored("lists", partial(keeping, req, self._archive, (article.id,)), None)
        on_lists = parts.stored("lists", partial(lists_of, req, self._archive, article.id), list[tuple[str, str]]())
        if parts.omitted or parts.damaged:
            forbid_caching(req, resp)
        canonical = f"{self._settings.base(req.prefix)}/article/{article.id}"
        html(
            req,
            resp,
            "article.html",
            unread=unread,
            site=self._settings.site_name,
            query=query,
            view=state.view,
            article=article,
            title=_title(article, marked.title, state.view.mark),
            paragraphs=list(paragraphs(article.text, marked.text, passages(article, state.view.mark))),
            count_as_printed=sum(1 for _ in paragraphs(printed_text(article), ())),
            is_kept_back=not (article.text or self._archive.shown((article.id,))),
            facts=[
                (labels.field(f.name), list(_links(engine, article, f.name, state)))
                for f in FACETS
                if values(article, f.name)
            ],
            markable=[(n, labels.field(n), n in state.view.mark) for n in ENRICHED if _is_markable(article, n)],
            hidden=view.write(replace(state, view=replace(state.view, mark=()))),
            sheets=sheets(
                article,
                {
                    "text": (marked.text, passages(article, state.view.mark)),
                    "title": (marked.title, passages(article, state.view.mark, "title")),
                },
                place,
                req.root_path,
            ),
            turns=turned,
            everything=view.url(f"/article/{article.id}", _marking(state, article)),
            evidence=by_facet(article, corrected),
            similar=similar,
            thread=thread,
            copies=list(_copies(engine, article, state)) if article.group else [],
            before=before,
            after=after,
            omitted=parts.omitted,
            damaged=parts.damaged,
            citations=citations(article, self._settings.site_name, date.today()),
            structured=structured(article),
            canonical=canonical,
            described=described(article, canonical),
            replay=replayed(article, self._settings.replay),
            back=view.url("/", replace(state, view=replace(state.view, mark=(), pages="whole"))),
            api=state.at(f"/api/articles/{article.id}"),
            here=view.url(f"/article/{article.id}", replace(state, root="")),
            sends=view.url(f"/article/{article.id}/corrections", state),
            desk=correct,
            keep=keep,
            on_lists=on_lists,
        )


def _links(
    engine: Engine, article: Article, name: str, state: PageState
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Each value of a field: its label, the URLs of all articles that have it and of its page, its Wikidata item."""
    rules = engine.authority().names(name)
    return (
        (
            label,
            state.at(f"/?{urlencode({name: value})}"),
            address(name, value, state.root),
            rules.items.get(fold(value)),
        )
        for value, label in links(article, name, rules)
    )


def _marking(state: PageState, article: Article) -> PageState:
    """The URL of the same article with all its evidence highlighted."""
    return replace(state, view=replace(state.view, mark=tuple(n for n in ENRICHED if _is_markable(article, n))))


def _is_markable(article: Article, name: str) -> bool:
    """True if a facet has evidence that is a passage."""
    return any(entry.start is not None for entry in article.evidence.get(name, ()))


def _title(article: Article, marks: Sequence[Mark], kinds: Sequence[str]) -> list[Piece]:
    """The title, or else what it is called (`Article.heading`), split at its highlights and evidence."""
    return (
        pieces(article.title, marks, passages(article, kinds, "title"))
        if article.title
        else pieces(article.heading, ())
    )


def _similar(engine: Engine, article: Article, state: PageState) -> list[Other]:
    answer = engine.similar(article.id, Query(facets=(), size=SIMILAR, group="story"))
    return [_other(hit.article, state) for hit in answer.hits]


def _thread(engine: Engine, article: Article, state: PageState) -> tuple[list[Entry], int, str] | None:
    """The members of its event that speak most for it, by day, how many there are, and the URL of all; None if none."""
    found = event(engine, article.id)
    most = sorted(found.members, key=lambda member: -member.score)[:THREAD]
    listed = [entry(member, state) for member in found.members if member in most]
    return (listed, len(found.members), state.at(f"/article/{article.id}/event")) if listed else None


def _copies(engine: Engine, article: Article, state: PageState) -> Iterator[Other]:
    """The other members of its story, oldest first, each with the shares of both texts that are the same."""
    for other in engine.copies(article.id):
        yield replace(
            _other(other, state),
            similarity=similarity(article.text, other.text),
            difference=state.at(f"/article/{article.id}/versions/{other.id}"),
        )


def _other(article: Article, state: PageState) -> Other:
    return Other(
        article.heading,
        state.at(f"/article/{article.id}"),
        article.published,
        article.source,
        article.language,
    )
