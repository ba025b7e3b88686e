"""The view of a concordance: its rows are those of the API, and every count opens what it counts."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import falcon.testing
import pytest

from search.analyses.concordance import ORDERS, Window, concordance
from search.engine import Engine
from search.values.query import Filter, Query
from service.formats.fragment import fragment
from service.html.parts.concordance import COLLOCATES, ROWS, lines
from service.html.view import PageState, View
from tests.cases import cases
from tests.service.links import asked_at

Client = falcon.testing.TestClient


@cases("context", ORDERS)
def test_its_pages_have_every_row_of_the_api_once(engine: Engine, context: str) -> None:
    query = Query("president OR moon", {"source": Filter(none=("Nobody",))})
    whole = concordance(engine, query, Window(context, limit=None))  # type: ignore[arg-type]
    state, rows = PageState(query, View("concordance", context=context)), []  # type: ignore[arg-type]
    while True:
        found = lines(engine, state)
        rows += [row for row, _ in found.rows]
        if found.following is None:
            break
        state = replace(state, view=replace(state.view, row=found.following.partition("row=")[2].partition("&")[0]))

    assert len(rows) > ROWS
    assert [(row.id, row.start) for row in rows] == [(row.id, row.start) for row in whole.rows]


def test_each_collocate_opens_its_articles(engine: Engine) -> None:
    found = lines(engine, PageState(Query("president"), View("concordance")))

    assert 0 < len(found.collocates) <= COLLOCATES
    for one, url in found.collocates:
        assert url
        assert engine.search(asked_at(url)).total >= one.count


def test_a_row_opens_its_article_at_the_occurrence(client: Client) -> None:
    found = client.simulate_get("/?q=moon&view=concordance").text
    address = found.partition('<th scope="row"><a href="')[2].partition('"')[0]

    assert unquote(address).endswith(fragment("moon").removeprefix("#:~:text=")) or "moon" in unquote(address).lower()
    assert "#:~:text=" in address
    assert client.simulate_get(address.partition("#")[0].replace("&amp;", "&")).status_code == 200


def test_a_query_without_words_says_what_to_do(client: Client) -> None:
    assert "Type a word." in client.simulate_get("/?view=concordance&q=country:US").text


def test_a_cursor_of_another_list_is_refused(client: Client) -> None:
    answer = client.simulate_get("/?view=concordance&q=moon&row=nonsense")

    assert answer.status_code == 400


@cases(
    "passage, before, after, expected",
    [
        ("moon", "", "", "#:~:text=moon"),
        ("moon", "on the", "is full.", "#:~:text=the-,moon,-is"),
        ("a-b, c & d", "", "", "#:~:text=a%2Db%2C%20c%20%26%20d"),
        (" \n", "x", "y", ""),
    ],
)
def test_a_fragment_escapes_what_has_a_meaning(passage: str, before: str, after: str, expected: str) -> None:
    assert fragment(passage, before, after) == expected


@pytest.mark.parametrize("address", ["/?view=concordance&q=moon&context=right", "/?view=concordance&q=xyzzy"])
def test_the_page_shows_it(client: Client, address: str) -> None:
    answer = client.simulate_get(address)

    assert answer.status_code == 200
    assert 'class="special concordance"' in answer.text
