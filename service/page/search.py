"""`GET /`: the search page. One query, its result, and links to related queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import islice, pairwise
from typing import Any, NamedTuple

from falcon import Request, Response

from search.engine import Engine
from search.errors import NeedsUpgrade
from search.fields import FACET_NAMES
from search.said import said
from search.syntax import askable, parse
from search.syntax.nodes import terms
from search.syntax.question import read as as_question
from search.text.numbers import whole_number
from search.text.tokens import fold
from search.values.article import Article
from search.values.bad_values import MAX_NAME
from search.values.query import MAX_DEPTH, SORTS, Query, Sort
from search.values.results import DateFacet, Hit, Results
from service import params, seeing
from service.archive import Archive
from service.desk.lists.stars import keeping
from service.formats import download, question
from service.formats.export import BY_DATE
from service.html import view
from service.html.marking import Piece, pieces
from service.html.mending import Unread, readable
from service.html.optional import OptionalParts
from service.html.parts import proof
from service.html.parts.chips import chips, dates_in_words, joints
from service.html.parts.concordance import lines
from service.html.parts.empty import relaxations
from service.html.parts.exact import exact_form
from service.html.parts.facet import FacetView, facet
from service.html.parts.filters import adding, links, narrowed, several
from service.html.parts.front import examples, figures
from service.html.parts.legible import Legible, legible_among
from service.html.parts.map import country_map
from service.html.parts.misread import forms, switch
from service.html.parts.over_time import strip
from service.html.parts.partly import Wider, sentence, wider
from service.html.parts.people import graph
from service.html.parts.special import special
from service.html.parts.timeline import files, gaps_url, intervals, intervals_without, scales, timeline, whole_time
from service.html.templates import html
from service.html.view import PageState
from service.http.conditional import forbid_caching
from service.page.batch import narrowing
from service.page.compare import starting
from service.page.scans import Cutout, cutouts
from service.params.parameter import Pairs
from service.resource import Resource
from service.wording import labels
from service.wording.messages import gettext, mark

SIZES = (10, 25, 50, 100)
AROUND = 2
"""The number of pages that are offered before and after the one shown."""
SUGGESTED = 4
"""The number of names suggested for the words of a query."""
LISTED = 5
"""The number of values that a facet lists until it is expanded."""
NAMED = 8
"""The number of persons and countries under a hit."""
SHOWS = (
    ("articles", mark("Articles")),
    ("map", mark("Map of countries")),
    ("people", mark("People mentioned together")),
    ("over-time", mark("When")),
    ("special", mark("Distinctive")),
    ("concordance", mark("Concordance")),
)
FILES: Sequence[tuple[str, Pairs]] = (
    ("CSV", [("format", "csv")]), (mark("CSV for Excel"), [("format", "csv"), ("bom", "true")]),
    ("JSON Lines", [("format", "jsonl")]), ("RIS", [("format", "ris")]), ("BibTeX", [("format", "bibtex")]),
)  # fmt: skip
"""Files of all articles: the name of each in the menu, and its parameters."""
COUNTS: Mapping[str, str] = {"CSV": mark("timeline as CSV"), "SVG": mark("chart as SVG")}
ALSO = 3
"""Maximum number of words of the first articles that are named at a hit."""
ORDERS: Mapping[str, str] = {
    "relevance": mark("relevance"), "newest": mark("newest"), "oldest": mark("oldest"), "added": mark("added"),
    "changed": mark("changed"),
}  # fmt: skip
"""Sort → its name in the menu."""


class HitView(NamedTuple):
    """A hit as shown.

    Attributes:
        names: the label of each value, the URL of the result narrowed to it, its field, and the value if it can be
            excluded.
        copies: the number of other articles of its story in the archive.
        below: those of them that follow on this page, shown in a line each.
        missing: the words of the query that it does not have, if not all are required.
        also: words of the first articles that have moved it up.
        near: nothing has moved it up as much as its nearness in meaning.
        cutout: the place where it was printed, and `printed` the URL of the page, opened there; None without a scan.
    """

    article: Article
    url: str
    title: Sequence[Piece]
    snippets: Sequence[Sequence[Piece]]
    names: Sequence[tuple[str, str, str, str | None]]
    copies: int
    below: Sequence[HitView] = ()
    missing: Sequence[str] = ()
    also: Sequence[str] = ()
    near: bool = False
    cutout: Cutout | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """The position of the page in the result.

    Attributes:
        first, last: the places of its hits; `first` is None for a page from a cursor.
        numbers: pages around this one, the first and the last, each with its URL; 0 for some omitted between.
        end: the last page and its URL, if this one is beyond.
    """

    first: int | None
    last: int
    previous: str | None
    next: str | None
    numbers: Sequence[tuple[int, str | None]] = ()
    end: tuple[int, str] | None = None


class SearchPage(Resource):
    """`GET /`: the search page."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Render the result of a query."""
        engine = self._archive.engine
        with engine.batch():
            self._answer(req, resp, engine)

    def _answer(self, req: Request, resp: Response, engine: Engine) -> None:
        pairs = [
            (name, self._archive.called(value) if name == "list" else value)
            for name, value in params.split(req.query_string)
        ]
        (state, results), unread = readable(partial(_found, engine, req.root_path), pairs, view.NAMES)
        if not any(name in view.NAMES for name, _ in pairs):
            self._front(req, resp, engine, state, results, unread)
            return
        unread = _in_words(unread, results.total, state.query.size)
        query = state.query
        dates = results.facets.get("date")
        parts = OptionalParts(results.incomplete)
        shares = state.view.scale != "count"
        legible = parts.offer("legible articles", partial(legible_among, self._archive, query, shares))
        line = legible.name if legible and not legible.asked else None
        drawn = (
            parts.part("timeline", partial(timeline, engine, dates, state, line))
            if isinstance(dates, DateFacet)
            else None
        )
        facets = [
            laid
            for name in FACET_NAMES
            if (counted := results.facets.get(name)) is not None
            and (laid := parts.part(name, partial(facet, name, engine, counted, state, results.total))) is not None
        ]
        shown, taken = list(chips(state, engine.authority().names)), _matching(question.lasting(query, results))
        unknown = [term.term for term in results.query.terms if not (term.articles or term.excluded)]
        suggestions = parts.offer("names", partial(_suggestions, engine, state))
        ids = [hit.article.id for hit in results.hits]
        offered = parts.offer("partial matches", partial(wider, engine, state, results))
        least = results.query.partial
        shorter = (
            []
            if results.total or offered
            else parts.offer("wider queries", partial(relaxations, engine, state, unknown))
        )
        known = [term for term in results.query.terms if term.articles and not term.excluded]
        if not (results.total or offered) and query.match == "all" and len(known) > 1:  # unrelated words
            most = replace(state, query=replace(query, match="most"))
            offered = parts.offer("partial matches", partial(wider, engine, most, results))
        lasting = params.joined(question.pairs(question.lasting(query, results)))
        cut = partial(_cut, engine, self._archive.place)
        cutouts_of = (
            parts.offer("scans", partial(cut, state, [*results.hits, *(offered.hits if offered else ())])) or {}
        )
        more = list(map(_shown(offered.state, cutouts_of), offered.hits)) if offered else []
        keep = parts.stored("lists", partial(keeping, req, self._archive, ids), None)
        scans = parts.offer("scans", partial(_scans, self._archive, query, results.total))
        read = parts.offer("questions", partial(_question, engine, state))
        exact = parts.offer("exact form", partial(exact_form, engine, state, results))
        panel = _panel(engine, state, parts)
        seen = next(iter(panel.values()), None)
        if parts.omitted or parts.damaged:
            forbid_caching(req, resp)
        ordered = query.order in BY_DATE or results.total <= MAX_DEPTH
        order = [("sort", query.order)] if ordered and query.order != "newest" else []
        feed = state.at(f"/feed.atom?{params.joined(taken)}".removesuffix("?"))
        html(
            req,
            resp,
            "search.html",
            site=self._settings.site_name,
            unread=unread,
            state=state,
            query=query,
            view=state.view,
            results=results,
            hits=list(_stories(map(_shown(state, cutouts_of), results.hits))),
            facets=facets,
            scans=scans,
            legible=legible,
            timeline=drawn,
            opened=state.view.scale != "count"
            or query.interval != "auto"
            or bool({"from", "to"} & unread.by_field.keys()),
            scales=scales(state),
            whole_time=whole_time(state),
            intervals=intervals(state, drawn) if drawn else [],
            gaps_url=gaps_url(state, drawn.interval) if drawn and not seeing.has_limits() else None,
            intervals_without=intervals_without(drawn.interval) if drawn else "",
            omitted=parts.omitted,
            chips=shown,
            joints=joints(),
            hidden=list(_hidden(state, facets, legible)),
            compare=(comparing := starting(state)),
            shows=[
                *((gettext(text), state.to(query, show=name), name == state.view.show) for name, text in SHOWS),
                (gettext("Compare"), comparing, False),
                *_unlimited(
                    (
                        gettext("A list of names"),
                        state.at(f"/batch?{params.joined(narrowing(query))}".removesuffix("?")),
                        False,
                    )
                ),
            ],
            sorts=[(gettext(ORDERS[sort]), state.changed(sort=sort), sort == query.order) for sort in _sorts(query)],
            forms=forms(state, results),
            misread=switch(state, scans is not None or legible is not None),
            sizes=[(size, state.changed(size=size), size == query.size) for size in SIZES],
            duplicates=[
                (gettext("show"), state.changed(group=None), not query.group),
                (gettext("group"), state.changed(group="story"), bool(query.group)),
            ],
            pages=_pages(results, state),
            clear=state.to(Query(query.text)),
            suggestions=suggestions,
            question_read=read,
            meant=state.to(replace(query, text=meant)) if (meant := _meant(results, offered)) else None,
            relaxations=shorter,
            wider=offered,
            more=more,
            required=sentence(least, results.total, query) if least is not None and least.least < least.of else None,
            reordered=_reordered(state, results),
            exact=exact,
            **panel,
            api=_asked(seen.files) if seen and seen.files else state.at(params.url("/api/search", query)),
            downloads=[
                (gettext(said), state.at(f"/api/export?{params.joined([*taken, *order, *chosen])}"), False)
                for said, chosen in FILES
            ],
            in_order=gettext("In this order") if ordered else gettext("Newest first"),
            counts=[
                (gettext(COUNTS[name]), url, False)
                for name, url in (files(state, drawn.interval, line == "known") if drawn else ())
            ],
            saves=[
                (gettext("Save this search"), state.at(f"/searches?{lasting}".removesuffix("?")), False),
                *_unlimited(
                    (gettext("Cite this result"), state.at(f"/cite?{lasting}".removesuffix("?")), False),
                ),
                (gettext("Feed"), feed, False),
            ],
            feed=feed,
            multiple=[name for name in FACET_NAMES if several(name)],
            keep=keep,
            damaged=parts.damaged,
            question=params.joined(view.write(state)),
        )

    def _front(
        self, req: Request, resp: Response, engine: Engine, state: PageState, results: Results, unread: Unread
    ) -> None:
        """Render the page of nothing asked yet."""
        parts = OptionalParts(results.incomplete)
        dates = results.facets.get("date")
        drawn = (
            parts.part("timeline", partial(timeline, engine, dates, state)) if isinstance(dates, DateFacet) else None
        )
        shown = parts.offer("examples", lambda: list(examples(engine, results, state)))
        if parts.omitted:
            forbid_caching(req, resp)
        html(
            req,
            resp,
            "front.html",
            unread=unread,
            site=self._settings.site_name,
            query=state.query,
            results=results,
            figures=figures(results),
            examples=shown,
            timeline=drawn,
            everything=state.to(),
            multiple=[name for name in FACET_NAMES if several(name)],
            omitted=parts.omitted,
            demo=self._settings.demo,
        )


