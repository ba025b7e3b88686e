"""Whatever happens to the engine during a request, it is answered: with less, or with an error that says why.

Every route is asked in every way in which its answer is composed differently, while the time is used up at each point
at which an engine looks at it, and while each call of the engine fails.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

from search.engine import Engine
from search.errors import (
    ArticleGone,
    CannotWrite,
    CursorExpired,
    DatelineError,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexProblem,
    NotAnIndex,
    OutOfTime,
)
from service.server.app import description
from tests import waiting
from tests.cases import cases
from tests.service.routes import ROUTES, Prepared, Route

Result = falcon.testing.Result
PATHS = description()["paths"]
EVERY = "person,country,topic,source,section,author,language,date"
ASKED: Mapping[str, tuple[str, ...]] = {
    "/": (
        "",
        "q=talks",
        'q="trade talks"',
        "q=tolks",
        "q=moon quokka",
        "q=talks&view=map",
        "q=talks&view=people",
        "q=talks&view=special",
        "q=talks&view=special&by=year",
        "q=talks&view=over-time",
        "q=talks&interval=day",
        "q=quokka&person=Willy Brandt&from=1990",
        "q=talks&more=person",
        "list=Talks",
    ),
    "/compare": ("q=talks&q=berlin",),
    "/names": ("", "q=brandt"),
    "/searches": ("", "q=talks"),
    "/alerts": ("", "q=talks"),
    "/cite": ("q=talks",),
    "/advanced": ("", "q=talks"),
    "/api/search": (f"q=talks&facets={EVERY}", "q=tolks", "q=moon quokka&match=auto", "q=talks&explain=true"),
    "/api/export": ("q=talks", "q=talks&format=csv"),
    "/api/suggest": ("q=wil",),
    "/api/trend": ("q=talks", "q=talks&format=csv", "q=talks&format=svg"),
    "/api/special": ("q=talks", "q=talks&field=person&by=year", "q=talks&format=svg"),
    "/api/pairs": ("q=talks&fields=person,country", "q=talks&format=graphml"),
    "/api/concordance": ("q=talks&collocates=5", "q=talks&sort=left&format=csv"),
    "/api/compare": ("q=talks&q=berlin", "q=talks&q=berlin&format=csv"),
    "/api/count": ("q=talks&by=person&by=year",),
    "/api/facets/{field}": ("q=talks", "q=talks&format=csv", "prefix=w"),
    "/feed.atom": ("q=talks",),
    "/api/citations": ("q=talks",),
}
"""The parameters with which a route is asked; others need none."""
BODIES: Mapping[str, Any] = {
    "POST /api/draft": {"title": "Talks", "text": "Willy Brandt and Bo Diaz spoke in Berlin on 17 May 1950. " * 3},
    "POST /api/articles": {"id": "new", "text": "Trade talks."},
    "DELETE /api/lists/{name}/articles/{article_id}": None,
    "PUT /api/lists/{name}/articles/{article_id}": {"note": "Its first page."},
    "POST /api/lists/{name}": {"query": "q=talks"},
    "PATCH /api/lists/{name}": {"name": "Talks"},
    "POST /api/corrections": {"article": "a3", "field": "person", "action": "add", "value": "Bo Diaz"},
}
"""The bodies that are not the example of the description."""
FAULTS = (
    OutOfTime("Too long."), IndexDamaged("Damaged."), IndexMissing("Missing."), NotAnIndex("Something else."),
    IndexLocked("Locked."), CannotWrite("No."), IndexProblem("The cluster is away."),
    ArticleGone("a1"), CursorExpired(()),
)  # fmt: skip


class Failing:
    """An engine of which one call fails.

    Args:
        after: the number of calls that do not.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.error: DatelineError | None = None
        self.after = self.calls = 0

    def __getattr__(self, name: str) -> Any:
        self.calls += 1
        if self.error is not None and self.calls > self.after:
            raise self.error
        return getattr(self.engine, name)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Prepared]:
    made = Prepared(tmp_path / "idx")
    with made.archive:
        yield made


def operations() -> list[tuple[str, Route]]:
    """Every operation; those that remove what the others need come last."""
    every = [(method, route) for route in ROUTES if route.address != "/sign-out" for method in route.methods]
    return sorted(every, key=lambda one: one[0] == "DELETE")


def requests(served: Prepared, method: str, route: Route) -> Iterator[Callable[[], Result]]:
    """The requests of an operation."""
    found = PATHS.get(route.template, {}).get(method.lower(), {})
    content = found.get("requestBody", {}).get("content", {})
    body = BODIES.get(f"{method} {route.template}", content.get("application/json", {}).get("example"))

    def ask(question: str) -> Result:
        sent = question.replace(" ", "%20")
        return served.client.simulate_request(
            method, route.filled(**served.parts), query_string=sent, json=body, headers=served.headers
        )

    for question in ASKED.get(route.template, ("",)):
        yield partial(ask, question)


def check(answer: Result, method: str, route: Route) -> None:
    """An answer, or an error that is described."""
    described = PATHS.get(route.template, {}).get(method.lower(), {}).get("responses")
    assert answer.status_code != 500, answer.text
    assert answer.status_code < 500 or described is None or str(answer.status_code) in described, answer.text


