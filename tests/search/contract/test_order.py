"""In which order articles come, on pages and by cursors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import search
from search import Article, BadQuery, Filter, Query
from search.engine import Engine
from search.values.results import Bucket, DateFacet
from tests.cases import cases
from tests.search.contract.archive import Backend, beginning, counts, holding, ids


def test_newest_or_oldest_come_first_and_undated_last(engine: Engine) -> None:
    assert ids(engine) == ["again", "talks", "vingt", "trade", "wall", "undated"]
    assert ids(engine, sort="oldest") == ["wall", "trade", "again", "talks", "vingt", "undated"]


MOMENTS = {
    "alone": "1998-05-17",
    "evening": "1998-05-17T19:00:00+02:00",
    "late": "1998-05-17T20:30:00-05:00",
    "midnight": "1998-05-17T00:00:00Z",
    "morning": "1998-05-17T08:15",
    "month": "1998-05",
    "next": "1998-05-18",
    "undated": None,
}


@pytest.fixture
def moments(backend: Backend) -> Iterator[Engine]:
    articles = [Article(name, "Text.", published=published, group="g") for name, published in MOMENTS.items()]
    with beginning(backend, "moments", articles[::2], articles[1::2]) as opened:
        yield opened


def test_articles_of_one_day_come_by_their_instant_and_those_without_a_time_after_them(moments: Engine) -> None:
    newest = ["late", "next", "evening", "morning", "midnight", "alone", "month", "undated"]
    assert ids(moments) == newest
    assert [article.id for article in moments.export(Query())] == newest
    assert ids(moments, sort="oldest") == [*newest[-2::-1], "undated"]
    assert [article.id for article in moments.copies("undated")] == newest[-2::-1]


def test_cursors_go_through_the_articles_of_one_day_in_order(moments: Engine) -> None:
    for sort in ("newest", "oldest"):
        found: list[str] = []
        results = moments.search(Query(sort=sort, size=3))
        while results.cursor:
            found += [hit.article.id for hit in results.hits]
            results = moments.search(Query(sort=sort, size=3, cursor=results.cursor))
        assert [*found, *(hit.article.id for hit in results.hits)] == ids(moments, sort=sort)


STAMPED = (
    Article("early", "A word.", published="2020", added="2026-01-01T00:00:00Z", changed="2026-03-01T00:00:00Z"),
    Article("late", "A word, a word.", published="1990", added="2026-02-01T23:59:59Z", changed="2026-02-01T23:59:59Z"),
    Article("nobody said", "A word."),
)


def test_articles_are_sorted_and_found_by_when_they_came_in(backend: Backend) -> None:
    with holding(backend, STAMPED) as engine:
        assert ids(engine, sort="added") == ["late", "early", "nobody said"]
        assert ids(engine, "word", sort="changed") == ["early", "late", "nobody said"]
        assert ids(engine, added_from="2026-02-01", added_to="2026-02-01") == ["late"]
        assert ids(engine, "word", added_to="January 2026") == ["early"]
        assert ids(engine, "added:2026-02..") == ["late"]
        assert ids(engine, "-added:2026-02..") == ["early", "nobody said"]
        assert ids(engine, 'added:"January 2026"') == ["early"]
        assert counts(engine, "source", added_from="2026-02") == {}
        assert engine.article("late").added == "2026-02-01T23:59:59Z"


def test_the_calendar_day_of_an_article_is_the_one_printed(moments: Engine) -> None:
    found = moments.search(Query(date_from="1998-05-17", date_to="1998-05-17", facets=("date",), interval="day"))
    assert found.total == 5
    histogram = found.facets["date"]
    assert isinstance(histogram, DateFacet)
    assert Bucket("1998-05-17", 5) in histogram.buckets


def test_pages_partition_the_result(engine: Engine) -> None:
    pages = [ids(engine, size=2, page=page) for page in (1, 2, 3, 4)]

    assert [article_id for page in pages for article_id in page] == ids(engine)
    assert pages[3] == []


@cases("sort", ["newest", "oldest", "relevance"])
def test_cursor_goes_on_where_the_page_ended(engine: Engine, sort: search.values.query.Sort) -> None:
    seen: list[str] = []
    query = Query("talks OR trade OR wall", size=2, sort=sort)
    while True:
        results = engine.search(query)
        seen += [hit.article.id for hit in results.hits]
        if results.cursor is None:
            break
        query = replace(query, cursor=results.cursor)

    assert seen == ids(engine, "talks OR trade OR wall", sort=sort)


def test_size_zero_gives_counts_only(engine: Engine) -> None:
    results = engine.search(Query(size=0))

    assert (results.total, results.hits, results.cursor) == (6, (), None)


ASKED = Query("trade talks grain", match="any", size=1, facets=())


@cases(
    "other",
    [
        replace(ASKED, text="trade talks"),
        replace(ASKED, match="all"),
        replace(ASKED, filters={"language": Filter(any=("en",))}),
        replace(ASKED, date_from="1900"),
        replace(ASKED, group="story"),
        replace(ASKED, sort="newest"),
    ],
)
def test_a_cursor_of_another_search_is_refused(engine: Engine, other: Query) -> None:
    cursor = engine.search(ASKED).cursor

    with pytest.raises(BadQuery):
        engine.search(replace(other, cursor=cursor))


@cases("changed", [{"size": 0}, {"size": 2, "explain": True}, {"fields": ("id",), "facet_size": 1}])
def test_a_page_of_a_list_may_show_more_or_less(engine: Engine, changed: dict[str, Any]) -> None:
    first = engine.search(ASKED)

    assert engine.search(replace(ASKED, cursor=first.cursor, **changed)).total == first.total
