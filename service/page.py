"""The page: the same questions and answers as the API, as HTML that needs no JavaScript.

Every link is the URL of a changed question, made by `params`; text from articles and queries reaches the page only
through templates that escape it, cut at the marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from falcon import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from search.article import Article
from search.errors import BadQuery, DatelineError
from search.fields import BY_NAME, FACETS
from search.query import SORTS, Filter, Query
from search.results import DateFacet, Mark, Results, ValueFacet
from search.snippets import Marker
from search.syntax import leaves, parse
from search.vocabulary import vocabulary
from service import chart, params, problems, render
from service.archive import Archive
from service.settings import Settings

PAGE_FACETS = ("person", "country", "topic", "source", "language", "date")
MAX_BARS = 1000
"""Buckets that the timeline draws; a finer interval is widened."""
MORE = 50
"""Values of a facet shown when asked for more."""

_templates = Environment(
    loader=PackageLoader("service"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["spoken"] = chart.spoken
_templates.filters["thousands"] = "{:,}".format


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the URL without it."""

    kind: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet as it is shown: its values with links to narrow by one alone or to exclude it."""

    name: str
    label: str
    facet: ValueFacet
    missing_selected: bool
    exclude: dict[str, str]
    more: str | None


class SearchPage:
    """`GET /`: the search page."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings

    def on_get(self, req: Request, resp: Response) -> None:
        """Answer a question with a page."""
        query = params.read(params.split(req.query_string), strangers=True).query
        results = self._archive.engine.search(replace(query, facets=PAGE_FACETS))
        dates = results.facets["date"]
        assert isinstance(dates, DateFacet)
        if len(dates.buckets) > MAX_BARS:
            query = replace(query, interval="auto")
            results = self._archive.engine.search(replace(query, facets=PAGE_FACETS))
            dates = results.facets["date"]
            assert isinstance(dates, DateFacet)
        _html(
            resp,
            "search.html",
            site=self._settings.site_name,
            query=query,
            results=results,
            hits=[_hit(hit, query) for hit in results.hits],
            facets=[_facet(name, results, query) for name in PAGE_FACETS if name != "date"],
            timeline=chart.timeline(dates, query, "/"),
            chips=list(chips(query)),
            hidden=list(_hidden(query)),
            sorts=[(sort, params.url("/", params.first_page(replace(query, sort=sort)))) for sort in SORTS],
            pages=_pages(results, query),
            clear=params.url("/", Query(query.text)),
            api=params.url(render.API, query),
        )

    on_head = on_get


