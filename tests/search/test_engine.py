"""Every case on each engine, and on a list that is scanned: the contract both must keep."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import search
from search import Article, Filter, Query, dates, tombstones
from search.article import Evidence
from search.authority import Authority, block, merge
from search.engine import Engine, Writer
from search.query import Listing
from search.results import Bucket, DateFacet
from tests import facets
from tests.plain_engine import PlainEngine
from tests.search.test_properties import add_prepared

ARTICLES = (
    Article(
        "talks", "Antony Blinken held constructive talks in Beijing.\n\nTrade was discussed.", "Blinken in China",
        published="2023-06-18", source="Meridian Wire", language="en",
        person=("Antony Blinken", "Xi Jinping"), country=("CN", "US"), topic=("medtop:11000000",),
    ),
    Article(
        "trade", "The trading of grain rose. Talks on trade talks go on.", "Trade",
        published="2023-05", source="MERIDIAN WIRE", language="en",
        country=("US",), topic=("medtop:04000000", "medtop:11000000"),
    ),
    Article(
        "wall", "The wall fell in Berlin on a cold night.", "Berlin wall opens",
        published="1989-11-09T23:30:00+01:00", source="Harbour Gazette", language="en",
        person=("Günter Schabowski",), country=("DE", "DDDE"), topic=("medtop:11000000",),
    ),
    Article("undated", "A note on trade without a date.", "", language="en"),
    Article("vingt", "Les discussions commerciales à Genève.", "Discussions", published="2023-06-18", language="fr",
            source="Harbour Gazette", person=("Gunter Schabowski",)),
    Article("again", "More talks.", "Constructive", published="2023-06-18", language="en", country=("CN",),
            person=("Günter Schabowski",)),
)  # fmt: skip


class _Local:
    def __init__(self, folder: Path) -> None:
        self.place = folder / "news.idx"

    def writer(self) -> Writer:
        return search.writer(self.place)

    def engine(self) -> Engine:
        return search.open(self.place)


class _Plain:
    def __init__(self) -> None:
        self.plain = PlainEngine()

    def writer(self) -> Writer:
        return self.plain.writer()

    def engine(self) -> Engine:
        return self.plain


@pytest.fixture(params=["local", "plain"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> _Local | _Plain:
    return _Local(tmp_path) if request.param == "local" else _Plain()


@pytest.fixture
def engine(backend: _Local | _Plain) -> Iterator[Engine]:
    with backend.writer() as writer:
        for article in ARTICLES:
            writer.add(article)
    with backend.engine() as opened:
        yield opened


def ids(engine: Engine, text: str = "", **rest: object) -> list[str]:
    results = engine.search(Query(text, **rest))  # type: ignore[arg-type]
    assert results.total >= len(results.hits)
    return [hit.article.id for hit in results.hits]


def counts(engine: Engine, field: str, text: str = "", **rest: object) -> dict[str, int]:
    facet = engine.search(Query(text, facets=(field,), **rest)).facets[field]  # type: ignore[arg-type]
    return {entry.value: entry.count for entry in facets.values(facet)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("talks", {"talks", "trade", "again"}),
        ("talk", {"talks", "trade", "again"}),
        ("constructive talks", {"talks", "again"}),
        ('"constructive talks"', {"talks"}),
        ('"trade talks"', {"trade"}),
        ('"talks constructive"', set()),
        ("TALKS -blinken", {"trade", "again"}),
        ("NOT talks", {"wall", "undated", "vingt"}),
        ("wall OR grain", {"wall", "trade"}),
        ("(wall OR grain) berlin", {"wall"}),
        ("title:trade", {"trade"}),
        ("title:constructive", {"again"}),
        ("tra*", {"talks", "trade", "undated"}),
        ("tradi*", {"trade"}),
        ("title:ber*", {"wall"}),
        ("geneve", {"vingt"}),
        ("commercial", {"vingt"}),
        ("zebra", set()),
        ("zebra OR talks", {"talks", "trade", "again"}),
        ("?!", {"talks", "trade", "wall", "undated", "vingt", "again"}),
        ("", {"talks", "trade", "wall", "undated", "vingt", "again"}),
    ],
)
def test_text_matches(engine: Engine, text: str, found: set[str]) -> None:
    assert set(ids(engine, text)) == found


def test_phrase_does_not_run_from_the_title_into_the_text(engine: Engine) -> None:
    assert ids(engine, '"constructive more"') == []


def test_newest_come_first_and_undated_last(engine: Engine) -> None:
    assert ids(engine) == ["again", "talks", "vingt", "trade", "wall", "undated"]


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


@pytest.fixture(scope="module", params=["plain", "local"])
def moments(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    articles = [Article(name, "Text.", published=published, group="g") for name, published in MOMENTS.items()]
    if request.param == "plain":
        yield PlainEngine(articles)
        return
    index = tmp_path_factory.mktemp("moments") / "index"
    for half in (articles[::2], articles[1::2]):  # two segments
        with search.writer(index) as writer:
            for article in half:
                writer.add(article)
    with search.open(index) as opened:
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


def about(article_id: str, **countries: bool) -> Article:
    evidence = tuple(Evidence(code, None, None, "", "name", 0.9, main=main) for code, main in countries.items())
    return Article(article_id, "A word.", country=tuple(countries), evidence={"country": evidence})


def test_main_countries_are_filtered_and_counted_alone(backend: _Local | _Plain) -> None:
    with backend.writer() as writer:
        for article in (about("a", FR=True, DE=False), about("b", DE=True, FR=True), about("c", DE=False), about("d")):
            writer.add(article)
    with backend.engine() as engine:
        assert counts(engine, "country") == {"DE": 3, "FR": 2}
        assert counts(engine, "country", country_main=True) == {"FR": 2, "DE": 1}
        for wanted, named, main in (
            (Filter(any=("DE",)), ["a", "b", "c"], ["b"]),
            (Filter(all=("DE", "FR")), ["a", "b"], ["b"]),
            (Filter(none=("DE",)), ["d"], ["a", "c", "d"]),
            (Filter(missing=True), ["d"], ["c", "d"]),
        ):
            assert ids(engine, filters={"country": wanted}) == named
            assert ids(engine, filters={"country": wanted}, country_main=True) == main
        assert ids(engine, "country:DE", country_main=True) == ["a", "b", "c"]
        listed = engine.facet(Query(country_main=True), "country", Listing(prefix="ger"))
        assert [(entry.label, entry.count) for entry in facets.values(listed)] == [("Germany", 1)]
        assert engine.article("a").country == ("FR", "DE")


def test_names_merged_by_the_authority_file_are_merged_among_main_countries(backend: _Local | _Plain) -> None:
    with backend.writer() as writer:
        for article in (about("a", RU=True), about("b", SUHH=True, RU=False), about("c", SUHH=False)):
            writer.add(article)
        writer.set_authority(merge(Authority(), "country", "RU", ("SUHH",), "", "2026-01-02T03:04:05+00:00"))
    with backend.engine() as engine:
        assert counts(engine, "country") == {"RU": 3}
        assert counts(engine, "country", country_main=True) == {"RU": 2}


def test_articles_are_sorted_and_found_by_when_they_came_in(backend: _Local | _Plain) -> None:
    with backend.writer() as writer:
        for article in STAMPED:
            writer.add(article)
    with backend.engine() as engine:
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


def test_oldest_come_first_and_undated_still_last(engine: Engine) -> None:
    assert ids(engine, sort="oldest") == ["wall", "trade", "again", "talks", "vingt", "undated"]


def test_a_title_occurrence_counts_three_times(engine: Engine) -> None:
    """Three of six articles have “trade”; in one it stands once in the title, twice in the text: 5 of 14 words."""
    best = engine.search(Query("trade")).hits[0]
    idf = math.log(1 + (6 - 3 + 0.5) / (3 + 0.5))
    lengths = [9 + 10, 3 + 11, 9 + 9, 7, 3 + 5, 3 + 2]
    norm = 1.2 * (1 - 0.75 + 0.75 * lengths[1] / (sum(lengths) / 6))

    assert best.article.id == "trade"
    assert best.score == pytest.approx(idf * 5 / (5 + norm), abs=1e-5)


def test_score_is_none_without_text(engine: Engine) -> None:
    assert {hit.score for hit in engine.search(Query()).hits} == {None}


def test_pages_partition_the_result(engine: Engine) -> None:
    pages = [ids(engine, size=2, page=page) for page in (1, 2, 3, 4)]

    assert [article_id for page in pages for article_id in page] == ids(engine)
    assert pages[3] == []


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_cursor_goes_on_where_the_page_ended(engine: Engine, sort: search.query.Sort) -> None:
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


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(any=("CN",)), {"talks", "again"}),
        (Filter(any=("CN", "DE")), {"talks", "again", "wall"}),
        (Filter(all=("CN", "US")), {"talks"}),
        (Filter(none=("CN",)), {"trade", "wall", "undated", "vingt"}),
        (Filter(missing=True), {"undated", "vingt"}),
        (Filter(any=("DE",), missing=True), {"undated", "vingt", "wall"}),
        (Filter(any=("US",), none=("CN",)), {"trade"}),
        (Filter(any=("FR",)), set()),
        (Filter(any=("China",)), {"talks", "again"}),
        (Filter(all=("prc", "United States")), {"talks"}),
        (Filter(none=("china",)), {"trade", "wall", "undated", "vingt"}),
        (Filter(), {"talks", "trade", "wall", "undated", "vingt", "again"}),
    ],
)
def test_filter(engine: Engine, wanted: Filter, found: set[str]) -> None:
    assert set(ids(engine, filters={"country": wanted})) == found


@pytest.mark.parametrize("name", ["\u00b4", "\u0301", "\u00a8 \u00b8"])
def test_a_name_of_nothing_but_accents_is_a_value(backend: _Local | _Plain, engine: Engine, name: str) -> None:
    with backend.writer() as writer:
        writer.add(Article("odd", "x", person=(name,)))

    assert ids(engine, filters={"person": Filter(any=(name,))}) == ["odd"]
    assert counts(engine, "person")[name] == 1


def test_a_topic_is_filtered_and_opened_by_its_label(engine: Engine) -> None:
    assert ids(engine, filters={"topic": Filter(any=("Politics",))}) == ids(
        engine, filters={"topic": Filter(any=("medtop:11000000",))}
    )
    by_code, by_label = Listing(parent="medtop:11000000"), Listing(parent="politics")
    assert engine.facet(Query(), "topic", by_label) == engine.facet(Query(), "topic", by_code)


def test_filter_ignores_case_and_accents(engine: Engine) -> None:
    expected = {"wall", "vingt", "again"}

    for spelling in ("Günter Schabowski", "gunter  schabowski", "GÜNTER SCHABOWSKI"):
        assert set(ids(engine, filters={"person": Filter(any=(spelling,))})) == expected


def test_facet_shows_one_spelling_the_most_used(engine: Engine) -> None:
    assert counts(engine, "person") == {"Günter Schabowski": 3, "Antony Blinken": 1, "Xi Jinping": 1}
    assert counts(engine, "source") == {"Harbour Gazette": 2, "Meridian Wire": 2}


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


@pytest.mark.parametrize(
    ("first", "last", "missing", "found"),
    [
        ("2023-06-18", "2023-06-18", False, {"talks", "vingt", "again"}),
        ("2023-05", None, False, {"talks", "vingt", "again", "trade"}),
        (None, "1989", False, {"wall"}),
        ("1989-11-09", "1989-11-09", False, {"wall"}),
        (None, None, True, {"undated"}),
        ("1989", "1989", True, {"wall", "undated"}),
        ("2030", "2040", False, set()),
    ],
)
def test_date_range(engine: Engine, first: str | None, last: str | None, missing: bool, found: set[str]) -> None:
    assert set(ids(engine, date_from=first, date_to=last, date_missing=missing)) == found


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


def test_terms_tell_which_word_emptied_the_result(engine: Engine) -> None:
    results = engine.search(Query("talks zebra"))

    assert results.total == 0
    assert [(t.term, t.articles) for t in results.query.terms] == [("talks", 3), ("zebra", 0)]


def test_snippets_mark_the_words_of_the_query(engine: Engine) -> None:
    hit = engine.search(Query("constructive berlin OR talks")).hits[0]
    marked = [s.text[a:b] for s in hit.snippets for a, b in s.marks]

    assert marked
    assert {word.lower() for word in marked} <= {"talks", "constructive", "berlin"}


def test_missing_article_is_an_error(engine: Engine) -> None:
    assert engine.article("wall").title == "Berlin wall opens"
    with pytest.raises(search.ArticleMissing, match="nowhere"):
        engine.article("nowhere")


def test_a_blocked_article_is_gone_not_just_missing(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.block("wall")
        writer.block("never")

    for asked in (engine.article, engine.copies, lambda name: engine.similar(name, Query())):
        for name in ("wall", "never"):
            with pytest.raises(search.ArticleGone, match=f"“{name}” was removed"):
                asked(name)
    with pytest.raises(search.ArticleMissing) as missing:
        engine.article("nowhere")
    assert not isinstance(missing.value, search.ArticleGone)
    with backend.writer() as writer:
        writer.unblock("wall")
        writer.add(ARTICLES[2])
    assert engine.article("wall").title == "Berlin wall opens"


def removed(engine: Engine) -> list[str]:
    return [one.id for one in engine.removed(tombstones.since())]


def test_removed_articles_are_remembered_until_they_come_back(backend: _Local | _Plain, engine: Engine) -> None:
    began = dates.now()
    with backend.writer() as writer:
        writer.delete("wall")
        writer.take_down("talks")
        writer.delete("never")
        writer.add(ARTICLES[1])
    assert removed(engine) == ["talks", "wall"]
    assert all(began <= one.at <= dates.now() for one in engine.removed(began))
    with pytest.raises(search.ArticleGone, match=r"was removed on \d{4}-\d\d-\d\d\."):
        engine.article("wall")

    with backend.writer() as writer:
        writer.add(ARTICLES[2])
        writer.delete("again")
        writer.add(ARTICLES[5])
    assert removed(engine) == ["talks"]
    assert list(engine.removed("9999-01-01T00:00:00Z")) == []


def test_what_is_rolled_back_is_not_remembered_as_removed(backend: _Local | _Plain, engine: Engine) -> None:
    writer = backend.writer()
    writer.delete("wall")
    writer.rollback()
    writer.delete("talks")
    writer.commit()
    writer.close()

    assert removed(engine) == ["talks"]


def test_nothing_is_remembered_of_what_is_purged(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.delete("wall")
        writer.delete("talks")
    with backend.writer() as writer:
        writer.purge(["wall", "vingt"])

    assert removed(engine) == ["talks"]
    for name in ("wall", "vingt"):
        with pytest.raises(search.ArticleMissing) as missing:
            engine.article(name)
        assert not isinstance(missing.value, search.ArticleGone)


def test_article_comes_back_as_it_went_in(engine: Engine) -> None:
    for article in ARTICLES[:4]:
        assert replace(engine.article(article.id), source=article.source) == article


def test_article_is_spelled_as_the_facet_is(engine: Engine) -> None:
    assert engine.article("vingt").person == ("Günter Schabowski",)
    assert engine.article("trade").source == "Meridian Wire"


def test_export_gives_all_that_match_newest_first(engine: Engine) -> None:
    exported = list(engine.export(Query("talks OR trade", filters={"country": Filter(any=("CN", "US"))}, size=1)))

    assert [article.id for article in exported] == ["again", "talks", "trade"]


def test_stats_count_what_is_there(engine: Engine) -> None:
    stats = engine.stats()

    assert stats.articles == engine.articles == len(ARTICLES)
    assert stats.distinct["person"] == 3
    assert stats.terms > 20


SWEEP = """
import itertools, pathlib
for number in itertools.count():
    file = pathlib.Path(f"swept-{number % 50}")
    file.unlink() if file.exists() else file.touch()
