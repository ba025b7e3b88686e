"""Charts as files: SVG that stands alone, with a title, axes, and its source. No script, no style sheet, no font.

What the page draws is smaller and links; see `chart`.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

from search.errors import BadQuery, BadValue
from search.measures.comparison import Comparison
from search.measures.cooccurrence import Pairs
from search.measures.cross_table import CrossTable
from search.measures.keyness import Special
from search.values.query import Query
from search.values.results import Trend, ValueFacet
from service.formats import chart
from service.formats.export import Provenance
from service.formats.feed import clean
from service.html.parts import map as map_
from service.html.parts import people
from service.html.parts.map import SHADES, TILE, shade
from service.html.parts.special import plural

WIDTH, LEFT, RIGHT, TOP = 960, 70, 30, 64
PLOT = 280
"""The height of a plot."""
ROW = 26
"""The height of a row of a heat strip."""
NAMES, LETTERS = 190, 26
"""The width of the names of rows, and their letters at most."""
FIGURES = 190
"""The width of the figures after a bar."""
INK, QUIET, FAINT = "#1b1a17", "#5d584f", "#e9e4d9"
LINES = ("#7a1f1f", "#1b5c86", "#4d6a16", "#7b45a3", "#8a5200")
DASHES = ("", "9 3", "2 3", "12 3 2 3", "5 5")
HEAT = ("#f6f4ee", "#e6cdc5", "#d9b3a9", "#bf8176", "#9c4a42", "#7a1f1f")
TITLE = 60
"""Characters of the words of a query in a title."""
LONGEST = 110
"""Characters of a line of text."""


MARKS = 10_000
"""The greatest number of bars, points or cells of a chart: more are no picture, and megabytes."""


def _check(marks: int) -> None:
    """Check that a chart is not too large. Raises BadQuery."""
    if marks > MARKS:
        reason = f"A chart of {marks:,} marks is too large; the maximum is {MARKS:,}."
        hint = "Give a lower limit, a wider interval or fewer days, or format=csv."
        raise BadQuery([BadValue("format", "svg", reason, hint)])


def trend(found: Trend, query: Query, origin: Provenance, site: str) -> bytes:
    """A trend as bars, with the outline of what they are a share of. Raises BadQuery if it has too many."""
    _check(len(found.buckets))
    without, lines = _undated(found.missing, query), 2 if found.legible else 0
    drawing = _Drawing(_title(query, found.interval), origin, site, PLOT, lines, without)
    values = [float(bucket.count) for bucket in found.buckets]
    most = drawing.axis([chart.label(bucket.start, found.interval) for bucket in found.buckets], values, edges=True)
    step = drawing.width / max(1, len(values))
    nothing = chart.empty(found, query)
    for number, bucket in enumerate(found.buckets):
        if bucket.start in nothing:
            drawing.rect(LEFT + number * step, TOP, step, PLOT, FAINT)
    if nothing:
        drawing.text(WIDTH - RIGHT, TOP - 8, "grey: the archive has no article", anchor="end", tone=QUIET)
    for number, (bucket, value) in enumerate(zip(found.buckets, values, strict=True)):
        if value:
            height = PLOT * value / most
            bar = drawing.rect(LEFT + number * step, TOP + PLOT - height, max(0.5, step * 0.86), height, LINES[0])
            said = f"{chart.label(bucket.start, found.interval)}: {bucket.count:,} of {bucket.of:,}"
            ET.SubElement(bar, "title").text = said
    if found.legible:
        tops = [TOP + PLOT * (1 - bucket.count / most) for bucket in found.legible.buckets]
        steps = [(LEFT + at * step, LEFT + (at + 1) * step, top) for at, top in enumerate(tops)]
        drawing.line(" ".join(f"{x:.1f},{top:.1f} {end:.1f},{top:.1f}" for x, end, top in steps), 1)
        drawing.legend(0, "all articles")
        drawing.legend(1, f"legible articles: at least {100 * found.legible.least:g} % of words known")
    return drawing.written()


def comparison(found: Comparison, query: Query, origin: Provenance, site: str) -> bytes:
    """A comparison as lines, with a legend. Raises BadQuery if they have too many points."""
    _check(len(found.buckets) * len(found.queries))
    drawing = _Drawing(_title(query, found.interval), origin, site, PLOT, legend=len(found.queries))
    values = [float(count) for bucket in found.buckets for count in bucket.counts]
    labels = [chart.label(bucket.start, found.interval) for bucket in found.buckets]
    most = drawing.axis(labels, values, edges=False)
    step = drawing.width / max(1, len(labels) - 1)
    for number, one in enumerate(found.queries):
        points = [
            f"{LEFT + place * step:.1f},{TOP + PLOT * (1 - bucket.counts[number] / most):.1f}"
            for place, bucket in enumerate(found.buckets)
        ]
        if points:
            drawing.line(" ".join(points if len(points) > 1 else points * 2), number)
        drawing.legend(
            number, f"{one.text} ({one.total:,}{f', {one.missing:,} without a date' if one.missing else ''})"
        )
    return drawing.written()


def cross(found: CrossTable, query: Query, origin: Provenance, site: str) -> bytes:
    """A cross table as a heat strip: a row for each value, darker for more; a single dimension has bars.

    Raises:
        BadQuery: if it has too many cells that are not empty.
    """
    rows, *others = found.axes
    _check(max(len(rows.values), sum(count > 0 for cells in found.cells for count in cells)))
    title = _title(query, " and ".join(axis.by for axis in found.axes))
    drawing = _Drawing(title, origin, site, max(ROW, ROW * len(rows.values)))
    left = LEFT + NAMES
    width = WIDTH - RIGHT - left
    columns = others[0].values if others else ()
    most = max((count for cells in found.cells for count in cells), default=0)
    longest = max((row.count for row in rows.values), default=1)
    for number, row in enumerate(rows.values):
        top = TOP + ROW * number
        drawing.text(left - 8, top + 17, f"{_short(row.label)}  {row.count:,}", anchor="end")
        if not columns:
            drawing.rect(left, top + 3, width * row.count / longest, ROW - 6, LINES[0])
        else:
            drawing.rect(left, top + 1, width, ROW - 2, HEAT[0])
        for place, count in enumerate(found.cells[number] if columns else ()):
            if not count:
                continue
            step = width / len(columns)
            tone = HEAT[min(shade(count, most), SHADES)]
            cell = drawing.rect(left + place * step, top + 1, max(0.5, step - 0.6), ROW - 2, tone)
            ET.SubElement(cell, "title").text = clean(f"{row.label}, {columns[place].label}: {count:,}")
    if columns:
        drawing.text(WIDTH - RIGHT, TOP - 10, f"darkest: {most:,}", anchor="end", tone=QUIET)
        bottom = TOP + drawing.height + 18
        drawing.text(left, bottom, columns[0].label, tone=QUIET)
        if len(columns) > 1:
            drawing.text(left + width, bottom, columns[-1].label, anchor="end", tone=QUIET)
    return drawing.written()


def special(found: Special, query: Query, origin: Provenance, site: str) -> bytes:
    """What is special as bars of G², the most so first. Raises BadQuery if there are too many values."""
    _check(len(found.values))
    more = "more" if found.contrast.sort == "over" else "less"
    title = f"{plural(found.contrast.field)} {more} frequent than expected{_asked(query)}"
    drawing = _Drawing(title, origin, site, max(ROW, ROW * len(found.values)))
    left = LEFT + NAMES
    most = max((abs(one.g2) for one in found.values), default=0.0) or 1.0
    for number, one in enumerate(found.values):
        top = TOP + ROW * number
        drawing.text(left - 8, top + 17, _short(one.label), anchor="end")
        length = (WIDTH - RIGHT - left - FIGURES) * abs(one.g2) / most
        bar = drawing.rect(left, top + 3, max(0.5, length), ROW - 6, LINES[0])
        said = f"{one.label}: {one.count:,} of {one.of:,}, expected {one.expected:,.1f}"
        ET.SubElement(bar, "title").text = clean(said)
        drawing.text(left + length + 6, top + 17, f"{one.count:,} of {one.of:,}, G² {one.g2:,.1f}", tone=QUIET)
    return drawing.written()


def pairs(found: Pairs, query: Query, origin: Provenance, site: str) -> bytes:
    """The strongest pairs as arcs next to a list of names, as on the page."""
    order, paths = people.laid_out(found)
    kinds = dict.fromkeys(plural(field) for field in found.pairing.fields)
    title = f"{' and '.join(kinds)} in the same articles{_asked(query)}"
    drawing = _Drawing(title, origin, site, max(ROW, people.ROW * len(order)))
    left = LEFT + 2 * NAMES
    for number, node in enumerate(order):
        drawing.text(
            left - 8, TOP + people.ROW * (number + 0.5) + 5, f"{_short(node.label)}  {node.count:,}", anchor="end"
        )
    nodes = {(node.field, node.value): node for node in found.nodes}
    one, other = found.pairing.fields
    listed = [(nodes[one, edge.a], nodes[other, edge.b], edge) for edge in found.edges]
    drawn = [(a, b, edge) for a, b, edge in listed if (a, b) in paths][: people.ARCS]
    most = max((edge.count for edge in found.edges), default=1)
    for a, b, edge in reversed(drawn):
        arc = drawing.path(paths[a, b], left, TOP, people.width(edge.count, most))
        ET.SubElement(arc, "title").text = clean(f"{a.label} and {b.label}: {edge.count:,}, NPMI {edge.npmi:.3f}")
    return drawing.written()


def world(found: ValueFacet, query: Query, origin: Provenance, site: str) -> bytes:
    """The countries of a result as a map of equal tiles, darker for more."""
    counts = {one.value: one for one in found.values if one.count}
    places, columns, rows = map_.laid_out(counts)
    most = max((one.count for one in counts.values()), default=0)
    missing = f"Without a country: {found.missing:,}." if found.missing else ""
    drawing = _Drawing(_title(query, "country"), origin, site, TILE * rows, without=missing)
    left = LEFT + (drawing.width - TILE * columns) / 2
    for code, (row, column) in places.items():
        one = counts.get(code)
        x, y = left + TILE * column, TOP + TILE * row
        tone = HEAT[min(shade(one.count, most), SHADES)] if one else FAINT
        tile = drawing.rect(x, y, TILE - 2, TILE - 2, tone)
        if one:
            ET.SubElement(tile, "title").text = clean(f"{one.label}: {one.count:,}")
            dark = shade(one.count, most) > SHADES - 2
            drawing.text(x + TILE / 2 - 1, y + 14, code[:2], anchor="middle", size=10, tone="#ffffff" if dark else INK)
    if counts:
        drawing.text(WIDTH - RIGHT, TOP - 10, f"darkest: {most:,}", anchor="end", tone=QUIET)
    return drawing.written()


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"


def _undated(count: int, query: Query) -> str:
    """What is not drawn for lack of a date; empty if all is."""
    what = ("story", "stories") if query.group else ("article", "articles")
    return f"Without a date, not drawn: {count:,} {what[count != 1]}." if count else ""


def _title(query: Query, by: str) -> str:
    """What is drawn: `Stories by year: oil crisis`."""
    return f"{'Stories' if query.group else 'Articles'} by {by}{_asked(query)}"


def _asked(query: Query) -> str:
    text = " ".join(query.text.split())
    return f": {text if len(text) <= TITLE else text[: TITLE - 1] + '…'}" if text else ""


class _Drawing:
    """A chart being drawn.

    Args:
        legend: the number of lines of its legend.
        without: a sentence on what is not drawn.
    """

    def __init__(
        self, title: str, origin: Provenance, site: str, height: int, legend: int = 0, without: str = ""
    ) -> None:
        self.height, self.width = height, WIDTH - LEFT - RIGHT
        self._legend = TOP + height + 44
        source = f"{site}, generation {origin.generation}, {origin.exported}"
        asked = " ".join(unquote_plus(origin.query).split()) or "all articles"
        said = [asked[at : at + LONGEST] for at in range(0, len(asked), LONGEST)] + [without] * bool(without)
        bottom = self._legend + 20 * legend
        whole = bottom + 18 * (len(said) + 1) + 8
        self._root = ET.Element(
            "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {whole}", width=str(WIDTH),
            height=str(whole), role="img",
        )  # fmt: skip
        self._root.set("font-family", "Helvetica, Arial, sans-serif")
        ET.SubElement(self._root, "title").text = clean(title)
        ET.SubElement(self._root, "desc").text = clean(f"{title}. Question: {asked}. Source: {source}.")
        self.rect(0, 0, WIDTH, whole, "#ffffff")
        self.text(LEFT, 34, title, size=20)
        for number, line in enumerate(said):
            self.text(LEFT, bottom + 18 * number, line, tone=QUIET)
        self.text(LEFT, bottom + 18 * len(said), f"Source: {source}", tone=QUIET)

    def written(self) -> bytes:
        """The file."""
        data: bytes = ET.tostring(self._root, encoding="utf-8")
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + data

    def text(self, x: float, y: float, said: str, anchor: str = "start", tone: str = INK, size: int = 13) -> None:
        """A line of text."""
        attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "fill": tone, "font-size": str(size)}
        ET.SubElement(self._root, "text", attributes).text = clean(said)

    def rect(self, x: float, y: float, width: float, height: float, tone: str) -> ET.Element:
        """A rectangle."""
        numbers = {"x": x, "y": y, "width": width, "height": height}
        return ET.SubElement(self._root, "rect", {name: f"{n:.2f}" for name, n in numbers.items()} | {"fill": tone})

    def path(self, data: str, x: float, y: float, width: float) -> ET.Element:
        """A line along a path, whose data begins at a point."""
        moved = {"d": data, "transform": f"translate({x:g} {y:g})", "fill": "none", "stroke": LINES[0]}
        return ET.SubElement(self._root, "path", moved | {"stroke-width": f"{width:g}", "stroke-opacity": "0.55"})

    def line(self, points: str, number: int) -> None:
        """A line through points, in the colour of a query."""
        attributes = {"points": points, "fill": "none", "stroke": LINES[number], "stroke-width": "2.5"}
        dash = {"stroke-dasharray": DASHES[number]} if DASHES[number] else {}
        ET.SubElement(self._root, "polyline", attributes | dash)

    def legend(self, number: int, said: str) -> None:
        """What a line is of."""
        y = self._legend + 20 * number - 8
        self.line(f"{LEFT},{y - 4} {LEFT + 34},{y - 4}", number)
        self.text(LEFT + 42, y, said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…")

    def axis(self, labels: Sequence[str], values: Sequence[float], edges: bool) -> float:
        """Lines with their values, and the labels of the first, the middle and the last bucket.

        Args:
            edges: True if buckets have a width, so that a label belongs to the middle of it.

        Returns:
            The value at the upper edge.
        """
        most = _round_up(max(values, default=0.0))
        for share in (0.0, 0.5, 1.0):
            y = TOP + PLOT * (1 - share)
            self.rect(LEFT, y, self.width, 0.8, INK if not share else FAINT)
            self.text(LEFT - 8, y + 4, f"{most * share:,.10g}", anchor="end", tone=QUIET)
        places = sorted({0, len(labels) // 2, len(labels) - 1}) if labels else []
        step = self.width / max(1, len(labels) if edges else len(labels) - 1)
        for place in places:
            x = LEFT + (place + (0.5 if edges else 0)) * step
            anchor = "start" if not place else "end" if place == len(labels) - 1 else "middle"
            self.text(x, TOP + PLOT + 18, labels[place], anchor=anchor, tone=QUIET)
        return most


def _round_up(value: float) -> float:
    """The next number of one even digit, or 1, and zeros: half of it is a whole number, and short."""
    step = 1
    while True:
        for first in (2, 4, 6, 8, 10):
            if first * step >= value:
                return float(first * step)
        step *= 10
