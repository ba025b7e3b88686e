"""Articles in several languages: a cluster scores, orders and explains them as a directory does.

They are short: up to 39 words, the cluster knows the length of an article exactly.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

import search
from search import Article, Query
from search.analyses.event import event
from search.engine import Engine
from search.values.query import MATCHES, RANKS
from search.values.results import Hit
from tests.cases import cases
from tests.opensearch.conftest import Remote
from tests.opensearch.test_same_answers import fill

WORDS = {
    "en": "oil gas nato trade trading trades talk talks reactor market markets minister house houses the of",
    "de": "öl gas nato handel handelt gespräch gespräche reaktor markt märkte minister haus häuser der von talks",
    "fr": "pétrole gaz nato commerce réacteur réacteurs marché marchés ministre maison maisons la de talks gas",
    "zh": "石 油 市 场 谈 判 gas nato talks",
    "no": "olje gas nato handel reaktor marked markeder minister hus talks",
    "nb": "olje gas nato handel reaktor marked markeder minister hus talks",
}
ASKED = sorted({word for words in WORDS.values() for word in words.split()})


def archive(chance: random.Random, languages: tuple[str, ...]) -> list[Article]:
    """Most articles are in the first of the languages."""
    made = []
    for number in range(70):
        language = languages[min(chance.randrange(2 * len(languages)), chance.randrange(len(languages)))]
        words = WORDS[language].split()
        made.append(
            Article(
                f"a{number}",
                " ".join(chance.choices(words, k=chance.randrange(1, 30))),
                " ".join(chance.choices(words, k=chance.randrange(4))),
                language=language,
                published=f"1990-01-{chance.randrange(1, 29):02}",
                person=tuple(chance.sample(("Ann Lee", "Bo"), chance.randrange(3))),
                group=chance.choice((None, None, None, "g1", "g2")),
            )
        )
    return made


def question(chance: random.Random) -> Query:
    """Words, phrases and similar words: of all else, a cluster weighs each word by itself."""
    leaves = []
    for _ in range(chance.randrange(1, 6)):
        one, other = chance.choices(ASKED, k=2)
        leaves.append(
            chance.choice((one, one, one, f'"{one} {other}"', f"={one}", f"({one} OR {other})", f"-{one}", f"{one}~1"))
        )
    return Query(
        " ".join(leaves),
        size=100,
        match=chance.choice(MATCHES),
        rank=chance.choice(RANKS),
        explain=True,
        group=chance.choice((None, None, "story")),
        facets=(),
    )


def ranked(hits: Iterable[Hit]) -> list[str]:
    """The order of hits; those of one score, but for rounding, by id."""
    return [hit.id for hit in sorted(hits, key=lambda hit: (-round(hit.score or 0, 4), hit.id))]


def compare(mine: Iterable[Hit], theirs: Iterable[Hit], said: object) -> None:
    mine, theirs = list(mine), list(theirs)
    scores = {hit.id: hit.score for hit in theirs}
    assert {hit.id: hit.score for hit in mine} == (pytest.approx(scores, rel=1e-5) if any(scores.values()) else scores)
    assert [hit.score for hit in mine] == sorted((hit.score for hit in mine), key=lambda score: -(score or 0)), said
    assert ranked(mine) == ranked(theirs), said
    made = {hit.id: {(one.term, one.expansion): one.score for one in hit.scored} for hit in mine}
    for hit in theirs:
        assert made[hit.id] == pytest.approx({(one.term, one.expansion): one.score for one in hit.scored}, abs=2e-5)


@cases("languages", [("en",), ("en", "de"), ("de", "fr", "zh"), ("no", "en", "nb", "fr", "zh")])
def test_articles_in_several_languages_have_the_scores_of_a_directory(
    make_remote: Callable[[], Remote], tmp_path: Path, amount: Callable[..., int], languages: tuple[str, ...]
) -> None:
    chance = random.Random(len(languages))
    articles, remote, place = archive(chance, languages), make_remote(), tmp_path / languages[0]
    fill(remote.writer, [articles])
    fill(lambda: search.writer(place), [articles])
    with search.open(place) as local, remote.engine() as engine:
        for _ in range(amount(30, few=6)):
            query = question(chance)
            there, here = engine.search(query), local.search(query)
            assert there.total == here.total
            if any(hit.score is not None for hit in here.hits):
                compare(there.hits, here.hits, query)
        for article in articles[: amount(12, few=3)]:
            alike = Query(size=100, facets=(), group=chance.choice((None, "story")))
            compare(engine.similar(article.id, alike).hits, local.similar(article.id, alike).hits, article)
            assert event(engine, article.id).members == event(local, article.id).members


def test_a_word_is_as_rare_as_in_all_languages_together(remote: Remote) -> None:
    remote.add(
        *(Article(f"en{number}", "Gas is short.", language="en") for number in range(8)),
        Article("de", "Gas is short.", language="de"),
        Article("other", "Oil is not.", language="en"),
    )
    with remote.engine() as engine:
        scores = {hit.id: hit.score for hit in engine.search(Query("gas", facets=())).hits}

    assert scores["de"] == pytest.approx(scores["en1"], rel=1e-5)


def test_similar_words_are_scored_as_one(remote: Remote) -> None:
    remote.add(
        *(Article(f"usual{number}", "Volcker spoke.", language="en") for number in range(12)),
        Article("rare", "Volker spoke.", language="en"),
        Article("other", "Nobody spoke.", language="en"),
    )
    with remote.engine() as engine:
        scores = {hit.id: hit.score for hit in engine.search(Query("volcker~1", size=20, facets=())).hits}

    assert scores["rare"] == pytest.approx(scores["usual1"], rel=1e-5)


def test_a_list_is_followed_while_languages_come_and_go(make_remote: Callable[[], Remote]) -> None:
    remote, chance = make_remote(), random.Random(3)
    fill(remote.writer, [archive(chance, ("en", "de"))])
    query = Query("gas talks market oil reactor", match="any", size=10, facets=())
    with remote.engine() as engine:
        for rank in RANKS:
            asked = replace(query, rank=rank)
            expected = [hit.id for hit in engine.search(replace(asked, size=100)).hits]
            assert followed(engine, asked, remote, chance) == expected


def followed(engine: Engine, query: Query, remote: Remote, chance: random.Random) -> list[str]:
    """The ids of all pages; before each but the first, articles are added or replaced."""
    page, found = engine.search(query), []
    while True:
        found += [hit.id for hit in page.hits]
        if page.cursor is None:
            return found
        number = len(found)
        words = chance.choices(WORDS["fr"].split(), k=20)
        fill(remote.writer, [[Article(f"new{number}", " ".join(words), language=chance.choice(("fr", "en", "de")))]])
        page = engine.search(replace(query, cursor=page.cursor))
