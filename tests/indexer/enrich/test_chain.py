"""The whole chain, on the reports of `seeds/` against what a person found in them, and on a real article."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.seeds import scores
from indexer import enrich as chain
from indexer import languages, readers
from indexer.enrich import Reading, enrich, learn, legibility, topics
from indexer.enrich.shared.runs import cut
from indexer.enrich.shared.words import current
from indexer.readers.shared.record import Origin
from indexer.renewing import as_read
from indexer.safe.faults import EXTRA, Fault
from indexer.workers.work import enriched
from search import Article
from search.fields import STATED
from search.values.article import Evidence
from tests.cases import cases

FLOORS = json.loads((Path(__file__).parents[2] / "gold" / "floors.json").read_text("utf-8"))["seeds"]
ENGLISH = "The minister said on Monday that the government would spend more on schools and hospitals next year."
SWEDISH = (
    "Regeringen lade på tisdagen fram sitt förslag till en ny lag om skolan, men oppositionen är inte nöjd och vill "
    "att frågan ska prövas en gång till efter valet i höst."
)
GERMAN = "Der Minister sagte am Montag, dass die Regierung im nächsten Jahr mehr für Schulen ausgeben werde."


def test_no_figure_falls_below_its_floor() -> None:
    measured = scores()

    assert {name: measured[name] for name, floor in FLOORS.items() if measured[name] < floor} == {}


def test_an_article_nobody_prepared(shared: Path) -> None:
    path = shared / "seed" / "itv-blinken-beijing.txt"
    (found,) = readers.read(path, Origin("seed", str(path), path.name))
    assert isinstance(found, Article)
    article = enrich(found)

    named = {"Antony Blinken", "Xi Jinping", "Qin Gang", "Joe Biden", "Bill Gates"}
    assert set(article.person) - {"Debi Edward"} == named
    assert set(article.country) == {"CN", "US", "TW", "RU", "UA", "CU", "JP", "PH", "HK"}
    assert article.topic == ("medtop:11000000",)
    assert article.published is None
    assert article.language == "en"


def test_evidence_stands_where_it_says() -> None:
    text = f"{ENGLISH} Angela Merkel met Mr. Obama in Berlin.\n\nMerkel left for Tokyo."
    article = enrich(Article("x", text, "Merkel"))

    assert article.evidence["person"]
    for name in ("person", "country", "topic"):
        for entry in article.evidence[name]:
            assert entry.value in getattr(article, name)
            assert 0 <= entry.confidence <= 1
            assert getattr(article, entry.within)[entry.start : entry.end] == entry.text
    assert "title" in {entry.within for entry in article.evidence["person"]}


def test_a_country_that_the_input_states_is_a_main_one_unless_it_says_otherwise() -> None:
    said = Evidence("FR", 0, 6, "France", "name", 0.9, main=False)
    stated = Article("x", ENGLISH, country=("FR", "DE"), given=frozenset({"country"}), evidence={"country": (said,)})

    assert [(entry.value, entry.main) for entry in enrich(stated).evidence["country"]] == [("FR", False), ("DE", True)]


def test_articles_of_a_batch_have_the_facts_of_each_alone() -> None:
    texts = (
        f"{ENGLISH} Angela Merkel met him in Berlin.",
        GERMAN,
        "",
        "By Ann Lee\n\nPARIS, June 18 (AP) - Hi.\n" * 40,
    )
    batch = [Article(str(number), text, "Merkel left") for number, text in enumerate(texts)]

    assert enriched(batch).articles == tuple(map(enrich, batch))


def test_a_part_of_the_chain_meets_no_new_words_once_they_were_learned() -> None:
    batch = [Article("a", f"{ENGLISH} Quentin Zubrowsky met him."), Article("b", f"{ENGLISH} Ada Plinkerton said no.")]
    readings = [Reading(article) for article in batch]
    for reading in readings:
        reading.go_on()
    learn(readings)
    table, runs = current(languages.default()), cut("", languages.default()).table
    known = len(table.spellings), len(runs.words.spellings)
    for reading in readings:
        assert reading.step is not None
        reading.go_on()

    assert [reading.so_far.person for reading in readings] == [("Quentin Zubrowsky",), ("Ada Plinkerton",)]
    assert (len(table.spellings), table.ahead) == (known[0], {})
    learn(readings)
    assert len(runs.words.spellings) > known[1]
    for step in (topics.enrich, legibility.enrich):
        learn(readings)
        met = len(table.spellings), len(runs.words.spellings), runs.known
        for reading in readings:
            assert reading.step is step
            reading.go_on()
        assert (len(table.spellings), len(runs.words.spellings), runs.known) == met
    assert runs.parts[legibility.KNOWN].known == runs.known
    assert all(reading.done for reading in readings)


def test_an_error_while_words_are_learned_costs_no_facts_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_articles: object) -> None:
        raise RuntimeError("while learning")

    monkeypatch.setattr(chain, "LEARNING", dict.fromkeys(chain.LEARNING, broken))
    batch = [Article(str(number), f"{ENGLISH} Angela Merkel met him in Berlin.") for number in range(2)]

    told = enriched(batch)

    assert told.articles == tuple(map(enrich, batch))
    assert [each.error for one in told.summaries for each in one.faults] == ["RuntimeError"]


@cases("before, listed", [(None, []), ("of before", ["of before"]), (["a", "b"], ["a", "b"])])
def test_an_error_of_a_step_is_listed_after_what_the_article_has_of_errors(before: object, listed: list[str]) -> None:
    def broken(_article: Article) -> Article:
        raise RuntimeError("in a step")

    met: list[Fault] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "CHAIN", (broken,))
        article = enrich(Article("a", ENGLISH, extra={} if before is None else {EXTRA: before}), met=met)

    assert article.extra[EXTRA] == [*listed, str(met[0])]


def test_what_the_input_states_stays() -> None:
    stated = Article(
        "x",
        f"{ENGLISH} Angela Merkel met him in Berlin.",
        person=("Someone Else",),
        given=frozenset({"person", "topic"}),
    )
    article = enrich(stated)

    assert article.person == ("Someone Else",)
    assert article.topic == ()
    assert article.country == ("DE",)
    assert article.evidence["person"] == (Evidence("Someone Else", None, None, "", "input", 1.0),)
    assert "topic" not in article.evidence


def test_evidence_of_the_input_is_not_repeated() -> None:
    said = Evidence("FR", None, None, "France (iso3166-1a2:FR)", "input", 1.0)
    stated = Article("x", ENGLISH, country=("FR", "DE"), given=frozenset({"country"}), evidence={"country": (said,)})

    found = enrich(stated).evidence["country"]
    assert found == (replace(said, main=True), Evidence("DE", None, None, "", "input", 1.0, main=True))


def test_a_language_without_a_model_gets_no_guesses() -> None:
    article = enrich(Article("x", f"{SWEDISH} Angela Merkel träffade Emmanuel Macron i Paris."))

    assert article.language == "sv"
    assert (article.person, article.country, article.topic) == ((), (), ())


@cases("url, published", [
    ("https://example.org/2023/06/18/talks", "2023-06-18"),
    ("https://example.org/news/2023-06-18-talks.html", "2023-06-18"),
    ("https://example.org/2023/13/45/talks", None),
    ("https://example.org/item/20230618", None),
    ("https://example.org/a?date=/2023/06/18/", None),
    ("http://[broken/2023/06/18/", None),
])  # fmt: skip
def test_a_day_in_the_path_of_a_url_is_the_date(url: str, published: str | None) -> None:
    article = enrich(Article("x", ENGLISH, url=url))

    assert article.published == published
    assert article.published_from == ("url" if published else None)


def test_a_date_in_prose_is_not_the_date() -> None:
    assert enrich(Article("x", f"On 18 June 2023 he came. {ENGLISH}")).published is None


def test_enriching_again_changes_nothing() -> None:
    once = enrich(Article("x", f"{ENGLISH} Angela Merkel met him in Berlin.", language="en"))
    bare = replace(once, person=(), country=(), topic=(), evidence={})

    assert enrich(bare) == once


def test_earlier_versions_had_the_languages_that_were_added_first() -> None:
    ours = languages.folders().keys() - {languages.DEFAULT}
    assert set(chain.ADDED) >= {
        code for code in ours if languages.folders()[code].parent == Path(languages.__file__).parent
    }
    told = set(chain.versions())
    assert {chain.version(), f"{chain.VERSION} de fr pt", chain.VERSION} <= told
    assert f"{chain.VERSION} it" not in told


def test_every_fact_that_is_found_can_be_taken_off_again() -> None:
    sources = [path.read_text("utf-8") for path in Path(chain.__file__).parent.rglob("*.py")]
    calls = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = {word.arg for call in calls if getattr(call.func, "id", "") == "changed" for word in call.keywords}

    optional = {name for options in as_read._options(Article("a", "")) for each in options for name in each}
    cut = {"text", "title"}  # while an article is enriched, and put back
    assert as_read._bare(Article("a", "", known=0.5)).known is None  # no input states it
    assert found <= optional | {*STATED} | {"evidence", "extra", "meaning", "known"} | cut
    assert optional <= found
