"""The map: a tile and a shape for each country, as dark as it is frequent."""

from __future__ import annotations

import re
from importlib import resources

from search.engine import Engine
from search.names.vocabulary import vocabulary
from search.values.query import Filter, Query
from service.html.parts.map import MIDDLE, TILE, country_map, shade, shapes, tiles
from service.html.view import PageState, View
from tests import facets
from tests.cases import cases
from tests.service.links import asked_at


def test_every_country_of_today_has_a_tile_of_its_own() -> None:
    today = {code for code in vocabulary("country").entries if len(code) == 2}

    assert set(tiles()) == today
    assert len(set(tiles().values())) == len(today)


def test_the_map_counts_as_the_facet_does(engine: Engine) -> None:
    query = Query(text="president", facets=("country",), facet_size=1000)
    drawn = country_map(engine, PageState(query))

    assert {t.code: t.count for t in drawn.tiles} == {
        entry.value: entry.count for entry in facets.values(engine.search(query).facets["country"])
    }


def test_a_state_of_the_past_stands_under_the_map(engine: Engine) -> None:
    drawn = {tile.code: tile for tile in country_map(engine, PageState(Query())).tiles}

    assert drawn["SUHH"].y > max(tile.y for code, tile in drawn.items() if len(code) == 2)


@cases(
    "query",
    [Query(), Query(text="xyzzy"), Query(filters={"country": Filter(any=("FR",))}), Query("moon", date_from="1960")],
)
def test_the_map_is_as_large_as_what_is_drawn(engine: Engine, query: Query) -> None:
    drawn = country_map(engine, PageState(query))
    lines = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)", drawn.empty)]
    empty = [(x, y - MIDDLE) for begin, y, size in lines for x in range(begin, begin + size, TILE)]
    places = [*((tile.x, tile.y) for tile in drawn.tiles), *empty]

    assert (drawn.width, drawn.height) == tuple(max(ends) + TILE for ends in zip(*places, strict=True))
    assert len({*places}) == len(places)


def test_every_country_of_today_has_a_shape() -> None:
    today = {code for code in vocabulary("country").entries if len(code) == 2}

    assert today - shapes().keys() == {"AQ"}


def test_every_country_of_a_result_is_drawn_or_listed(engine: Engine) -> None:
    drawn = country_map(engine, PageState(Query()))

    assert {tile.code for tile in (*drawn.shapes, *drawn.listed)} == {tile.code for tile in drawn.tiles}


def test_states_of_the_past_are_drawn_over_today_s_and_listed(engine: Engine) -> None:
    drawn = country_map(engine, PageState(Query()))
    past = [tile.past for tile in drawn.shapes]

    assert past == sorted(past)
    assert {"SUHH", "DDDE"} <= {tile.code for tile in drawn.listed}


def test_the_shapes_are_within_the_picture_and_have_no_line_across_it() -> None:
    picture = resources.files("service").joinpath("static", "world.svg").read_text("utf-8")
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', picture)[0])

    for x, y in re.findall(r'(?:M|cx=")(\d+)(?: |" cy=")(\d+)', picture):
        assert 0 <= int(x) <= width
        assert 0 <= int(y) <= height
    steps = [int(n) for line in re.findall(r"l([^MZ\"]+)", picture) for n in re.findall(r"-?\d+", line)]
    assert max(map(abs, steps)) < width / 4


def test_a_click_on_a_tile_narrows_and_a_second_one_widens(engine: Engine) -> None:
    asked = PageState(Query(), View(show="map"))
    tile = next(t for t in country_map(engine, asked).tiles if t.code == "FR")
    assert tile.url == "/?country=FR&view=map"

    again = country_map(engine, PageState(asked_at(tile.url), View(show="map"))).tiles
    assert next((t.url, t.chosen, t.count) for t in again if t.code == "FR") == ("/?view=map", True, tile.count)


@cases("count, most, expected", [(0, 9, 0), (1, 1, 5), (1, 900, 1), (900, 900, 5), (30, 900, 3)])
def test_ink_grows_with_the_logarithm(count: int, most: int, expected: int) -> None:
    assert shade(count, most) == expected


def test_the_countries_without_articles_are_rows_of_tiles(engine: Engine) -> None:
    drawn = country_map(engine, PageState(Query("president")))
    empty = {
        (int(x) // TILE + n, (int(y) - MIDDLE) // TILE)
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", drawn.empty)
        for n in range((int(width) + 2) // TILE)
    }
    there = {tile.code for tile in drawn.tiles}

    assert empty == {(column, row) for code, (row, column) in tiles().items() if code not in there}
