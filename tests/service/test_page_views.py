from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from itertools import combinations
from typing import Any

import falcon.testing
import pytest

from search.comparison import Comparing
from search.engine import Engine
from search.keyness import SPECIAL_FIELDS, measured
from search.periods import MOST_PERIODS, PERIODS
from search.query import DENOMINATORS, Filter, Query
from search.results import Bucket, DateFacet, Gap, Share, Trend
from search.vocabulary import vocabulary
from service import chart
from service.page import compare, view
from service.page.map import MIDDLE, TILE, country_map, shade, shapes, tiles
from service.page.over_time import strip
from service.page.people import DRAWN, LISTED, graph, ordered
from service.page.special import having, special, times, widened
from service.page.view import PageState, View
from service.params.compare import CompareRequest
from tests import facets

Client = falcon.testing.TestClient


def asked_at(url: str) -> Query:
    pairs = falcon.uri.parse_query_string(url.partition("?")[2], keep_blank=True)
    flat = [(n, v) for n, vs in pairs.items() for v in (vs if isinstance(vs, list) else [vs])]
    return view.read(flat).query


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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("count", "most", "expected"), [(0, 9, 0), (1, 1, 5), (1, 900, 1), (900, 900, 5), (30, 900, 3)]
)
def test_ink_grows_with_the_logarithm(count: int, most: int, expected: int) -> None:
    assert shade(count, most) == expected


@pytest.mark.parametrize(
    "query",
    [
        Query(text="president"),
        Query(filters={"person": Filter(any=("Richard Nixon",))}),
        Query(text="soviet OR moon", filters={"person": Filter(any=("Richard Nixon", "John F. Kennedy"))}),
        Query(filters={"person": Filter(all=("John F. Kennedy",), none=("Richard Nixon",))}),
    ],
)
def test_who_appears_with_whom_is_counted_in_the_result(engine: Engine, query: Query) -> None:
    found = list(engine.export(query))
    drawn = graph(engine, PageState(query, View("people", min=1)))

    assert drawn.arcs
    for value in drawn.values:
        assert value.count == sum(value.name in article.person for article in found)
    for arc in drawn.arcs:
        assert arc.count == sum({arc.one, arc.other} <= set(article.person) for article in found)
    assert drawn.found == len({pair for a in found for pair in combinations(sorted(a.person), 2)})


@pytest.mark.parametrize("pair", ["person,person", "person,country", "country,country", "source,topic", "topic,person"])
@pytest.mark.parametrize(
    "query",
    [
        Query("president", group="story"),
        Query("soviet OR moon", {"person": Filter(any=("Richard Nixon", "John F. Kennedy"), missing=True)}),
        Query(filters={"country": Filter(any=("US", "SUHH"), all=("DE",)), "source": Filter(missing=True)}),
        Query(filters={"source": Filter(any=("Meridian Wire",), missing=True)}, country_main=True),
    ],
)
def test_an_arc_opens_the_articles_it_counts(engine: Engine, query: Query, pair: str) -> None:
    drawn = graph(engine, PageState(query, View("people", pair=pair, min=1)))

    for value in drawn.values:
        assert engine.search(asked_at(value.url)).total == value.count
    for arc in drawn.arcs[:40]:
        assert engine.search(asked_at(arc.url)).total == arc.count
        assert "view=" not in arc.url


def test_the_strongest_pairs_are_drawn_and_more_are_listed(engine: Engine) -> None:
    drawn = graph(engine, PageState(Query(), View("people", min=1)))

    assert len(drawn.values) == DRAWN
    assert len(drawn.arcs) == min(LISTED, drawn.found) > len(drawn.drawn)
    assert [arc.count for arc in drawn.arcs] == sorted((arc.count for arc in drawn.arcs), reverse=True)
    names = {value.name for value in drawn.values}
    assert all({arc.one, arc.other} <= names for arc in drawn.drawn)
    by_npmi = graph(engine, PageState(Query(), View("people", measure="npmi"))).arcs
    assert [arc.npmi for arc in by_npmi] == sorted((arc.npmi for arc in by_npmi), reverse=True)


