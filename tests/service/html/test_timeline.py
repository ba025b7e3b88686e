"""The timeline over a result: its bars, shares and gaps."""

from __future__ import annotations

import re

import falcon.testing
from msgspec import structs

from search.values.query import Filter, Query
from search.values.results import Bucket, DateFacet, Gap, Share, Trend
from service.formats import chart
from service.html.view import PageState
from tests.cases import cases

Client = falcon.testing.TestClient

FACET = DateFacet("month", (Bucket("1987-03-01", 2), Bucket("1987-04-01", 0), Bucket("1987-05-01", 1)), 4)
TREND = Trend(
    "month",
    "archive",
    (Share("1987-03-01", 2, 8, 0.25), Share("1987-04-01", 0, 0, None), Share("1987-05-01", 1, 2, 0.5)),
    (),
    0,
    0,
)


def test_a_bar_leads_to_its_days() -> None:
    drawn = chart.timeline(FACET, Query(text="oil"), PageState(Query()).to, TREND)

    assert drawn.bars[0].url == "/?q=oil&from=1987-03&to=1987-03"


GAPS = structs.replace(
    TREND,
    gaps=(
        Gap("archive", "", "1987-04-01", "1987-04-30"), Gap("source", "A", "1987-03-01", "1987-04-30"),
        Gap("source", "B", "1987-04-01", "1987-04-30"), Gap("source", "B", "1987-05-01", "1987-05-31"),
    ),
)  # fmt: skip


@cases(
    "sources, bands",
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


@cases("scale", ["archive", "filters"])
def test_the_denominator_of_a_share_is_named(client: Client, scale: str) -> None:
    text = client.simulate_get(f"/?q=president&country=US&scale={scale}").text
    trend = client.simulate_get(f"/api/trend?q=president&country=US&denominator={scale}").json
    rows = re.findall(r"<td>(\d+)<td>(\d+)<td>([\d.]+) %", text)

    assert ("all articles of the archive" if scale == "archive" else "pass the same filters") in text
    assert [(int(count), int(of)) for count, of, _ in rows] == [
        (b["count"], b["of"]) for b in trend["buckets"] if b["count"]
    ]


def test_the_timeline_follows_the_range_and_leads_back(client: Client) -> None:
    whole = client.simulate_get("/?q=").text
    narrowed = client.simulate_get("/?from=1961-08&to=1961-09&interval=day").text

    assert "all dates" not in whole
    assert 'aria-label="Articles by day' in narrowed
    assert re.search(r'<a href="/\?q=">all dates</a>', narrowed)


def test_an_interval_with_too_many_bars_is_not_offered(client: Client) -> None:
    text = client.simulate_get("/?q=").text

    assert "interval=month" in text
    assert "interval=week" not in text


def test_too_fine_an_interval_is_widened(client: Client) -> None:
    text = client.simulate_get("/?interval=week").text

    assert '<b aria-current="true">year</b>' in text
