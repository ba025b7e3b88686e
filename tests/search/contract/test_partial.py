"""Some of the words instead of all: which articles are found, what is said about them, and what each does not have."""

from __future__ import annotations

from search import Article, Filter, Query
from search.engine import Engine
from search.measures.cross_table import Crossing
from search.values.query import Listing
from search.values.results import Partial
from tests import facets
from tests.cases import cases
from tests.search.contract.archive import Backend, counts, ids


@cases(
    "text, match, found",
    [
        ("talks trade grain", "all", {"trade"}),
        ("talks trade grain", "most", {"talks", "trade"}),
        ("talks trade grain", "any", {"talks", "trade", "again", "undated"}),
        ("talks trade", "most", {"talks", "trade"}),
        ("talks wall", "most", set()),
        ("talks wall", "any", {"talks", "trade", "again", "wall"}),
        ("talks", "most", {"talks", "trade", "again"}),
        ("talks OR wall", "most", {"talks", "trade", "again", "wall"}),
        ("talks talks wall berlin", "most", {"wall"}),
        ('"constructive talks" beijing grain', "most", {"talks"}),
        ("(grain OR beijing) trade wall", "most", {"talks", "trade"}),
        ("the talks of the trade on a grain", "most", {"talks", "trade"}),
        ("talks trade grain country:CN", "most", {"talks"}),
        ("talks trade grain -constructive", "most", {"trade"}),
        ("country:CN country:US", "any", {"talks"}),
        ("", "most", {"talks", "trade", "wall", "undated", "vingt", "again"}),
        ("talk talks talking wall berlin", "most", {"wall"}),
        ("talk talks trade grain", "most", {"talks", "trade"}),
        ("(talks trade grain)@3", "most", {"trade"}),
        ("(talks trade grain)@9 beijing", "any", {"trade", "talks"}),
        ("(talks trade grain)@2", "all", {"talks", "trade"}),
        ("(talks trade wall)@1 -grain", "all", {"talks", "again", "wall", "undated"}),
        ("NOT (talks trade grain)@2", "all", {"wall", "undated", "vingt", "again"}),
    ],
)
def test_as_many_parts_as_are_required(engine: Engine, text: str, match: str, found: set[str]) -> None:
    assert set(ids(engine, text, match=match)) == found


def test_an_answer_says_how_many_have_all_and_each_hit_what_it_has_not(engine: Engine) -> None:
    answer = engine.search(Query("talks trade grain", match="most"))

    assert answer.query.partial == Partial(2, 3, 1)
    assert {hit.id: hit.missing for hit in answer.hits} == {"trade": (), "talks": ("grain",)}
    assert answer.query.canonical == "(talks OR trade OR grain)@2"


@cases("text, match", [("talks wall vingt", "most"), ("talks wall vingt", "auto"), ("talks wall vingt zzz", "auto")])
def test_an_answer_without_articles_says_how_many_have_any_word(engine: Engine, text: str, match: str) -> None:
    answer = engine.search(Query(text, match=match))  # type: ignore[arg-type]
    wider = engine.search(Query(text, match="any"))
    filtered = engine.search(Query(text, match="most", filters={"country": Filter(any=("CN",))}))

    assert answer.total == 0
    assert answer.query.partial is not None
    assert answer.query.partial.any == wider.total == 4
    assert filtered.query.partial is not None
    assert filtered.query.partial.any == 2


def test_two_words_without_an_article_in_common_say_how_many_have_either(engine: Engine) -> None:
    either = engine.search(Query("wall vingt", match="any")).total
    answers = [engine.search(Query("wall vingt", match=match)).query for match in ("auto", "most", "all")]

    assert [answer.partial for answer in answers] == [Partial(2, 2, 0, either), Partial(2, 2, 0, either), None]
    assert {answer.canonical for answer in answers} == {"wall AND vingt"}


@cases("text, match", [("talks trade", "most"), ("talks", "any"), ("talks OR wall oil*", "most"), ("a b c", "all")])
def test_nothing_is_said_if_all_are_required(engine: Engine, text: str, match: str) -> None:
    answer = engine.search(Query(text, match=match))  # type: ignore[arg-type]

    assert answer.query.partial is None
    assert all(hit.missing == () for hit in answer.hits)


def test_a_hit_without_fields_says_what_it_has_not(engine: Engine) -> None:
    (hit,) = engine.search(Query("talks trade grain -rose", match="most", fields=("id",))).hits

    assert hit.missing == ("grain",)


def test_auto_requires_most_if_few_articles_of_the_archive_have_all(backend: Backend, engine: Engine) -> None:
    few = engine.search(Query("talks trade grain", match="auto"))
    with backend.writer() as writer:
        for number in range(10):
            writer.add(Article(f"grain{number}", "Talks on the trade of grain."))
    many = engine.search(Query("talks trade grain", match="auto"))

    assert (few.total, few.query.partial) == (2, Partial(2, 3, 1))
    assert (many.total, many.query.partial) == (11, None)


def test_what_auto_means_does_not_depend_on_filters(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        for number in range(10):
            writer.add(Article(f"grain{number}", "Talks on the trade of grain."))

    assert ids(engine, "talks trade grain", match="auto", filters={"country": Filter(any=("CN",))}) == []


def test_a_value_has_the_count_that_it_finds(engine: Engine) -> None:
    shown = counts(engine, "country", "talks trade grain", match="most")

    assert shown == {"US": 2, "CN": 1}
    for value, count in shown.items():
        narrowed = Query("talks trade grain", {"country": Filter(any=(value,))}, match="most")
        assert engine.search(narrowed).total == count


def test_everything_that_counts_asks_the_same(engine: Engine) -> None:
    query = Query("talks trade grain", match="most")

    assert engine.totals([query]) == (2,)
    assert engine.matching([query]) == (frozenset({"talks", "trade"}),)
    assert [one.id for one in engine.export(query)] == ["talks", "trade"]
    assert engine.cross(query, Crossing(("country",))).total == 2
    assert engine.compare([query]).queries[0].canonical == "(talks OR trade OR grain)@2"
    assert engine.compare([query]).queries[0].total == 2
    assert sum(bucket.count for bucket in engine.trend(query, "archive").buckets) == 2
    listed = facets.values(engine.facet(query, "country", Listing()))
    assert {entry.value: entry.count for entry in listed} == {"US": 2, "CN": 1}


def test_a_cursor_goes_on_in_the_same_list(engine: Engine) -> None:
    first = engine.search(Query("talks trade grain", match="auto", size=1))
    second = engine.search(Query("talks trade grain", match="auto", size=1, cursor=first.cursor))

    assert {hit.id for hit in (*first.hits, *second.hits)} == {"talks", "trade"}
    assert second.cursor is None


def test_inflections_in_any_language_of_the_archive_count_once(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("wahl", "Die Wahl war knapp.", language="de"))
        writer.add(Article("both", "Der Kakapo gewinnt die Wahlen.", language="de"))

    assert set(ids(engine, "Wahlen Wahl Kakapo", match="most")) == {"both"}
    assert set(ids(engine, "Wahlen Wahl Kakapo Zebra", match="most")) == {"both"}