def test_the_choices_of_pairs_are_links(client: Client) -> None:
    text = client.simulate_get("/?view=people&q=president&pair=person,country&measure=npmi&min=3").text

    assert '<b aria-current="true">person and country</b>' in text
    assert '<b aria-current="true">association (NPMI)</b>' in text
    assert '<b aria-current="true">3</b>' in text
    assert (
        "/api/pairs?q=president&amp;fields=person%2Ccountry&amp;measure=npmi&amp;min=3&amp;limit=100000&amp;format=graphml"
        in text
    )
    for bad in ("pair=person", "measure=lift", "min=0", "min=x", "min=" + "9" * 5000):
        assert client.simulate_get(f"/?view=people&{bad}").status_code == (200 if "9" in bad else 400)


def test_a_result_without_persons_has_no_graph(engine: Engine, client: Client) -> None:
    drawn = graph(engine, PageState(Query(filters={"person": Filter(missing=True)})))

    assert (drawn.values, drawn.arcs) == ((), ())
    assert "No two of these appear in 2 or more" in client.simulate_get("/?view=people&person.missing=true").text


def test_persons_who_appear_together_stand_together() -> None:
    names = ("a", "x", "b", "y")

    order = ordered(names, {("a", "b"): 5, ("x", "y"): 5})

    assert abs(order.index("a") - order.index("b")) == abs(order.index("x") - order.index("y")) == 1


@pytest.mark.parametrize("field", SPECIAL_FIELDS)
@pytest.mark.parametrize(
    "query",
    [
        Query("president"),
        Query("president OR minister", {"country": Filter(any=("US", "GB"))}, date_from="1960", group="story"),
        Query("the president", {"source": Filter(any=("Nobody",), missing=True)}, country_main=True),
    ],
)
def test_each_count_of_what_is_special_opens_its_articles(engine: Engine, query: Query, field: str) -> None:
    for against in DENOMINATORS:
        found = special(engine, PageState(query, View("special", field=field, against=against)))

        assert engine.search(asked_at(found.total_url)).total == found.total
        assert engine.search(asked_at(found.of_url)).total == found.of
        for row in (*found.over, *found.under):
            assert row.of_url
            assert (row.url is None) == (row.found.count == 0)
            assert row.url is None or engine.search(asked_at(row.url)).total == row.found.count
            assert engine.search(asked_at(row.of_url)).total == row.found.of


@pytest.mark.parametrize("field", ["words", "person"])
@pytest.mark.parametrize("by", PERIODS)
def test_each_count_of_a_period_opens_its_articles(engine: Engine, field: str, by: str) -> None:
    query = Query("the soviet", {"country": Filter(none=("FR",))}, date_from="1948-06", date_to="1991", group="story")
    found = special(engine, PageState(query, View("special", field=field, by=by)))

    assert found.periods
    for row in found.periods:
        assert engine.search(asked_at(row.url)).total == row.total
        assert not {one.label for one in row.values} & {"soviet", "the"}
        for one in row.values:
            assert one.url
            assert engine.search(asked_at(one.url)).total == one.count


def test_a_period_with_too_many_before_it_says_so(engine: Engine) -> None:
    found = special(engine, PageState(Query("the"), View("special", by="month")))

    assert len(found.periods) == MOST_PERIODS
    assert found.earlier > 0


def test_a_special_word_widens_the_search(engine: Engine) -> None:
    found = special(engine, PageState(Query("berlin wall"), View("special", field="words")))
    wider = [row for row in found.over if row.or_url]
    before = engine.search(Query("berlin wall")).total

    assert wider
    assert not {row.found.value for row in wider} & {"berlin", "wall", "walls"}
    for row in wider:
        asked = asked_at(row.or_url or "")
        assert asked.text == f"(berlin AND wall) OR {row.found.value}"
        assert engine.search(asked).total >= before
    assert not any(row.or_url for row in found.under)


