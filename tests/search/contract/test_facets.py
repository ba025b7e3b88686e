"""What facets, histograms, lists of values and trends count."""

from __future__ import annotations

from dataclasses import replace

import pytest

import search
from search import Article, Filter, Query
from search.engine import Engine
from search.names.authority import Authority, block, merge
from search.values.query import Listing
from search.values.results import FacetCount
from tests import facets
from tests.cases import cases
from tests.search.contract.archive import Backend, counts, holding, ids


def test_facet_shows_one_spelling_the_most_used(engine: Engine) -> None:
    assert counts(engine, "person") == {"Günter Schabowski": 3, "Antony Blinken": 1, "Xi Jinping": 1}
    assert counts(engine, "source") == {"Harbour Gazette": 2, "Meridian Wire": 2}


def test_facets_are_returned_by_type(engine: Engine) -> None:
    results = engine.search(Query("talks", facets=("person", "date")))

    assert results.values("person") is results.facets["person"]
    assert results.histogram() is results.facets["date"]
    with pytest.raises(KeyError, match="country"):
        results.values("country")
    with pytest.raises(KeyError, match="date"):
        results.values("date")
    with pytest.raises(KeyError, match="date"):
        engine.search(Query(facets=())).histogram()


def test_facet_ignores_its_own_filter(engine: Engine) -> None:
    chosen = {"country": Filter(any=("CN",))}

    assert counts(engine, "country", filters=chosen) == {"CN": 2, "US": 2, "DE": 1, "DDDE": 1}
    assert counts(engine, "topic", filters=chosen) == {"medtop:11000000": 1}


def test_all_and_none_apply_to_their_own_facet(engine: Engine) -> None:
    assert counts(engine, "country", filters={"country": Filter(all=("US",))}) == {"US": 2, "CN": 1}
    assert counts(engine, "country", filters={"country": Filter(none=("US",))}) == {"CN": 1, "DE": 1, "DDDE": 1}


def test_selected_value_is_listed_at_zero(engine: Engine) -> None:
    facet = engine.search(
        Query("wall", filters={"country": Filter(any=("CN", "FR"))}, facets=("country",), facet_size=1)
    ).facets["country"]

    assert [(e.value, e.count, e.selected) for e in facets.values(facet)] == [
        ("DDDE", 1, False),
        ("CN", 0, True),
        ("FR", 0, True),
    ]


def test_facet_counts_missing_and_distinct(engine: Engine) -> None:
    facet = engine.search(Query(facets=("country",), facet_size=1)).facets["country"]

    assert isinstance(facet, search.ValueFacet)
    assert (len(facet.values), facet.distinct, facet.missing) == (1, 4, 2)


def test_values_have_labels(engine: Engine) -> None:
    facet = engine.search(Query(facets=("topic",))).facets["topic"]

    assert [entry.label for entry in facets.values(facet)] == [
        "politics",
        "economy, business and finance",
    ]


def histogram(engine: Engine, **rest: object) -> tuple[str, list[tuple[str, int]]]:
    facet = engine.search(Query(facets=("date",), **rest)).facets["date"]  # type: ignore[arg-type]
    assert isinstance(facet, search.DateFacet)
    assert facet.missing == 1
    return facet.interval, [(bucket.start, bucket.count) for bucket in facet.buckets]


def test_histogram_is_zero_filled(engine: Engine) -> None:
    decades = [("1980-01-01", 1), ("1990-01-01", 0), ("2000-01-01", 0), ("2010-01-01", 0), ("2020-01-01", 4)]
    assert histogram(engine, interval="decade") == ("decade", decades)
    assert histogram(engine)[0] == "year"


def test_histogram_follows_the_range(engine: Engine) -> None:
    assert histogram(engine, date_from="1989", date_to="1989") == ("day", [("1989-11-09", 1)])
    assert histogram(engine, date_from="2023-05")[0] == "day"
    assert len(histogram(engine, date_from="2023-05")[1]) == 49
    assert histogram(engine, date_to="2000", interval="month") == ("month", [("1989-11-01", 1)])
    assert histogram(engine, date_from="1995", date_to="1999") == ("year", [])
    assert histogram(engine, date_to="1500", interval="week") == ("week", [])