def _panel(engine: Engine, state: PageState, parts: OptionalParts) -> Mapping[str, Any]:
    """What is shown in place of articles, by the name that its template has for it; None if there is no time for it."""
    match state.view.show:
        case "map":
            return {"map": parts.part("map", partial(country_map, engine, state))}
        case "people":
            return {"graph": parts.part("people mentioned together", partial(graph, engine, state))}
        case "over-time":
            return {"strip": parts.part("values over time", partial(strip, engine, state))}
        case "special":
            compared = parts.part("distinctive words", partial(special, engine, state))
            parts.without(compared.incomplete if compared else ())
            return {"special": compared}
        case "concordance":
            return {"concordance": parts.part("concordance", partial(lines, engine, state))}
    return {}


def _asked(files: Sequence[tuple[str, str]]) -> str:
    """The address that answers with the JSON of what a view has as a file."""
    path, _, query = files[0][1].partition("?")
    return f"{path}?{params.joined([pair for pair in params.split(query) if pair[0] != 'format'])}"


def _meant(results: Results, offered: Wider | None) -> str | None:
    """The query to offer instead: one with fewer of the same words only if those with most of them are not offered."""
    meant = results.did_you_mean
    if meant is None or offered is None:
        return meant
    typed = set(terms(parse(results.query.text).tree))
    return None if typed.issuperset(terms(parse(meant).tree)) else meant