class Clock:
    """A clock on which the time of a request has passed from some look at it on."""

    def __init__(self) -> None:
        self.looks = 0
        self.until = 0

    def __call__(self) -> float:
        self.looks += 1
        return 0.0 if self.looks <= self.until else 1e9


MOST = 2000
"""More looks at the clock, and calls of the engine, than any request takes."""


@pytest.mark.costs("asks every route as often as it looks at the clock")
@cases("method, route", operations())
def test_no_time_for_any_part_of_an_answer_breaks_it(
    served: Prepared, monkeypatch: pytest.MonkeyPatch, amount: Callable[..., int], method: str, route: Route
) -> None:
    clock = Clock()
    waiting.put_clocks(monkeypatch, "search.system.budget", perf_counter=clock)
    for ask in requests(served, method, route):
        for looks in range(1, MOST, 20 // amount(20, few=1)):
            clock.looks, clock.until = 0, looks
            check(ask(), method, route)
            if clock.looks <= looks:
                break


@cases("method, route", operations())
def test_no_call_of_an_engine_that_fails_breaks_an_answer(
    served: Prepared, monkeypatch: pytest.MonkeyPatch, amount: Callable[..., int], method: str, route: Route
) -> None:
    failing = Failing(served.archive.engine)
    monkeypatch.setattr(served.archive, "_engine", failing)
    for number, ask in enumerate(requests(served, method, route)):
        for after in range(0, MOST, 20 // amount(20, few=1)):
            for error in itertools.islice(itertools.cycle(FAULTS), after + number, after + number + amount(3)):
                failing.error, failing.after, failing.calls = error, after, 0
                check(ask(), method, route)
            if failing.calls <= after:
                break


def answers(served: Prepared, monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Result]) -> list[Result]:
    """The answers of a request for which there is time for one look at the clock, two, and so on."""
    clock, found = Clock(), list[Result]()
    waiting.put_clocks(monkeypatch, "search.system.budget", perf_counter=clock)
    while not found or clock.looks > clock.until:
        clock.looks, clock.until = 0, clock.until + 1
        found.append(ask())
    return found


def test_a_draft_that_is_checked_in_part_says_what_is_missing(
    served: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = BODIES["POST /api/draft"]["text"]
    found = answers(served, monkeypatch, lambda: served.client.simulate_post("/api/draft", json={"text": text}))
    last = found[-1].json
    assert {one.status_code for one in found} == {200}
    assert last["incomplete"] == []
    assert found[0].json["incomplete"] == ["persons", "countries", "dates", "earlier"]
    assert all(
        one.json[name] == last[name] for one in found for name in {*last} - {*one.json["incomplete"], "incomplete"}
    )


def test_the_page_of_a_draft_says_what_there_was_no_time_for(served: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    form = f"text={BODIES['POST /api/draft']['text']}".replace(" ", "+")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    found = answers(served, monkeypatch, lambda: served.client.simulate_post("/draft", body=form, headers=headers))
    assert {one.status_code for one in found} == {200}
    assert "There was no time for: persons, countries, dates, earlier stories" in found[0].text
    assert "was found in it" not in found[0].text
    assert "No similar article" not in found[0].text
    assert "There was no time" not in found[-1].text


def test_what_is_special_in_the_last_periods_is_told_if_there_is_no_time_for_all(
    served: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "q=day&field=person&by=decade"
    found = answers(served, monkeypatch, lambda: served.client.simulate_get("/api/special", query_string=question))
    told = [one for one in found if one.status_code == 200]
    whole = told[-1].json
    assert whole["incomplete"] == []
    assert len(whole["periods"]) == 3
    assert {len(one.json["periods"]) for one in told} == {0, 1, 2, 3}
    for one in (each.json for each in told[:-1]):
        assert one["periods"] == whole["periods"][3 - len(one["periods"]) :]
        assert one["values"] == whole["values"]
        assert one["earlier"] == 3 - len(one["periods"])
        assert bool(one["incomplete"]) == (len(one["periods"]) < 3)
    tables = answers(
        served, monkeypatch, lambda: served.client.simulate_get("/api/special", query_string=f"{question}&format=csv")
    )
    assert {one.text.count("\r\n1") for one in tables if one.status_code == 200} == {3}


@cases("show", ("articles", "map", "people", "over-time", "special", "special&by=year", "concordance"))
def test_a_page_shows_its_hits_when_there_is_no_time_for_the_rest(
    served: Prepared, monkeypatch: pytest.MonkeyPatch, show: str
) -> None:
    question = f"q=talks&view={show}"
    found = answers(served, monkeypatch, lambda: served.client.simulate_get("/", query_string=question))
    whole = next(number for number, one in enumerate(found) if one.status_code == 200)
    assert all(one.status_code == 200 for one in found[whole:])
    assert whole <= 6
    assert "There was no time for" in found[whole].text
    assert "There was no time for" not in found[-1].text
    assert all(one.headers.get("cache-control") == "no-store" for one in found[whole:-1] if "no time" in one.text)
