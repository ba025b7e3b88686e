"""What may belong to the event of an article: in the API, on its pages, on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import falcon.testing
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article
from search.analyses.event import event
from search.engine import Engine
from service.archive import Archive
from service.page.event import BAR, LABEL, Day, Entry, ticks, width
from service.server.app import create_app
from tests import waiting
from tests.cases import cases
from tests.conftest import PATIENT
from tests.search.contract.test_event import ABOUT, OTHERS
from tests.service.commands.running import dateline
from tests.tiers import examples

Client = falcon.testing.TestClient


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("event") / "idx"
    alone = Article("alone", "Zebrafish glow.", published="1987-01-01", language="en")
    with search.writer(made) as writer:
        for article in (replace(ABOUT[0], group="sunk", source="<b>Wire</b>"), *ABOUT[1:], *OTHERS, alone):
            writer.add(article)
    return made


@pytest.fixture(scope="module")
def client(place: Path) -> Iterator[Client]:
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, PATIENT))


def test_the_api_names_members_in_order_and_why(client: Client) -> None:
    answer = client.simulate_get("/api/articles/search/event").json

    assert [member["id"] for member in answer["members"]] == ["sunk", "inquiry"]
    assert answer["members"][0]["group"] == {"id": "sunk", "size": 2}
    assert answer["members"][0]["person"] == ["Ann Lee"]
    assert "ferry" in answer["members"][0]["words"]
    schemas = client.simulate_get("/openapi.json").json["components"]["schemas"]
    described = schemas["Event"]["properties"]["members"]["items"]["$ref"].rpartition("/")[2]
    assert set(answer["members"][0]) == set(schemas[described]["properties"])
    assert client.simulate_get(answer["links"]["page"]).status_code == 200
    assert client.simulate_get("/api/articles/nowhere/event").status_code == 404
    assert client.simulate_get("/api/articles/search/event?size=3").status_code == 400


def test_the_page_lists_each_day_that_the_timeline_links_to(client: Client) -> None:
    text = client.simulate_get("/article/search/event").text
    days = re.findall(r'<a href="#day-([\d-]+)"', text)

    assert days == re.findall(r'<section id="day-([\d-]+)"', text) == ["2001-03-05", "2001-03-06", "2001-03-08"]
    assert re.findall(r'<li[^>]*><a href="/article/([^"]+)"', text) == ["sunk", "search", "inquiry"]
    assert "A suggestion" in text
    assert "&lt;b&gt;Wire&lt;/b&gt;" in text
    assert "<b>Wire" not in text


def timeline(days: dict[int, int], own: int, length: int) -> list[Day]:
    """A timeline of so many days from 28 December on; `days` have articles."""
    first = date(2000, 12, 28)
    entry = Entry("Oil", "/", None, None, None)
    return [
        Day((first + timedelta(n)).isoformat(), n * BAR, 0.0, [entry] * days.get(n, 0), n == own) for n in range(length)
    ]


def test_the_timeline_labels_its_first_and_last_day_and_its_own(client: Client) -> None:
    for language, expected in (("en", ["5 Mar", "6 Mar", "8 Mar"]), ("de", ["5. März", "6. März", "8. März"])):
        text = client.simulate_get("/article/search/event", headers={"Accept-Language": language}).text
        assert re.findall(r"<text[^>]*>([^<]*)</text>", text) == expected

    assert [tick.text for tick in ticks(timeline({0: 1, 2: 3, 3: 1, 9: 1, 10: 2, 20: 1}, own=10, length=21))] == [
        "28 Dec", "31 Dec", "7 Jan", "17 Jan",
    ]  # fmt: skip
    assert ticks(timeline({0: 2}, own=0, length=1)) == []


@examples(100, few=30)
@given(st.dictionaries(st.integers(0, 20), st.integers(1, 3)), st.integers(0, 20), st.integers(2, 21))
def test_labels_of_a_timeline_are_in_order_and_do_not_touch(days: dict[int, int], own: int, length: int) -> None:
    thread = timeline(days, own, length)
    found = ticks(thread)
    shift = {"start": LABEL / 2, "middle": 0.0, "end": -LABEL / 2}
    centres = [tick.place + shift[tick.anchor] for tick in found]

    assert all(after - before >= LABEL - 0.01 for before, after in pairwise(centres))
    assert (found[0].place, found[-1].place) == (0, width(thread))
    assert {"start", "end"} <= {tick.anchor for tick in found}


def test_the_page_tells_parameters_in_the_language_of_the_reader(client: Client) -> None:
    answer = client.simulate_get("/article/search/event?x=1&x=2", headers={"Accept-Language": "de"})

    assert answer.status_code == 200
    assert "Teile dieser Adresse waren leider nicht lesbar" in answer.text
    assert "Es gibt keinen Parameter „x“." in answer.text
    assert "No parameter" not in answer.text


def test_the_page_of_an_article_leads_to_its_event(client: Client) -> None:
    text = client.simulate_get("/article/search").text
    thread = text[text.index('id="event"') : text.index('id="similar"')]

    assert re.findall(r'<li><a href="/article/([^"]+)"', thread) == ["sunk", "inquiry"]
    assert 'href="/article/search/event"' in thread


@cases("name, said", [("undated", "The day of this article is not known"), ("alone", "No other")])
def test_a_page_without_members_says_why(client: Client, name: str, said: str) -> None:
    assert said in client.simulate_get(f"/article/{name}/event").text
    assert 'id="event"' not in client.simulate_get(f"/article/{name}").text


def test_the_command_prints_members_and_fails_without(place: Path) -> None:
    run = dateline("event", place, "sunk")

    assert run.returncode == 0
    assert run.stdout.index("eleven sailors") < run.stdout.index("Castor: sailors")
    assert "nobody has checked" in run.stderr
    assert dateline("event", place, "undated").returncode == 1


def test_an_event_of_many_articles_takes_linear_time(tmp_path: Path) -> None:
    with ExitStack() as stack:

        @cache
        def opened(size: int) -> Engine:
            with search.writer(tmp_path / f"{size}.idx") as writer:
                for number in range(size):
                    writer.add(replace(ABOUT[0], id=f"a{number}", text=f"{ABOUT[0].text} " * 20))
            return stack.enter_context(search.open(tmp_path / f"{size}.idx"))

        def finding(size: int) -> Callable[[], object]:
            engine = opened(size)
            return lambda: event(engine, "a1")

        assert waiting.grows_less(12, finding, 200, 1_600)
