"""Many names or questions at once."""

from __future__ import annotations

from search import Filter, Query
from search.analyses.batch import MAX_CHARACTERS, answers
from search.engine import Engine

LINES = ("talks", "  ", "Günter Schabowski", '"trade talks"', "xyzzy", "a note", "x" * (MAX_CHARACTERS + 1), "talks")


def test_each_line_has_the_total_and_the_ends_of_its_search(engine: Engine) -> None:
    for one in answers(engine, LINES, Query()):
        if one.problem is not None:
            continue
        found = engine.search(Query(one.asked, sort="oldest"))
        newest = engine.search(Query(one.asked, sort="newest"))
        dated = [hit.article.id for hit in found.hits if hit.article.published]
        assert one.total == found.total
        assert (one.first.id if one.first else None) == (dated[0] if dated else None)
        assert (one.last.id if one.last else None) == (newest.hits[0].article.id if dated else None)


def test_lines_are_numbered_as_they_stand_and_blank_ones_have_no_answer(engine: Engine) -> None:
    assert [one.line for one in answers(engine, LINES, Query(), begin=11)] == [11, 13, 14, 15, 16, 17, 18]


def test_a_line_that_cannot_be_asked_says_why(engine: Engine) -> None:
    told = {one.line: one.problem for one in answers(engine, LINES, Query()) if one.problem}

    assert told == {7: "It has more than 2,000 characters."}


def test_a_line_that_the_engine_refuses_stops_no_other(engine: Engine) -> None:
    found = [*answers(engine, ("talks", "(" * 400, " ".join(f"w{n}" for n in range(300)), "wall"), Query())]

    assert [bool(one.problem) for one in found] == [False, True, True, False]
    assert "nested deeper" in (found[1].problem or "")
    assert found[3].total == 1


def test_a_name_is_its_words_next_to_each_other(engine: Engine) -> None:
    lines = ("Blinken Antony", "Antony Blinken", "BEIJING", "…")
    found = [(one.total, one.query, one.problem) for one in answers(engine, lines, Query(), "name")]

    assert found == [
        (0, '="blinken antony"', None),
        (1, '="antony blinken"', None),
        (1, "=beijing", None),
        (0, "", "It has no words."),
    ]


def test_filters_apply_to_each_line(engine: Engine) -> None:
    narrowed = Query(filters={"source": Filter(any=("Harbour Gazette",))})

    assert [one.total for one in answers(engine, ("talks", "wall"), narrowed)] == [0, 1]


def test_the_passages_have_the_words(engine: Engine) -> None:
    (one,) = answers(engine, ("talks",), Query())

    assert one.first is not None
    assert one.last is not None
    assert "talks" in one.first.passage
    assert (one.first.published, one.last.published) == ("2023-05", "2023-06-18")
    assert one.last.passage in ("More talks.", "Antony Blinken held constructive talks in Beijing.")
