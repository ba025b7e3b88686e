"""Who appears with whom, as arcs and as a list."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import falcon.testing

from search.engine import Engine
from search.values.query import Filter, Query
from service.html.parts.people import DRAWN, LISTED, graph, ordered
from service.html.view import PageState, View
from tests.cases import cases
from tests.service.links import asked_at

Client = falcon.testing.TestClient


@cases(
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


@cases("pair", ["person,person", "person,country", "country,country", "source,topic", "topic,person"])
@cases(
    "query",
    [
        Query("president", group="story"),
        Query("soviet OR moon", {"person": Filter(any=("Richard Nixon", "John F. Kennedy"), missing=True)}),
        Query(filters={"country": Filter(any=("US", "SUHH"), all=("DE",)), "source": Filter(missing=True)}),
        Query(filters={"source": Filter(any=("Meridian Wire",), missing=True)}, country_main=True),
    ],
)
def test_an_arc_opens_the_articles_it_counts(
    engine: Engine, amount: Callable[..., int], query: Query, pair: str
) -> None:
    drawn = graph(engine, PageState(query, View("people", pair=pair, min=1)))

    for value in drawn.values:
        assert engine.search(asked_at(value.url)).total == value.count
    for arc in drawn.arcs[: amount(40, few=15)]:
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
    assert '<b aria-current="true">strength of link</b>' in text
    assert '<b aria-current="true">3</b>' in text
    assert (
        "/api/pairs?q=president&amp;fields=person%2Ccountry&amp;measure=npmi&amp;min=3&amp;limit=100000&amp;format=graphml"
        in text
    )
    for bad in ("pair=person", "measure=lift", "min=0", "min=x", "min=" + "9" * 5000):
        assert client.simulate_get(f"/?view=people&{bad}").status_code == 400


def test_a_result_without_persons_has_no_graph(engine: Engine, client: Client) -> None:
    drawn = graph(engine, PageState(Query(filters={"person": Filter(missing=True)})))

    assert (drawn.values, drawn.arcs) == ((), ())
    assert "No two of these appear in 2 or more" in client.simulate_get("/?view=people&person.missing=true").text


def test_persons_who_appear_together_stand_together() -> None:
    names = ("a", "x", "b", "y")

    order = ordered(names, {("a", "b"): 5, ("x", "y"): 5})

    assert abs(order.index("a") - order.index("b")) == abs(order.index("x") - order.index("y")) == 1
