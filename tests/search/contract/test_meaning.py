"""Nearness in meaning orders a result in which no article has all words, if a model is chosen; it changes no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.minilm import FILE
from search import Article, Query
from search.engine import Engine
from search.meaning import model, passages
from tests.search.contract.archive import Backend, holding, ids

ARTICLES = (
    Article("doctors", "The doctors of the hospital stopped working on Monday, and want more money.", language="en"),
    Article("opening", "The hospital was opened by the mayor, who praised the garden.", language="en"),
    Article("garden", "Roses and a hospital: the garden of the mayor.", language="en"),
    Article("strike", "The striker scored in the last minute.", language="en"),
    Article("oil", "Oil is dearer.", language="en"),
    *(Article(f"other{number}", f"Report {number} of nothing much.", language="en") for number in range(5)),
)
ASKED = "hospital physicians walkout"


def with_meaning(article: Article) -> Article:
    read = model.chosen()
    assert read is not None
    return replace(article, meaning=passages.encoded(read, article.title, article.text))


def of_wards(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    return holding(backend, map(with_meaning, ARTICLES))


def test_what_means_the_same_comes_first(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_wards(backend, monkeypatch) as wards:
        nearest = ids(wards, ASKED, match="any")
        monkeypatch.delenv(model.VARIABLE)
        without = ids(wards, ASKED, match="any")

        assert nearest[0] == "doctors"
        assert without[0] != "doctors"
        assert sorted(nearest) == sorted(without) == ["doctors", "garden", "opening"]


def test_an_article_that_has_all_words_stays_first(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_wards(backend, monkeypatch) as wards:
        assert ids(wards, "garden mayor roses", match="any")[0] == "garden"
        assert ids(wards, "hospital mayor") == ids(wards, "hospital mayor", rank="words")


def test_totals_and_facets_know_nothing_of_it(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_wards(backend, monkeypatch) as wards:
        by_meaning, by_words = (wards.search(Query(ASKED, match="any", rank=rank)) for rank in ("best", "words"))

        assert (by_meaning.total, by_meaning.facets) == (by_words.total, by_words.facets)
        assert ids(wards, ASKED, match="any", sort="newest") == ids(
            wards, ASKED, match="any", sort="newest", rank="words"
        )


def test_pages_and_cursors_go_on_in_this_order(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_wards(backend, monkeypatch) as wards:
        whole = ids(wards, ASKED, match="any")
        first = wards.search(Query(ASKED, match="any", size=1))
        second = wards.search(Query(ASKED, match="any", size=1, cursor=first.cursor))

        assert [hit.id for hit in (*first.hits, *second.hits)] == whole[:2]
        assert ids(wards, ASKED, match="any", size=1, page=3) == whole[2:]


def test_the_explanation_adds_up(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_wards(backend, monkeypatch) as wards:
        for hit in wards.search(Query(ASKED, match="any", explain=True)).hits:
            assert hit.score == pytest.approx(sum(one.score for one in hit.scored), abs=1e-4)
        assert [one.meaning for one in wards.search(Query(ASKED, match="any", explain=True)).hits[0].scored].count(
            True
        ) == 1


def test_articles_without_vectors_are_of_average_nearness(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    some = [with_meaning(ARTICLES[0]), with_meaning(ARTICLES[1]), replace(ARTICLES[1], id="without")]
    with holding(backend, some) as engine:
        assert ids(engine, ASKED, match="any") == ["doctors", "without", "opening"]


def test_without_vectors_the_order_is_that_of_the_words(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    with holding(backend, ARTICLES) as engine:
        hits = engine.search(Query(ASKED, match="any", explain=True)).hits

        assert not any(one.meaning for hit in hits for one in hit.scored)


def test_an_article_comes_back_with_its_vectors(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    added = with_meaning(ARTICLES[0])
    with holding(backend, [added], [ARTICLES[1]]) as engine:
        assert engine.article("doctors").meaning == added.meaning
        assert [article.meaning for article in engine.export(Query("hospital", sort="oldest"))].count(b"") == 1


def test_similar_articles_are_ordered_by_meaning_without_a_model(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    texts = {
        "source": "Doctors of the clinic went on strike for more money.",
        "physicians": "The physicians of the clinic walked out over their wages.",
        "roof": "The clinic has a roof, the clinic has a garden.",
        "road": "A road leads to the clinic by the sea.",
    }
    with holding(backend, [with_meaning(Article(name, text, language="en")) for name, text in texts.items()]) as engine:
        monkeypatch.delenv(model.VARIABLE)
        hits = engine.similar("source", Query(explain=True)).hits
        first = engine.similar("source", Query(size=1))
        second = engine.similar("source", Query(size=1, page=2))

        assert hits[0].id == "physicians"
        assert [hit.id for hit in (*first.hits, *second.hits)] == [hit.id for hit in hits[:2]]
        assert sorted(hit.id for hit in hits) == ["physicians", "road", "roof"]
        for hit in hits:
            assert hit.score == pytest.approx(sum(one.score for one in hit.scored), abs=1e-4)


def test_articles_like_one_that_is_not_there_are_ordered_by_meaning(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    texts = {"near": "The doctors have a clinic.", "far": "A clinic, the clinic, all clinic."}
    with holding(backend, [with_meaning(Article(name, text, language="en")) for name, text in texts.items()]) as engine:
        asked = with_meaning(Article("asked", "Physicians of a clinic.", language="en"))
        hits = engine.similar(asked, Query(explain=True)).hits

        assert [hit.id for hit in hits] == ["near", "far"]
        for hit in hits:
            assert hit.score == pytest.approx(sum(one.score for one in hit.scored), abs=1e-4)


def test_one_article_of_each_story_is_that_which_is_nearest(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    with holding(backend, [with_meaning(replace(article, group="g")) for article in ARTICLES[:3]]) as engine:
        assert ids(engine, ASKED, match="any", group="story") == ["doctors"]
