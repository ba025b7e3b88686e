"""Finer topics: named by the vocabulary's own words, below a top level that the model gave."""

from __future__ import annotations

from indexer import languages
from indexer.enrich.topics import CODES, enrich, subtopics
from indexer.enrich.topics.words import read
from search import Article
from search.names.vocabulary import vocabulary
from tests.cases import cases

ENGLISH = languages.default()

SPORT, POLITICS, ECONOMY = CODES[14], CODES[10], CODES[3]


def labels(title: str, text: str, *tops: str, rarity: dict[str, float] | None = None) -> list[str]:
    found = subtopics.find(read(title, ENGLISH), read(text, ENGLISH), tops, rarity or {})
    return [vocabulary("topic").label(entry.value) for entry in found]


@cases("title, text, found", [
    ("Tennis", "Tennis is played.", ["tennis"]),
    ("", "Tennis is played. Tennis players like tennis.", ["tennis"]),
    ("Tennis", "It is played.", []),
    ("", "Tennis is played.", []),
    ("", "table tennis " * 3, ["table tennis"]),
])  # fmt: skip
def test_a_label_that_stands_often_enough_is_a_topic(title: str, text: str, found: list[str]) -> None:
    assert [label for label in labels(title, text, SPORT) if "tennis" in label][-1:] == found[-1:]


def test_only_below_a_top_level_that_was_named() -> None:
    assert labels("Tennis", "Tennis is played.", POLITICS) == []


def test_a_word_that_most_news_has_says_nothing() -> None:
    assert labels("Tennis", "Tennis is played.", SPORT, rarity={"tenni": 1.0}) == []


def test_singular_and_plural_are_one_and_other_endings_are_not() -> None:
    assert "exports" in labels("Export", "The export of grain. Exports rose.", ECONOMY)
    assert "productivity" not in labels("Product", "A product. Products, products.", ECONOMY)


def test_the_top_level_stays_first_and_evidence_says_why() -> None:
    text = "The tennis player won the tennis match in three sets. Tennis fans cheered the champion of the tournament."
    article = enrich(Article("x", text, "Tennis champion wins final", language="en"))

    assert article.topic[0] == SPORT
    assert [vocabulary("topic").label(code) for code in article.topic[1:]] == ["tennis"]
    entry = article.evidence["topic"][-1]
    assert (entry.rule, entry.text, article.text[entry.start : entry.end]) == ("label", "tennis", "tennis")
