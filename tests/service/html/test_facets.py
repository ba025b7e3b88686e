from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import urlsplit

import falcon.testing

from search.engine import Engine
from search.values.query import Filter, Listing, Query
from search.values.results import ValueFacet
from service.html.parts.facet import LISTED, FacetView, facet
from service.html.parts.filters import adding, excluding, switched, ticked
from service.html.view import PageState, View, read, url, write
from service.params.query_string import split
from tests.cases import cases

Client = falcon.testing.TestClient


def shown(engine: Engine, name: str, query: Query, view: View | None = None) -> FacetView:
    found = engine.search(query)
    return facet(name, engine, found.facets[name], PageState(query, view or View()), found.total)


def test_a_label_carries_the_count_that_a_tick_gives(engine: Engine) -> None:
    for entry in shown(engine, "country", Query(facets=("country",))).entries:
        assert engine.search(Query(filters={"country": Filter(any=(entry.value,))})).total == entry.count


def test_main_countries_are_one_click_from_all_that_are_named(engine: Engine) -> None:
    named, main = shown(engine, "country", Query()), shown(engine, "country", Query(country_main=True))

    assert (named.main, named.main_only) == ("/?country.main=true", False)
    assert (main.main, main.main_only) == ("/?q=", True)
    assert shown(engine, "person", Query()).main is None
    assert sum(entry.count for entry in main.entries) < sum(entry.count for entry in named.entries)
    for entry in main.entries:
        wanted = Query(filters={"country": Filter(any=(entry.value,))}, country_main=True)
        assert engine.search(wanted).total == entry.count


def test_more_leads_to_a_list_with_a_search_in_it(engine: Engine) -> None:
    closed = shown(engine, "person", Query())
    assert closed.more == "/?more=person"
    assert closed.less is None

    opened = shown(engine, "person", Query(), View(more="person"))
    assert opened.less == "/?q="
    assert len(opened.entries) == LISTED
    assert opened.rest == closed.distinct - LISTED


def test_all_values_of_a_facet_are_listed_part_by_part(engine: Engine) -> None:
    view, seen = View(more="person", order="name"), list[str]()
    while True:
        found = shown(engine, "person", Query(), view)
        seen += [entry.label for entry in found.entries]
        assert (found.before is None) == (view.skip == 0)
        if found.after is None:
            break
        assert f"&skip={view.skip + LISTED}#facet-person" in found.after
        view = View(more="person", order="name", skip=view.skip + LISTED)

    assert len(seen) == len(set(seen)) == found.distinct
    listed = engine.facet(Query(), "person", Listing(sort="name", limit=1000))
    assert isinstance(listed, ValueFacet)
    assert seen == [entry.label for entry in listed.values]


def test_a_facet_is_sorted_by_count_or_name_and_has_letters(engine: Engine) -> None:
    found = shown(engine, "person", Query(), View(more="person"))

    assert found.orders == (("by count", None), ("A–Z", "/?more=person&order=name#facet-person"))
    assert ("K", "/?more=person&order=name&find=k#facet-person") in found.letters
    named = shown(engine, "person", Query(), View(more="person", find="k", order="name"))
    assert {"John F. Kennedy", "Nikita Khrushchev"} <= {entry.label for entry in named.entries}


@cases(
    "typed, name",
    [
        *((typed, "John F. Kennedy") for typed in ("kenn", "KENN j", "john f. kenn")),
        *((typed, "Ronald Reagan") for typed in ("reag", "eagan", "AGÁN", "onald eag")),
    ],
)
def test_a_name_is_found_by_any_part_of_its_words(engine: Engine, typed: str, name: str) -> None:
    assert name in [entry.label for entry in shown(engine, "person", Query(), View(more="person", find=typed)).entries]


def test_a_letter_finds_the_words_that_begin_with_it(engine: Engine) -> None:
    found = shown(engine, "person", Query(), View(more="person", find="k"))

    assert found.entries
    assert all(re.search(r"\bk", entry.label.lower()) for entry in found.entries)


def test_what_is_found_in_a_facet_is_counted_in_context(engine: Engine) -> None:
    query = Query(text="moon")
    found = shown(engine, "person", query, View(more="person", find="kenn"))

    for entry in found.entries:
        chosen = Query(text="moon", filters={"person": Filter(any=(entry.value,))})
        assert engine.search(chosen).total == entry.count


def test_all_of_some_is_one_click_from_any_of_them(engine: Engine) -> None:
    query = Query(filters={"person": Filter(any=("Richard Nixon", "John F. Kennedy"))})
    view = shown(engine, "person", query)

    assert view.mode == "any"
    assert view.switch == "/?person.all=Richard+Nixon&person.all=John+F.+Kennedy"
    assert {entry.parameter for entry in view.entries} == {"person"}


def test_a_tick_in_all_of_mode_asks_for_one_more(engine: Engine) -> None:
    query = Query(filters={"person": Filter(all=("John F. Kennedy",))})
    view = shown(engine, "person", query)

    assert view.mode == "all"
    assert {entry.parameter for entry in view.entries} == {"person.all"}
    assert [entry.label for entry in view.entries if entry.chosen] == ["John F. Kennedy"]


def test_a_value_of_all_that_no_article_has_is_listed_at_0(engine: Engine) -> None:
    view = shown(engine, "person", Query(filters={"person": Filter(all=("Nobody At All",))}))

    assert [(entry.label, entry.count, entry.chosen) for entry in view.entries] == [("Nobody At All", 0, True)]