def test_a_wider_search_counts_as_the_one_before(engine: Engine) -> None:
    found = special(engine, PageState(Query("berlin wall", group="story", sort="oldest"), View("special")))
    wider = asked_at(next(row.or_url for row in found.over if row.or_url) or "")

    assert (wider.group, wider.sort) == ("story", "oldest")


def test_a_word_that_widens_nothing_is_not_offered() -> None:
    assert widened(Query(""), "moon") is None
    assert widened(Query("moons landing"), "moon") is None
    assert widened(Query('"moon landing"'), "moon") is None
    assert widened(Query("apollo moon", match="most"), "landing") is None
    assert widened(Query("apollo OR moon"), "landing") == Query("apollo OR moon OR landing")


@pytest.mark.parametrize(
    ("text", "wider"),
    [
        ("country:FR strike pay -mine", "((strike AND pay) OR wage) AND country:FR AND NOT mine"),
        ("strike published:1998..", "(strike OR wage) AND published:1998.."),
        ("country:FR", "country:FR OR wage"),
        ("-mine", "NOT mine OR wage"),
    ],
)
def test_what_a_search_leaves_out_stays_out_of_the_wider_one(text: str, wider: str) -> None:
    assert widened(Query(text), "wage") == Query(wider)


def test_a_bar_of_what_is_special_is_as_long_as_the_root_of_its_measure(engine: Engine) -> None:
    found = special(engine, PageState(Query("moon"), View("special", field="words")))

    for rows in (found.over, found.under):
        most = max(abs(row.found.g2) for row in rows)
        assert [row.bar for row in rows] == [round(100 * (abs(row.found.g2) / most) ** 0.5) for row in rows]
    assert max(row.bar for row in found.over) == 100


def test_a_count_that_cannot_be_asked_for_has_no_link() -> None:
    phrase = " ".join(["a" * 62] * 31)
    assert having(Query(f'"{phrase} {"b" * 41}"'), "words", "word") is None
    assert having(Query(f'"{phrase}"'), "words", "word") == Query(f'"{phrase}" AND =word')
    assert having(Query("=word b"), "words", "word") == Query("=word AND b")


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [(5, 5, "only here"), (0, 5, "never here"), (4, 5, "8 ×"), (1, 2, "2 ×"), (1, 9, "0.25 ×"), (90, 91, "180 ×")],
)
def test_how_many_times_as_frequent_is_said_in_words(count: int, of: int, said: str) -> None:
    assert times(measured("v", "v", count, of, 100, 300)) == said


def test_what_is_special_says_what_it_is_compared_with(client: Client) -> None:
    whole, narrowed = (client.simulate_get(f"/?view=special{more}").text for more in ("", "&q=moon&from=1960"))

    assert "There is nothing to compare: the result is all of the archive." in whole
    assert "compared with the archive" in narrowed
    assert "the articles that pass the same filters" in narrowed
    assert "the articles that pass the same filters" not in client.simulate_get("/?view=special&q=moon").text
    assert "the result is empty" in client.simulate_get("/?view=special&q=xyzzy").text


