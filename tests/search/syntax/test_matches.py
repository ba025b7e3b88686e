"""What each kind of leaf and condition finds, by the engine that looks at every article."""

from __future__ import annotations

import math

import pytest

from search import Article, Query
from search.syntax import parse
from search.syntax.nodes import MAX_SIMILAR
from tests.cases import cases
from tests.plain_engine import PlainEngine

ARTICLES = (
    Article(
        "cut", "The bank cut its rate. A rate so low was never cut.", "Rate cut", published="1998-05-17",
        language="en", source="Meridian Wire", url="https://www.Example.com/1998/05/rates?a=1",
        mentioned=("1987-10", "1987-10-19", "2001"), country=("CN",),
        topic=("medtop:04000000",), person=("Antony Blinken",),
    ),
    Article("talk", "A talk about talks in Beijing.", "", published="2003", language="en", country=("CN", "US"),
            url="http://example.com.cn/a", mentioned=("1987",)),
    Article("vingt", "Les taux baissent, la banque parle.", "Taux", language="fr", person=("Zoë",)),
    Article("rate", "Rate after rate fell.", "Blinkin lights", published="1998", language="en"),
)  # fmt: skip

CASES = [
    ('"rate cut"~0', {"cut"}),
    ('text:"rate cut"~0', set()),
    ('text:"rate cut"~1', {"cut"}),
    ('text:"cut rates"~1', {"cut"}),
    ('"rate rate"~0', set()),
    ('"rate rate"~1', {"cut", "rate"}),
    ('"rate rate rate"~9', set()),
    ('"bank cut low"~4', set()),
    ('"bank cut low"~5', {"cut"}),
    ("talk", {"talk"}),
    ("=talk", {"talk"}),
    ("=talking", set()),
    ("=cuts", set()),
    ('="about talks"', {"talk"}),
    ('="about talk"', set()),
    ('"about talking"', {"talk"}),
    ("title:=rate", {"cut"}),
    ("blinken~1", {"rate"}),
    ("blinked~", {"rate"}),
    ("linkin~", set()),
    ("tlaks~1", {"talk"}),
    ("text:blinkin~", set()),
    ("beijng~", {"talk"}),
    ('person:"antony blinken"', {"cut"}),
    ("person:zoe", {"vingt"}),
    ("country:China", {"cut", "talk"}),
    ("country:(china us)", {"talk"}),
    ("country:China -country:US", {"cut"}),
    ('topic:"economy, business and finance"', {"cut"}),
    ("topic:medtop:04000000", {"cut"}),
    ("country:Chian", set()),
    ('source:"meridian WIRE"', {"cut"}),
    ("language:French", {"vingt"}),
    ("published:1998", {"cut", "rate"}),
    ("published:1998-02..", {"cut", "talk"}),
    ("published:..1998-02", {"rate"}),
    ("published:2003..1998", set()),
    ("NOT published:1998", {"talk", "vingt"}),
    ("rate published:1998-05", {"cut"}),
    ("id:cut", {"cut"}),
    ("id:CUT", set()),
    ("id:(cut OR talk)", {"cut", "talk"}),
    ("url:example.com", {"cut", "talk"}),
    ("url:example.com/", {"cut"}),
    ("url:http://WWW.example.com/1998/05", {"cut"}),
    ("url:www.example.com/1998/06", set()),
    ("mentioned:1987-10", {"cut"}),
    ("mentioned:1987-10-19", {"cut"}),
    ("mentioned:1987-10-20", set()),
    ("mentioned:1987", {"cut", "talk"}),
    ("mentioned:1988..", {"cut"}),
    ("mentioned:..1987-10-18", set()),
    ("mentioned:1987 -id:cut", {"talk"}),
]


@cases("text, found", CASES)
def test_what_a_query_finds(text: str, found: set[str]) -> None:
    results = PlainEngine(ARTICLES).search(Query(text, facets=()))

    assert {hit.article.id for hit in results.hits} == found


def test_narrow_windows_are_counted_by_the_least() -> None:
    """The title, which counts three times, has “rate cut”; the text “cut its rate” and “rate so low was never cut”."""
    engine = PlainEngine(ARTICLES)
    frequencies = []
    for distance in (0, 1, 4):
        hit = engine.search(Query(f'"rate cut"~{distance}', facets=())).hits[0]
        idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5)) + math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
        norm = 1.2 * (1 - 0.75 + 0.75 * (12 + 6) / ((18 + 6 + 9 + 10) / 4))
        frequencies.append(hit.score * norm / (idf - hit.score))  # type: ignore[operator]

    assert frequencies == pytest.approx([3, 4, 5])


def test_the_nearest_words_count_and_those_of_more_articles_first() -> None:
    engine = PlainEngine(
        [Article(f"a{n:02}", f"word{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(MAX_SIMILAR)]
        + [Article("near", "wordx"), Article("often1", "wordzz"), Article("often2", "wordzz")]
    )
    found = {hit.article.id for hit in engine.search(Query("wordy~2", size=100, facets=())).hits}

    assert len(found) == MAX_SIMILAR + 1
    assert {"near", "often1", "often2"} <= found
    assert f"a{MAX_SIMILAR - 1:02}" not in found


def test_values_and_days_are_counted_and_not_scored() -> None:
    engine = PlainEngine(ARTICLES)
    results = engine.search(Query("country:China published:1998..", facets=()))

    assert [(term.term, term.articles) for term in results.query.terms] == [("country:CN", 2), ("published:1998..", 3)]
    assert {hit.score for hit in results.hits} == {None}
    assert parse(results.query.canonical).tree == parse(results.query.text).tree
    alone = engine.search(Query("rate", facets=())).hits
    narrowed = engine.search(Query("rate published:1998", facets=())).hits
    assert [hit.score for hit in narrowed] == [hit.score for hit in alone]
