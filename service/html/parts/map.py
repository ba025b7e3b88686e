"""The countries of a result on a map: in their shapes, or as equal tiles, on which small ones are as visible as large.

`static/world.svg` has the shapes (`training/world.py`); states of the past are outlines on their own ground, and
listed. `tiles.tsv` has the position of each tile; states of the past are in a row under them. All are in the table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import count

from search.engine import Engine
from search.text import tables
from search.values.query import MAX_FACET_SIZE, Listing
from search.values.results import FacetCount, ValueFacet
from service.html.parts.filters import ticked
from service.html.view import PageState, facet_file
from service.wording import labels

TILE, MIDDLE = 22, 10
"""The distance between tiles, and half the width of one, in SVG units."""
SHADES = 5
"""The number of shades; the darkest is for the country with the most articles."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A country of the result, or a selected one, as drawn."""

    code: str
    label: str
    count: int
    x: int
    y: int
    shade: int
    chosen: bool
    url: str

    @property
    def past(self) -> bool:
        """True for a state of the past."""
        return len(self.code) > 2


@dataclass(frozen=True, slots=True)
class CountryMap:
    """A map of the countries of a result.

    Attributes:
        tiles: the countries, most articles first.
        empty: the rows of all others, as SVG path data: a line for tiles side by side, dashed by the style.
        steps: the shades, each with its least count.
        files: name and URL of the map as a file.
        tiled: True if it is drawn as tiles.
        shapes: the countries that have one, in the order in which they are drawn.
        listed: those that are no areas of today, to be listed under the shapes.
        other: the URL of the other drawing.
    """

    tiles: tuple[Tile, ...]
    empty: str
    width: int
    height: int
    steps: tuple[tuple[int, int], ...]
    missing: int
    files: tuple[tuple[str, str], ...]
    tiled: bool
    shapes: tuple[Tile, ...]
    listed: tuple[Tile, ...]
    other: str


def country_map(engine: Engine, state: PageState) -> CountryMap:
    """Lay out the countries of a result; like every facet, they are counted without the filter on countries."""
    counted = engine.facet(state.query, "country", Listing(limit=MAX_FACET_SIZE))
    assert isinstance(counted, ValueFacet)
    by_code = {entry.value: entry for entry in counted.values if entry.count or entry.selected}
    most = max((entry.count for entry in by_code.values()), default=0)
    wanted = state.query.filter("country")
    chosen = {*wanted.any, *wanted.all}

    def tile(entry: FacetCount, row: int, column: int) -> Tile:
        return Tile(
            entry.value,
            labels.value("country", entry.value, entry.label),
            entry.count,
            column * TILE,
            row * TILE,
            shade(entry.count, most),
            entry.value in chosen,
            state.to(ticked(state.query, "country", entry.value)),
        )

    places, columns, rows = laid_out(by_code)
    drawn = [tile(entry, *places[code]) for code, entry in by_code.items()]
    empty = _rows({place for code, place in places.items() if code not in by_code})
    steps: dict[int, int] = {}
    for entry in by_code.values():
        step = shade(entry.count, most)
        steps[step] = min(steps.get(step, entry.count), entry.count)
    files = tuple((form.upper(), facet_file("country", state, form)) for form in ("csv", "svg"))
    tiled = state.view.draw == "tiles"
    known = shapes()
    return CountryMap(
        tuple(drawn),
        empty,
        columns * TILE,
        rows * TILE,
        tuple(sorted(steps.items())),
        counted.missing,
        files,
        tiled,
        tuple(sorted((tile for tile in drawn if tile.code in known), key=lambda tile: known[tile.code])),
        tuple(tile for tile in drawn if tile.past or tile.code not in known),
        state.to(draw="shapes" if tiled else "tiles"),
    )


def _rows(places: Collection[tuple[int, int]]) -> str:
    """Lines through the middle of tiles, one for each run of them in a row."""
    lines = []
    for row, column in sorted(places):
        if (row, column - 1) not in places:
            size = next(n for n in count(1) if (row, column + n) not in places)
            lines.append(f"M{column * TILE} {row * TILE + MIDDLE}h{size * TILE - TILE + 2 * MIDDLE}")
    return "".join(lines)


def laid_out(codes: Iterable[str]) -> tuple[dict[str, tuple[int, int]], int, int]:
    """Row and column of the tile of each country, and of former ones among these; columns and rows of the map."""
    places = tiles()
    rows = 1 + max(row for row, _ in places.values())
    columns = 1 + max(column for _, column in places.values())
    past = [code for code in codes if code not in places]
    added = {code: (rows + 1 + number // columns, number % columns) for number, code in enumerate(past)}
    return {**places, **added}, columns, rows + (1 + math.ceil(len(past) / columns) if past else 0)


def shade(count: int, most: int) -> int:
    """The shade for a count, on a logarithmic scale: 0 for none, `SHADES` for the most."""
    if not count:
        return 0
    return 1 + int((SHADES - 1) * math.log(count) / math.log(most)) if most > 1 else SHADES


@cache
def shapes() -> dict[str, int]:
    """The code of each shape and its place in the order: areas, then dots and outlines, which lie over them."""
    picture = resources.files("service").joinpath("static", "world.svg").read_text(encoding="utf-8")
    return {code: place for place, code in enumerate(re.findall(r'<g id="([A-Z]{2,4})"', picture))}


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Country code → row and column of its tile."""
    rows = tables.rows("service", "html", "parts", "tiles.tsv")
    return {tile["code"]: (int(tile["row"]), int(tile["column"])) for tile in rows}
