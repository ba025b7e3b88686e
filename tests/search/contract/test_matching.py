"""Which articles a text finds, how they are scored and marked, and what is offered if there are none."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from search import Article, Filter, Query
from search.engine import Engine, article_count
from search.syntax.forgiving import adding, excluding
from tests.cases import cases
from tests.search.contract.archive import Backend, holding, ids


@cases(
    "text, found",
    [
        ("talks", {"talks", "trade", "again"}),
        ("talk", {"talks", "trade", "again"}),
        ("constructive talks", {"talks", "again"}),
        ('"constructive talks"', {"talks"}),
        ('"trade talks"', {"trade"}),
        ('"talks constructive"', set()),
        ('"constructive more"', set()),  # from the title into the text
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
        # a range that ends before it begins
        *((f"{field}:1991..1989", set()) for field in ("published", "mentioned", "added")),
        *((f"wall OR {field}:1991..1989", {"wall"}) for field in ("published", "mentioned", "added")),
    ],
)
def test_text_matches(engine: Engine, text: str, found: set[str]) -> None:
    assert set(ids(engine, text)) == found


IN_SENTENCES = (
    Article("de", "„Es regnet.“ Sie kamen am 3. März.", language="de"),
    Article("fr", "« Il pleut. » Mme. Roux part le 3. Mars vient.", language="fr"),
    Article("es", "Llueve. ¿Viene la Sra. Ruiz?", language="es"),
    Article("pt", "“Chove.” – O Sr. Silva vem.", language="pt"),
    Article("nl", "‘Het regent.’ De heer mr. Bos komt.", language="nl"),
    Article("it", "«Piove.» Il sig. Rossi viene.", language="it"),
    Article("en", "“It rains.” Mr. Day came. «No.» ¿Why?", language="en"),
    Article("none", "„Es regnet.“ Sie kamen am 3. Mai.", ""),
)
IN_ONE = {
    "regnet /s kamen": {"none"},
    "(kamen 3) /s (märz OR mai)": {"de"},
    "pleut /s roux": set(),
    "mme /s roux": {"fr"},
    "3 /s mars": set(),
    "llueve /s viene": set(),
    "sra /s ruiz": {"es"},
    "chove /s silva": set(),
    "sr /s silva": {"pt"},
    "regent /s bos": set(),
    "mr /s (bos OR day)": {"nl", "en"},
    "piove /s rossi": set(),
    "sig /s rossi": {"it"},
    "rains /s day": set(),
    "came /s why": {"en"},
}


def test_a_sentence_ends_as_the_language_of_its_article_does(backend: Backend) -> None:
    with holding(backend, IN_SENTENCES) as engine:
        assert {text: set(ids(engine, text)) for text in IN_ONE} == IN_ONE
        (hit,) = engine.search(Query("(kamen 3) /s (märz OR mai)")).hits
        assert [[one.text[a:b] for a, b in one.marks] for one in hit.snippets] == [["kamen", "3", "März"]]


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


def test_terms_tell_which_word_emptied_the_result(engine: Engine) -> None:
    results = engine.search(Query("talks zebra"))

    assert results.total == 0
    assert [(t.term, t.articles) for t in results.query.terms] == [("talks", 3), ("zebra", 0)]


@cases(
    "text, offered",
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


def test_snippets_mark_the_words_of_the_query(engine: Engine) -> None:
    hit = engine.search(Query("constructive berlin OR talks")).hits[0]
    marked = [s.text[a:b] for s in hit.snippets for a, b in s.marks]

    assert marked
    assert {word.lower() for word in marked} <= {"talks", "constructive", "berlin"}


def test_a_word_is_marked_under_its_stem_in_the_language_of_the_article(engine: Engine) -> None:
    article = engine.article("vingt")
    (marked,) = engine.marked((article,), "commercial")

    assert [article.text[a:b] for a, b in marked.text] == ["commerciales"]


def test_only_the_similar_words_that_are_found_are_marked(engine: Engine) -> None:
    hit = engine.search(Query("tolks~1")).hits[0]

    assert {s.text[a:b].lower() for s in hit.snippets for a, b in s.marks} == {"talks"}


def test_a_word_is_found_as_a_scanner_may_have_read_it(backend: Backend) -> None:
    read = {
        "a": "The harbour.",
        "b": "The garbour.",
        "c": "A harbonr, the harbour.",
        "d": "The harbours.",
        "e": "arbour",
        "f": "The har bours, and theharbour.",
        "g": "A harbour bridge, the har bours bridges.",
    }
    with holding(backend, [Article(name, text) for name, text in read.items()]) as engine:
        results = engine.search(Query("harbour~ocr"))

        assert {hit.article.id for hit in results.hits} == {*"acdfg"}
        assert engine.search(Query("-harbour~ocr")).total == 2
        assert engine.search(Query("harbour~ocr-har+bour-theharbour")).total == 4
        assert engine.search(Query('"harbour bridge"~ocr')).total == 1
        assert engine.search(Query("(harbour OR garbour -bridge)~ocr")).total == 6
        (marked,) = engine.marked((Article("f", read["f"]),), "(harbour)~ocr")
        assert [read["f"][a:b] for a, b in marked.text] == ["har bours", "theharbour"]
        (marked,) = engine.marked((Article("g", read["g"]),), '"harbour bridge"~ocr')
        assert [read["g"][a:b] for a, b in marked.text] == ["harbour bridge", "har bours bridges"]


def test_what_each_misreading_adds_is_counted(backend: Backend) -> None:
    texts = ["A harbour."] * 21 + ["A harbonr."] * 2 + ["A har bour.", "The harbour, a liarbour.", "harbonr har bour"]
    texts += ["A barbour."] * 3 + ["The barbour.", "A harbonr barbour, no bridge."]  # a word of its own
    articles = [Article(f"a{at}", text, published=f"200{at % 2}") for at, text in enumerate(texts)]
    with holding(backend, articles) as engine:
        forms = engine.search(Query("harbour~ocr")).query.forms
        fewer = engine.search(Query("(harbour)~ocr-harbonr", date_from="2001", date_to="2001"))

        assert [(one.word, one.form, one.articles, one.own) for one in forms] == [
            ("harbour", "harbonr", 3, False), ("harbour", "har+bour", 1, False),  # without either, one has both
            ("harbour", "barbour", 4, True),
        ]  # fmt: skip
        assert [(one.form, one.articles) for one in fewer.query.forms] == [("har+bour", 2), ("barbour", 2)]
        for text in (
            "harbour~ocr", "harbour~ocr OR liarbour", '"a harbour"~ocr OR harbour~ocr', "a harbour~ocr -the",
            "harbour~ocr (the OR -harbour~ocr)", "harbour~ocr=barbour bridge", "title:harbour~ocr OR harbour~ocr",
            "(harbour bridge)~ocr", "harbour~ocr-barbour",
        ):  # fmt: skip
            asked = Query(text, date_to="2000", match="any" if "bridge" in text else "all")
            found = engine.search(asked)
            for one in found.query.forms:
                if not one.own and "-harbour" in text:
                    continue  # there its loss is told, not what comes instead
                other = (adding if one.own else excluding)(text, one.word, one.form)
                change = one.articles if one.own else -one.articles
                assert engine.search(replace(asked, text=other or "")).total == found.total + change, (text, one)
        assert engine.search(Query("harbour")).query.forms == ()


def test_a_word_as_it_was_typed_ranks_above_a_misread_one(backend: Backend) -> None:
    articles = [Article(f"a{number}", "A harbour.") for number in range(9)]
    articles += [Article("b", "A harbonr."), Article("c", "A coal mine.")]
    with holding(backend, articles) as engine:
        hits = engine.search(Query("harbour~ocr")).hits

    assert [hit.article.id for hit in hits][-1] == "b"
    assert (hits[0].score or 0) > (hits[-1].score or 0) > 0


def test_an_empty_index_answers(backend: Backend) -> None:
    with holding(backend, []) as engine:
        results = engine.search(Query("anything", filters={"person": Filter(any=("Nobody",))}))

        assert results.total == 0
        assert engine.stats().articles == article_count(engine) == 0