def test_one_value_an_article_has_no_switch(engine: Engine) -> None:
    view = shown(engine, "source", Query(filters={"source": Filter(any=("Meridian Wire",))}, facets=("source",)))

    assert view.mode is None
    assert view.switch is None


def test_an_excluded_value_can_be_let_in_again(engine: Engine) -> None:
    view = shown(engine, "country", Query(filters={"country": Filter(none=("US",))}))

    assert view.excluded == (("United States", "/?q="),)
    assert "US" not in [entry.value for entry in view.entries]


def test_a_chosen_topic_shows_what_is_below_it(client: Client) -> None:
    text = client.simulate_get("/?topic=sport").text
    section = text[text.index('id="facet-topic"') :]
    below = re.findall(r'<li class="d1">\s*<label><input type="checkbox" name="topic" value="([^"]+)"', section)
    parent = client.simulate_get("/api/facets/topic?parent=medtop:15000000").json

    assert below == [entry["value"] for entry in parent["values"] if entry["count"]]


def test_the_form_carries_what_it_does_not_show(client: Client) -> None:
    text = client.simulate_get(
        "/?person=Nikita+Khrushchev&more=person&find=kenn&sort=oldest&size=25&country.all=US&interval=year"
    ).text
    hidden = {(n, html.unescape(v)) for n, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)}

    assert hidden == {
        ("person", "Nikita Khrushchev"),
        ("more", "person"),
        ("sort", "oldest"),
        ("size", "25"),
        ("interval", "year"),
    }
    assert 'name="country.all" value="US" checked' in text


A, B, C = "Ada", "Bo", "Cy"


@cases(
    "before, after",
    [
        (Filter(), Filter(any=(A,))),
        (Filter(any=(B,)), Filter(all=(B, A))),
        (Filter(all=(B,)), Filter(all=(B, A))),
        (Filter(any=(B, C)), Filter(any=(B, C), all=(A,))),
        (Filter(none=(A, B)), Filter(any=(A,), none=(B,))),
        (Filter(any=("ADA",)), Filter(any=(A,))),
    ],
)
def test_a_person_of_a_hit_is_asked_for_besides(before: Filter, after: Filter) -> None:
    assert adding(Query(filters={"person": before}), "person", A).filter("person") == after


def test_a_source_takes_the_place_of_another() -> None:
    query = Query(filters={"source": Filter(any=("The Day",))})

    assert adding(query, "source", "The Night").filter("source") == Filter(any=("The Night",))


@cases(
    "before, after",
    [
        (Filter(), Filter(any=("FR",))),
        (Filter(any=("DE",)), Filter(any=("DE", "FR"))),
        (Filter(any=("DE", "FR")), Filter(any=("DE",))),
        (Filter(all=("DE",)), Filter(all=("DE", "FR"))),
        (Filter(all=("DE", "FR")), Filter(all=("DE",))),
        (Filter(none=("FR",)), Filter(any=("FR",))),
    ],
)
def test_a_tile_is_ticked_like_a_checkbox(before: Filter, after: Filter) -> None:
    assert ticked(Query(filters={"country": before}), "country", "FR").filter("country") == after


def test_excluding_forgets_that_a_value_was_wanted() -> None:
    query = Query(filters={"person": Filter(any=(A, B), all=(A,))})

    assert excluding(query, "person", A).filter("person") == Filter(any=(B,), none=(A,))


def test_switching_twice_changes_nothing() -> None:
    wanted = Filter(any=(A, B), none=(C,))

    assert switched(switched(wanted)) == wanted


@cases(
    "asked",
    [
        PageState(Query()),
        PageState(Query(text="oil", page=3), View(show="map")),
        PageState(Query(filters={"country": Filter(any=("FR",))}), View("people", "filters", "person", "a & b")),
        PageState(Query("oil"), View("special", field="person", against="filters")),
        PageState(Query("oil"), View("over-time", field="country")),
        PageState(Query("oil"), View("people", pair="person,country", measure="npmi", min=5)),
        PageState(Query(), View(mark=("person", "topic"))),
    ],
)
def test_an_address_says_all_that_is_shown(asked: PageState) -> None:
    assert read(write(asked)) == asked


def test_another_page_of_a_list_keeps_what_is_opened() -> None:
    query, seen = Query("oil", page=2, size=20), View(more="person", find="le", order="name")

    assert PageState(query, seen).page(3) == url("/", PageState(replace(query, page=3), seen))
    assert PageState(query, seen, "/news").page(1) == url("/", PageState(replace(query, page=1), seen, "/news"))


@cases("chosen", [("US",), ("US", "GB")])
def test_a_tick_next_to_others_says_what_it_adds_and_what_has_both(engine: Engine, chosen: tuple[str, ...]) -> None:
    query = Query(filters={"country": Filter(any=chosen)})
    total = engine.search(query).total

    for entry in shown(engine, "country", query).entries:
        if not entry.chosen:
            assert entry.widens is not None
            assert entry.narrower is not None
            assert engine.search(ticked(query, "country", entry.value)).total == total + entry.widens
            count, url = entry.narrower
            assert engine.search(read(split(urlsplit(url).query)).query).total == count


def test_a_tick_counts_what_it_gives_where_all_are_required(engine: Engine) -> None:
    query = Query(filters={"country": Filter(all=("US", "GB"))})
    for entry in shown(engine, "country", query).entries:
        assert (entry.widens, entry.narrower) == (None, None)
