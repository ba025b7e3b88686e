"""Parts in one sentence, in one paragraph, or near each other, in a directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import search
from search import Article, Query
from search.errors import BadQuery
from search.local.format.segment import SegmentData
from search.names.authority import Authority, Entry
from search.snippets.marker import Marker
from search.syntax import nodes, parse
from search.values.article import Evidence
from search.values.results import Marked
from tests import waiting
from tests.cases import cases
from tests.search.indexes import written

TEXT = (
    "James Baker flew to Bonn. Mr. Baker said that oil was cheap; prices fell. The Iranian minister left.\n\n"
    "“Oil prices are low,” he said. Iran was silent."
)


def mention(value: str, text: str, words: str, facet: str = "person") -> Evidence:
    start = text.index(words)
    return Evidence(value, start, start + len(words), words, "name", 0.9)


ARTICLE = Article(
    "baker", TEXT, "Oil and Iran", language="en", person=("James Baker",), country=("IR",),
    evidence={
        "person": (mention("James Baker", TEXT, "James Baker"), mention("James Baker", TEXT, "Baker said")),
        "country": (mention("IR", TEXT, "Iranian"), mention("IR", TEXT, "Iran was")),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> search.Engine:
    return search.open(written(tmp_path_factory.mktemp("together") / "idx", ARTICLE))


@cases(
    "query, found",
    [
        ("text:(oil /s prices)", True),
        ("text:(oil /s iran)", False),
        ("text:(oil /p iran)", True),
        ("oil /s iran", True),  # in the headline
        ("title:oil /s text:iran", False),
        ("bonn /s baker", True),
        ("bonn /s oil", False),
        ("bonn /p oil", True),
        ("cheap /p silent", False),
        ("bonn /1 baker", False),
        ("bonn /2 baker", True),
        ("bonn /2 said", False),
        ("bonn /3 mr", True),
        ("left /1 oil", True),  # the next sentence, of the next paragraph
        ("iran /3 james", False),  # headline and text are apart
        ('"oil was" /1 cheap', True),
        ('"that oil" /1 cheap', False),
        ('"that oil" /2 "cheap prices"', True),
        ("talk* /s oil", False),
        ("(talk* OR pri*) /s oil", True),
        ("chaep~ /s oil", True),
        ("=price /s oil", False),
        ('person:"james baker" /s oil', True),
        ('person:"james baker" /s bonn', True),
        ('person:"james baker" /s minister', False),
        ('person:"james baker" /1 flew', True),
        ("person:nobody /s oil", False),
        ("country:Iran /s minister", True),
        ("country:Iran /s oil", False),
        ('country:Iran /p person:"james baker"', True),
        ("oil /s cheap /s prices", True),
        ("oil /s cheap /s low", False),
        ("oil* /s oil", True),  # one word may be on both sides
        ("-(text:oil /s text:iran) bonn", True),
    ],
)
def test_what_is_together_is_found(engine: search.Engine, query: str, found: bool) -> None:
    assert (engine.search(Query(query)).total, parse(query).notes) == (int(found), ())


def test_only_what_takes_part_is_marked(engine: search.Engine) -> None:
    (hit,) = engine.search(Query('person:"James Baker" /s oil')).hits

    assert [[s.text[a:b] for a, b in s.marks] for s in hit.snippets] == [["Baker said", "oil"]]
    assert hit.title_marks == ()
    assert engine.marked((ARTICLE,), "oil /s iran") == [Marked(title=((0, 3), (8, 12)))]


def test_a_name_is_found_under_all_names_it_is_shown_under(tmp_path: Path) -> None:
    text = "Jim Baker spoke about oil."
    with search.writer(tmp_path / "idx") as writer:
        evidence = {"person": (mention("Jim Baker", text, "Jim Baker"),)}
        writer.add(Article("one", text, person=("Jim Baker",), evidence=evidence))
        writer.add(ARTICLE)
        writer.set_authority(Authority((Entry("person", "James Baker", "Jim Baker"),)))
    with search.open(tmp_path / "idx") as engine:
        hits = engine.search(Query('person:"James Baker" /s oil', sort="oldest")).hits

    assert sorted(hit.article.id for hit in hits) == ["baker", "one"]
    assert [len(hit.snippets[0].marks) for hit in hits] == [2, 2]


@pytest.fixture(scope="module")
def unplaced(tmp_path_factory: pytest.TempPathFactory) -> search.Engine:
    """Two articles, of which one does not state where it names Ann and Bo."""
    place = tmp_path_factory.mktemp("unplaced") / "idx"
    text = "Ann and Cy sell oil."
    said = {"person": (mention("Ann", text, "Ann"), mention("Cy", text, "Cy"))}
    stated = {"person": (Evidence("Ann", None, None, "Ann", "input", 1.0),)}
    written(
        place,
        Article("one", text, person=("Ann", "Cy"), evidence=said),
        Article("two", text, person=("Ann", "Bo"), evidence=stated),
    )
    return search.open(place)


@cases(
    "query, noted",
    [
        ("oil /s person:Ann", "1 of 2 articles with person:Ann does not state where the text names it"),
        ("oil -(gas /5 person:Ann)", "1 of 2 articles with person:Ann does not state where the text names it"),
        ("oil /p (gas OR person:Bo)", "The only article with person:Bo does not state where the text names it"),
        ("oil /s person:Cy", None),
        ("oil person:Bo", None),
        ("oil /s person:nobody", None),
    ],
)
def test_a_name_without_places_is_told(unplaced: search.Engine, query: str, noted: str | None) -> None:
    expected = () if noted is None else (f"{noted}: /s, /p and /5 do not find it there.",)

    assert unplaced.search(Query(query)).query.notes == expected


@cases(
    "query, offered",
    [
        ("oil /s bonn", "oil AND bonn"),
        ("oil /s chaep", "oil /s cheap"),
        ("(bonn OR zzz) /s minister", "(bonn OR zzz) AND minister"),
        ("oil /s cheap", None),
    ],
)
def test_what_is_not_together_is_offered_apart(engine: search.Engine, query: str, offered: str | None) -> None:
    assert engine.search(Query(query)).did_you_mean == offered


def test_a_prefix_of_too_many_words_is_refused(tmp_path: Path) -> None:
    many = Article("one", " ".join(f"many{number}" for number in range(1001)))
    with search.open(written(tmp_path / "idx", many)) as engine, pytest.raises(BadQuery, match="more than 1,000 words"):
        engine.search(Query("many* /s oil"))


def test_sentences_and_mentions_are_written_once(engine: search.Engine, tmp_path: Path) -> None:
    written(tmp_path / "idx", ARTICLE, Article("plain", "No sentence ends here", "Two. Sentences"))
    (file,) = (tmp_path / "idx").glob("*.lex")
    segment = SegmentData(tmp_path / "idx", file.stem)

    def positions(name: str) -> list[int]:
        number = segment.landmark(name)
        assert number is not None
        return [int(p) for p in segment.postings.occurrences_of(np.array([number])).positions]

    assert list(segment.terms.landmarks) == [b"/p", b"/s", b"country:IR", b"person:James Baker"]
    assert positions("/s") == [9, 18, 22, 28]
    assert positions("/p") == [22]
    assert positions("person:James Baker") == [4, 5, 10, 11]


@cases("query", ["oil /s gas", "oil /p gas", "oil /5 gas", '"oil gas" /s (oil OR gas* OR coal)'])
def test_a_long_article_takes_as_long_as_it_is(query: str, tmp_path: Path) -> None:
    def prepared(size: int) -> Callable[[], object]:
        place = tmp_path / str(size)
        if not place.exists():
            written(place, Article("one", "Oil gas. " * size + "Oil and. And gas. " * size))
        engine = search.open(place)
        return lambda: engine.search(Query(query, facets=(), snippets=False))

    assert waiting.grows_less(14, prepared, 10_000, 80_000)


@cases("query", ["oil /s gas", "oil /5 gas"])
def test_marking_a_long_text_takes_as_long_as_it_is(query: str) -> None:
    def prepared(size: int) -> Callable[[], object]:
        text = "Oil gas. Oil and. And gas. " * size
        marker = Marker(nodes.leaves(parse(query).tree), "en")
        return lambda: marker.marks(text, "text")

    assert waiting.grows_less(14, prepared, 200, 1_600)  # within the caches: beyond, to sort is to wait for memory
