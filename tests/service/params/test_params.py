from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import BadQuery, Filter, Query
from search.values.bad_values import MAX_HINTS
from search.values.query import INTERVALS, SORTS
from service import params
from service.params.parameter import Parameter
from tests.cases import cases

COUNTRIES = st.lists(st.sampled_from(["CN", "US", "DE", "SUHH"]), max_size=3, unique=True).map(tuple)
NAMES = st.lists(st.sampled_from(["Ann Lee", "Zoë & Co", "50% = half", "a+b"]), max_size=3, unique=True).map(tuple)


def filters(values: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[Filter]:
    return st.builds(Filter, values, values, values, st.booleans()).filter(bool)


queries = st.builds(
    Query,
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20).map(str.strip),
    filters=st.fixed_dictionaries({}, optional={"country": filters(COUNTRIES), "person": filters(NAMES)}),
    date_from=st.sampled_from([None, "1998", "1998-05", "-7d"]),
    date_to=st.sampled_from([None, "2999-12-31", "today"]),
    date_missing=st.booleans(),
    sort=st.sampled_from([None, *SORTS]),
    size=st.integers(0, 100),
    page=st.integers(1, 90),
    facets=st.lists(st.sampled_from(["person", "date", "source"]), unique=True).map(tuple),
    facet_size=st.integers(0, 1000),
    interval=st.sampled_from(INTERVALS),
)


@given(queries)
def test_what_is_written_reads_back(query: Query) -> None:
    assert params.read(params.split(urlencode(params.write(query)))).query == query
    assert params.joined(params.write(query)) == urlencode(params.write(query))


@given(queries, queries)
def test_a_link_is_the_same_as_written_whole(query: Query, other: Query) -> None:
    written = params.Written(query)

    for asked in (query, other, replace(query, text=other.text, filters=other.filters)):
        assert written.of(asked) == params.joined(params.write(params.first_page(asked)))


@given(queries, queries)
def test_changed_attributes_are_the_same_as_written_whole(query: Query, other: Query) -> None:
    changes = {name: getattr(other, name) for name in ("sort", "size", "interval", "date_from", "date_to", "facets")}

    asked = params.first_page(replace(params.first_page(query), **changes))

    assert params.Written(query).changed(changes) == params.joined(params.write(asked))


Pairs = list[tuple[str, str]]
TABLES: dict[str, tuple[Sequence[Parameter], Callable[[Pairs], Pairs]]] = {
    "search": (params.PARAMETERS, lambda pairs: params.write_request(params.read(pairs))),
    "compare": (
        params.compare.PARAMETERS,
        lambda pairs: params.compare.write(params.compare.read([("q", "a"), *pairs]))[1:],
    ),
    "facet": (params.facet.PARAMETERS, lambda pairs: params.facet.write(params.facet.read(pairs, "topic"))),
}
"""The parameters of each table, and what reads and writes them."""
HISTOGRAM = ("facet", "interval")
SAMPLES = {
    "q": "trade", "from": "1998", "to": "1999-05", "added.from": "2025", "added.to": "today", "cursor": "x",
    "prefix": "bl", "parent": "medtop:15000000", "quality.from": "0.7", "known.from": "0.8", "legible": "0.8",
}  # fmt: skip


def sample(entry: Parameter) -> str:
    """A value of a parameter that is not its default."""
    match entry.kind:
        case "boolean":
            return "false" if entry.name == "snippets" else "true"
        case "integer":
            return "3"
        case "list":
            return entry.choices[1]
        case _:
            codes = {"country": "CN", "topic": "medtop:15000000", "language": "fr"}
            return SAMPLES.get(entry.name) or codes.get(entry.facet or "") or (entry.choices or ("Ann Lee",))[-1]


@cases(
    "table, entry",
    [(table, entry) for table, (entries, _) in TABLES.items() for entry in entries if (table, entry.name) != HISTOGRAM],
)
def test_every_parameter_is_read_and_written_back(table: str, entry: Parameter) -> None:
    _, read_and_write = TABLES[table]
    value = "csv" if (table, entry.name) == ("facet", "format") else sample(entry)  # only countries have a map
    pairs = [("format", "csv")] * (entry.name == "table") + [(entry.name, value)]

    assert read_and_write(pairs) == pairs


