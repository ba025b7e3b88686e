"""Which articles pass filters of values and of dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from search import Article, Filter, Query
from search.analyses import legible
from search.engine import Engine
from search.names.authority import Authority, merge
from search.seen import seen
from search.values.article import Evidence
from search.values.query import DENOMINATORS, Listing
from search.values.rights import Extent, sight
from search.values.scan import ScanPage
from tests import facets
from tests.cases import cases
from tests.search.contract.archive import Backend, counts, holding, ids


@cases(
    "wanted, found",
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


def test_a_name_of_nothing_but_accents_is_a_value(backend: Backend, engine: Engine) -> None:
    for name in ("\u00b4", "\u0301", "\u00a8 \u00b8"):
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


@cases(
    "first, last, missing, found",
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


def about(article_id: str, **countries: bool) -> Article:
    evidence = tuple(Evidence(code, None, None, "", "name", 0.9, main=main) for code, main in countries.items())
    return Article(article_id, "A word.", country=tuple(countries), evidence={"country": evidence})


def test_main_countries_are_filtered_and_counted_alone(backend: Backend) -> None:
    with holding(
        backend, (about("a", FR=True, DE=False), about("b", DE=True, FR=True), about("c", DE=False), about("d"))
    ) as engine:
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


def test_names_merged_by_the_authority_file_are_merged_among_main_countries(backend: Backend) -> None:
    with backend.writer() as writer:
        for article in (about("a", RU=True), about("b", SUHH=True, RU=False), about("c", SUHH=False)):
            writer.add(article)
        writer.set_authority(merge(Authority(), "country", "RU", ("SUHH",), "", "2026-01-02T03:04:05+00:00"))
    with backend.engine() as engine:
        assert counts(engine, "country") == {"RU": 3}
        assert counts(engine, "country", country_main=True) == {"RU": 2}


def test_an_author_is_a_facet_and_a_condition(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("two", "Ships came.", author=("Ann Lee", "Zoë Quill"), language="en"))
        writer.add(Article("one", "Ships went.", author=("ann lee",), language="en"))

    assert counts(engine, "author") == {"Ann Lee": 2, "Zoë Quill": 1}
    assert set(ids(engine, 'author:"ANN LEE"')) == {"one", "two"}
    assert ids(engine, "ships", filters={"author": Filter(all=("Ann Lee", "zoe quill"))}) == ["two"]
    assert set(ids(engine, "ships", filters={"author": Filter(none=("Zoë Quill",))})) == {"one"}
    assert "talks" in ids(engine, filters={"author": Filter(missing=True)})
    assert engine.article("two").author == ("Ann Lee", "Zoë Quill")


def test_only_articles_that_were_read_well_enough_have_a_quality(backend: Backend) -> None:
    read = {"clear": 1.0, "fair": 0.7, "poor": 0.29, "none": 0.0, "born": None}
    some = [Article(name, "A ferry sank.", quality=sure, known=sure) for name, sure in read.items()]
    with holding(backend, some[:2], some[2:]) as engine:
        found = {least: set(ids(engine, "ferry", quality_from=least)) for least in ("0", "0.29", "0.7", "0.701", "1")}
        assert found["0"] == {"clear", "fair", "poor", "none"}
        assert (found["0.29"], found["0.7"]) == ({"clear", "fair", "poor"}, {"clear", "fair"})
        assert found["0.701"] == found["1"] == {"clear"}
        assert found["0"] == set(ids(engine, "ferry", known_from="0"))
        assert ids(engine, known_from="0.701") == ["clear"]
        assert ids(engine, known_missing=True) == ids(engine, quality_missing=True) == ["born"]
        assert set(ids(engine, known_from="0.7", known_missing=True)) == {"clear", "fair", "born"}
        asked = Query(quality_from="1", quality_missing=True, known_from="1", known_missing=True)
        assert asked.reference("archive") == Query()
    with backend.writer() as writer:
        writer.add(Article("clear", "A ferry sank.", quality=0.5))
    with backend.engine() as engine:
        assert set(ids(engine, quality_from="0.6")) == {"fair"}
        assert engine.article("clear").quality == 0.5


def test_only_articles_with_a_picture_have_a_scan(backend: Backend) -> None:
    picture, kept = ScanPage("1", picture=f"{'a' * 64}.jpg"), ScanPage("2", note="It is a TIFF.")
    some = (
        Article("printed", "A ferry sank.", scan=(kept, picture)),
        Article("next", "A bridge sank.", scan=(ScanPage(picture=f"{'b' * 64}.png"),), country=("FR",)),
        Article("unread", "A mayor sank.", scan=(kept,), country=("FR",)),
        Article("born", "A web page sank.", country=("FR",)),
    )
    with holding(backend, some[:2], some[2:]) as engine:
        assert set(ids(engine, "sank", scan=True)) == {"printed", "next"}
        assert set(ids(engine, scan=True)) == {"printed", "next"}
        assert ids(engine, "ferry OR web", scan=True) == ["printed"]
        assert counts(engine, "country", "sank", scan=True) == {"FR": 1}
        assert engine.totals([Query("sank", scan=True), Query("mayor", scan=True)]) == (2, 0)
        assert Query(scan=True).reference("archive") == Query()
    with backend.writer() as writer:
        writer.add(Article("printed", "A ferry sank."))
    with backend.engine() as engine:
        assert ids(engine, scan=True) == ["next"]


def test_a_trend_of_legible_articles_is_of_them_alone(backend: Backend) -> None:
    read = (
        ("a", "1901-03-01", "The tide rose.", 0.5), ("b", "1901-04-01", "The tide rose.", 0.9),
        ("c", "1901-05-01", "No word.", 0.6), ("d", "1902-01-15", "The tide fell.", 0.95),
        ("e", "1902-02-01", "No word.", 0.99), ("f", "1902-03-01", "The tide.", None), ("g", None, "The tide.", 0.9),
    )  # fmt: skip
    some = [Article(name, text, published=day, known=known, source="Post") for name, day, text, known in read]
    query = Query("tide", filters={"source": Filter(any=("Post",))}, interval="year")
    with holding(backend, some[:3], some[3:]) as engine:
        for denominator in DENOMINATORS:
            found = engine.trend(query, denominator)
            among = legible.trend(engine, query, denominator, found, "0.8")
            assert [(one.start, one.count, one.of) for one in found.buckets] == [
                ("1901-01-01", 2, 3), ("1902-01-01", 2, 3),
            ]  # fmt: skip
            assert [(one.start, one.count, one.of, one.share) for one in among.buckets] == [
                ("1901-01-01", 1, 1, 1.0), ("1902-01-01", 1, 2, 0.5),
            ]  # fmt: skip
            assert (among.least, among.missing, among.unknown) == (0.8, 1, 1)
        stricter = replace(query, known_from="0.95")
        among = legible.trend(engine, stricter, "filters", engine.trend(stricter, "filters"), "0.8")
        assert [(one.count, one.of) for one in among.buckets] == [(1, 2)]
        assert among.unknown == 0
        unknown = replace(query, known_missing=True)
        for denominator, of in (("filters", 0), ("archive", 2)):
            among = legible.trend(engine, unknown, denominator, engine.trend(unknown, denominator), "0.8")
            *others, last = among.buckets
            assert (last.start, last.count, last.of) == ("1902-01-01", 0, of)
            assert not any(one.count for one in others)
            assert (among.missing, among.unknown) == (0, 1)
        reader = seen(engine, sight([(Extent(first=date(1902, 2, 1)), "metadata")]))
        for denominator in DENOMINATORS:  # a question in words is a share of what may be read
            among = legible.trend(reader, query, denominator, reader.trend(query, denominator), "0.8")
            assert [(one.count, one.of) for one in among.buckets] == [(1, 1), (1, 1)]
