"""The topics that sections and URLs state."""

from __future__ import annotations

from indexer.enrich import topics
from indexer.enrich.topics import sections
from search.names.vocabulary import vocabulary
from search.values.article import Article
from tests import waiting
from tests.cases import cases

ECONOMY, SPORT, SCIENCE, ENVIRONMENT = (f"medtop:{number}000000" for number in ("04", "15", "13", "06"))


def stated(section: str | None = None, url: str | None = None) -> list[tuple[str, str, str]]:
    return [(e.value, e.text, e.rule) for e in sections.find(Article("a", "", section=section, url=url))]


@cases("section, found", [
    # in the main languages
    *((name, [(ECONOMY, name, "section")]) for name in (
        "Business", "BUSINESS", "Business news", "Economía", "Wirtschaft", "经济", "News > Business", "Экономика",
    )),
    # a part of a path
    ("Manchester > Football", [(SPORT, "Football", "section")]),
    # about a place or of unknown words
    *((name, []) for name in ("World", "Opinion", "Nation", "", "Sporting chance of a storm", "News", "x" * 10_000)),
])  # fmt: skip
def test_a_section_states_its_topic(section: str, found: list[tuple[str, str, str]]) -> None:
    assert stated(section) == found


@cases("url, name", [
    ("https://example.org/sport/2019/aug/31/a-day-of-politics", "sport"),
    ("//example.org/news/uk/football/cup", "football"),
    ("https://example.org/news/sport-56837908", "sport"),
    ("https://sports.example.org/2019/a", "sports"),
    ("HTTPS://example.org/Deportes/a.html?section=politics", "Deportes"),
    # words of a headline or a site
    *((url, "") for url in (
        "https://example.org/2019/08/sport-is-politics/a", "https://example.org/wiki/War", "sport/a", "",
        "https://example.org/2019/08/war/", "https://sport.org/a", "https://example.org/a?section=/sport/",
    )),
])  # fmt: skip
def test_a_directory_of_the_url_states_its_topic(url: str, name: str) -> None:
    assert stated(url=url) == ([(SPORT, name, "url")] if name else [])
    assert stated("Science", url) == [(SCIENCE, "Science", "section")]


def test_a_section_of_two_topics_leaves_the_text_to_decide() -> None:
    text = "The glaciers melt as greenhouse gas emissions warm the climate, and conservation of wildlife suffers."
    article = topics.enrich(Article("a", text, section="Science & Environment"))

    assert article.topic[0] == ENVIRONMENT


def test_a_section_is_evidence_next_to_the_words() -> None:
    text = "The striker scored a goal and the goalkeeper saved a penalty as the team won the league match."
    marks = topics.enrich(Article("a", text, section="Sport")).evidence["topic"]

    assert [(mark.value, mark.rule) for mark in marks] == [(SPORT, "section"), (SPORT, "model")]
    assert (marks[0].start, marks[0].text) == (None, "Sport")


def test_a_topic_with_two_pieces_of_evidence_is_named_once() -> None:
    text = "The striker scored a goal and the goalkeeper saved a penalty as the team won the league match."

    assert topics.enrich(Article("a", text, section="Sport")).topic == (SPORT,)


def test_a_section_gives_articles_in_other_languages_a_topic() -> None:
    assert topics.enrich(Article("a", "Der Ball ist rund.", section="Fußball", language="de")).topic == (SPORT,)


def test_a_section_does_not_change_what_the_input_states() -> None:
    article = Article("a", "", section="Sport", topic=(ECONOMY,), given=frozenset({"topic"}))

    assert topics.enrich(article) is article


def test_every_name_has_a_top_level_and_is_found() -> None:
    names = sections.names()
    known = vocabulary("topic").entries

    assert all(code == "" or code in known for code in names.values())
    assert [name for name, code in names.items() if code and sections.topics_of(name) != (code,)] == []


def test_a_hostile_address_takes_no_time() -> None:
    hosts = ("https://example.org/" + "sport-" * 50_000, "https://" + "a." * 50_000, "https://e.org" + "/a" * 50_000)
    sections.find(Article("a", ""))

    assert waiting.cpu_seconds(lambda: [stated(url * 2, url) for url in hosts], 1) < 0.5
