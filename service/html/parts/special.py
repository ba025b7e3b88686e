"""What is special about a result: tables of the values that are more frequent in it than expected, and less.

Every count is a search, which it links to. Cost: a search for each table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from indexer import languages
from search.analyses.periods import PERIODS, special_by, within
from search.engine import Engine
from search.measures.cross_table import Crossing
from search.measures.keyness import MAX_SPECIAL, SPECIAL_FIELDS, WORDS, Contrast, Keyness, Representation
from search.syntax import askable, parse, write
from search.syntax.function_words import FUNCTION_WORDS
from search.syntax.nodes import All, And, Exact, Leaf, Near, Node, Or, Phrase, Word, joined, leaves
from search.text import date_words
from search.text.tokens import term
from search.values.bad_values import MAX_TEXT
from search.values.query import Denominator, Query
from service import params
from service.html.parts.filters import adding
from service.html.view import PageState
from service.wording import labels
from service.wording.messages import current, gettext, mark

LISTED = {"over": 25, "under": 10}
"""The number of values of each table."""
IN_PERIOD = 8
"""The number of values of each period."""
LOOKED_AT = 300
"""The number of values that are looked at for those that say something."""
STRENGTHS: tuple[tuple[float, str], ...] = ((15.1, mark("very")), (6.6, mark("fairly")), (0.0, mark("slightly")))
"""How sure a difference is, in words, from which G² on: chance explains it in one of 10,000 cases, or of 100."""
FIELDS = (WORDS, *(name for name in SPECIAL_FIELDS if name != WORDS))
WIDEST = 100
"""The length of the longest bar in SVG units."""

Ignored = Callable[[str, int], bool]
"""True for a value, and its number of articles, that says nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A value: its measures, the length of its bar, and the URLs of what was counted.

    A URL is None if there is nothing to open, or if it cannot be asked for.

    Attributes:
        times: how many times as frequent it is in the result as elsewhere, in words.
        strength: how sure the difference is, in words.
        or_url: of a word that is not in the query: the page of articles that have this word instead, too.
    """

    found: Keyness
    label: str
    times: str
    strength: str
    bar: int
    url: str | None
    of_url: str | None
    or_url: str | None


class Special(NamedTuple):
    """A value that is special in a period, the URL of what has it there, and `or_url` as of a row."""

    label: str
    count: int  # type: ignore[assignment]  # shadows tuple.count, as in a facet
    url: str | None
    or_url: str | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period: its label, the articles of the result with their URL, what is special about them, or why nothing is."""

    label: str
    total: int
    url: str
    values: tuple[Special, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SpecialView:
    """The tables of what is special about a result.

    Attributes:
        files: name and URL of the first table as CSV, with more values, and as SVG.
        periods: what is special in each period, if that was asked for, oldest first.
        earlier: how many periods come before these.
        undated: articles of the result that are in no period.
        period_files: name and URL of these as CSV, with more values.
        incomplete: as of `Periods`.
        choices: the kinds of period: name, label, URL, and True for the current one.
        fields, references: name, label and URL of the available ones, True for the current one.
        total, of: articles of the result and of the reference, with the URLs of both.
    """

    fields: tuple[tuple[str, str, str, bool], ...]
    references: tuple[tuple[str, str, str, bool], ...]
    total: int
    total_url: str
    of: int
    of_url: str
    over: tuple[Row, ...]
    under: tuple[Row, ...]
    files: tuple[tuple[str, str], ...]
    periods: tuple[PeriodRow, ...]
    earlier: int
    undated: int
    incomplete: tuple[str, ...]
    period_files: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str, str, bool], ...]