OTHERS: dict[str, tuple[Sequence[Parameter], Callable[[Pairs], object]]] = {
    "trend": (params.trend.PARAMETERS, params.trend.read),
    "special": (params.special.PARAMETERS, params.special.read),
    "pairs": (params.pairs.PARAMETERS, params.pairs.read),
    "count": (params.count.PARAMETERS, params.count.read),
    "similar": (params.similar.PARAMETERS, params.similar.read),
    "suggest": (params.suggest.PARAMETERS, params.suggest.read),
}
"""The parameters of the tables of which nothing is written back, and what reads them."""


@cases(
    "table, entry",
    [(table, entry) for table, (entries, _) in OTHERS.items() for entry in entries if entry.name != "strict"],
)
def test_every_parameter_is_read(table: str, entry: Parameter) -> None:
    _, read = OTHERS[table]
    other = next((choice for choice in entry.choices if choice != entry.default), "person,country")
    value = other if entry.choices or (table, entry.name) == ("pairs", "fields") else sample(entry)

    assert read([(entry.name, value)]) != read([])


@cases(
    "read, pairs, told",
    [
        (params.count.read, [("by", "country"), ("by", "country")], "country and country are not two dimensions."),
        (params.count.read, [("by", "country"), ("by", "year"), ("by", "country")], "by has 3 names"),
        (params.count.read, [("by", "country")] * 3, "Give one or two, such as country and year, each by itself."),
        (params.count.read, [("by", "country,year")], "Give each by itself: first country, then year."),
        (params.compare.read, [("q", "a"), ("table", "overlaps")], "table=overlaps is a table of a CSV file"),
        (params.compare.read, [("q", "a"), ("table", "timeline"), ("format", "svg")], "and format is svg."),
    ],
)  # fmt: skip
def test_what_would_be_ignored_is_refused(read: Callable[[Pairs], object], pairs: Pairs, told: str) -> None:
    with pytest.raises(BadQuery, match=re.escape(told)):
        read(pairs)


def test_the_histogram_is_asked_for_by_interval() -> None:
    assert params.facet.write(params.facet.read([("interval", "day")], "date")) == [("interval", "day")]


def test_every_attribute_of_a_question_has_a_parameter() -> None:
    set_by_parameters = {entry.attribute for entry in params.PARAMETERS if entry.target is Query}

    assert set_by_parameters == {field.name for field in fields(Query)} - {"filters"}


def test_a_parameter_that_sets_nothing_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="no attribute “colour”"):
        Parameter("colour", "string", "A colour.", Query, "colour")


def problems(query_string: str) -> dict[str, str]:
    with pytest.raises(BadQuery) as caught:
        params.read(params.split(query_string))
    assert all(isinstance(error.value, str) for error in caught.value.errors)
    return {error.name: f"{error.reason} {error.hint}" for error in caught.value.errors}


