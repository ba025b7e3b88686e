"""Which articles may belong to the event of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

import search
from search import Article, Query
from search.analyses.event import CANDIDATES, DAYS, THRESHOLD, Event, event
from search.engine import Engine
from search.syntax.function_words import FUNCTION_WORDS
from search.values.results import Copies
from tests.search.contract.archive import Backend, holding

FERRY = "The ferry Marlin sank off Castor in heavy seas. Rescuers pulled eleven sailors from the water."
ABOUT = (
    Article("sunk", FERRY, "Ferry sinks off Castor", published="2001-03-05", person=("Ann Lee",), language="en"),
    Article("search", "Rescuers look for sailors from the ferry Marlin, which sank off Castor in heavy seas.",
            "Ferry sinks off Castor: eleven sailors",
            published="2001-03-06", person=("Ann Lee", "Bo Ray"), language="en"),
    Article("inquiry", "The ferry Marlin sank off Castor in heavy seas as sailors slept.",
            "Ferry sinks off Castor: sailors",
            published="2001-03-08", person=("Ann Lee",), language="en"),
    Article("copy", FERRY, "Ferry sinks", published="2001-03-05", group="sunk", language="en"),
    Article("years", FERRY, "Ferry sank a year ago", published="2002-03-05", language="en"),
    Article("month", FERRY, "Ferry sank this month", published="2001-03", language="en"),
    Article("undated", FERRY, "Ferry sinks", language="en"),
)  # fmt: skip
TOWNS = ("Pollux", "Vega", "Altair", "Deneb", "Rigel", "Mira", "Spica", "Algol")
PLANS = ("roads", "schools", "taxes", "parks", "buses", "theatres", "markets", "bridges")
OTHERS = tuple(
    Article(f"{day}-{town}", f"The council of {town} votes on the {plan} of the city in March, after long talks.",
            f"{town}: {plan}", published=f"2001-03-{day + 1:02}", language="en")
    for day, (town, plan) in enumerate(zip(3 * TOWNS, 3 * PLANS, strict=True))
)  # fmt: skip


def filled(backend: Backend) -> Engine:
    return holding(backend, (replace(ABOUT[0], group="sunk"), *ABOUT[1:], *OTHERS))


def ids(found: Event) -> list[str]:
    return [member.article.id for member in found.members]


def test_an_event_has_the_stories_of_its_days_in_order(backend: Backend) -> None:
    with filled(backend) as engine:
        of_first, of_second, of_copy = (event(engine, name) for name in ("sunk", "search", "copy"))

    assert ids(of_first) == ["search", "inquiry"]
    assert ids(of_second) == ["sunk", "inquiry"]
    assert of_second.members[0].group == Copies("sunk", 2)
    assert ids(of_copy) == ["search", "inquiry"]
    for found in (of_first, of_second, of_copy):
        assert all(abs((member.day - day).days) <= DAYS for member in found.members if (day := found.day))
        assert all(member.score >= THRESHOLD for member in found.members)


def test_a_member_says_which_words_and_persons_it_shares(backend: Backend) -> None:
    with filled(backend) as engine:
        first = event(engine, "sunk").members[0]

    assert "ferry" in first.words
    assert first.person == ("Ann Lee",)


def test_function_words_are_never_told(backend: Backend) -> None:
    german = "Marlin und Castor: Orkan vor der Insel Kap Arkona, und der Reeder ist nicht da."
    english = "Marlin and Castor: what there was of them is there for those who have been."
    told = (("2001", "de", german), ("2003", "en", english), ("2005", None, english))
    pairs = [
        Article(f"{name}{year}", text, published=f"{year}-03-05", language=language)
        for year, language, text in told
        for name in "ab"
    ]
    with holding(backend, (*pairs, *OTHERS)) as engine:
        for year, language, _ in told:
            (member,) = event(engine, f"a{year}").members

            assert member.words
            assert not FUNCTION_WORDS[language or "en"].intersection(member.words)


def test_nothing_belongs_to_an_article_without_a_day(backend: Backend) -> None:
    with filled(backend) as engine:
        for name in ("month", "undated"):
            assert (event(engine, name).day, event(engine, name).members) == (None, ())
        with pytest.raises(search.ArticleMissing):
            event(engine, "nowhere")


def test_nothing_belongs_to_an_article_of_its_own(backend: Backend) -> None:
    texts = {"alone": FERRY, "empty": "?"}
    alone = [Article(name, text, published="2001-03-05", language="en") for name, text in texts.items()]
    with holding(backend, alone) as engine:
        assert event(engine, "alone").members == event(engine, "empty").members == ()


def test_a_person_brings_two_articles_together(backend: Backend) -> None:
    said = (
        ("said", "The minister spoke at the harbour of Castor about fish.", ("Ann Lee", "Bo Ray")),
        ("left", "A minister has left the harbour of Castor early.", ("Bo Ray", "Ann Lee")),
        ("none", "A minister has left the harbour of Castor early.", ()),
    )
    naming = [Article(name, text, published="2001-03-05", person=p, language="en") for name, text, p in said]
    with holding(backend, (*OTHERS, *naming)) as engine:
        assert ids(event(engine, "said")) == ["left"]


def test_an_event_changes_no_count(backend: Backend) -> None:
    with filled(backend) as engine:
        before = engine.search(Query("ferry", facets=("person", "date")))
        event(engine, "sunk")
        after = engine.search(Query("ferry", facets=("person", "date")))

    assert (after.total, after.facets) == (before.total, before.facets)


def test_the_first_and_the_last_year_have_events(backend: Backend) -> None:
    days = ("0001-01-02", "0001-01-03", "9999-12-30", "9999-12-31")
    first_and_last = [Article(day, FERRY, published=day, language="en") for day in days]
    with holding(backend, (*OTHERS, *first_and_last)) as engine:
        assert [ids(event(engine, day)) for day in days] == [[days[1]], [days[0]], [days[3]], [days[2]]]


def test_frequencies_are_those_of_a_search(backend: Backend) -> None:
    words = ["ferry", "ferries", "council", "zebra", "ferry"]
    with filled(backend) as engine:
        assert engine.frequencies(words) == engine.totals([Query(word) for word in words])
        assert engine.frequencies([]) == ()


def test_an_event_has_no_more_members_than_candidates(backend: Backend) -> None:
    many = [Article(f"a{n:03}", FERRY, published="2001-03-05", language="en") for n in range(CANDIDATES + 10)]
    with holding(backend, (*many, *OTHERS)) as engine:
        assert len(event(engine, "a000").members) == CANDIDATES