def special(engine: Engine, state: PageState) -> SpecialView:
    """Find what is special about a result; near-duplicates are counted one by one."""
    query, view = replace(state.query, group=None), state.view
    base = replace(query, text="", sort=None) if view.against == "filters" else Query(country_main=query.country_main)

    def rows(sort: Representation) -> tuple[int, int, tuple[Row, ...]]:
        found = engine.special(query, Contrast(view.field, view.against, sort, LOOKED_AT))
        empty = ignored(engine, query if sort == "over" else base, view.field)
        among = [one for one in found.values if not empty(one.value, one.count if sort == "over" else one.of)]
        telling = among[: LISTED[sort]]
        most = max((abs(one.g2) for one in telling), default=1.0) or 1.0
        return found.total, found.of, tuple(
            Row(
                one,
                one.label if view.field == WORDS else labels.value(view.field, one.value, one.label),
                times(one),
                strength(one.g2),
                round(WIDEST * (abs(one.g2) / most) ** 0.5),
                _url(state, having(query, view.field, one.value)) if one.count else None,
                _url(state, having(base, view.field, one.value)),
                _url(state, widened(state.query, one.value)) if view.field == WORDS and sort == "over" else None,
            )
            for one in telling
        )  # fmt: skip

    total, of, over = rows("over")
    return SpecialView(
        tuple((name, plural(name), state.to(field=name), name == view.field) for name in FIELDS),
        _references(state),
        total,
        state.to(query, show="articles"),
        of,
        state.to(base, show="articles"),
        over,
        rows("under")[2],
        (("CSV", _file(state, "csv", MAX_SPECIAL)), ("SVG", _file(state, "svg", LISTED["over"]))),
        *_periods(engine, state, query),
        (("CSV", _file(state, "csv", MAX_SPECIAL, view.by)),),
        (("", gettext("no periods"), state.to(by=""), not view.by), *(
            (name, labels.interval(name), state.to(by=name), name == view.by) for name in PERIODS
        )),
    )  # fmt: skip


def _periods(engine: Engine, state: PageState, query: Query) -> tuple[tuple[PeriodRow, ...], int, int, tuple[str, ...]]:
    """What is special in each period besides the words of the query and function words, in two articles at least; and
    how many periods, and how many articles without a date, are omitted, and whether there was no time for all.
    """
    field = state.view.field
    by = next((name for name in PERIODS if name == state.view.by), None)
    if by is None:
        return (), 0, 0, ()
    typed = _typed(parse(query.text).tree) if field == WORDS else frozenset()
    ignored_in = _ignored_by(engine, query, field, by)
    found = special_by(engine, query, Contrast(field, "filters", "over", LOOKED_AT), by)
    rows = []
    for period in found.periods:
        narrowed, empty = within(query, period.start, period.end), ignored_in(period.start)
        values = tuple(
            Special(
                one.label if field == WORDS else labels.value(field, one.value, one.label),
                one.count,
                _url(state, having(narrowed, field, one.value)),
                _url(state, widened(state.query, one.value)) if field == WORDS else None,
            )
            for one in [
                one
                for one in period.special.values
                if one.count > 1 and not empty(one.value, one.count) and term(one.value, None) not in typed
            ][:IN_PERIOD]
        )
        label = current().interval(period.start, by)
        why = gettext("too few articles") if period.special.total < 2 else gettext("nothing stands out")
        rows.append(PeriodRow(label, period.special.total, state.to(narrowed, show="articles"), values, why))
    return tuple(rows), found.earlier, found.missing, found.incomplete


def plural(name: str) -> str:
    """The label of what is compared: `Words`, `Persons`."""
    return gettext("Words") if name == WORDS else labels.fields(name)


def ignored(engine: Engine, query: Query, field: str) -> Ignored:
    """What tells if a value that some articles of a query have says nothing: a number, or in the language of most of
    these a word of every report, a month or a day of the week. The lists of the API have all of them.

    “Die” is a function word in German, and not in English: it says something if more articles have it than twice as
    many as are in German, and in the other languages of which that is true.
    """
    return _ignored_by(engine, query, field, "")("")


def _ignored_by(engine: Engine, query: Query, field: str, by: str) -> Callable[[str], Ignored]:
    """The same for each period, by a day that is in it."""
    if field != WORDS:
        return lambda _day: lambda _value, _count: False
    table = engine.cross(replace(query.counting, group=None), Crossing(("language", by) if by else ("language",)))
    codes = [row.value or languages.DEFAULT for row in table.axes[0].values]
    days = [column.value or "" for column in table.axes[1].values] if by else [""]
    starts = [day for day in days if day or not by]  # without the column of those that have no date

    def ignored_in(day: str) -> Ignored:
        column = bisect_right(starts, day) - 1
        counts = [cells[column] for cells in table.cells] if by else [row.count for row in table.axes[0].values]

        def says_nothing(word: str, count: int) -> bool:
            own = sum(articles for code, articles in zip(codes, counts, strict=True) if word in _telling_nothing(code))
            return not any(map(str.isalpha, word)) or 0 < count <= 2 * own

        return says_nothing

    return ignored_in