@cases(
    "query_string, parameter, said",
    [
        ("contry=FR", "contry", "Nearest: country."),
        ("country=Chima", "country", "Nearest: China."),
        ("country.not=Chima", "country.not", "Nearest: China."),
        ("topic=sprot", "topic", "Nearest: sport."),
        ("country.main=perhaps", "country.main", "true or false"),
        ("snippets=none", "snippets", "true or false"),
        ("quality.from=70", "quality.from", "Write it as in 0.7."),
        ("known.from=most", "known.from", "Write it as in 0.7."),
        ("from=1998-13", "from", "not in the calendar"),
        ("from=someday", "from", "not a date"),
        ("from=31/02/1998", "from", "not in the calendar"),
        ("from=05/06/1998", "from", "Give one of them: 1998-06-05, 1998-05-06."),
        ("to=17/05/98", "to", "1898-05-17 or 1998-05-17"),
        ("from=1999&to=1998", "from", "ends before it begins: from “1999” to “1998”. Swap the two."),
        ("from=yesterday&to=last-year", "from", "ends before it begins"),
        ("to=-99999y", "to", "not a date"),
        ("to=-9999y", "to", "before the calendar begins"),
        ("size=101", "size", "from 0 to 100"),
        ("size=ten", "size", "whole number"),
        ("size=9999999999999", "size", "size is 9999999999999. It must be from 0 to 100."),
        ("size=-9999999999999", "size", "size is -9999999999999. It must be from 0 to 100."),
        ("size=" + "9" * 5_000, "size", f"size is {'9' * 40}…. It must be from 0 to 100."),
        ("size=00000000000000101", "size", "size is 101."),
        ("page=9999999999999", "page", "page is 9999999999999. It must be from 1 to 999999999999."),
        ("size=١", "size", "whole number"),
        ("page=0", "page", "1 or more"),
        ("page=1001", "page", "beyond 10,000 hits"),
        ("page=2&cursor=x", "cursor", "Send one of them"),
        ("sort=best", "sort", "sort cannot be “best”"),
        ("interval=minute", "interval", "There are: auto, day, week"),
        ("facets=person,sauce", "facets", "Nearest: source."),
        ("facet_size=1001", "facet_size", "from 0 to 1000"),
        ("date.missing=yes", "date.missing", "true or false"),
        ("q=a&q=b", "q", "Give it once"),
        ("group=paper", "group", "story"),
        ("strict=true&q=(a", "q", "Unclosed"),
        ("fields=id,texts", "fields", "no “texts”"),
        ("q=" + "a" * 2001, "q", "2001 characters"),
        ("q=" + "(" * 33, "q", "deeper than 32"),
        ("q=" + "a+" * 257, "q", "more than 256"),
    ],
)
def test_a_bad_parameter_is_named_with_the_way_out(query_string: str, parameter: str, said: str) -> None:
    assert said in problems(query_string)[parameter]


def test_every_bad_parameter_is_named_at_once() -> None:
    assert set(problems("contry=FR&size=x&from=1998-13&sort=best")) == {"contry", "size", "from", "sort"}


@cases("query_string, query", [("q=&country=&size=&from=&sort=", Query()), ("facets=", Query(facets=()))])
def test_a_blank_value_is_an_absent_parameter_and_blank_facets_are_none(query_string: str, query: Query) -> None:
    assert params.read(params.split(query_string)).query == query


def test_countries_and_topics_are_taken_by_code_name_or_alias() -> None:
    query = params.read(params.split("country=us&country=Germany&country=USSR&topic=SPORT&language=French")).query

    assert query.filter("country").any == ("US", "DE", "SUHH")
    assert query.filter("topic").any == ("medtop:15000000",)
    assert query.filter("language").any == ("fr",)


def test_strangers_are_ignored_where_they_are_allowed() -> None:
    assert params.read([("utm_source", "x"), ("q", "a")], allow_unknown=True).query == Query("a")


def test_a_flood_of_parameters_is_refused() -> None:
    with pytest.raises(BadQuery, match="More than"):
        params.split("&".join(["person=a"] * 1001))


@cases(
    "asked", [[(f"contry{n}", "FR") for n in range(1000)], [("facets", ",".join(f"contry{n}" for n in range(1000)))]]
)
def test_only_the_first_of_a_flood_are_told_what_is_nearest(asked: list[tuple[str, str]]) -> None:
    with pytest.raises(BadQuery) as refused:
        params.read(asked)
    hints = [error.hint for error in refused.value.errors]

    assert len(hints) == 1000
    assert set(hints[:MAX_HINTS]) == {"Nearest: country."}
    assert set(hints[MAX_HINTS:]) == {"Omit it."}


def test_a_problem_names_the_parameter_and_not_the_attribute() -> None:
    with pytest.raises(BadQuery) as refused:
        Query(text="a" * 3000, date_from="never", filters={"country": Filter(none=("Frence",))})

    assert [error.name for error in refused.value.errors] == ["text", "date_from", "country.none"]
    assert [error.name for error in params.invalid_parameters(refused.value)] == ["q", "from", "country.not"]


@cases("value, size", [("00000000000000007", 7), ("000", 0), ("-0", 0), ("0" * 5_000 + "7", 7)])
def test_zeros_before_a_number_do_not_count(value: str, size: int) -> None:
    assert params.read(params.split(f"size={value}")).query.size == size
