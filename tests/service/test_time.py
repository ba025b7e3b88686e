"""The time that a request may take: what is left out is named, on the page too, and nobody keeps such an answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import falcon.testing
import pytest

from service.archive import Archive
from service.server.app import create_app
from tests import waiting
from tests.cases import cases
from tests.conftest import PATIENT

Client = falcon.testing.TestClient
Result = falcon.testing.Result


@pytest.fixture(scope="module")
def archive(seeds_index: Path) -> Iterator[Archive]:
    with Archive(str(seeds_index)) as opened:
        yield opened


@pytest.fixture(scope="module")
def with_budget(archive: Archive) -> Callable[[int], Client]:
    """Makes a client of a service with so much time, once."""
    return cache(lambda milliseconds: Client(create_app(archive, replace(PATIENT, time_budget_ms=milliseconds))))


@pytest.fixture
def hurried(with_budget: Callable[[int], Client], monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Client]:
    """Makes a client of a service with so much time, on a clock on which each look takes a millisecond."""
    ticks = itertools.count()
    waiting.put_clocks(monkeypatch, "search.system.budget", perf_counter=lambda: next(ticks) / 1000)
    return with_budget


def budgets(most: int, count: int) -> list[int]:
    """Some of the milliseconds up to a number, spread over them."""
    return [1 + number * most // count for number in range(count)]


def first(hurried: Callable[[int], Client], path: str) -> Result:
    """The answer that is given in the least time."""
    answers = (hurried(milliseconds).simulate_get(path) for milliseconds in range(1, 100))
    return next(answer for answer in answers if answer.status_code == 200)


def test_an_answer_names_what_it_is_without(hurried: Callable[[int], Client]) -> None:
    answer = first(hurried, "/api/search?q=president")

    assert answer.json["total"] > 10
    assert len(answer.json["hits"]) == 10
    assert "facets.date" in answer.json["incomplete"]
    assert "date" not in answer.json["facets"]


def test_a_portrait_names_what_it_is_without(hurried: Callable[[int], Client]) -> None:
    answer = first(hurried, "/api/entities/person/Richard%20Nixon").json
    page = first(hurried, "/entity/person/Richard%20Nixon").text

    assert answer["total"] > 1
    assert {"facets.country", "facets.date", "epithets"} <= set(answer["incomplete"])
    assert (answer["facets"], answer["timeline"], answer["epithets"]) == ({}, None, [])
    assert re.search("There was no time for: .*country, .*timeline, names", page)


@cases("path", ["/api/search", "/feed.atom"])
def test_nobody_keeps_an_answer_that_is_incomplete(hurried: Callable[[int], Client], path: str) -> None:
    short = first(hurried, f"{path}?q=president").headers
    long = hurried(1000).simulate_get(f"{path}?q=president").headers

    assert "etag" not in short
    assert short["cache-control"] == "no-store"
    assert "etag" in long


def test_a_question_that_takes_too_long_is_refused(hurried: Callable[[int], Client]) -> None:
    answer = hurried(1).simulate_get("/api/search?q=president")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "longer than 1 ms" in answer.json["detail"]
    assert answer.headers["content-type"] == "application/problem+json"


@cases(
    "view",
    [
        "", "&view=map", "&view=people", "&view=special", "&view=over-time",
        "&view=concordance", "&scale=archive", "&more=person",
        "&country=FR",
    ],
)  # fmt: skip
def test_a_page_is_shown_without_what_there_is_no_time_for(
    hurried: Callable[[int], Client], amount: Callable[..., int], view: str
) -> None:
    statuses = set()
    for milliseconds in (*(1, 60, 20, 10, 30, 100, 200)[: amount(7, few=2)], 5000):
        page = hurried(milliseconds).simulate_get(f"/?q=president{view}")
        statuses.add(page.status_code)
        late = "There was no time for: " in page.text
        assert not late or "etag" not in page.headers
        assert page.status_code in (200, 503)

    assert 503 in statuses
    assert page.status_code == 200
    assert not late


def test_nobody_keeps_a_page_that_is_incomplete(hurried: Callable[[int], Client], amount: Callable[..., int]) -> None:
    asked = budgets(80, amount(80, few=20))
    pages = [hurried(milliseconds).simulate_get("/?q=moon+quokka&country=FR") for milliseconds in asked]
    late = [page for page in pages if "There was no time for: " in page.text]

    assert any("no time for: wider queries. Use" in page.text for page in late)
    assert not [page.headers["etag"] for page in late if "etag" in page.headers]


def test_the_page_says_what_it_is_without(hurried: Callable[[int], Client]) -> None:
    page = first(hurried, "/?q=president+OR+land~ocr").text

    assert re.search(r"There was no time for: [a-z, ]*readings of scans[a-z, ]*\. Use", page)
    assert 'id="forms"' not in page
    assert page.count('<p class="meta"><time') == 10


def test_a_timeline_that_is_not_widened_in_time_is_left_out(
    hurried: Callable[[int], Client], amount: Callable[..., int]
) -> None:
    asked = budgets(60, amount(60, few=15))
    pages = [hurried(milliseconds).simulate_get("/?q=president&interval=day") for milliseconds in asked]

    assert {page.status_code for page in pages} == {200, 503}
    assert any("no time for: timeline" in page.text for page in pages)


def test_an_article_is_shown_without_what_there_is_no_time_for(
    hurried: Callable[[int], Client], amount: Callable[..., int]
) -> None:
    path = "/article/1961-08-berlin-wall?q=president"
    asked = (*budgets(60, amount(60, few=15)), 5000)
    pages = [hurried(milliseconds).simulate_get(path) for milliseconds in asked]
    late = [page for page in pages if "There was no time for: " in page.text]

    assert {page.status_code for page in pages} == {200}
    assert "no time for: neighbours, similar articles, articles of the event. Use" in late[0].text
    assert all("etag" not in page.headers for page in late)
    assert "etag" in pages[-1].headers