@lru_cache(maxsize=64)
def _telling_nothing(code: str) -> frozenset[str]:
    """The words of every report in a language, months and days of the week, folded."""
    dates, language = date_words.words(code), languages.named(code)
    named = (name for name in (*dates.months, *dates.weekdays) if len(name) > 3)  # “sun” says something
    return frozenset((*FUNCTION_WORDS.get(code, ()), *(language.empty() if language is not None else ()), *named))


def _file(state: PageState, form: str, limit: int, by: str = "") -> str:
    known = {parameter.name for parameter in params.special.PARAMETERS} - {"sort"}
    pairs = [pair for pair in params.write(state.query) if pair[0] in known]
    pairs += [
        ("field", state.view.field),
        ("against", state.view.against),
        ("limit", str(limit)),
        ("format", form),
        *([("by", by)] if by else []),
    ]
    return state.at(f"/api/special?{params.joined(pairs)}")


def _references(state: PageState) -> tuple[tuple[str, str, str, bool], ...]:
    """The references that differ: the articles that pass the filters, if there are words and filters."""
    named: list[tuple[Denominator, str]] = [("archive", gettext("the archive"))]
    query = state.query
    if (query.filtered and query.text.strip()) or state.view.against == "filters":
        named.append(("filters", gettext("the articles that pass the same filters")))
    return tuple((name, text, state.to(against=name), name == state.view.against) for name, text in named)


def having(query: Query, field: str, value: str) -> Query | None:
    """The query narrowed to articles that have a value, or a word as written; None if its text would be too long."""
    if field != WORDS:
        return adding(query, field, value)
    word, tree = Exact((value,)), parse(query.text).tree
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return _asking(query, word if isinstance(tree, All) else tree if word in parts else And((*parts, word)))


def widened(query: Query, word: str) -> Query | None:
    """The query whose words may be this one instead, in any inflection; None if that is not new, or cannot be asked.

    Conditions and exclusions stay, as they do if `match` requires fewer words (see `search.syntax.partial`).
    """
    tree = parse(query.text).tree
    if query.match != "all" or isinstance(tree, All) or term(word, None) in _typed(tree):
        return None
    parts = tree.parts if isinstance(tree, And) else (tree,)
    worded = [part for part in parts if next(leaves(part), None)] or parts
    wider = joined(Or, (joined(And, worded), Word(word)))
    return _asking(query, joined(And, (wider, *(part for part in parts if part not in worded))))


def _typed(tree: Node) -> frozenset[str]:
    """The terms of the words of a query."""
    return frozenset(term(one, None) for leaf in leaves(tree) for one in _words(leaf))


def _words(leaf: Leaf) -> tuple[str, ...]:
    match leaf:
        case Word(word):
            return (word,)
        case Phrase(words) | Near(words) | Exact(words):
            return words
    return ()


def _asking(query: Query, wanted: Node) -> Query | None:
    """The query with another tree; None if its text would be too long, or mean something else."""
    text = write(wanted)
    if len(text) > MAX_TEXT or not askable(text) or parse(text).tree != wanted:
        return None
    return replace(query, text=text, page=1, cursor=None)


def _url(state: PageState, query: Query | None) -> str | None:
    return None if query is None else state.to(query, show="articles")


def strength(g2: float) -> str:
    """How sure a difference is, in words."""
    return next(gettext(said) for least, said in STRENGTHS if abs(g2) >= least)


def times(found: Keyness) -> str:
    """How many times as frequent a value is in the result as elsewhere, to two digits."""
    if found.count == found.of:
        return gettext("only here")
    if not found.count:
        return gettext("never here")
    times = 2**found.log_ratio
    return f"{current().thousands(times, '.2g') if found.log_ratio < 6.6 else current().thousands(round(times))} ×"
