"""A text that is too long is kept, has the facts of its beginning, and says so."""

from __future__ import annotations

from indexer.enrich import enrich, warm
from indexer.enrich.shared import limit
from indexer.safe.limits import watch
from indexer.workers.work import enriched
from search.values.article import Article

NEWS = "Angela Merkel met Barack Obama in Berlin. "
DATES = "".join(f"On 3 May {year} they met. " for year in range(1900, 2000))
LATER = "Emmanuel Macron flew to Nairobi in Kenya. "


def test_facts_are_those_of_the_beginning() -> None:
    text = NEWS * 30 + LATER * 30
    read = enrich(Article("long", text, language="en"), characters=len(NEWS) * 30)

    assert read.text == text
    assert sorted(read.person) == ["Angela Merkel", "Barack Obama"]
    assert read.country == ("DE",)
    assert limit.met(read) == "Facts are those of the first 1,259 of 2,520 characters."
    assert [entry.rule for entry in read.evidence["text"]] == ["limit"]


def test_a_text_that_is_read_whole_says_nothing() -> None:
    whole = enrich(Article("short", NEWS * 3, language="en"), characters=len(NEWS) * 3)

    assert "text" not in whole.evidence
    assert limit.met(whole) == ""


def test_no_word_is_cut_in_two() -> None:
    read = limit.beginning(Article("cut", "Angela Merkel met Barack Obama"), 20)

    assert read.text == "Angela Merkel met"


def test_a_text_without_spaces_is_cut_where_the_limit_is() -> None:
    assert limit.beginning(Article("cut", "a" * 50), 20).text == "a" * 20


def test_a_long_title_is_cut_too_and_kept() -> None:
    title = "Berlin " * 1000
    read = enrich(Article("title", NEWS, title, language="en"))

    assert read.title == title
    assert limit.met(read) == "Facts are those of the first 1,000 of 7,000 characters of its title."


def test_what_was_found_in_time_is_kept() -> None:
    warm()
    with watch() as allow:
        allow(0.5)
        read = enrich(Article("slow", DATES + NEWS * 40_000, language="en"), characters=2_000_000)
        allow(0)

    assert len(read.mentioned) == 100
    assert read.person == ()
    assert limit.met(read).endswith("s. Not looked for: persons, topics, countries, legibility.")


def test_a_clock_that_has_ended_strikes_nobody() -> None:
    with watch() as allow:
        allow(0.02)
        allow(0)
        read = enrich(Article("calm", NEWS * 200, language="en"))

    assert limit.met(read) == ""


def test_who_tells_of_an_article_tells_of_its_limit() -> None:
    told = enriched([Article("long", NEWS * 12_000, language="en"), Article("short", NEWS, language="en")]).summaries

    assert [bool(each.limit) for each in told] == [True, False]