"""


def test_stats_are_given_while_files_come_and_go(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(ARTICLES[0])

    with (
        search.open(tmp_path / "idx") as engine,
        subprocess.Popen([sys.executable, "-c", SWEEP], cwd=tmp_path / "idx") as sweeping,
    ):
        try:
            for _ in range(2000):
                assert engine.stats().articles == 1
            assert sweeping.poll() is None
        finally:
            sweeping.kill()


# -- writing -----------------------------------------------------------------------------------------------


def test_commit_is_seen_by_an_open_engine(backend: _Local | _Plain, engine: Engine) -> None:
    before = engine.generation
    with backend.writer() as writer:
        writer.add(Article("new", "Fresh zebra news."))

    assert ids(engine, "zebra") == ["new"]
    assert engine.generation > before


def test_an_index_made_anew_is_seen(tmp_path: Path) -> None:
    place = tmp_path / "idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "zebra"))
    with search.open(place) as opened:
        assert ids(opened, "zebra") == ["old"]
        shutil.rmtree(place)
        with pytest.raises(search.IndexMissing, match="has been removed"):
            opened.search(Query())
        with search.writer(place) as writer:
            writer.add(Article("new", "zebra"))

        assert ids(opened, "zebra") == ["new"]


def test_too_fine_a_histogram_is_refused(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("old", "ancient", published="0001-01-01"))
        writer.add(Article("new", "recent", published="2024-01-01"))
    with search.open(tmp_path / "idx") as opened:
        with pytest.raises(search.BadQuery, match="wider interval"):
            opened.search(Query(interval="day"))

        assert opened.search(Query(interval="year")).total == 2


def test_adding_an_id_again_replaces_the_article(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("wall", "A zebra."))
        writer.add(Article("wall", "Two zebras."))

    assert engine.search(Query()).total == len(ARTICLES)
    assert engine.article("wall").text == "Two zebras."
    assert counts(engine, "country") == {"CN": 2, "US": 2}


def test_deleted_article_is_gone_from_hits_and_counts(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        assert writer.delete("talks")
        assert not writer.delete("nowhere")

    assert set(ids(engine, "talks")) == {"trade", "again"}
    assert counts(engine, "country") == {"CN": 1, "US": 1, "DE": 1, "DDDE": 1}
    with pytest.raises(search.ArticleMissing):
        engine.article("talks")


def test_rollback_changes_nothing(backend: _Local | _Plain, engine: Engine) -> None:
    writer = backend.writer()
    writer.add(Article("new", "zebra"))
    writer.delete("wall")
    writer.rollback()
    writer.commit()
    writer.close()

    assert ids(engine, "zebra") == []
    assert ids(engine, "wall") == ["wall"]


def test_an_exception_rolls_back(backend: _Local | _Plain, engine: Engine) -> None:
    def failing() -> None:
        with backend.writer() as writer:
            writer.add(Article("new", "zebra"))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        failing()

    assert ids(engine, "zebra") == []
    with backend.writer() as writer:  # the lock is free again
        writer.add(Article("new", "zebra"))
    assert ids(engine, "zebra") == ["new"]


def test_digests_are_of_what_is_committed(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("new", "zebra", digest="abc", collection="zoo"))
    with backend.writer() as writer:
        assert writer.digests(["new", "nowhere"]) == {"new": "abc"}
        assert list(writer.ids("zoo")) == ["new"]
        assert list(writer.ids("nothing")) == []


def test_a_blocked_id_stays_out_until_it_is_unblocked(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.block("wall")
    with backend.writer() as writer:
        assert writer.blocked() == {"wall"}
        with pytest.raises(search.ArticleBlocked, match="wall"):
            writer.add(Article("wall", "Back again."))
    assert ids(engine, "wall") == []

    with backend.writer() as writer:
        assert writer.unblock("wall")
        assert not writer.unblock("wall")
        writer.add(Article("wall", "Back again."))
    assert ids(engine, "again") == ["wall"]


def test_prepared_articles_are_as_if_they_were_added(backend: _Local | _Plain) -> None:
    with backend.writer() as writer:
        add_prepared(writer, [replace(article, group="g") for article in ARTICLES])
    engine = backend.engine()

    assert ids(engine, "talks", sort="oldest") == ["trade", "again", "talks"]
    assert engine.search(Query("talks", group="story")).total == 1
    with backend.writer() as writer:
        assert [writer.stored(article.id) for article in ARTICLES] == [replace(a, group="g") for a in ARTICLES]


def test_a_prepared_article_replaces_the_one_of_its_id(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer, writer.preparing() as preparer:
        writer.add_prepared(preparer()([Article("wall", "Zebra."), Article("wall", "Zebras cross.")]), ())

    assert ids(engine, "wall") == []
    assert ids(engine, "zebra") == ["wall"]


def test_a_blocked_id_cannot_come_prepared(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer, writer.preparing() as preparer:
        writer.block("wall")
        with pytest.raises(search.ArticleBlocked, match="wall"):
            writer.add_prepared(preparer()([Article("wall", "Back again.")]), ())


def test_an_article_is_put_in_a_group_and_stays_as_it_is(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer, writer.preparing() as preparer:
        writer.add(Article("new", "Zebra."))
        writer.add_prepared(preparer()([Article("other", "Zebra.", "Stripes")]), ())
        writer.delete("again")
        for article_id in ("wall", "new", "other", "again", "nowhere"):
            writer.regroup(article_id, "g")

    with backend.writer() as writer:
        assert writer.stored("wall") == replace(ARTICLES[2], group="g")
        assert writer.stored("other") == Article("other", "Zebra.", "Stripes", group="g")
    assert [copy.id for copy in engine.copies("new")] == ["wall", "other"]
    assert ids(engine, "constructive") == ["talks"]
    assert engine.search(Query("zebra OR wall", group="story")).total == 1


def test_a_purged_article_is_gone_and_its_copies_are_named_after_another(
    backend: _Local | _Plain, engine: Engine
) -> None:
    with backend.writer() as writer:
        for name in ("first", "second", "third"):
            writer.add(Article(name, "Zebra stripes.", group="first"))
    with backend.writer() as writer:
        purged = writer.purge({"first", "nowhere"})
        assert purged.found == {"first"}
        assert purged.renamed == {"first": "second"}
        assert writer.purge({"nowhere"}).renamed == {}

    assert ids(engine, "zebra") == ["second", "third"]
    assert [copy.id for copy in engine.copies("second")] == ["third"]
    assert engine.article("third").group == "second"


def test_a_rolled_back_block_keeps_nothing_out(backend: _Local | _Plain, engine: Engine) -> None:
    writer = backend.writer()
    writer.block("wall")
    writer.rollback()
    writer.close()

    with backend.writer() as writer:
        assert writer.blocked() == frozenset()
    assert ids(engine, "wall") == ["wall"]


def test_an_empty_index_answers(backend: _Local | _Plain) -> None:
    with backend.writer():
        pass
    engine = backend.engine()
    results = engine.search(Query("anything", filters={"person": Filter(any=("Nobody",))}))

    assert results.total == 0
    assert engine.stats().articles == engine.articles == 0
    engine.close()


# -- copies that count as one story ------------------------------------------------------------------------

COPIES = (
    Article("first", "A storm hit the coast.", "Storm", published="2001-03-01", person=("Ann Lee",), group="storm"),
    Article("second", "A storm hit the coast.", "", published="2001-03-02", person=("Bo",), group="storm"),
    Article("third", "A storm hit the coast again.", "", published="2002-01-01", group="storm"),
    Article("alone", "A calm day at the coast.", "Calm", published="2001-03-01", person=("Ann Lee",)),
)


@pytest.fixture
def copied(backend: _Local | _Plain) -> Iterator[Engine]:
    for batch in (COPIES[:2], COPIES[2:]):
        with backend.writer() as writer:
            for article in batch:
                writer.add(article)
    with backend.engine() as opened:
        yield opened


def test_a_story_is_found_once_by_its_first_in_order(copied: Engine) -> None:
    assert ids(copied, group="story") == ["third", "alone"]
    assert ids(copied, group="story", sort="oldest") == ["alone", "first"]
    assert ids(copied, "storm", group="story") == ["first"]
    assert ids(copied, "storm") == ["first", "second", "third"]


def test_totals_and_counts_are_of_stories(copied: Engine) -> None:
    query = Query(group="story", facets=("person", "date"), interval="year")
    results = copied.search(query)
    person, published = results.facets["person"], results.facets["date"]

    assert results.total == 2
    assert isinstance(person, search.ValueFacet)
    assert [(e.value, e.count) for e in person.values] == [("Ann Lee", 2), ("Bo", 1)]
    assert person.missing == 1
    assert [b.count for b in facets.buckets(published)] == [2, 1]
    assert len(list(copied.export(query))) == results.total


def test_a_hit_knows_its_group(copied: Engine) -> None:
    hits = copied.search(Query(sort="oldest", fields=("id", "group"))).hits

    assert [hit.group for hit in hits] == [None, ("storm", 3), ("storm", 3), ("storm", 3)]


def test_a_deleted_copy_is_in_no_group(backend: _Local | _Plain, copied: Engine) -> None:
    with backend.writer() as writer:
        writer.delete("second")

    assert copied.search(Query("first OR storm")).hits[0].group == ("storm", 2)
    assert [article.id for article in copied.copies("first")] == ["third"]


def test_copies_are_the_others_of_the_group_oldest_first(copied: Engine) -> None:
    assert [article.id for article in copied.copies("second")] == ["first", "third"]
    assert copied.copies("alone") == ()
    with pytest.raises(search.ArticleMissing):
        copied.copies("nowhere")


# -- lists of values, completions --------------------------------------------------------------------------


def listed(engine: Engine, field: str, query: Query | None = None, **listing: object) -> list[tuple[str, int]]:
    facet = engine.facet(query or Query(), field, Listing(**listing))  # type: ignore[arg-type]
    return [(entry.value, entry.count) for entry in facets.values(facet)]


@pytest.mark.parametrize(
    ("field", "prefix", "found"),
    [
        ("person", "gu", ["Günter Schabowski"]),
        ("person", "SCHÁ", ["Günter Schabowski"]),
        ("person", "bli ant", ["Antony Blinken"]),
        ("person", "ntony", []),
        ("person", "?", []),
        ("country", "germ", ["DDDE", "DE"]),
        ("country", "usa", ["US"]),
        ("country", "united k", []),
        ("source", "wire", ["Meridian Wire"]),
        ("topic", "fin", ["medtop:04000000"]),
    ],
)
def test_a_prefix_begins_any_word_of_a_name(engine: Engine, field: str, prefix: str, found: list[str]) -> None:
    assert [value for value, _ in listed(engine, field, prefix=prefix)] == found


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


def test_children_are_listed_under_their_parent(backend: _Local | _Plain) -> None:
    with backend.writer() as writer:
        writer.add(Article("a", "A match.", topic=("medtop:20001065",)))  # soccer, a competition discipline, sport
        writer.add(Article("b", "A match.", topic=("medtop:20000822", "medtop:20001065")))
        writer.add(Article("c", "A game.", topic=("medtop:15000000",)))
    engine = backend.engine()

    assert listed(engine, "topic") == [("medtop:15000000", 3)]
    assert listed(engine, "topic", parent="medtop:15000000") == [("medtop:20000822", 2)]
    assert listed(engine, "topic", parent="medtop:20000822") == [("medtop:20001065", 2)]
    assert set(ids(engine, filters={"topic": Filter(any=("medtop:20000822",))})) == {"a", "b"}
    engine.close()


def test_the_date_is_listed_as_a_histogram(engine: Engine) -> None:
    assert engine.facet(Query(), "date", Listing()) == engine.search(Query()).facets["date"]


def test_names_are_suggested_with_their_counts(engine: Engine) -> None:
    assert [(s.type, s.label, s.count) for s in engine.suggest("g", 10)] == [
        ("person", "Günter Schabowski", 3),
        ("source", "Harbour Gazette", 2),
        ("country", "East Germany (1949–1990)", 1),
        ("country", "Germany", 1),
    ]
    assert [s.value for s in engine.suggest("peking c", 10)] == []
    assert [s.value for s in engine.suggest("pol", 1)] == ["medtop:11000000"]
    assert engine.suggest(" ", 10) == ()


def test_an_author_is_a_facet_and_a_condition(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("two", "Ships came.", author=("Ann Lee", "Zoë Quill"), language="en"))
        writer.add(Article("one", "Ships went.", author=("ann lee",), language="en"))

    assert counts(engine, "author") == {"Ann Lee": 2, "Zoë Quill": 1}
    assert set(ids(engine, 'author:"ANN LEE"')) == {"one", "two"}
    assert ids(engine, "ships", filters={"author": Filter(all=("Ann Lee", "zoe quill"))}) == ["two"]
    assert set(ids(engine, "ships", filters={"author": Filter(none=("Zoë Quill",))})) == {"one"}
    assert "talks" in ids(engine, filters={"author": Filter(missing=True)})
    assert engine.article("two").author == ("Ann Lee", "Zoë Quill")


def test_a_topic_is_called_what_the_authority_says(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        said = merge(Authority(), "topic", "Fußball der Herren", ("soccer",), "Q2736", "2026-01-02T03:04:05+00:00")
        writer.set_authority(merge(said, "topic", "Sport (all)", ("sport",), "", "2026-01-02T03:04:06+00:00"))
        writer.add(Article("goal", "One nil.", topic=("medtop:20001065",), language="en"))

    tops = engine.search(Query(facets=("topic",))).facets["topic"]
    below = engine.facet(Query(), "topic", Listing(parent="medtop:20000822"))
    assert ("medtop:15000000", "Sport (all)", 1) in [entry[:3] for entry in facets.values(tops)]
    assert [entry[:3] for entry in facets.values(below)] == [("medtop:20001065", "Fußball der Herren", 1)]
    assert [s.label for s in engine.suggest("herren fuss", 5)] == ["Fußball der Herren"]
    assert [s.label for s in engine.suggest("soccer", 5)] == ["Fußball der Herren"]
    assert ids(engine, "topic:soccer") == ["goal"]
    assert engine.name_rules("topic").items == {"medtop:20001065": "Q2736"}
    with backend.writer() as writer:
        writer.set_authority(block(writer.authority(), "topic", "soccer", "2026-01-02T03:04:07+00:00"))
    assert ids(engine, "topic:soccer") == []


def test_a_topic_is_found_and_suggested_by_everyday_words(backend: _Local | _Plain, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("goal", "One nil.", topic=("medtop:20001065",), language="en"))
        writer.add(Article("hall", "Six five.", topic=("medtop:20000937",), language="en"))

    assert ids(engine, filters={"topic": Filter(any=("football",))}) == ["goal"]
    assert ids(engine, "topic:football") == ["goal"]
    assert engine.search(Query("topic:football")).query.notes == ()
    assert [s.label for s in engine.suggest("footb", 5)] == ["soccer"]


def test_new_names_are_suggested_after_a_commit(backend: _Local | _Plain, engine: Engine) -> None:
    assert engine.suggest("zoe", 5) == ()
    with backend.writer() as writer:
        writer.add(Article("new", "Fresh.", person=("Zoë Quill",)))
        writer.delete("wall")

    assert [(s.value, s.count) for s in engine.suggest("zoe", 5)] == [("Zoë Quill", 1)]
    assert [(s.value, s.count) for s in engine.suggest("schab", 5)] == [("Günter Schabowski", 2)]


# -- more like this, did you mean, trends, marks -----------------------------------------------------------


def test_what_is_similar_leaves_out_the_article_and_its_copies(copied: Engine) -> None:
    assert [hit.article.id for hit in copied.similar("first", Query(facets=())).hits] == ["alone"]
    assert [hit.article.id for hit in copied.similar("alone", Query(facets=())).hits] == ["second", "third", "first"]


def test_similar_names_its_terms_and_keeps_to_filters(engine: Engine) -> None:
    found = engine.similar("talks", Query(facets=(), filters={"country": Filter(any=("US",))}))

    assert [hit.article.id for hit in found.hits] == ["trade"]
    assert "talks" in [term.term for term in found.query.terms]
    assert engine.search(Query(found.query.canonical)).total > found.total
    with pytest.raises(search.ArticleMissing):
        engine.similar("nowhere", Query())


def test_nothing_is_similar_to_an_article_without_shared_words(backend: _Local | _Plain) -> None:
    with backend.writer() as writer:
        writer.add(Article("one", "Zebra."))
        writer.add(Article("two", "Okapi."))
    engine = backend.engine()

    assert engine.similar("one", Query(facets=())).total == 0
    engine.close()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("tlaks", "talks"),
        ("tolks trade", "talks AND trade"),
        ('"trede talks"', '"trade talks"'),
        ("title:constructve", "title:constructive"),
        ("talks zebra", "talks"),
        ("talks berlin", "talks"),
        ("grain berlin", "grain"),
        ("grain geneve cold", "grain OR geneve OR cold"),
        ("tolks OR wall", "talks OR wall"),
        ("talks", None),
        ("xylophone", None),
        ("", None),
        ("talks -talks", "talks"),
        ('"talks constructive"', "talks AND constructive"),
        ('title:"china blinken" talks', "title:china AND title:blinken AND talks"),
        ('"talks constructive" zebra', "talks AND constructive"),
        ('"talks talks talks talks"', "talks"),
        ('-"trade talks" zebra', None),
    ],
)
def test_a_query_that_finds_nothing_offers_what_would_find_more(engine: Engine, text: str, offered: str | None) -> None:
    results = engine.search(Query(text))

    assert results.did_you_mean == offered
    if offered:
        assert engine.search(Query(offered)).total > results.total


def test_an_offer_finds_more_under_the_same_filters(engine: Engine) -> None:
    assert engine.search(Query("tolks", filters={"country": Filter(any=("DE",))})).did_you_mean is None


def test_a_trend_knows_its_denominator(engine: Engine) -> None:
    query = Query("talks", filters={"country": Filter(any=("CN", "DE"))}, interval="decade")
    trend, whole = engine.trend(query, "filters"), engine.trend(query, "archive")

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


def test_a_word_is_marked_under_its_stem_in_the_language_of_the_article(engine: Engine) -> None:
    article = engine.article("vingt")
    marked = engine.marked(article, "commercial")

    assert [article.text[a:b] for a, b in marked.text] == ["commerciales"]


def test_only_the_similar_words_that_are_found_are_marked(engine: Engine) -> None:
    hit = engine.search(Query("tolks~1")).hits[0]

    assert {s.text[a:b].lower() for s in hit.snippets for a, b in s.marks} == {"talks"}


def test_hits_carry_what_is_asked_for(engine: Engine) -> None:
    bare = engine.search(Query("talks", fields=("id", "score"))).hits[0]
    whole = engine.search(Query("talks")).hits[0]

    assert (bare.article.id, bare.article.text, bare.snippets) == (whole.article.id, "", ())
    assert bare.score == whole.score
    assert engine.search(Query("talks", fields=("title",))).hits[0].article == whole.article


def test_an_engine_closes_itself_at_the_end_of_its_block(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "Text."))
    before = len(os.listdir("/proc/self/fd"))
    with search.open(tmp_path / "idx") as engine:
        assert engine.search(Query()).total == 1
        assert len(os.listdir("/proc/self/fd")) > before

    assert len(os.listdir("/proc/self/fd")) == before
