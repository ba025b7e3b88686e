"""What is special about a result, and in each of its periods."""

from __future__ import annotations

from pathlib import Path

import falcon.testing
import pytest

import search
from search import Article
from search.analyses.periods import MOST_PERIODS, PERIODS
from search.engine import Engine
from search.measures.keyness import SPECIAL_FIELDS, measured
from search.values.query import DENOMINATORS, Filter, Query
from service.html.parts.special import LISTED, having, special, strength, times, widened
from service.html.view import PageState, View
from tests.cases import cases
from tests.service.links import asked_at

Client = falcon.testing.TestClient


@pytest.mark.parametrize("field", SPECIAL_FIELDS)
@pytest.mark.parametrize(
    "query",
    [
        Query("president"),
        Query("president OR minister", {"country": Filter(any=("US", "GB"))}, date_from="1960", group="story"),
        Query("the president", {"source": Filter(any=("Nobody",), missing=True)}, country_main=True),
    ],
)
def test_each_count_of_what_is_special_opens_its_articles(engine: Engine, query: Query, field: str) -> None:
    for against in DENOMINATORS:
        found = special(engine, PageState(query, View("special", field=field, against=against)))

        assert engine.search(asked_at(found.total_url)).total == found.total
        assert engine.search(asked_at(found.of_url)).total == found.of
        for row in (*found.over, *found.under):
            assert row.of_url
            assert (row.url is None) == (row.found.count == 0)
            assert row.url is None or engine.search(asked_at(row.url)).total == row.found.count
            assert engine.search(asked_at(row.of_url)).total == row.found.of


@cases("field", ["words", "person"])
@cases("by", PERIODS)
def test_each_count_of_a_period_opens_its_articles(engine: Engine, field: str, by: str) -> None:
    query = Query("the soviet", {"country": Filter(none=("FR",))}, date_from="1948-06", date_to="1991", group="story")
    found = special(engine, PageState(query, View("special", field=field, by=by)))

    assert found.periods
    for row in found.periods:
        assert engine.search(asked_at(row.url)).total == row.total
        assert not {one.label for one in row.values} & {"soviet", "the"}
        for one in row.values:
            assert one.url
            assert engine.search(asked_at(one.url)).total == one.count


def test_a_period_with_too_many_before_it_says_so(engine: Engine) -> None:
    found = special(engine, PageState(Query("the"), View("special", by="month")))

    assert len(found.periods) == MOST_PERIODS
    assert found.earlier > 0


def test_a_special_word_widens_the_search(engine: Engine) -> None:
    found = special(engine, PageState(Query("berlin wall"), View("special", field="words")))
    wider = [row for row in found.over if row.or_url]
    before = engine.search(Query("berlin wall")).total

    assert wider
    assert not {row.found.value for row in wider} & {"berlin", "wall", "walls"}
    for row in wider:
        asked = asked_at(row.or_url or "")
        assert asked.text == f"(berlin AND wall) OR {row.found.value}"
        assert engine.search(asked).total >= before
    assert not any(row.or_url for row in found.under)


def test_a_wider_search_counts_as_the_one_before(engine: Engine) -> None:
    found = special(engine, PageState(Query("berlin wall", group="story", sort="oldest"), View("special")))
    wider = asked_at(next(row.or_url for row in found.over if row.or_url) or "")

    assert (wider.group, wider.sort) == ("story", "oldest")


def test_a_word_that_widens_nothing_is_not_offered() -> None:
    assert widened(Query(""), "moon") is None
    assert widened(Query("moons landing"), "moon") is None
    assert widened(Query('"moon landing"'), "moon") is None
    assert widened(Query("apollo moon", match="most"), "landing") is None
    assert widened(Query("apollo OR moon"), "landing") == Query("apollo OR moon OR landing")


@cases(
    "text, wider",
    [
        ("country:FR strike pay -mine", "((strike AND pay) OR wage) AND country:FR AND NOT mine"),
        ("strike published:1998..", "(strike OR wage) AND published:1998.."),
        ("country:FR", "country:FR OR wage"),
        ("-mine", "NOT mine OR wage"),
    ],
)
def test_what_a_search_leaves_out_stays_out_of_the_wider_one(text: str, wider: str) -> None:
    assert widened(Query(text), "wage") == Query(wider)


def test_a_bar_of_what_is_special_is_as_long_as_the_root_of_its_measure(engine: Engine) -> None:
    found = special(engine, PageState(Query("moon"), View("special", field="words")))

    for rows in (found.over, found.under):
        most = max(abs(row.found.g2) for row in rows)
        assert [row.bar for row in rows] == [round(100 * (abs(row.found.g2) / most) ** 0.5) for row in rows]
    assert max(row.bar for row in found.over) == 100


def test_a_count_that_cannot_be_asked_for_has_no_link() -> None:
    phrase = " ".join(["a" * 62] * 31)
    assert having(Query(f'"{phrase} {"b" * 41}"'), "words", "word") is None
    assert having(Query(f'"{phrase}"'), "words", "word") == Query(f'"{phrase}" AND =word')
    assert having(Query("=word b"), "words", "word") == Query("=word AND b")