def test_the_countries_without_articles_are_rows_of_tiles(engine: Engine) -> None:
    drawn = country_map(engine, PageState(Query("president")))
    empty = {
        (int(x) // TILE + n, (int(y) - MIDDLE) // TILE)
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", drawn.empty)
        for n in range((int(width) + 2) // TILE)
    }
    there = {tile.code for tile in drawn.tiles}

    assert empty == {(column, row) for code, (row, column) in tiles().items() if code not in there}


FACET = DateFacet("month", (Bucket("1987-03-01", 2), Bucket("1987-04-01", 0), Bucket("1987-05-01", 1)), 4)
TREND = Trend(
    "month",
    "archive",
    (Share("1987-03-01", 2, 8, 0.25), Share("1987-04-01", 0, 0, None), Share("1987-05-01", 1, 2, 0.5)),
)


def test_a_bar_is_as_high_as_its_count() -> None:
    drawn = chart.timeline(FACET, Query(), PageState(Query()).to, TREND)

    assert [bar.height for bar in drawn.bars] == [60.0, 0.0, 30.0]
    assert drawn.top == "2"
    assert drawn.behind.startswith("M0 60V0h10V60h10V45h10")


def test_a_bar_may_be_a_share_of_what_there_is() -> None:
    drawn = chart.timeline(FACET, Query(), PageState(Query()).to, TREND, share=True)

    assert [bar.height for bar in drawn.bars] == [30.0, 0.0, 60.0]
    assert [bar.share for bar in drawn.bars] == [0.25, None, 0.5]
    assert drawn.top == "50 %"


def test_nothing_is_drawn_behind_what_is_the_whole() -> None:
    whole = Trend("month", "archive", tuple(Share(b.start, b.count, b.count, 1.0) for b in FACET.buckets))

    assert chart.timeline(FACET, Query(), PageState(Query()).to, whole).behind == ""


def test_a_bar_leads_to_its_days() -> None:
    drawn = chart.timeline(FACET, Query(text="oil"), PageState(Query()).to, TREND)

    assert drawn.bars[0].url == "/?q=oil&from=1987-03&to=1987-03"


GAPS = replace(
    TREND,
    gaps=(
        Gap("archive", "", "1987-04-01", "1987-04-30"), Gap("source", "A", "1987-03-01", "1987-04-30"),
        Gap("source", "B", "1987-04-01", "1987-04-30"), Gap("source", "B", "1987-05-01", "1987-05-31"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "bands"),
    [
        ((), ((10.0, 10.0),)),
        (("A",), ((0.0, 20.0),)),
        (("a", "B"), ((10.0, 10.0),)),
        (("B",), ((10.0, 20.0),)),
        (("B", "C"), ((10.0, 10.0),)),
    ],
)
def test_a_gap_of_all_that_is_asked_for_is_drawn(
    sources: tuple[str, ...], bands: tuple[tuple[float, float], ...]
) -> None:
    query = Query(filters={"source": Filter(any=sources)} if sources else {})
    drawn = chart.timeline(FACET, query, PageState(query).to, GAPS)

    assert drawn.gaps == bands
    assert drawn.told == (
        ("archive", "", "Apr 1987"), ("source", "A", "Mar 1987 – Apr 1987"), ("source", "B", "Apr 1987, May 1987"),
    )  # fmt: skip


def test_gaps_are_told_in_words(client: Client) -> None:
    text = client.simulate_get("/?interval=year&source=Meridian+Wire").text

    assert '<summary><span class="key hatched"></span> Gaps in the archive</summary>' in text
    assert '<path class="gap" d="M' in text
    assert "Source <b>Meridian Wire</b>: " in text


def test_bars_outside_the_dates_are_pale() -> None:
    drawn = chart.timeline(FACET, Query(date_from="1987-05"), PageState(Query()).to, TREND)

    assert [bar.chosen for bar in drawn.bars] == [False, False, True]


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "50 %"), (0.0123, "1.2 %"), (0.00034, "0.034 %"), (0.0, "0 %"), (None, "–")]
)
def test_a_share_is_said_in_per_cent(share: float | None, said: str) -> None:
    assert chart.percent(share) == said


@pytest.mark.parametrize("scale", ["archive", "filters"])
def test_the_denominator_of_a_share_is_named(client: Client, scale: str) -> None:
    text = client.simulate_get(f"/?q=president&country=US&scale={scale}").text
    trend = client.simulate_get(f"/api/trend?q=president&country=US&denominator={scale}").json
    rows = re.findall(r"<td>(\d+)<td>(\d+)<td>([\d.]+) %", text)

    assert ("all articles of the archive" if scale == "archive" else "pass the same filters") in text
    assert [(int(count), int(of)) for count, of, _ in rows] == [
        (b["count"], b["of"]) for b in trend["buckets"] if b["count"]
    ]


