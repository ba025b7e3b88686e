"""`/draft`: a text is pasted here, and compared with the archive. Every count links to its search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

import falcon
from falcon import Request, Response

from search.values.article import Article
from search.values.query import Filter, Query
from service import params
from service.api.draft import FACETS, Draft, Earlier, Known, check
from service.api.draft_resource import checked, decoded, sent_bytes
from service.formats.chart import in_words
from service.html import form
from service.html.marking import Paragraph, paragraphs, passages
from service.html.optional import OptionalParts
from service.html.templates import html
from service.html.view import PageState
from service.params.entity_path import address
from service.resource import Resource
from service.values.article_values import MAX_CHARACTERS
from service.wording import labels
from service.wording.messages import gettext, mark

KINDS = (
    ("person", mark("Persons")),
    ("country", mark("Countries")),
    ("topic", mark("Topics")),
    ("date", mark("Dates")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A value of the draft: its label, the URLs of its articles, page, first and last article, and of a near name."""

    known: Known
    label: str
    url: str
    page: str | None
    first: tuple[str, str] | None
    last: tuple[str, str] | None
    meant_url: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """An earlier article, and the passages it shares with the draft, as written in each."""

    earlier: Earlier
    url: str
    passages: Sequence[tuple[str, str]]


class DraftPage(Resource):
    """`GET /draft`: the form; `POST /draft`: what the archive knows about the text."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form."""
        self._show(req, resp, "", None)

    def on_post(self, req: Request, resp: Response) -> None:
        """Check the posted text, of which nothing is stored."""
        text, problem, found = "", None, None
        try:
            form.check(req)
            sent = dict(parse_qsl(decoded(sent_bytes(req)), keep_blank_values=True))
            text = sent.get("text", "").replace("\r\n", "\n")
            found = check(self._archive.engine, checked(text))
        except falcon.HTTPError as error:
            problem, resp.status = error.description, error.status
        self._show(req, resp, text[:MAX_CHARACTERS], found, problem)
        resp.set_header("Cache-Control", "no-store")

    def _show(self, req: Request, resp: Response, text: str, found: Draft | None, problem: str | None = None) -> None:
        state = PageState(Query(), root=req.root_path)
        html(
            req,
            resp,
            "draft.html",
            site=self._settings.site_name,
            query=Query(),
            most=MAX_CHARACTERS,
            text=text,
            problem=problem,
            found=found,
            omitted=OptionalParts(found.incomplete).omitted if found else [],
            paragraphs=_marked(found.article) if found else [],
            kinds=[(gettext(heading), [_row(one, state) for one in found.of(kind)]) for kind, heading in KINDS]
            if found
            else [],
            earlier=[_side(found.article, one, state) for one in found.earlier] if found else [],
        )


def _marked(article: Article) -> list[Paragraph]:
    """The text with its evidence highlighted."""
    return [
        replace(one, pieces=tuple(piece._replace(number=None) for piece in one.pieces))
        for one in paragraphs(article.text, (), passages(article, FACETS))
    ]


def _row(known: Known, state: PageState) -> Row:
    def link(article: Article | None) -> tuple[str, str] | None:
        return None if article is None else (article.published or "", state.at(f"/article/{article.id}"))

    date = known.field == "date"
    return Row(
        known,
        in_words(known.label) if date else labels.value(known.field, known.value, known.label),
        state.at(params.url("/", _shown(known.field, known.value, known.query))),
        address(known.field, known.value, state.root) if known.count else None,
        link(known.first),
        link(known.last),
        state.to(_shown("person", known.meant.name, Query())) if known.meant else None,
    )


def _shown(field: str, value: str, query: Query) -> Query:
    """A query as the page writes it: with a filter that the facet shows as ticked."""
    return Query(query.text) if field == "date" else Query(filters={field: Filter(any=(value,))})


def _side(draft: Article, earlier: Earlier, state: PageState) -> Side:
    other = earlier.article
    return Side(
        earlier,
        state.at(f"/article/{other.id}"),
        [
            (draft.text[one.start : one.end], other.text[one.other_start : one.other_end])
            for one in earlier.passages
        ],
    )  # fmt: skip
