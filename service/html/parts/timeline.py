"""The timeline above the results: the queries for it, before `chart` lays it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from msgspec import structs

from search.analyses import legible as among
from search.analyses.periods import within
from search.engine import Engine
from search.system import budget
from search.text.calendar import about, end_of
from search.values.query import INTERVALS, Denominator, Query
from search.values.results import DateFacet
from service import params
from service.formats import chart
from service.html.parts.legible import LEAST
from service.html.view import PageState
from service.wording.messages import gettext, mark

MAX_BARS = 1000
"""The greatest number of buckets drawn; for more, the interval is widened."""
_WITHOUT = {
    "day": mark("Days without a single article, whatever the query: no count, rather than 0."),
    "week": mark("Weeks without a single article, whatever the query: no count, rather than 0."),
    "month": mark("Months without a single article, whatever the query: no count, rather than 0."),
    "quarter": mark("Quarters without a single article, whatever the query: no count, rather than 0."),
    "year": mark("Years without a single article, whatever the query: no count, rather than 0."),
    "decade": mark("Decades without a single article, whatever the query: no count, rather than 0."),
}


def timeline(engine: Engine, dates: DateFacet, state: PageState, legible: str | None = None) -> chart.Timeline:
    """The histogram of a result, in front of that of the whole archive, or as shares.

    Args:
        legible: the field by which legible articles are drawn as well; None for all articles alone.
    """
    query = state.query
    if len(dates.buckets) > MAX_BARS:
        widened = engine.search(replace(query, interval="auto", facets=("date",), size=0, page=1, cursor=None))
        found = widened.facets.get("date")
        if found is None:
            budget.current().check()
        assert isinstance(found, DateFacet)
        dates = found
    if not dates.buckets:
        return chart.timeline(dates, query, state.to)
    denominator: Denominator = "filters" if state.view.scale == "filters" else "archive"
    whole = _span(query, [bucket.start for bucket in dates.buckets], dates.interval)
    trend = engine.trend(whole, denominator, dates)
    if legible is not None:
        trend = structs.replace(trend, legible=among.trend(engine, whole, denominator, trend, LEAST, legible))
    return chart.timeline(dates, query, state.to, trend, share=state.view.scale != "count")


def gaps(engine: Engine, query: Query, starts: Sequence[str], interval: str) -> frozenset[str]:
    """The intervals, by first day, that are gaps of the archive, or of each source of a query's filters."""
    if not starts:
        return frozenset()
    return chart.empty(engine.trend(_span(replace(query, text=""), starts, interval), "archive"), query)


def _span(query: Query, starts: Sequence[str], interval: str) -> Query:
    """The query over all intervals of a histogram."""
    return replace(
        query,
        date_from=starts[0],
        date_to=end_of(starts[-1], interval),
        date_missing=False,
        interval=next(name for name in INTERVALS if name == interval),
        page=1,
        cursor=None,
    )


def opener(state: PageState, query: Query) -> Callable[[str, str], str]:
    """The URLs of what a query finds between two days (ISO), within its own dates."""
    return lambda start, end: state.to(within(query, start, end), show="articles")


def files(state: PageState, interval: str, legible: bool = False) -> list[tuple[str, str]]:
    """The timeline as files, within the dates of the query, with legible articles if they are shown: name and URL."""
    known = {parameter.name for parameter in params.trend.PARAMETERS} - {"interval"}
    pairs = [pair for pair in params.write(state.query) if pair[0] in known]
    pairs += [("interval", interval), *([("denominator", "archive")] if state.view.scale != "filters" else [])]
    pairs += [("legible", LEAST)] if legible else []
    return [
        (form.upper(), state.at(f"/api/trend?{params.joined([*pairs, ('format', form)])}")) for form in ("csv", "svg")
    ]


def gaps_url(state: PageState, interval: str) -> str:
    """The URL of the trend of the archive, with all gaps, as JSON."""
    return state.at(f"/api/trend?{params.joined([('interval', interval)])}")


def intervals_without(interval: str) -> str:
    """What gaps are, in words."""
    return gettext(_WITHOUT[interval])


def scales(state: PageState) -> list[tuple[str, str, str, bool]]:
    """The available scales: name, label, URL, True for the current one."""
    named = [("count", gettext("articles")), ("archive", gettext("share of the archive"))]
    if state.query.filters and state.query.text.strip():
        named.append(("filters", gettext("share within the filters")))
    return [(name, text, state.to(state.query, scale=name), name == state.view.scale) for name, text in named]


def whole_time(state: PageState) -> str | None:
    """The URL of the same query without its date range, with a suitable interval; None if it has no range."""
    query = state.query
    if not (query.date_from or query.date_to):
        return None
    return state.changed(date_from=None, date_to=None, interval="auto")


def intervals(state: PageState, drawn: chart.Timeline) -> list[tuple[str, str, bool]]:
    """The intervals that can be drawn: name, URL, True for the current one."""
    if not drawn.days:
        return []
    return [
        (name, state.changed(interval=name), name == drawn.interval)
        for name in INTERVALS
        if name != "auto" and about(*drawn.days, name) <= MAX_BARS
    ]