def test_the_timeline_follows_the_range_and_leads_back(client: Client) -> None:
    whole = client.simulate_get("/").text
    narrowed = client.simulate_get("/?from=1961-08&to=1961-09&interval=day").text

    assert "all dates" not in whole
    assert 'aria-label="Articles by day' in narrowed
    assert re.search(r'<a href="/">all dates</a>', narrowed)


def test_an_interval_with_too_many_bars_is_not_offered(client: Client) -> None:
    text = client.simulate_get("/").text

    assert "interval=month" in text
    assert "interval=week" not in text


def test_too_fine_an_interval_is_widened(client: Client) -> None:
    text = client.simulate_get("/?interval=week").text

    assert '<b aria-current="true">year</b>' in text


# -- queries side by side --------------------------------------------------------------------

COMPARED = ("president", "minister OR moon", "country:US -war")


@pytest.mark.parametrize(
    "common",
    [
        {},
        {"date_from": "1950-06", "date_to": "1999-03", "date_missing": True, "group": "story"},
        {"filters": {"country": Filter(any=("US", "GB"), none=("FR",))}, "country_main": True},
    ],
)
def test_each_count_of_a_comparison_opens_its_articles(engine: Engine, common: dict[str, Any]) -> None:
    request = CompareRequest(Query(facets=(), size=0, **common), Comparing("decade", limit=4), COMPARED)
    drawn = compare.draw(engine, request, PageState(request.query))
    rows = [*drawn.over, *(row for _, values in drawn.differences for row in values)]
    figures = [
        *(line.total for line in drawn.lines), *(figure for row in rows for figure in row.figures),
        *(figure for part in drawn.parts for figure in (part.count, part.only)),
        *(figure for line in drawn.lines for _, figure, _ in line.dots),
    ]  # fmt: skip

    assert len(drawn.parts) == 7
    assert len(drawn.differences) == 4
    for figure in figures:
        assert (figure.url is None) == (figure.count == 0)
        assert figure.url is None or engine.search(asked_at(figure.url)).total == figure.count


def test_lines_are_as_high_as_their_counts_or_shares(engine: Engine) -> None:
    request = CompareRequest(Query(facets=(), size=0), Comparing("decade"), COMPARED)
    counts, shares = (compare.draw(engine, request, PageState(request.query), share) for share in (False, True))

    assert counts.top == str(max(figure.count for row in counts.over for figure in row.figures))
    highest = max(share for row in shares.over for share in row.shares if share)
    assert shares.top == chart.percent(highest)
    for drawn in (counts, shares):
        heights = [float(y) for line in drawn.lines for y in re.findall(r"[ML][\d.]+ ([\d.]+)", line.path)]
        assert min(heights) == 0
        assert max(heights) <= chart.HEIGHT


def test_the_page_compares_and_keeps_what_was_typed(client: Client) -> None:
    empty = client.simulate_get("/compare").text
    page = client.simulate_get("/compare?q=president&q=moon+(&country=US&from=1960&scale=archive&utm_source=x").text

    assert empty.count('name="q"') == 2
    assert 'class="lines"' in page
    assert 'class="plot' not in page  # which the keys of the timeline move along
    assert "Type two to five queries" in empty
    assert page.count('name="q"') == 3
    assert 'value="moon ("' in page
    assert '<input type="hidden" name="country" value="US">' in page
    assert "B: Unclosed parenthesis" in page or '<p class="note">B: ' in page
    assert "as a share of all articles of the archive in the same" in page
    assert (
        'href="/compare?q=president&amp;q=moon+%28&amp;from=1960&amp;scale=archive" aria-label="Remove Country' in page
    )
    assert 'href="/api/compare?q=president&amp;q=moon+%28&amp;country=US&amp;from=1960&amp;denominator=archive"' in page
    assert client.simulate_get("/compare?q=a&q=b&q=c&q=d&q=e").text.count('name="q"') == 5
    for bad in ("q=a&q=b&q=c&q=d&q=e&q=f", "q=a&from=x", "q=a&country=xx"):
        refused = client.simulate_get(f"/compare?{bad}")
        assert refused.status_code == 400
        assert 'id="unread" role="alert"' in refused.text


