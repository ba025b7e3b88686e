"""The local engine against the oracle on one archive, written in several ways: many questions, each asked of all.

`test_properties` makes up an archive for each example; here it is made once, so that the questions can be many. Ids,
dates and groups are in no order, so that none is right by chance.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, Filter, Query
from search.engine import Engine
from search.errors import ArticleMissing
from search.values.query import SORTS
from tests.plain_engine import PlainEngine
from tests.search import strategies
from tests.search.indexes import written
from tests.tiers import examples

WORDS = ["oil", "gas", "talk", "talks", "talking", "trade", "wall", "été", "U.S.", "中国", "the", "of"]
NAMES = ["Ann Lee", "ann lee", "Bo Ek", "Änn Lee"]
COUNTRIES = ["CN", "US", "DE"]
DAYS = ["1989", "1989-11-09", "1989-11-10T00:30+05", "1991-02-28", "2001-01-01", None]
STAMPS = ["2026-11-25T23:59:59Z", "2026-11-26T00:00:00Z", "2026-11-26T02:13:01Z", None]


def made(count: int, seed: int) -> list[Article]:
    """Articles with few words, names and days, so that much is equal; their ids in no order."""
    dice = random.Random(seed)
    ids = [f"a{number}" for number in range(count)]
    dice.shuffle(ids)
    return [
        Article(
            article_id,
            " ".join(dice.choices(WORDS, k=dice.randrange(20))),
            " ".join(dice.choices(WORDS, k=dice.randrange(3))),
            published=dice.choice(DAYS),
            added=dice.choice(STAMPS),
            changed=dice.choice(STAMPS),
            language=dice.choice(["en", "en", "fr"]),
            source=dice.choice(["Wire", "WIRE", None]),
            person=tuple(dice.sample(NAMES, dice.randrange(3))),
            country=tuple(dice.sample(COUNTRIES, dice.randrange(3))),
            group=dice.choice([None, "g1", "g2", "g3", "g4"]),
        )
        for article_id in ids
    ]


ARTICLES = made(48, 7)
EARLIER = [replace(article, id=ARTICLES[-n].id) for n, article in enumerate(made(24, 8))]
"""Versions of some of them, which these replace."""
GONE = [replace(article, id=f"gone{n}") for n, article in enumerate(made(12, 9))]
"""What is removed again."""


def write(place: Path, *batches: list[Article]) -> None:
    for batch in batches:
        written(place, *batch)


def of_many_changes(place: Path) -> None:
    """The archive in three segments, each of which has replaced and removed articles."""
    write(
        place, [*EARLIER[:12], *ARTICLES[:16], *GONE[:6]], [*EARLIER[12:], *ARTICLES[16:32], *GONE[6:]], ARTICLES[32:]
    )
    with search.writer(place) as writer:
        for article in ARTICLES[:8]:  # replaced once more
            writer.add(article)
        for article in GONE:
            writer.delete(article.id)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    folder = tmp_path_factory.mktemp("archive")
    write(folder / "one", ARTICLES)
    write(folder / "three", ARTICLES[:20], ARTICLES[20:21], ARTICLES[21:])
    of_many_changes(folder / "changed")
    of_many_changes(folder / "merged")
    write(folder / "merged", *([article] for article in ARTICLES[8:12]))
    with ExitStack() as opened:
        found = {path.name: opened.enter_context(search.open(path)) for path in folder.iterdir()}
        assert {name: engine.stats().segments for name, engine in found.items()} == {
            "one": 1, "three": 3, "changed": 4, "merged": 1
        }  # fmt: skip
        yield found


ORACLE = PlainEngine(ARTICLES)

leaves = strategies.leaf_texts(st.sampled_from(WORDS))
near = st.builds('"{} {}"~{}'.format, st.sampled_from(WORDS), st.sampled_from(WORDS), st.integers(0, 9))
conditions = st.sampled_from(
    ["country:CN", "person:ann lee", "source:wire", "published:1989", "added:2026-11-26..", "id:a7", "id:gone7"]
)
queries = st.builds(
    Query,
    text=leaves | near | strategies.query_texts(leaves | near | conditions, 4) | st.just(""),
    filters=st.sampled_from([{}, {}, {"country": Filter(any=("CN",))}, {"source": Filter(none=("wire",))}]),
    date_from=st.sampled_from([None, None, "1989-11"]),
    sort=st.sampled_from([None, *SORTS]),
    size=st.sampled_from([0, 1, 5, 20, 100]),
    page=st.sampled_from([1, 1, 2]),
    group=st.sampled_from([None, "story"]),
    facets=st.just(("person", "country", "source", "date")),
    fields=st.just(("id", "score", "group")),
)


@examples(70, few=20)
@given(queries)
def test_however_it_was_written_the_archive_answers_as_the_oracle(engines: dict[str, Engine], query: Query) -> None:
    expected = ORACLE.search(query)
    listed = [(hit.article.id, hit.group) for hit in expected.hits]
    scores = [hit.score for hit in expected.hits]
    for name, engine in engines.items():
        answer = engine.search(query)
        assert (answer.total, answer.facets) == (expected.total, expected.facets), name
        assert (answer.cursor is None) == (expected.cursor is None), name
        assert [term.articles for term in answer.query.terms] == [term.articles for term in expected.query.terms], name
        if name == "changed" and any(scores):  # what was replaced still weighs in the statistics
            continue
        assert [(hit.article.id, hit.group) for hit in answer.hits] == listed, name
        found = [hit.score for hit in answer.hits]
        assert found == (pytest.approx(scores, abs=1e-5) if any(scores) else scores), name


@examples(60, few=20)
@given(queries, st.sampled_from(SORTS))
def test_an_article_has_the_same_score_in_every_order(engines: dict[str, Engine], query: Query, sort: str) -> None:
    query = replace(query, size=100, page=1, group=None, facets=())
    for engine in engines.values():
        best, others = (
            {hit.article.id: hit.score for hit in engine.search(replace(query, sort=order)).hits}  # type: ignore[arg-type]
            for order in ("relevance", sort)
        )
        assert others == (pytest.approx(best, abs=2e-6) if any(best.values()) else best)


def test_an_article_is_given_as_it_was_last_and_none_that_is_gone(engines: dict[str, Engine]) -> None:
    for engine in engines.values():
        for article in ARTICLES:
            assert engine.article(article.id) == ORACLE.article(article.id)
            assert engine.copies(article.id) == ORACLE.copies(article.id)
        for article in GONE:
            with pytest.raises(ArticleMissing):
                engine.article(article.id)


RARE = ["zinc", "zincs", "nickel", "of"]
"""Words of so few articles that their lists are walked, where those of others are put into tables."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, PlainEngine]]:
    """So many articles that a word's postings are several blocks in each of two segments."""
    dice = random.Random(11)
    numbers = random.Random(12).sample(range(1500), 1500)
    articles = [
        Article(
            f"a{number}",
            " ".join([*dice.choices(WORDS, weights=range(1, len(WORDS) + 1), k=int(dice.expovariate(0.1))), *rare]),
            " ".join([*dice.choices(WORDS, k=dice.randrange(3)), *rare[:1]]),
            published=dice.choice(DAYS),
            added="2026-11-26T00:00:00Z",
            source=dice.choice(["Wire", None]),
            person=(f"Person {number}", "Bo Ek"),
            group=dice.choice([None, "g1", "g2"]) if rare else None,
        )
        for number in numbers
        for rare in [dice.choices(RARE, k=2) if dice.random() < 0.03 else []]
    ]
    place = tmp_path_factory.mktemp("large") / "idx"
    write(place, articles[:900], articles[900:])
    with search.open(place) as engine:
        yield engine, PlainEngine(articles)


