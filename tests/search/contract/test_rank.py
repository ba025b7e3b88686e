"""`rank=best`: the words of the first articles order a result in which none has all words, and nothing else changes."""

from __future__ import annotations

import pytest

from search import Article, Query
from search.engine import Engine
from tests.search.contract.archive import Backend, holding, ids

MONKS = (
    Article("hue", "Buddhist monks burned themselves near the pagoda in Hue. The pagoda was closed.", language="en"),
    Article("saigon", "Monks of the pagoda marched in Saigon.", language="en"),
    Article("pagoda", "The pagoda in Hue has many visitors, monks say.", language="en"),
    Article("bank", "Monks & Co, a bank, reported a profit.", language="en"),
    Article("burned", "Bankers burned papers before the police came.", language="en"),
    *(Article(f"other{number}", f"Report {number} of nothing much.", language="en") for number in range(5)),
)
ASKED = "monks burned themselves committee"


def of_monks(backend: Backend) -> Engine:
    return holding(backend, MONKS)


def test_words_of_the_first_articles_order_the_others(backend: Backend) -> None:
    with of_monks(backend) as monks:
        by_words, best = (ids(monks, ASKED, match="any", rank=rank) for rank in ("words", "best"))

        assert by_words.index("bank") < by_words.index("saigon")
        assert best.index("saigon") < best.index("bank")
        assert set(best) == set(by_words)


def test_the_order_is_that_of_the_words_if_the_first_article_has_all(backend: Backend) -> None:
    with of_monks(backend) as monks:
        text = "monks burned themselves"

        assert ids(monks, text, match="any") == ids(monks, text, match="any", rank="words")
        assert ids(monks, "monks pagoda") == ids(monks, "monks pagoda", rank="words")


def test_what_a_score_is_made_of_is_explained(backend: Backend) -> None:
    with of_monks(backend) as monks:
        hits = {hit.id: hit for hit in monks.search(Query(ASKED, match="any", explain=True)).hits}
        first, other = hits["hue"], hits["saigon"]

        assert first.score == pytest.approx(sum(one.score for one in first.scored), abs=1e-4)
        assert {one.term for one in first.scored if not one.expansion} == {"monks", "burned", "themselves"}
        assert "pagoda" in {one.term for one in other.scored if one.expansion}
        assert monks.search(Query("pagoda")).hits[0].scored == ()


def test_pages_and_cursors_go_on_in_that_order(backend: Backend) -> None:
    with of_monks(backend) as monks:
        whole = ids(monks, ASKED, match="any")
        query = Query(ASKED, match="any", size=2)
        first = monks.search(query)
        second = monks.search(Query(ASKED, match="any", size=2, cursor=first.cursor))

        assert len(whole) == 5
        assert [hit.id for hit in (*first.hits, *second.hits)] == whole[:4]
        assert ids(monks, ASKED, match="any", size=2, page=2) == whole[2:4]


def test_other_orders_and_counts_are_what_they_were(backend: Backend) -> None:
    with of_monks(backend) as monks:
        assert ids(monks, ASKED, match="any", sort="oldest") == ids(
            monks, ASKED, match="any", sort="oldest", rank="words"
        )
        assert monks.search(Query(ASKED, match="any", size=0)).total == 5


def test_copies_of_one_article_count_once(backend: Backend) -> None:
    text = "Monks burned themselves. The pagoda stood by."
    copies = [Article(f"copy{number}", text, language="en", group="g") for number in range(6)]
    others = {
        "quiet": "Monks burned a quarry, a quarry.",
        "quarry": "Burned in a quarry.",
        "plain": "Burned in a field.",
    }
    alone = [Article(name, text, language="en") for name, text in others.items()]
    with holding(backend, (*copies, *alone)) as engine:
        hit = next(h for h in engine.search(Query(ASKED, match="any", explain=True)).hits if h.id == "quarry")

        assert "quarry" in {one.term for one in hit.scored if one.expansion}


def test_each_place_of_a_word_that_matches_counts_in_the_explanation(backend: Backend) -> None:
    with holding(backend, (*MONKS, Article("to", "To be or not to be. To burn.", language="en"))) as engine:
        for query in (
            Query("monks monks OR monks pagoda", explain=True),
            Query("to be or not to be", explain=True),
            Query("(burned committee) OR police OR monks", explain=True),
            Query("(monks burned police)@3 pagoda", match="any", explain=True),
            Query("-(pagoda committee) monks (country:FR OR language:en burned OR pagoda)", explain=True),
        ):
            hits = engine.search(query).hits

            assert hits, query
            for hit in hits:
                assert hit.score == pytest.approx(sum(one.score for one in hit.scored), abs=1e-4), query