def test_buckets_at_the_ends_of_the_range_are_counted_whole(engine: Engine) -> None:
    assert histogram(engine, date_from="2023-06-01", interval="year") == ("year", [("2023-01-01", 4)])
    assert histogram(engine, date_to="2023-05-31", date_from="2000", interval="year") == ("year", [("2023-01-01", 4)])


def listed(engine: Engine, field: str, query: Query | None = None, **listing: object) -> list[tuple[str, int]]:
    facet = engine.facet(query or Query(), field, Listing(**listing))  # type: ignore[arg-type]
    return [(entry.value, entry.count) for entry in facets.values(facet)]


@cases(
    "field, prefix, found",
    [
        ("person", "gu", ["Günter Schabowski"]), ("person", "SCHÁ", ["Günter Schabowski"]),
        ("person", "bli ant", ["Antony Blinken"]), ("person", "ntony", []), ("person", "?", []),
        ("country", "germ", ["DDDE", "DE"]), ("country", "usa", ["US"]), ("country", "united k", []),
        ("source", "wire", ["Meridian Wire"]), ("topic", "fin", ["medtop:04000000"]),
    ],
)  # fmt: skip
def test_a_prefix_begins_any_word_of_a_name(engine: Engine, field: str, prefix: str, found: list[str]) -> None:
    assert [value for value, _ in listed(engine, field, prefix=prefix)] == found


@cases(
    "field, contains, found",
    [
        ("person", "ntony", ["Antony Blinken"]), ("person", "ÀBOW", ["Günter Schabowski"]),
        ("person", "inke nto", ["Antony Blinken"]), ("person", "ntonyb", []), ("person", "?", []),
        ("country", "hina", ["CN"]), ("country", "nited k", []), ("topic", "inanc", ["medtop:04000000"]),
    ],
)  # fmt: skip
def test_letters_are_found_inside_any_word_of_a_name(
    engine: Engine, field: str, contains: str, found: list[str]
) -> None:
    assert [value for value, _ in listed(engine, field, contains=contains)] == found


def test_names_that_begin_with_the_letters_come_before_those_that_contain_them(backend: Backend) -> None:
    named = [("Ronald Reagan", "Ann Eagan"), ("Ronald Reagan",), ("Eagan Lee", "Bo Nagano")]
    with holding(backend, [Article(str(n), "text", person=persons) for n, persons in enumerate(named)]) as engine:
        assert listed(engine, "person", contains="eaga") == [("Ann Eagan", 1), ("Eagan Lee", 1), ("Ronald Reagan", 2)]
        assert listed(engine, "person", contains="AGÁN") == [
            ("Ronald Reagan", 2),
            ("Ann Eagan", 1),
            ("Bo Nagano", 1),
            ("Eagan Lee", 1),
        ]
        assert listed(engine, "person", contains="eaga", offset=1, limit=1) == [("Eagan Lee", 1)]
        assert listed(engine, "person", contains="eaga", sort="name", offset=2) == [("Ronald Reagan", 2)]
        assert listed(engine, "person", contains="eaga", prefix="ro") == [("Ronald Reagan", 2)]


def test_values_are_listed_by_count_or_by_name_in_parts(engine: Engine) -> None:
    assert listed(engine, "country", limit=3) == [("CN", 2), ("US", 2), ("DDDE", 1)]
    assert listed(engine, "country", offset=3) == [("DE", 1)]
    assert listed(engine, "country", sort="name", limit=2) == [("CN", 2), ("DDDE", 1)]
    assert listed(engine, "country", offset=9) == []


def test_a_list_is_counted_as_the_facet_of_the_question(engine: Engine) -> None:
    query = Query("talks", filters={"country": Filter(any=("US",))})

    assert listed(engine, "country", query) == [("CN", 2), ("US", 2)]
    assert listed(engine, "person", query, sort="name") == [("Antony Blinken", 1), ("Xi Jinping", 1)]


def test_a_selected_value_follows_only_the_head_of_a_list(engine: Engine) -> None:
    query = Query(filters={"country": Filter(any=("DE",))})

    assert listed(engine, "country", query, limit=1) == [("CN", 2), ("DE", 1)]
    assert listed(engine, "country", query, limit=1, offset=1) == [("US", 2)]
    assert listed(engine, "country", query, prefix="ch") == [("CN", 2)]


