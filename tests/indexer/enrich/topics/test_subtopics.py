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


@cases("text, found", [
    ("Football fans left the football ground. The football club lost.", ["soccer"]),
    ("The football team is last in the NFL. A quarterback left; football is his life.", ["American football"]),
    ("He plays rugby union, likes rugby and writes on rugby sevens.", ["rugby"]),
    ("A hockey team of the field hockey league. Hockey is played.", ["field hockey"]),
    ("The batsman lost his wicket. Four wickets fell.", ["cricket"]),
])  # fmt: skip
def test_everyday_words_and_signs_tell_a_narrower_topic(text: str, found: list[str]) -> None:
    assert labels("", text, SPORT) == found


def test_a_word_that_people_only_ask_with_tells_nothing() -> None:
    assert labels("", "Ten dollars and a hundred dollars are dollars.", ECONOMY) == []


def test_a_title_of_a_person_tells_nothing() -> None:
    assert labels("Minister", "The minister met another minister, and the president a senator.", POLITICS) == []


def test_a_sign_is_no_word_of_the_vocabulary() -> None:
    """Those that people ask with are in search/data/topic_words.tsv."""
    signs = ENGLISH.table(subtopics.SIGNS)

    assert [sign for sign in signs if vocabulary("topic").meant(sign)] == []
    assert {code for codes in signs.values() for code in codes} <= set(vocabulary("topic").entries)
    assert [word for word in ENGLISH.listed(subtopics.ASKED) if not vocabulary("topic").meant(word)] == []


REPORTS = {
    "football": "Arsenal won the football match at Chelsea on Saturday. The football club's manager praised "
    "his players. The goal came in the second half. Football fans cheered.",
    "soccer": "The soccer season began on Saturday. Soccer clubs have new players, and the coach of the soccer team "
    "expects goals from his striker.",
    "rugby": "England won the rugby match against Wales. The rugby coach praised his forwards. A late try decided the "
    "rugby game at Twickenham.",
    "cricket": "Australia beat England in the third Test. The cricket captain scored 120 runs before tea. Cricket fans "
    "saw five wickets fall. County cricket resumes.",
    "election": "Voters went to the polls in the general election on Thursday. The election was won by Labour. "
    "Election officials counted ballots. The prime minister conceded the election.",
    "inflation": "Inflation rose to 5 per cent in May. The central bank said inflation would fall. Economists expected "
    "inflation of 4 per cent, as consumer prices rose.",
    "strike": "Rail workers went on strike on Monday. The union said the strike over pay would last three days. "
    "Talks to end the strike failed. Employers criticised the unions.",
    "climate": "Leaders met to cut emissions that harm the climate. Climate scientists said that the planet grows "
    "warmer as carbon dioxide levels rise, and that climate policy must change.",
}


@cases("word", sorted(REPORTS))
def test_an_everyday_word_finds_a_report_of_its_topic(word: str) -> None:
    assert vocabulary("topic").meant(word) in enrich(Article(word, REPORTS[word], language="en")).topic


def test_the_top_level_stays_first_and_evidence_says_why() -> None:
    text = "The tennis player won the tennis match in three sets. Tennis fans cheered the champion of the tournament."
    article = enrich(Article("x", text, "Tennis champion wins final", language="en"))

    assert article.topic[0] == SPORT
    assert [vocabulary("topic").label(code) for code in article.topic[1:]] == ["tennis"]
    entry = article.evidence["topic"][-1]
    assert (entry.rule, entry.text, article.text[entry.start : entry.end]) == ("label", "tennis", "tennis")