@cases(
    "count, of, said",
    [(5, 5, "only here"), (0, 5, "never here"), (4, 5, "8 ×"), (1, 2, "2 ×"), (1, 9, "0.25 ×"), (90, 91, "180 ×")],
)
def test_how_many_times_as_frequent_is_said_in_words(count: int, of: int, said: str) -> None:
    assert times(measured("v", "v", count, of, 100, 300)) == said


def test_what_is_special_says_what_it_is_compared_with(client: Client) -> None:
    whole, narrowed = (client.simulate_get(f"/?view=special{more}").text for more in ("", "&q=moon&from=1960"))

    assert "There is nothing to compare: the result is all of the archive." in whole
    assert "compared with the archive" in narrowed
    assert "the articles that pass the same filters" in narrowed
    assert "the articles that pass the same filters" not in client.simulate_get("/?view=special&q=moon").text
    assert "the result is empty" in client.simulate_get("/?view=special&q=xyzzy").text


@cases(
    "asked, english, german",
    [
        ("by=week", "by cannot be “week”. There are: month, year, decade.", "by kann nicht „week“ sein."),
        ("against=filter", "against cannot be “filter”. Nearest: filters.", "against kann nicht „filter“ sein."),
        ("by=year&by=month", "by is given 2 times. Give it once.", "by ist 2-mal angegeben."),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(client: Client, asked: str, english: str, german: str) -> None:
    for language, sentence in (("en", english), ("de", german)):
        answer = client.simulate_get(f"/?q=moon&view=special&{asked}", headers={"Accept-Language": language})
        assert answer.status_code == 400
        assert sentence in answer.text


def test_distinctive_words_say_something(engine: Engine) -> None:
    found = special(engine, PageState(Query("president"), View("special", field="words")))
    words = {row.found.value for row in (*found.over, *found.under)}

    assert len(found.over) == LISTED["over"]
    assert words.isdisjoint({"the", "of", "march", "november", "monday", "friday"})
    assert not [word for word in words if not any(map(str.isalpha, word))]


@cases("g2, said", [(0.5, "slightly"), (-6.6, "fairly"), (15.0, "fairly"), (15.1, "very"), (-400.0, "very")])
def test_a_strength_is_a_word(g2: float, said: str) -> None:
    assert strength(g2) == said


SAYS = "All two of them said to Mr and Mrs, that {it} had been made, according to what the twenty others told him. "
LAND = "Alle zwei sagten, dass {it} gemacht worden sei, laut einem, der das so erklärte. "


def test_words_of_every_report_are_never_distinctive(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for n in range(40):
            asked = n % 2
            text = f"{SAYS if asked else ''}The steel of Essen.".format(it="the bridge")
            writer.add(
                Article(f"a{n}", text, "Strike" if asked else "Rain", "1950-05-17", language="en" if n % 3 else None)
            )
            text = f"{LAND if asked else ''}Der Stahl aus Essen.".format(it="die Brücke")
            writer.add(Article(f"b{n}", text, "Strike" if asked else "Regen", "1950-05-17", language="de"))
    with search.open(tmp_path / "idx") as engine:
        found = special(engine, PageState(Query("strike"), View("special", field="words")))
    assert {row.label for row in found.over} == {"strike", "bridge", "brucke"}
    assert {row.label for row in found.under} == {"rain", "regen"}


def test_a_function_word_of_one_language_may_say_something_in_another(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        for year, language, count, text in (
            ("1950", "en", 30, "Foundry: men die."), ("1950", "de", 5, "Foundry: die Werke."),
            ("1950", "en", 40, "Rain."), ("1950", "de", 40, "Der Regen."),
            ("1960", "en", 5, "Foundry: men die."), ("1960", "de", 20, "Foundry: die Werke."),
            ("1960", "en", 40, "Rain."), ("1960", "de", 40, "Der Regen."),
        ):  # fmt: skip
            for n in range(count):
                writer.add(Article(f"{year}-{language}-{text}-{n}", text, published=year, language=language))
    with search.open(tmp_path / "idx") as engine:

        def found(query: Query) -> tuple[set[str], set[str], list[set[str]]]:
            shown = special(engine, PageState(query, View("special", field="words", by="decade")))
            periods = [{one.label for one in row.values} for row in shown.periods]
            return {row.label for row in shown.over}, {row.label for row in shown.under}, periods

        over, under, (fifties, sixties) = found(Query("foundry"))
        english = found(Query("foundry", {"language": Filter(any=("en",))}))
    assert over == {"foundry", "men", "werke", "die"}  # 60 articles have “die”, 25 of them in German
    assert (fifties, sixties) == ({"men", "die", "werke"}, {"werke", "men"})
    assert under == {"rain", "regen"}
    assert english == ({"foundry", "men", "die"}, {"rain", "regen", "werke"}, [{"men", "die"}] * 2)
