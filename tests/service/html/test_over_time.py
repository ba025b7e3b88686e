"""Values of a result over time, as strips."""

from __future__ import annotations

import falcon.testing

from search.engine import Engine
from search.values.query import Filter, Query
from service.html.parts.over_time import strip
from service.html.view import PageState, View
from tests.cases import cases
from tests.service.links import asked_at

Client = falcon.testing.TestClient


@cases("field", ["words", "country", "topic", "source"])
@cases(
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
