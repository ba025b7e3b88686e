"""`GET /compare`: up to five queries side by side, with filters in common.

Each has a letter, a line over time and a column of counts. Every count is a search, which it links to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from falcon import Request, Response
from msgspec import structs

from search.engine import Engine
from search.errors import BadQuery
from search.measures.comparison import MAX_QUERIES, Compared, Comparison, Overlap
from search.measures.keyness import MAX_SPECIAL
from search.syntax import askable, parse, write
from search.syntax.nodes import All, And, Node, Not, Value, mapped
from search.text.calendar import about, end_of
from search.values.bad_values import MAX_TEXT
from search.values.query import INTERVALS, Denominator, Query
from service import params
from service.formats import chart
from service.html.mending import Unread, readable
from service.html.optional import OptionalParts
from service.html.parts.chips import chips, joints
from service.html.parts.filters import adding, undated
from service.html.parts.timeline import gaps, intervals_without, opener
from service.html.templates import html
from service.html.view import PageState
from service.page.contrast import contrast, than
from service.params.compare import CompareRequest
from service.resource import Resource
from service.wording import labels
from service.wording.messages import current, gettext, mark, pgettext

PATH = "/compare"
LETTERS = "ABCDE"
FEWEST = 2
"""The number of boxes to type into, at least."""
LETTER = 8.0
"""The height of a letter at the end of a line, in percent of the drawing's."""
DRAWN = 97.0
"""The width of the lines in percent of the page's; letters are next to them."""
MAX_POINTS = 200
"""The greatest number of buckets drawn; for more, the interval is widened."""
SCALES = (
    ("count", mark("articles")),
    ("archive", mark("share of the archive")),
    ("filters", mark("share within the filters")),
)
_NAMES = frozenset(("scale", *(parameter.name for parameter in params.compare.PARAMETERS)))
"""The parameters of the page."""
_TABLES = {
    "timeline": mark("timeline as CSV"), "overlaps": mark("overlaps as CSV"), "differences": mark("differences as CSV"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A count, and the URL of the articles; None if it is 0 or the search would be too long to ask for."""

    count: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A combination of queries: its letters, the articles that match all of them, and those that match no other."""

    letters: str
    count: Figure
    only: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """A value or an interval: the figure of each query, and its share of the query's articles or of `of`."""

    label: str
    figures: tuple[Figure, ...]
    shares: tuple[float | None, ...]
    of: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A query: its letter, its figure, and its line over time.

    Attributes:
        path: the line, as the data of an SVG path; broken where there is nothing to take a share of.
        place: the height of its letter, in percent of the drawing's: that of its end, apart from the other letters.
        dots: where each figure over time is, and what it is in words.
    """

    letter: str
    query: Compared
    total: Figure
    path: str
    place: float
    dots: tuple[tuple[str, Figure, str], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comparison as shown.

    Attributes:
        over: the intervals in which anything matches.
        undated: the matches without a date, which are in none of them; None if there are none.
        differences: the label of each facet, and its values.
        width: of the drawing, in SVG units.
        top: the value at the full height of the drawing.
        ticks: the labels under it, and where they are in percent.
        days: the first and the last day of it; None if nothing has a date.
        gaps: position and width, in percent, of the times of which the archive has nothing.
    """

    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    over: tuple[Row, ...]
    undated: Row | None
    differences: tuple[tuple[str, tuple[Row, ...]], ...]
    interval: str
    width: float
    top: str
    ticks: tuple[chart.Tick, ...]
    exact: bool
    days: tuple[date, date] | None
    gaps: tuple[tuple[float, float], ...]


class ComparePage(Resource):
    """`GET /compare`: the page."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Render a comparison; without queries, only the form."""
        engine = self._archive.engine
        pairs = params.split(req.query_string)
        request, unread = readable(partial(params.compare.read, allow_unknown=True), pairs, _NAMES)
        scale = next((v for n, v in pairs if n == "scale" and v in dict(SCALES)), "count")
        state = PageState(request.query, root=req.root_path)
        if scale != "count":
            denominator: Denominator = "archive" if scale == "archive" else "filters"
            request = replace(request, comparing=replace(request.comparing, denominator=denominator))
        parts = OptionalParts()
        with engine.batch():
            drawn = draw(engine, request, state, share=scale != "count") if request.texts else None
            words = None
            if drawn is not None and len(request.texts) > 1:
                words = parts.offer("distinctive words", partial(contrast, engine, request.queries, state))
            said = joints()
            active = [
                (said[chip.joint] or chip.kind, chip.text, _to(state, replace(request, query=chip.without), scale))
                for chip in chips(state, engine.authority().names)
            ]
        own = {"q", "from", "to", "denominator", "format", "table"}
        html(
            req,
            resp,
            "compare.html",
            unread=unread,
            site=self._settings.site_name,
            query=request.query,
            drawn=drawn,
            widened=drawn is not None and request.comparing.interval not in ("auto", drawn.interval),
            interval=request.comparing.interval,
            gaps_said=intervals_without(drawn.interval) if drawn is not None and drawn.gaps else "",
            words_of=words or [],
            omitted=parts.omitted,
            boxes=list(zip(LETTERS, _boxes(_texts(request, unread)), strict=False)),
            chips=active,
            hidden=[*(p for p in params.compare.write(request) if p[0] not in own), *_scale(scale)],
            scale=scale,
            scales=[(gettext(text), _to(state, request, name), name == scale) for name, text in SCALES],
            intervals=_intervals(state, request, scale, drawn),
            stories_url=_to(
                state,
                replace(request, query=replace(request.query, group=None if request.query.group else "story")),
                scale,
            ),
            api=state.at(params.compare.url("/api/compare", request)) if request.texts else None,
            files=_files(state, request) if request.texts else [],
            word_files=_word_files(state, request) if words else [],
        )


def _texts(request: CompareRequest, unread: Unread) -> Sequence[str]:
    """What was typed into the boxes."""
    if "q" not in unread.by_field:
        return request.texts
    return [value for name, value in unread.given if name == "q" and value.strip()][:MAX_QUERIES]


def _boxes(texts: Sequence[str]) -> tuple[str, ...]:
    """What is in the boxes: the queries, and room for one more."""
    size = min(max(FEWEST, len(texts) + 1), MAX_QUERIES)
    return (*texts, *[""] * (size - len(texts)))


def _files(state: PageState, request: CompareRequest) -> list[tuple[str, str]]:
    """The comparison as files: name and URL."""
    tables = [(gettext(_TABLES[name]), replace(request, format="csv", table=name)) for name in params.compare.TABLES]
    named = [*tables, (gettext("chart as SVG"), replace(request, format="svg"))]
    return [(name, state.at(params.compare.url("/api/compare", asked))) for name, asked in named]


def _word_files(state: PageState, request: CompareRequest) -> list[str | None]:
    """The URLs of the words of each query against the others, as files."""
    files: list[str | None] = []
    for number, query in enumerate(request.queries):
        others = than(request.queries, number)
        known = {parameter.name for parameter in params.special.PARAMETERS}
        pairs = [pair for pair in params.write(query) if pair[0] in known]
        pairs += [("than", others or ""), ("limit", str(MAX_SPECIAL)), ("format", "csv")]
        files.append(None if others is None else state.at(f"/api/special?{params.joined(pairs)}"))
    return files


def _scale(scale: str) -> list[tuple[str, str]]:
    return [("scale", scale)] if scale != "count" else []


def _to(state: PageState, request: CompareRequest, scale: str) -> str:
    """The URL of this page for another request."""
    plain = replace(
        request, comparing=replace(request.comparing, denominator="filters"), format="json", table="timeline"
    )
    return state.at(f"{PATH}?{params.joined([*params.compare.write(plain), *_scale(scale)])}")


def _intervals(
    state: PageState, request: CompareRequest, scale: str, drawn: Drawn | None
) -> list[tuple[str, str, bool]]:
    """The intervals that can be drawn: name, URL, True for the current one."""
    if drawn is None or drawn.days is None:
        return []
    return [
        (
            name,
            _to(state, replace(request, comparing=replace(request.comparing, interval=name)), scale),
            name == drawn.interval,
        )
        for name in INTERVALS
        if name == drawn.interval or (name != "auto" and about(*drawn.days, name) <= MAX_POINTS)
    ]


def starting(state: PageState) -> str:
    """The URL that compares the query of a page with others: each of the selected values of one facet is a query.

    There is one query if no facet has two to five selected values that can be written as a condition.
    """
    query = state.query
    request = CompareRequest(replace(query, text=""), texts=(query.text,) if query.text.strip() else ())
    for name, wanted in query.filters.items():
        rest = {field: chosen for field, chosen in query.filters.items() if field != name}
        if (
            not 1 < len(wanted.any) <= MAX_QUERIES
            or (name == "country" and query.country_main)
            or wanted != replace(wanted, all=(), none=(), missing=False)
        ):
            continue
        texts = [narrowed(query.text, [Value(name, value)]) for value in wanted.any]
        known = [text for text in texts if text is not None]
        if len(known) == len(texts):
            request = CompareRequest(replace(query, text="", filters=rest), texts=tuple(map(in_names, known)))
            break
    common = replace(request.query, sort=None)
    return state.at(params.compare.url(PATH, replace(request, query=params.first_page(common))))


def narrowed(text: str, parts: Sequence[Node]) -> str | None:
    """A query's text with further conditions; None if that cannot be asked for."""
    whole = _joined([parse(text).tree, *parts])
    written = write(whole)
    return written if _means(written, whole) else None


def in_names(text: str) -> str:
    """A query with the names of countries and topics in place of their codes."""
    tree = parse(text).tree
    written = write(mapped(tree, _by_name))
    return written if _means(written, tree) else text


def _means(text: str, tree: Node) -> bool:
    """True if a query can be asked for, and is read as a tree."""
    return len(text) <= MAX_TEXT and askable(text) and parse(text).tree == tree


def _by_name(node: Node) -> Node:
    match node:
        case Value(facet, code):
            return Value(facet, labels.named(facet, code))
        case _:
            return node


def _joined(parts: Sequence[Node]) -> Node:
    """All of some trees as one, without parts that occur twice."""
    flat: dict[Node, None] = {}
    for part in parts:
        flat |= dict.fromkeys(part.parts if isinstance(part, And) else () if isinstance(part, All) else (part,))
    return And(tuple(flat)) if len(flat) > 1 else next(iter(flat), All())


def draw(engine: Engine, request: CompareRequest, state: PageState, share: bool = False) -> Drawn:
    """Compare, and lay out the result.

    Args:
        share: True if the lines are shares of the denominator.
    """
    found = engine.compare(request.queries, request.comparing)
    if len(found.buckets) > MAX_POINTS:
        found = engine.compare(request.queries, replace(request.comparing, interval="auto"))
    queries = request.queries
    opened = [opener(state, query) for query in queries]
    rows = tuple(_over_time(found, queries, opened))
    totals = [query.total for query in found.queries]
    values = [[row.shares[n] if share else float(row.figures[n].count) for row in rows] for n in range(len(queries))]
    most = max((value for own in values for value in own if value), default=0.0)
    drawn = [_line(own, most) for own in values]
    places = apart([end for _, end in drawn])
    lines = tuple(
        Line(
            LETTERS[number],
            structs.replace(query, canonical=in_names(query.canonical)),
            _figure(query.total, state.to(queries[number], show="articles")),
            drawn[number][0],
            places[number],
            tuple(
                (dot, row.figures[number], _said(LETTERS[number], row, number, share))
                for dot, row in zip(_dots(values[number], most), rows, strict=True)
                if dot
            ),
        )
        for number, query in enumerate(found.queries)
    )
    return Drawn(
        lines,
        tuple(_part(overlap, request, state) for overlap in found.overlaps),
        tuple(row for row in rows if any(figure.count for figure in row.figures)),
        _undated(found, queries, state),
        tuple(
            (labels.fields(name), tuple(_different(found, name, queries, state, totals)))
            for name, values in found.differences.items()
            if values
        ),
        found.interval,
        max(1, len(rows) - 1) * chart.BAR,
        chart.percent(most) if share else current().thousands(most, ",.0f"),
        _ticks(rows),
        found.exact,
        _days(found),
        _gaps(engine, request.query, [bucket.start for bucket in found.buckets], found.interval),
    )


def _gaps(engine: Engine, query: Query, starts: Sequence[str], interval: str) -> tuple[tuple[float, float], ...]:
    """The gaps, each interval around its point on the lines, in percent of the page's width."""
    most = max(1, len(starts) - 1) * chart.BAR
    found = chart.bands(starts, gaps(engine, query, starts, interval))
    ends = [(max(0.0, at - chart.BAR / 2), min(most, at + width - chart.BAR / 2)) for at, width in found]
    return tuple((round(DRAWN * first / most, 2), round(DRAWN * (last - first) / most, 2)) for first, last in ends)


def _days(found: Comparison) -> tuple[date, date] | None:
    if not found.buckets:
        return None
    first, last = found.buckets[0].start, end_of(found.buckets[-1].start, found.interval)
    return date.fromisoformat(first), date.fromisoformat(last)


def _over_time(
    found: Comparison, queries: Sequence[Query], opened: Sequence[Callable[[str, str], str]]
) -> Iterator[Row]:
    for bucket in found.buckets:
        end = end_of(bucket.start, found.interval)
        yield Row(
            chart.label(bucket.start, found.interval),
            tuple(
                Figure(count, own(bucket.start, end) if count else None)
                for count, own in zip(bucket.counts, opened, strict=True)
            ),
            tuple(_share(count, bucket.of) for count in bucket.counts),
            bucket.of,
        )


def _undated(found: Comparison, queries: Sequence[Query], state: PageState) -> Row | None:
    counts = [query.missing for query in found.queries]
    if not any(counts):
        return None
    figures = (
        _figure(count, state.to(params.first_page(undated(query)), show="articles"))
        for count, query in zip(counts, queries, strict=True)
    )
    return Row(
        gettext("undated"), tuple(figures), tuple(_share(count, found.of_missing) for count in counts), found.of_missing
    )


def _different(
    found: Comparison, name: str, queries: Sequence[Query], state: PageState, totals: Sequence[int]
) -> Iterator[Row]:
    for one in found.differences[name]:
        yield Row(
            labels.value(name, one.value, one.label),
            tuple(
                _figure(count, state.to(adding(query, name, one.value), show="articles"))
                for count, query in zip(one.counts, queries, strict=True)
            ),
            tuple(_share(count, total) for count, total in zip(one.counts, totals, strict=True)),
        )


def _part(overlap: Overlap, request: CompareRequest, state: PageState) -> Part:
    inside = [parse(request.texts[number]).tree for number in overlap.of]
    outside = [Not(parse(text).tree) for number, text in enumerate(request.texts) if number not in overlap.of]

    def figure(count: int, parts: Sequence[Node]) -> Figure:
        try:
            text = narrowed("", parts)
        except BadQuery:
            text = None
        return _figure(count, None if text is None else state.to(replace(request.query, text=text), show="articles"))

    return Part(
        pgettext("letters", " and ").join(LETTERS[number] for number in overlap.of),
        figure(overlap.count, inside),
        figure(overlap.only, [*inside, *outside]),
    )


def _figure(count: int, url: str | None) -> Figure:
    return Figure(count, url if count else None)


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _said(letter: str, row: Row, number: int, share: bool) -> str:
    count = row.figures[number].count
    figures = {"letter": letter, "label": row.label, "count": current().thousands(count)}
    if share:
        figures |= {"of": current().thousands(row.of or 0), "share": chart.percent(row.shares[number])}
        return gettext("{letter}, {label}: {count} of {of}, {share}").format_map(figures)
    return gettext("{letter}, {label}: {count}").format_map(figures)


def _height(value: float, most: float) -> float:
    return round(chart.HEIGHT * (1 - value / most), 2) if most else chart.HEIGHT


def _line(values: Sequence[float | None], most: float) -> tuple[str, float]:
    """The data of a path through values, and the height of the last, in percent."""
    steps, pen, end = [], "M", 100.0
    for number, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        steps.append(f"{pen}{number * chart.BAR:g} {_height(value, most):g}")
        pen, end = "L", _height(value, most) / chart.HEIGHT * 100
    return "".join(steps), round(end, 1)


def apart(heights: Sequence[float]) -> list[float]:
    """Heights in percent, moved up as little as needed for letters of `LETTER` percent not to overlap."""
    placed = list(heights)
    free = 100.0
    for number in sorted(range(len(heights)), key=lambda n: -heights[n]):
        placed[number] = free = min(heights[number], free)
        free -= LETTER
    return placed


def _dots(values: Sequence[float | None], most: float) -> list[str]:
    """A point for each value that is not 0, as the data of a path; "" for others."""
    return [
        f"M{number * chart.BAR:g} {_height(value, most):g}h0" if value else "" for number, value in enumerate(values)
    ]


def _ticks(rows: Sequence[Row]) -> tuple[chart.Tick, ...]:
    if not rows:
        return ()
    ticks = [chart.Tick(current().brief(rows[0].label), 0.0, "start")]
    if len(rows) > 1:
        ticks.append(chart.Tick(current().brief(rows[-1].label), 100.0, "end"))
    if len(rows) > 4:
        middle = len(rows) // 2
        ticks.insert(
            1,
            chart.Tick(current().brief(rows[middle].label), round(middle / (len(rows) - 1) * 100, 2), "middle"),
        )
    return tuple(ticks)
