"""The most frequent values of a facet over time: a strip of cells for each, darker for more articles, and a table.

Every cell is a search, which it links to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.engine import Engine
from search.fields import FACET_NAMES
from search.measures.cross_table import DATE, Crossing, CrossTable
from search.measures.keyness import WORDS
from search.text.calendar import end_of
from search.values.query import Query
from service import params
from service.formats import chart
from service.html.parts.filters import adding
from service.html.parts.map import shade
from service.html.parts.timeline import gaps, opener
from service.html.view import PageState
from service.wording import labels
from service.wording.messages import current

LISTED = 10
"""The number of values."""
MAX_COLUMNS = 150
"""The greatest number of intervals drawn; for more, they are widened."""
PALEST = 2
"""The palest shade, since a cell is small."""
ROW = 28
"""The height of a row in pixels."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in an interval: the interval, its articles, and their URL; None if there are none."""

    label: str
    count: int
    shade: int
    x: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A value, its articles of any date, their URL, and its cells."""

    label: str
    count: int
    url: str
    y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The strips.

    Attributes:
        fields: name, label and URL of the available ones, True for the current one.
        kind: the label of the current one.
        columns: the labels of the intervals in which one of the values has an article, each with its number.
        width, height: of the drawing.
        gaps: position and width, in percent, of the times of which the archive has nothing.
        steps: the shades, each with its least count.
        ticks: labels under the drawing.
        found: the number of all values of the result.
        files: name and URL of the table and the chart as files.
    """

    fields: tuple[tuple[str, str, bool], ...]
    kind: str
    interval: str
    columns: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]
    width: int
    height: int
    gaps: tuple[tuple[float, float], ...]
    steps: tuple[tuple[int, int], ...]
    ticks: tuple[chart.Tick, ...]
    found: int
    files: tuple[tuple[str, str], ...]


def strip(engine: Engine, state: PageState) -> Strip:
    """Count the most frequent values over time."""
    query = state.query
    name = "person" if state.view.field == WORDS else state.view.field
    span = DATE if query.interval == "auto" else query.interval
    found = engine.cross(query, Crossing((name, span), LISTED))
    if len(found.axes[1].values) > MAX_COLUMNS:
        span = DATE
        found = engine.cross(query, Crossing((name, span), LISTED))
    values, interval = found.axes[0], found.axes[1].by
    columns = [(number, one.value) for number, one in enumerate(found.axes[1].values) if one.value is not None]
    named = [chart.label(start, interval) for _, start in columns]
    rows = tuple(_rows(state, found, name, columns, named))
    counts = [cell.count for row in rows for cell in row.cells if cell.count]
    steps: dict[int, int] = {}
    for row in rows:
        for cell in row.cells:
            if cell.count:
                steps[cell.shade] = min(steps.get(cell.shade, cell.count), cell.count)
    filled = [number for number, _ in columns if any(row.cells[number].count for row in rows)] if counts else []
    taken = [*params.write(query), ("by", name), ("by", span), ("limit", str(LISTED))]
    known = {parameter.name for parameter in params.count.PARAMETERS}
    asked = params.joined([pair for pair in taken if pair[0] in known])
    return Strip(
        tuple((labels.fields(field), state.to(field=field), field == name) for field in FACET_NAMES),
        labels.fields(name),
        interval,
        tuple((number, named[number]) for number in filled),
        rows if counts else (),
        max(1, len(columns)),
        ROW * len(rows),
        _gaps(engine, query, [start for _, start in columns], interval) if counts else (),
        tuple(sorted(steps.items())),
        _ticks(named),
        values.found,
        tuple((form.upper(), state.at(f"/api/count?{asked}&format={form}")) for form in ("csv", "svg")),
    )


def _gaps(engine: Engine, query: Query, starts: Sequence[str], interval: str) -> tuple[tuple[float, float], ...]:
    unit = 100 / (chart.BAR * max(1, len(starts)))
    found = chart.bands(starts, gaps(engine, query, starts, interval))
    return tuple((round(at * unit, 2), round(width * unit, 2)) for at, width in found)


def _rows(
    state: PageState, found: CrossTable, name: str, columns: Sequence[tuple[int, str]], named: Sequence[str]
) -> list[Row]:
    interval = found.axes[1].by
    most = max((counts[number] for counts in found.cells for number, _ in columns), default=0)
    rows = []
    for place, (value, counts) in enumerate(zip(found.axes[0].values, found.cells, strict=True)):
        if value.value is None:
            continue
        narrowed = adding(state.query, name, value.value)
        opened = opener(state, narrowed)
        cells = tuple(
            Cell(
                named[number],
                counts[number],
                max(PALEST, shade(counts[number], most)) if counts[number] else 0,
                number,
                opened(start, end_of(start, interval)) if counts[number] else None,
            )
            for number, start in columns
        )
        rows.append(
            Row(
                labels.value(name, value.value, value.label),
                value.count,
                state.to(narrowed, show="articles"),
                ROW * place,
                cells,
            )
        )
    return rows


def _ticks(named: Sequence[str]) -> tuple[chart.Tick, ...]:
    """The first and the last interval."""
    brief = [current().brief(label) for label in named]
    if not brief:
        return ()
    first = chart.Tick(brief[0], 0.0, "start")
    return (first, chart.Tick(brief[-1], 100.0, "end")) if len(brief) > 1 else (first,)
