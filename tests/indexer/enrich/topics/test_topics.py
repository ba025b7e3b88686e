"""Topics: the model that comes with the package, on texts of its own and on the set kept beside the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer import languages
from indexer.enrich import topics
from indexer.enrich.shared import words
from indexer.enrich.topics.words import read
from search.values.article import Article, Evidence
from tests import waiting
from tests.cases import cases

ENGLISH = languages.default()

ROOT = Path(__file__).resolve().parents[4]
LEADS = ROOT / "benchmarks" / "topic_leads.tsv"

TREATY = Article(
    id="treaty",
    title="Neighbours sign border treaty",
    text="The presidents of both countries signed the treaty on Friday.\n\nTheir parliaments must still vote on "
    "it, and opposition leaders have called for a referendum before the next election.",
)


def found(text: str, title: str = "") -> tuple[str, ...]:
    return topics.enrich(Article("a", text, title)).topic


def leads() -> list[list[str]]:
    return [line.split("\t") for line in LEADS.read_text(encoding="utf-8").splitlines()]


def test_a_treaty_is_politics() -> None:
    assert topics.enrich(TREATY).topic[0] == "medtop:11000000"


@cases("text, title, topic", [
    ("The goalkeeper saved a penalty and her team won the cup.", "", ("medtop:15000000",)),
    ("", "Striker scores twice as champions win the cup final", ("medtop:15000000",)),
    ("The jury convicted him of murder and the judge jailed him for life.", "", ("medtop:02000000",)),
    ("The central bank raised interest rates as inflation hit investors and shares.", "", ("medtop:04000000",)),
    ("The archbishop celebrated Mass and blessed the pilgrims in the cathedral.", "", ("medtop:12000000",)),
    ("The teachers' lessons, the pupils' exams and the school's curriculum are to change.", "", ("medtop:05000000",)),
    # a text about nothing has none, and one word decides nothing
    *((text, "", ()) for text in ("", "Hello world.", "He said so again yesterday.", "1,204 3.5 - 17", "!?", "Goal")),
])  # fmt: skip
def test_a_plain_sentence_or_headline_gets_its_desk(text: str, title: str, topic: tuple[str, ...]) -> None:
    assert found(text, title) == topic


def test_topics_of_the_input_are_left_alone() -> None:
    given = replace(TREATY, topic=("medtop:17000000",), given=frozenset({"topic"}))
    assert topics.enrich(given) is given


def test_an_empty_list_of_the_input_is_left_alone() -> None:
    given = replace(TREATY, given=frozenset({"topic"}))
    assert topics.enrich(given).topic == ()


def test_another_language_gets_no_guess() -> None:
    german = replace(TREATY, language="sv")
    assert topics.enrich(german) is german


def test_evidence_is_a_word_of_the_text() -> None:
    for mark in topics.enrich(TREATY).evidence["topic"]:
        assert mark.start is not None
        assert TREATY.text[mark.start : mark.end] == mark.text


def test_evidence_from_the_title_says_where() -> None:
    article = topics.enrich(Article("a", "", "Striker scores twice as champions win the cup final"))
    (mark,) = article.evidence["topic"]
    assert (mark.within, mark.rule) == ("title", "model")
    assert article.title[mark.start : mark.end] == mark.text


def test_evidence_goes_with_the_topics_in_order_of_confidence() -> None:
    for _, text in leads():
        article = topics.enrich(Article("a", text))
        marks = article.evidence.get("topic", ())
        assert tuple(mark.value for mark in marks) == article.topic
        assert [mark.confidence for mark in marks] == sorted((m.confidence for m in marks), reverse=True)


def test_other_evidence_stays() -> None:
    person = (Evidence("Ann Lee", 0, 7, "Ann Lee", "crf", 0.9),)
    assert topics.enrich(replace(TREATY, evidence={"person": person})).evidence["person"] == person


def test_only_a_likely_topic_stands_beside_the_first() -> None:
    chances = np.zeros(17, np.float32)
    chances[[3, 10, 14, 0]] = [0.6, 0.9, 0.45, 0.55]
    assert topics.choose(chances) == [10, 3, 0]


def test_a_doubtful_first_topic_is_named_and_a_weak_one_is_not() -> None:
    chances = np.full(17, 0.01, np.float32)
    chances[6] = 0.4
    assert topics.choose(chances) == [6]
    chances[6] = 0.3
    assert topics.choose(chances) == []


def test_most_leads_get_their_topic() -> None:
    assert np.mean([found(text)[:1] == (code,) for code, text in leads()]) >= 0.85


def test_no_topic_is_blind() -> None:
    for wanted in topics.CODES:
        assert sum(found(text)[:1] == (code,) for code, text in leads() if code == wanted) >= 3


def test_an_article_takes_little_time() -> None:
    text = " ".join(text for _, text in leads()) * 2
    topics.enrich(Article("a", text))

    assert waiting.cpu_seconds(lambda: topics.enrich(Article("a", text)), 20) < 0.005


def test_the_model_is_small() -> None:
    assert (ENGLISH.folder / topics.FILE).stat().st_size < 2_000_000


def test_a_word_without_end_is_no_topic_and_not_kept() -> None:
    word = "a" * 5000
    article = topics.enrich(Article("word", f"{word} The shares rose on the stock market as banks cut interest rates."))

    assert article.topic[:1] == ("medtop:04000000",)
    assert word not in words.current(ENGLISH).spellings


@cases("chances, chosen", [
    ([0.34, 0.1], []), ([0.1, 0.36, 0.2], [1]), ([0.36, 0.49], [1]), ([0.51, 0.9], [1, 0]),
    ([0.9, 0.8, 0.7, 0.6], [0, 1, 2]), ([0.6, 0.7, 0.8, 0.9], [3, 2, 1]), ([0.6, 0.6], [0, 1]),
])  # fmt: skip
def test_the_likeliest_topics_are_chosen_three_at_most(chances: list[float], chosen: list[int]) -> None:
    assert topics.choose(np.array(chances, np.float32)) == chosen


CRIME, SPORT = "medtop:02000000", "medtop:15000000"
TRIAL = "The judge told the jury in court that the trial of the accused for murder would go on. " * 5
GAME = "The striker scored two goals in the second half of the match and the team won the cup. " * 5


@cases("text, lead, first", [
    (GAME * 3 + TRIAL, 0.5, SPORT), (TRIAL * 3 + GAME, 0.5, CRIME), (GAME * 3 + TRIAL, 1.0, CRIME),
    (GAME[: len(GAME) // 2], 0.5, CRIME), ("xyzzy " * 200, 0.5, CRIME),
])  # fmt: skip
def test_of_two_likely_topics_the_one_of_more_passages_is_first(text: str, lead: float, first: str) -> None:
    sums = np.full(len(topics.CODES), -9, np.float32)
    sums[topics.CODES.index(CRIME)], sums[topics.CODES.index(SPORT)] = 9, 9 - lead
    assert topics.CODES[topics.foremost(sums, read(text, ENGLISH), topics.load(ENGLISH))] == first