@pytest.mark.parametrize(
    ("query", "url"),
    [
        (Query(), "/compare"),
        (Query("oil", sort="newest", page=2), "/compare?q=oil"),
        (
            Query("oil OR gas", {"country": Filter(any=("US", "FR")), "source": Filter(none=("a",))}),
            "/compare?q=%28oil+OR+gas%29+AND+country%3AUS&q=%28oil+OR+gas%29+AND+country%3AFR&source.not=a",
        ),
        (
            Query("oil", {"country": Filter(any=("US", "FR"))}, country_main=True),
            "/compare?q=oil&country=US&country=FR&country.main=true",
        ),
        (Query("", {"person": Filter(any=("A", "B"), missing=True)}), "/compare?person=A&person=B&person.missing=true"),
        (Query("", {"section": Filter(any=("A", "B"))}), "/compare?q=section%3AA&q=section%3AB"),
    ],
)
def test_ticked_values_become_queries(query: Query, url: str) -> None:
    assert compare.starting(PageState(query)) == url


@pytest.mark.parametrize(
    ("ends", "placed"),
    [([100, 100, 50], [100, 92, 50]), ([0, 100], [0, 100]), ([95, 100, 100], [84, 100, 92]), ([], [])],
)
def test_letters_at_the_ends_of_lines_do_not_overlap(ends: list[float], placed: list[float]) -> None:
    assert compare.apart(ends) == placed


# -- values over time ------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["words", "country", "topic", "source"])
@pytest.mark.parametrize(
    "query",
    [
        Query("president", interval="decade"),
        Query("president OR moon", date_from="1955-03", date_to="1999-03", date_missing=True, group="story"),
        Query(filters={"country": Filter(any=("US", "DE"), missing=True)}, interval="year", country_main=True),
    ],
)
def test_each_cell_over_time_opens_its_articles(engine: Engine, query: Query, field: str) -> None:
    found = strip(engine, PageState(query, View("over-time", field=field)))

    assert found.rows
    assert len(found.rows) <= 10
    for row in found.rows:
        assert engine.search(asked_at(row.url)).total == row.count
        assert len(row.cells) == found.width
        for cell in row.cells:
            assert (cell.url is None) == (cell.count == 0)
            assert cell.url is None or engine.search(asked_at(cell.url)).total == cell.count
    assert [number for number, _ in found.columns] == [
        number for number in range(found.width) if any(row.cells[number].count for row in found.rows)
    ]


def test_too_many_intervals_are_widened(engine: Engine) -> None:
    found = strip(engine, PageState(Query(interval="day"), View("over-time")))

    assert found.interval != "day"
    assert found.width <= 150


def test_the_strips_have_a_table_and_files(client: Client) -> None:
    text = client.simulate_get("/?view=over-time&q=president&field=country&interval=decade").text
    nothing = client.simulate_get("/?view=over-time&q=xyzzy").text

    assert '<b aria-current="true">Countries</b>' in text
    assert 'href="/?q=president&amp;interval=decade&amp;view=over-time&amp;field=source"' in text
    assert "/api/count?q=president&amp;by=country&amp;by=decade&amp;limit=10&amp;format=svg" in text
    assert 'id="strip-table"' in text
    assert "No dated article of this result has a value of this kind." in nothing


@pytest.mark.parametrize(
    ("asked", "english", "german"),
    [
        ("by=week", "by cannot be “week”. There are: month, year, decade.", "by kann nicht „week“ sein."),
        ("against=filter", "against cannot be “filter”. Nearest: filters.", "against kann nicht „filter“ sein."),
        ("by=year&by=month", "by is given 2 times. Give it once.", "by ist 2-mal angegeben."),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(client: Client, asked: str, english: str, german: str) -> None:
    for language, sentence in (("en", english), ("de", german)):
        answer = client.simulate_get(f"/?q=moon&view=special&{asked}", headers={"Accept-Language": language})
        assert answer.status_code == 400
        assert sentence in answer.text