def _question(engine: Engine, state: PageState) -> tuple[str, int, str] | None:
    """A text read as a question: what it asks for, the number of articles, and its URL; None if it is none."""
    query = state.query
    if query.page > 1 or query.date_from or query.date_to:
        return None
    read = as_question(query.text, date.today())
    if read is None:
        return None
    asked = replace(query, text=read.text, date_from=read.date_from, date_to=read.date_to, interval="auto")
    if not askable(read.text):
        return None
    (count,) = engine.totals([asked])
    days = dates_in_words(read.date_from, read.date_to)
    return (" · ".join(filter(None, (read.text, days))), count, state.to(asked)) if count else None


def _found(engine: Engine, root: str, pairs: Pairs) -> tuple[PageState, Results]:
    """What parameters ask for. Raises BadQuery."""
    state = view.read(pairs, root)
    size = state.query.size if state.view.show == "articles" else 0
    explain = state.query.match != "all"
    most = LISTED if state.query.facet_size == Query().facet_size else state.query.facet_size
    facets = (*FACET_NAMES, "date")
    return state, engine.search(replace(state.query, facets=facets, facet_size=most, size=size, explain=explain))


def _in_words(unread: Unread, total: int, size: int) -> Unread:
    """The same; of a page that a short result does not have, it says how many there are."""
    if not size or total > MAX_DEPTH:
        return unread
    last = said("The last is {page}.", page=max(1, -(-total // size)))
    return replace(
        unread,
        errors=tuple(
            replace(error, reason=said("This result has no page {page}.", page=error.value), hint=last)
            if error.name == "page" and whole_number(error.value) is not None
            else error
            for error in unread.errors
        ),
    )


def _cut(engine: Engine, place: str, state: PageState, hits: Sequence[Hit]) -> Mapping[str, Cutout]:
    return cutouts(engine, [hit.article for hit in hits], state.query.text, place, state.root)


def _scans(archive: Archive, query: Query, total: int) -> int | None:
    """The number of articles that only those with a scan would be; None if the archive has none, or does not know."""
    if query.scan:
        return total
    engine = archive.engine
    try:
        all_of_them = archive.totals.get(archive.edition, "scans", lambda: engine.totals([Query(scan=True)])[0])
        return engine.totals([replace(query, scan=True)])[0] if all_of_them else None
    except NeedsUpgrade:
        return None


def _shown(state: PageState, cut: Mapping[str, Cutout]) -> Callable[[Hit], HitView]:
    """How hits of a result are shown; a link that several of them have is written once.

    Args:
        cut: what each shows of the page that it is on, by id.
    """
    query = params.url("", state.query)
    large = view.url("", replace(state, view=replace(state.view, pages="large"), root=""))

    urls = {name: state.filtering(name) for name in ("person", "country")}

    before = {name: state.query.filter(name) for name in urls}
    busy = state.view.more is not None  # an opened facet offers the same, and makes the page long
    asked = {(name, fold(value)) for name in urls for value in proof.chosen(state.query, name)}

    @cache
    def url(name: str, value: str) -> str:
        return urls[name](narrowed(before[name], name, value))

    def told(hit: Hit) -> HitView:
        article = hit.article
        named = [(name, *link) for name in urls for link in links(article, name)]
        if asked:
            named.sort(key=lambda link: (link[0], fold(link[1])) not in asked)
        marks = proof.title_marks(article, state.query, hit.title_marks) if article.title else ()
        shown = proof.snippets(article, state.query, hit.snippets)
        return HitView(
            article,
            state.at(f"/article/{article.id}{query}"),
            pieces(article.heading, marks),
            [pieces(one.text, one.marks) for one in shown if one.text != article.heading],
            [
                (label, url(name, value), name, None if busy or (name, fold(value)) in asked else value)
                for name, value, label in islice(named, NAMED)
            ],
            hit.group.size - 1 if hit.group else 0,
            missing=hit.missing,
            also=[one.term for one in hit.scored if one.expansion][:ALSO],
            near=any(one.meaning for one in hit.scored[:1]),
            cutout=(shown_there := cut.get(article.id)),
            printed=state.at(f"/article/{article.id}{large}#place-{shown_there.number}") if shown_there else "",
        )

    return told


def _stories(hits: Iterable[HitView]) -> Iterator[HitView]:
    """The hits of a page, each near-duplicate of an earlier one below it."""
    found: dict[str, list[HitView]] = {}
    for hit in hits:
        found.setdefault(hit.article.group or f" {hit.article.id}", []).append(hit)
    return (first._replace(below=rest) if rest else first for first, *rest in found.values())


def _reordered(state: PageState, results: Results) -> str | None:
    """The page in the order of the search terms alone, or by other words too; None if that is the same."""
    query = state.query
    if query.rank == "words":
        return state.changed(rank="best") if results.query.partial else None
    moved = any(one.expansion for hit in results.hits for one in hit.scored)
    return state.changed(rank="words") if moved else None


def _unlimited(*entries: tuple[str, str, bool]) -> Sequence[tuple[str, str, bool]]:
    """Entries of a menu that are for those who see everything, and offered to nobody else."""
    return () if seeing.has_limits() else entries


def _sorts(query: Query) -> Iterator[Sort]:
    return (sort for sort in SORTS if sort != "relevance" or query.text.strip())


def _hidden(state: PageState, facets: Sequence[FacetView], legible: Legible | None) -> Iterator[tuple[str, str]]:
    """The hidden fields of the form."""
    shown = {(e.parameter, fold(e.value)) for view in facets for e in view.entries if e.chosen}
    own = {
        "q",
        "from",
        "to",
        "date.missing",
        "scan",
        *((f"{legible.name}.from", f"{legible.name}.missing") if legible else ()),
        "page",
        "cursor",
        "find",
        "skip",
        *(f"{name}.missing" for name in FACET_NAMES),
    }
    pairs = view.write(state)
    return ((name, value) for name, value in pairs if name not in own and (name, fold(value)) not in shown)


def _pages(results: Results, state: PageState) -> Pages:
    query = state.query
    following: str | None = None
    if results.cursor is not None and results.hits:
        if query.cursor is None and query.page * query.size < MAX_DEPTH:
            following = state.page(query.page + 1)
        else:
            following = view.url("/", replace(state, query=replace(query, page=1, cursor=results.cursor)))
    first = (query.page - 1) * query.size + 1
    last = -(-min(results.total, MAX_DEPTH) // query.size) if query.size and query.cursor is None else 0

    return Pages(
        first if query.cursor is None else None,
        first + len(results.hits) - 1,
        state.page(query.page - 1) if query.page > 1 else None,
        following,
        [(page, state.page(page) if page not in (0, query.page) else None) for page in numbers(query.page, last)],
        (last, state.page(last)) if last and query.page > last else None,
    )


def numbers(page: int, last: int) -> list[int]:
    """The pages to offer next to one: the first, the last, those around it; 0 for two or more omitted."""
    if last < 2 or page > last:
        return []
    around = range(max(1, page - AROUND), min(last, page + AROUND) + 1)
    shown = sorted({1, last, *around})
    found = [1]
    for before, after in pairwise(shown):
        found += [after] if after - before == 1 else [before + 1, after] if after - before == 2 else [0, after]
    return found


def _suggestions(engine: Engine, state: PageState) -> list[tuple[str, str, int, str]]:
    """Facet values whose names match the words of the query: kind, label, count, and the URL of a search for one."""
    if not state.query.text.strip() or state.query.page > 1:
        return []
    bare = replace(state.query, text="", sort=None)
    offered = engine.suggest(state.query.text[:MAX_NAME], SUGGESTED)
    queries = [adding(bare, found.type, found.value) for found in offered]
    plain = not (bare.filtered or bare.group or bare.country_main)
    counts = [found.count for found in offered] if plain else engine.totals(queries)
    return [
        (labels.within(found.type), labels.value(found.type, found.value, found.label), count, state.to(query))
        for found, query, count in zip(offered, queries, counts, strict=True)
        if count
    ]


def _matching(query: Query) -> list[tuple[str, str]]:
    """The parameters that decide which articles match, without those of presentation."""
    return [(name, value) for name, value in params.write(query) if name in _TAKEN]


_TAKEN = frozenset(parameter.name for parameter in download.MATCHING)
