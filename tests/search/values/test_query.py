"""What is asked: what is refused, and what a value of a vocabulary becomes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search import BadQuery, Filter, Query
from search.measures.comparison import Comparing, comparable
from search.measures.cooccurrence import Pairing
from search.measures.keyness import Contrast
from search.values.bad_values import MAX_HINTS
from search.values.query import Listing
from tests.cases import cases


def test_values_of_a_vocabulary_become_codes_however_they_are_written() -> None:
    wanted = Filter(any=("Germany", "DE", "germany"), all=("usa",), none=("France",), missing=True)
    query = Query(filters={"country": wanted, "topic": Filter(any=("SPORT",)), "language": Filter(none=("French",))})

    assert query.filter("country") == Filter(any=("DE",), all=("US",), none=("FR",), missing=True)
    assert query.filter("topic").any == ("medtop:15000000",)
    assert query.filter("language").none == ("fr",)
    assert Listing(parent="sport").parent == "medtop:15000000"


def test_values_without_a_vocabulary_stay_as_they_are_written() -> None:
    assert Query(filters={"person": Filter(any=("germany",))}).filter("person").any == ("germany",)


def test_a_value_in_no_vocabulary_is_refused_with_its_attribute_and_the_nearest() -> None:
    with pytest.raises(BadQuery) as refused:
        Query(
            filters={
                "country": Filter(any=("Chima",), all=("QQ",), none=("Frence",)),
                "topic": Filter(any=("sprot",)),
            }
        )

    assert [(error.name, error.value) for error in refused.value.errors] == [
        ("country.any", "Chima"), ("country.all", "QQ"), ("country.none", "Frence"), ("topic.any", "sprot"),
    ]  # fmt: skip
    assert "No country “Chima”. Nearest: China." in str(refused.value)
    with pytest.raises(BadQuery, match="Nearest: sport"):
        Listing(parent="sprot")


def test_only_the_first_of_many_unknown_values_are_told_what_is_nearest() -> None:
    with pytest.raises(BadQuery) as refused:
        Query(filters={"country": Filter(any=tuple(f"Chima{n}" for n in range(1000)))})
    hints = [error.hint for error in refused.value.errors]

    assert len(hints) == 1000
    assert not any(hint.startswith("Nearest") for hint in hints[MAX_HINTS:])


@cases("name", ["any", "all", "none"])
def test_a_string_in_place_of_a_tuple_is_refused(name: str) -> None:
    with pytest.raises(BadQuery, match="is a string, but"):
        Filter(**{name: "Germany"})  # type: ignore[arg-type]


@cases(
    "query, filtered",
    [
        (Query("oil", sort="oldest", size=0, page=2, facets=(), interval="day", group="story", snippets=False), False),
        (Query(country_main=True, facet_size=3, fields=("id",)), False),
        (Query(cursor="x"), False),
        (Query(filters={"person": Filter(missing=True)}), True),
        (Query(date_from="1990"), True),
        (Query(date_to="1990"), True),
        (Query(date_missing=True), True),
        (Query(added_from="1990"), True),
        (Query(added_to="1990"), True),
    ],
)
def test_a_query_is_filtered_by_what_decides_besides_its_text(query: Query, filtered: bool) -> None:
    assert query.filtered is filtered


@cases(
    "made, named",
    [
        (lambda: Contrast(field="word"), "field"),
        (lambda: Contrast(against="all"), "against"),  # type: ignore[arg-type]
        (lambda: Contrast(sort="count"), "sort"),  # type: ignore[arg-type]
        (lambda: Contrast(limit=0), "limit"),
        (lambda: Contrast(limit=1001), "limit"),
        (lambda: Pairing(fields=("person",)), "fields"),
        (lambda: Pairing(fields=("person", "words")), "fields"),
        (lambda: Pairing(measure="lift"), "measure"),  # type: ignore[arg-type]
        (lambda: Pairing(min=0), "min"),
        (lambda: Pairing(limit=-1), "limit"),
        (lambda: Pairing(limit=100_001), "limit"),
        (lambda: Comparing(interval="hour"), "interval"),  # type: ignore[arg-type]
        (lambda: Comparing(denominator="all"), "denominator"),  # type: ignore[arg-type]
        (lambda: Comparing(fields=("persons",)), "fields"),
        (lambda: Comparing(limit=-1), "limit"),
        (lambda: Comparing(limit=1001), "limit"),
        (lambda: comparable([]), "text"),
        (lambda: comparable([Query("a")] * 6), "text"),
        (lambda: comparable([Query("a"), Query("b", group="story")]), "group"),
        (lambda: comparable([Query("a", country_main=True), Query("b")]), "country_main"),
    ],
)
def test_what_cannot_be_counted_or_compared_is_named(made: Callable[[], object], named: str) -> None:
    with pytest.raises(BadQuery) as caught:
        made()

    assert [error.name for error in caught.value.errors] == [named]
