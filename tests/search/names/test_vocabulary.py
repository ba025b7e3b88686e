"""Controlled vocabularies: what may be written for a country, a topic, a language."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from search import Filter, Query
from search.errors import BadQuery
from search.names.vocabulary import EVERYDAY, Vocabulary, VocabularyEntry, labelled, vocabulary
from search.text.tokens import fold
from tests.cases import cases


@cases(
    "written, code",
    [
        ("CN", "CN"), ("cn", "CN"), ("china", "CN"), ("CHINA ", "CN"), ("People’s Republic of China", "CN"),
        ("côte d’ivoire", "CI"), ("Cote d'Ivoire", "CI"), ("Ivory Coast", "CI"), ("U.S.", "US"), ("usa", "US"),
        ("Great Britain", "GB"), ("Holland", "NL"), ("Swaziland", "SZ"), ("DEU", "DE"), ("Kosovo", "XK"),
        ("Soviet Union", "SUHH"), ("Soviet Union (1922–1991)", "SUHH"), ("USSR", "SUHH"), ("East Germany", "DDDE"),
        ("North Vietnam", "VDVN"), ("Atlantis", None), ("", None),
        ("Burma", "MM"), ("Burma (1948–1989)", "BUMM"),  # a living country keeps its old name
    ],
)  # fmt: skip
def test_a_country_is_found_by_code_label_or_alias(written: str, code: str | None) -> None:
    assert vocabulary("country").find(written) == code


def test_a_topic_and_a_language_are_found_by_code_bare_code_or_label() -> None:
    for written in ("medtop:11000000", "MEDTOP:11000000", "11000000", "politics", "Politics"):
        assert vocabulary("topic").find(written) == "medtop:11000000"
    for written in ("de", "German", "deu", "ger"):
        assert vocabulary("language").find(written) == "de"


def test_every_country_of_iso_3166_is_there() -> None:
    codes = set(vocabulary("country").entries)

    assert len([code for code in codes if len(code) == 2]) == 249 + 1  # and Kosovo
    assert len([code for code in codes if len(code) == 4]) == 31


def test_states_of_the_past_wear_their_years() -> None:
    past = [entry for entry in vocabulary("country").entries.values() if len(entry.code) == 4]

    assert all(re.search(r" \(\d{4}–\d{4}\)$", entry.label) for entry in past)


@cases("name", ["country", "topic", "language"])
def test_every_entry_answers_to_its_code_and_label_and_no_alias_belongs_to_two(name: str) -> None:
    words = vocabulary(name)

    for entry in words.entries.values():
        assert words.find(entry.code) == words.find(entry.label) == entry.code
        assert {words.find(alias) for alias in entry.aliases} <= {entry.code}


@cases(
    "name, written, label",
    [
        ("country", "Chiina", "China"),
        ("country", "Untied States", "United States"),
        ("country", "Sovjet Union", "Soviet Union (1922–1991)"),
        ("topic", "polotics", "politics"),
        ("topic", "weather forcast", "weather forecast"),
        ("topic", "footbal", "soccer"),  # the nearest everyday word is told by its topic
        ("topic", "Politk", "Politik"),
        ("topic", "eleicoes", "eleições"),
        ("topic", "Wirtschft", "Wirtschaft"),
        ("country", "Allemange", "Allemagne"),
        ("country", "Spanja", "Spanje"),
        ("country", "Duitslnad", "Duitsland"),
        ("language", "allemend", "allemand"),
        ("country", "Tawain", "Taiwan"),  # of names that are as near, one in English
        *(("country", far, None) for far in ("Atlantis", "Narnia", "Wakanda", "Mordor", "qqqqqq", "", "-", "é")),
    ],
)
def test_the_nearest_label_is_suggested_if_one_is_near(name: str, written: str, label: str | None) -> None:
    assert vocabulary(name).nearest(written) == label


@cases(
    "word, label",
    [
        ("football", "soccer"),
        ("murder", "homicide"),
        ("Murders", "homicide"),
        ("elections", "election"),
        ("parties", "political parties and movements"),
        ("women", "gender"),
        ("stock markets", "stocks"),
        ("price", "prices"),
        ("party", "party"),  # a label goes before an everyday word
        ("plane crashes", "air and space accident and incident"),
    ],
)
def test_a_question_means_a_topic_by_everyday_words(word: str, label: str) -> None:
    code = vocabulary("topic").meant(word)

    assert code is not None
    assert vocabulary("topic").label(code) == label


@cases(
    "word, label",
    [
        ("Fußball", "soccer"),
        ("fútbol", "soccer"),
        ("guerre civile", "civil war"),
        ("changement climatique", "climate change"),
    ],
)
def test_a_question_means_a_topic_by_its_label_in_another_language(word: str, label: str) -> None:
    assert vocabulary("topic").label(vocabulary("topic").meant(word) or "") == label


@cases("words, label", [
    ("Frankreich Francia Frankrijk França", "France"),
    ("Allemagne Alemania Germania Duitsland Alemanha", "Germany"),
    ("États-Unis EE.UU. Elfenbeinküste", "United States|United States|Ivory Coast"),
    ("Sowjetunion URSS Birmanie", "Soviet Union (1922–1991)|Soviet Union (1922–1991)|Myanmar"),
])  # fmt: skip
def test_a_question_means_a_country_by_its_name_in_seven_languages(words: str, label: str) -> None:
    known, labels = vocabulary("country"), label.split("|")
    found = [known.label(known.meant(word) or "") for word in words.split()]

    assert found == labels * (len(found) // len(labels))


@cases("word", ["arm", "floor balls", "", "s", "es"])
def test_what_is_no_word_of_a_topic_means_none(word: str) -> None:
    assert vocabulary("topic").meant(word) is None


def test_everyday_words_are_many_and_each_is_of_one_topic() -> None:
    topics = vocabulary("topic")
    told = [word for entry in topics.entries.values() for word in entry.everyday]
    rows = resources.files("search").joinpath("data", EVERYDAY["topic"]).read_text("utf-8").splitlines()
    codes = [row.split("\t")[0] for row in rows if row.startswith("medtop:")]

    assert len(told) >= 300
    assert len({fold(word) for word in told}) == len(told)
    assert [word for word in told if topics.find(word)] == []
    assert set(codes) <= set(topics.entries)
    assert len(set(codes)) == len(codes)


def test_an_unknown_code_is_its_own_label() -> None:
    assert vocabulary("country").label("QQ") == "QQ"
    assert vocabulary("country").label("HK") == "Hong Kong"


def test_topics_have_seventeen_tops_in_order() -> None:
    tops = vocabulary("topic").tops

    assert len(tops) == 17
    assert list(tops) == sorted(tops)


def test_ancestors_come_nearest_first() -> None:
    words = Vocabulary(
        {
            "a": VocabularyEntry("a", "sport"),
            "b": VocabularyEntry("b", "ball games", (), "a"),
            "c": VocabularyEntry("c", "football", ("soccer",), "b"),
        }
    )

    assert words.ancestors("c") == ("b", "a")
    assert words.children("a") == ("b",)
    assert words.tops == ("a",)


def test_a_given_label_goes_before_an_everyday_word_and_after_the_vocabulary() -> None:
    given = {"football": "medtop:20000823", "sport": "medtop:20000823", "kicken": "medtop:20001065"}
    with labelled(lambda kind: given if kind == "topic" else {}):
        meant = [vocabulary("topic").label(vocabulary("topic").meant(word) or "") for word in given]
        assert meant == ["American football", "sport", "soccer"]
        wanted = Query(filters={"topic": Filter(any=("Kicken",))}).filters["topic"]
        assert wanted.any == ("medtop:20001065",)

    assert vocabulary("topic").meant("kicken") is None
    with pytest.raises(BadQuery):
        Query(filters={"topic": Filter(any=("Kicken",))})


def test_a_vocabulary_is_read_once() -> None:
    assert vocabulary("country") is vocabulary("country")


def test_there_is_no_fourth_vocabulary() -> None:
    with pytest.raises(KeyError):
        vocabulary("person")