SHOWN: list[dict[str, Any]] = [{}, {"sort": "oldest", "date_from": "1989-11"}, {"group": "story"}]
ASKED_RARE = (
    "zinc", "zinc of", "zinc oil", "zinc OR nickel", "zinc OR nickel OR (zincs -oil)", "zinc -of", "zinc -oil",
    "of -zinc", '"of zinc"', '"zinc of"~2', '="zinc nickel"', "=zinc", "zin*", "nickl~", "title:zinc",
    "text:zinc (oil OR wall)", "(zinc OR nickel) -(of wall)", "zinc source:wire", 'nickel person:"person 7"',
    "zinc published:1989",
)  # fmt: skip


def test_rare_words_among_frequent_ones_are_as_the_oracle_has_them(
    large: tuple[Engine, PlainEngine], amount: Callable[..., int]
) -> None:
    engine, plain = large
    for number, text in [*enumerate(ASKED_RARE)][:: amount(1, few=4)]:
        for rest in [*SHOWN[number % 3 :], *SHOWN[: number % 3]][: amount(3, few=1)]:
            query = Query(text, size=100, facets=("person", "source", "date"), fields=("id", "score", "group"), **rest)
            answer, expected = engine.search(query), plain.search(query)

            assert (answer.total, answer.facets) == (expected.total, expected.facets), query
            assert [(h.article.id, h.group) for h in answer.hits] == [(h.article.id, h.group) for h in expected.hits]
            assert [h.score for h in answer.hits] == pytest.approx([h.score for h in expected.hits], abs=1e-5), query