class ArticlePage:
    """`GET /article/{id}`: one article."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings

    def on_get(self, req: Request, resp: Response, article_id: str) -> None:
        """Show an article; with the words of the question it was found by marked."""
        query = params.read(params.split(req.query_string), strangers=True).query
        article = self._archive.engine.article(article_id)
        marker = Marker(leaves(parse(query.text).tree), article.language)
        title = article.title or article.id
        _html(
            resp,
            "article.html",
            site=self._settings.site_name,
            query=query,
            article=article,
            title=list(pieces(title, marker.marks(article.title, "title"))),
            paragraphs=list(_paragraphs(article.text, marker.marks(article.text, "text"))),
            facts=[(BY_NAME[f.name].label, list(_links(article, f.name))) for f in FACETS if _values(article, f.name)],
            evidence=[(name, entries) for name, entries in article.evidence.items() if entries],
            label=_label,
            back=params.url("/", query),
            api=f"/api/articles/{article.id}",
        )

    on_head = on_get


def refuse_page(_req: Request, resp: Response, error: DatelineError, settings: Settings) -> None:
    """Show what is wrong with a question, and the box to ask again."""
    status = problems.status_of(error)
    sentences = [str(entry) for entry in error.errors] if isinstance(error, BadQuery) else [str(error)]
    pairs = _pairs(_req)
    text = next((value for name, value in pairs if name == "q"), "")
    faulty = {entry.parameter for entry in error.errors} if isinstance(error, BadQuery) else set()
    kept = [
        (n, v) for n, v in pairs if n in params.BY_PARAMETER and n not in faulty and n not in ("q", "page", "cursor")
    ]
    _html(
        resp,
        "error.html",
        site=settings.site_name,
        query=Query(text[: params.MAX_SHOWN]),
        hidden=kept,
        status=status,
        sentences=sentences,
    )
    resp.status = status.value
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        resp.set_header("Retry-After", str(problems.RETRY_AFTER_S))


def _pairs(req: Request) -> list[tuple[str, str]]:
    try:
        return params.split(req.query_string)
    except BadQuery:
        return []


def _html(resp: Response, template: str, **values: Any) -> None:
    resp.content_type = "text/html; charset=utf-8"
    resp.text = _templates.get_template(template).render(values)


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, bool]]:
    """A text cut at its marks: pieces in order, and whether each is marked."""
    at = 0
    for start, end in marks:
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[list[tuple[str, bool]]]:
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
        yield list(pieces(paragraph, inside))
        start = end + 2


def _hit(hit: Any, query: Query) -> dict[str, Any]:
    article = hit.article
    return {
        "article": article,
        "url": params.url(f"/article/{article.id}", query),
        "title": list(pieces(article.title or article.id, hit.title_marks if article.title else ())),
        "snippets": [list(pieces(snippet.text, snippet.marks)) for snippet in hit.snippets],
        "links": [*_links(article, "person"), *_links(article, "country")],
    }


def _values(article: Article, name: str) -> tuple[str, ...]:
    value = getattr(article, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _links(article: Article, name: str) -> Iterator[tuple[str, str]]:
    """Each value of a field as its label and the URL of the search for it."""
    for value in _values(article, name):
        yield _label(name, value), params.url("/", Query(filters={name: Filter(any=(value,))}))


def _label(name: str, value: str) -> str:
    known = BY_NAME[name].vocabulary
    return vocabulary(known).label(value) if known else value


def _with(query: Query, name: str, wanted: Filter) -> Query:
    filters = {**query.filters, name: wanted}
    return params.first_page(replace(query, filters={field: kept for field, kept in filters.items() if kept}))


def _facet(name: str, results: Results, query: Query) -> FacetView:
    facet = results.facets[name]
    assert isinstance(facet, ValueFacet)
    wanted = query.filter(name)
    exclude = {
        entry.value: params.url("/", _with(query, name, replace(wanted, any=(), none=(*wanted.none, entry.value))))
        for entry in facet.values
    }
    more = (
        params.url("/", replace(query, facet_size=MORE))
        if facet.distinct > len(facet.values) and query.facet_size < MORE
        else None
    )
    return FacetView(name, BY_NAME[name].label, facet, wanted.missing, exclude, more)


def chips(query: Query) -> Iterator[Chip]:
    """Every filter in force."""
    for name, wanted in query.filters.items():
        label = BY_NAME[name].label
        for part, kind in (("any", label), ("all", f"{label}, all of"), ("none", f"not {label.lower()}")):
            values: tuple[str, ...] = getattr(wanted, part)
            for value in values:
                rest = replace(wanted, **{part: tuple(v for v in values if v != value)})  # type: ignore[arg-type]
                yield Chip(kind, _label(name, value), params.url("/", _with(query, name, rest)))
        if wanted.missing:
            yield Chip(label, "none", params.url("/", _with(query, name, replace(wanted, missing=False))))
    first = params.first_page(query)
    if query.date_from or query.date_to:
        days = (
            f"{query.date_from or '…'} – {query.date_to or '…'}"
            if query.date_from != query.date_to
            else query.date_from
        )
        yield Chip("Date", days or "", params.url("/", replace(first, date_from=None, date_to=None)))
    if query.date_missing:
        yield Chip("Date", "none", params.url("/", replace(first, date_missing=False)))


def _hidden(query: Query) -> Iterator[tuple[str, str]]:
    """What the form must carry along beside its own fields."""
    shown = {"q", "from", "to", "page", "cursor", *PAGE_FACETS, *(f"{name}.missing" for name in PAGE_FACETS)}
    return ((name, value) for name, value in params.write(query) if name not in shown)


def _pages(results: Results, query: Query) -> dict[str, Any]:
    following = render.links(results, params.Request(query), "/")["next"]
    previous = params.url("/", replace(query, page=query.page - 1)) if query.page > 1 else None
    first = (query.page - 1) * query.size + 1
    return {
        "previous": previous,
        "next": following,
        "first": first,
        "last": first + len(results.hits) - 1,
        "numbered": query.cursor is None,
    }