def test_children_are_listed_under_their_parent(backend: Backend) -> None:
    soccer, discipline, sport = "medtop:20001065", "medtop:20000822", "medtop:15000000"
    topics = {"a": (soccer,), "b": (discipline, soccer), "c": (sport,)}
    with holding(backend, [Article(name, "A match.", topic=topic) for name, topic in topics.items()]) as engine:
        assert listed(engine, "topic") == [(sport, 3)]
        assert listed(engine, "topic", parent=sport) == [(discipline, 2)]
        assert listed(engine, "topic", parent=discipline) == [(soccer, 2)]
        assert set(ids(engine, filters={"topic": Filter(any=(discipline,))})) == {"a", "b"}


def test_the_date_is_listed_as_a_histogram(engine: Engine) -> None:
    assert engine.facet(Query(), "date", Listing()) == engine.search(Query()).facets["date"]


def test_a_trend_knows_its_denominator(engine: Engine) -> None:
    query = Query("talks", filters={"country": Filter(any=("CN", "DE"))}, interval="decade")
    trend, whole = engine.trend(query, "filters"), engine.trend(query, "archive")
    assert engine.trend(query, "archive", engine.search(replace(query, facets=("date",))).histogram()) == whole

    assert [(b.start, b.count, b.of, b.share) for b in trend.buckets] == [
        ("1980-01-01", 0, 1, 0.0),
        ("1990-01-01", 0, 0, None),
        ("2000-01-01", 0, 0, None),
        ("2010-01-01", 0, 0, None),
        ("2020-01-01", 2, 2, 1.0),
    ]
    assert [(b.count, b.of, b.share) for b in whole.buckets][-1] == (2, 4, 0.5)


def test_a_trend_keeps_to_the_range_of_dates(engine: Engine) -> None:
    trend = engine.trend(Query("talks", date_from="2023-06", interval="month"), "archive")

    assert [(b.start, b.count, b.of) for b in trend.buckets] == [("2023-06-01", 2, 3)]


def test_a_range_of_all_days_leaves_out_what_has_no_day(backend: Backend) -> None:
    first, last = "1989-11-09", "1990-01-02"
    wholes = [Query(date_from=first, date_to=last), Query(date_from=first), Query(date_to=last)]

    def found(engine: Engine, query: Query) -> tuple[list[str], int]:
        return ids(engine, date_from=query.date_from, date_to=query.date_to, date_missing=query.date_missing), (
            engine.trend(query, "archive").of_missing
        )

    dated = [Article("a", "One.", published=first), Article("b", "Two.", published=last)]
    with holding(backend, dated) as engine:
        assert [found(engine, whole) for whole in wholes] == 3 * [(["b", "a"], 0)]
    with holding(backend, [Article("c", "Three.")]) as engine:
        for whole in wholes:
            assert found(engine, whole) == (["b", "a"], 0)
            assert found(engine, replace(whole, date_missing=True)) == (["b", "a", "c"], 1)
            assert found(engine, replace(whole, date_to="1989-12-31")) == (["a"], 0)


def test_a_topic_is_called_what_the_authority_says(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        said = merge(Authority(), "topic", "Fußball der Herren", ("soccer",), "Q2736", "2026-01-02T03:04:05+00:00")
        writer.set_authority(merge(said, "topic", "Sport (all)", ("sport",), "", "2026-01-02T03:04:06+00:00"))
        writer.add(Article("goal", "One nil.", topic=("medtop:20001065",), language="en"))

    tops = engine.search(Query(facets=("topic",))).facets["topic"]
    below = engine.facet(Query(), "topic", Listing(parent="medtop:20000822"))
    assert FacetCount("medtop:15000000", "Sport (all)", 1, False) in facets.values(tops)
    assert facets.values(below) == (FacetCount("medtop:20001065", "Fußball der Herren", 1, False),)
    assert [s.label for s in engine.suggest("herren fuss", 5)] == ["Fußball der Herren"]
    assert [s.label for s in engine.suggest("soccer", 5)] == ["Fußball der Herren"]
    assert ids(engine, "topic:soccer") == ids(engine, 'topic:"fussball der herren"') == ["goal"]
    assert not engine.search(Query('topic:"Fußball der Herren"')).query.notes
    assert engine.authority().names("topic").items == {"medtop:20001065": "Q2736"}
    with backend.writer() as writer:
        writer.set_authority(block(writer.authority(), "topic", "soccer", "2026-01-02T03:04:07+00:00"))
    assert ids(engine, "topic:soccer") == []
