"""Every occurrence of a query's words, with its context, in pages, in three orders."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from search import Article, Filter, Query
from search.analyses.concordance import FEWEST, ORDERS, Concordance, Row, Window, concordance
from search.engine import Engine
from search.errors import BadQuery
from search.text.tokens import terms, tokens
from tests.cases import cases
from tests.search.contract.archive import ARTICLES, Backend, holding


def occurrences(word: str, *articles: Article) -> int:
    """How often a term is in articles, counted one by one."""
    (wanted,) = terms(word, "en")
    fields = [(field, one.language) for one in articles for field in (one.title, one.text)]
    return sum(Counter(terms(field, language))[wanted] for field, language in fields)


def all_pages(engine: Engine, query: Query, window: Window) -> list[Row]:
    rows: list[Row] = []
    found = concordance(engine, query, window)
    while found.cursor is not None:
        rows += found.rows
        found = concordance(engine, query, replace(window, cursor=found.cursor))
    return [*rows, *found.rows]


def lines(found: Concordance) -> list[str]:
    return [f"{row.left}[{row.match}]{row.right}" for row in found.rows]


def test_it_has_as_many_rows_as_the_articles_have_the_word(engine: Engine) -> None:
    found = concordance(engine, Query("talk"), Window(limit=None))

    assert found.total == len(found.rows) == occurrences("talk", *ARTICLES)
    assert found.articles == engine.search(Query("talk")).total
    assert found.cursor is None


def test_a_filter_applies(engine: Engine) -> None:
    found = concordance(engine, Query("talks", filters={"source": Filter(any=("Meridian Wire",))}), Window())

    assert {row.id for row in found.rows} == {"talks", "trade"}


def test_a_row_is_where_it_says(engine: Engine) -> None:
    texts = {one.id: one for one in ARTICLES}

    for row in concordance(engine, Query("talks OR wall OR trade"), Window()).rows:
        field = getattr(texts[row.id], row.within)
        assert field[row.start : row.end] == row.match
        assert " ".join(field[: row.start].split()).endswith(row.left.strip())
        assert " ".join(field[row.end :].split()).startswith(row.right.strip())


def test_a_phrase_is_one_occurrence(engine: Engine) -> None:
    found = concordance(engine, Query('"trade talks"'), Window(width=10))

    assert lines(found) == ["Talks on [trade talks] go on."]


def test_a_word_is_not_cut(engine: Engine) -> None:
    (row,) = concordance(engine, Query("constructive"), Window(width=6)).rows[-1:]

    assert (row.left, row.right) == ("held ", " talks")


def test_rows_are_in_the_order_of_dates_and_undated_ones_last(engine: Engine) -> None:
    found = concordance(engine, Query("trade OR wall"), Window())

    assert list(dict.fromkeys(row.id for row in found.rows)) == ["wall", "trade", "talks", "undated"]


def test_rows_are_in_the_order_of_the_words_beside_them(engine: Engine) -> None:
    by_right = concordance(engine, Query("talks"), Window(sort="right")).rows
    by_left = concordance(engine, Query("talks"), Window(sort="left")).rows

    after = [[token.word for token in tokens(row.right)] for row in by_right]
    before = [[token.word for token in tokens(row.left)][::-1] for row in by_left]
    assert after == sorted(after)
    assert before == sorted(before)
    assert len(set(map(tuple, after))) > 2


@cases("sort", ORDERS)
def test_pages_give_each_row_once(engine: Engine, sort: str) -> None:
    query, window = Query("talks OR trade OR the"), Window(sort=sort, limit=2)  # type: ignore[arg-type]

    assert all_pages(engine, query, window) == [*concordance(engine, query, replace(window, limit=None)).rows]


def test_a_list_goes_on_after_a_commit(backend: Backend) -> None:
    engine = holding(backend, ARTICLES)
    query, window = Query("talks"), Window(limit=2)
    first = concordance(engine, query, window)
    with backend.writer() as writer:
        writer.delete(first.rows[-1].id)
        writer.add(Article("new", "The last talks.", published="2024-01-01"))
    rest = all_pages(backend.engine(), query, replace(window, cursor=first.cursor))

    assert rest[-1].id == "new"
    assert not {(row.id, row.start) for row in rest} & {(row.id, row.start) for row in first.rows}


def test_a_cursor_of_another_list_is_refused(engine: Engine) -> None:
    cursor = concordance(engine, Query("talks"), Window(limit=1)).cursor

    for query, sort in ((Query("trade"), "date"), (Query("talks"), "left")):
        with pytest.raises(BadQuery, match="cursor"):
            concordance(engine, query, Window(sort=sort, cursor=cursor))  # type: ignore[arg-type]


def test_a_query_without_words_is_refused(engine: Engine) -> None:
    with pytest.raises(BadQuery, match="of words, and the query has none"):
        concordance(engine, Query(filters={"country": Filter(any=("US",))}), Window())


def test_collocates_are_counted_in_articles(backend: Backend) -> None:
    near = [Article(f"n{n}", "The crude oil from the long pipe was sold.") for n in range(4)]
    far = [Article(f"f{n}", f"Crude steel {'and so on ' * 9} oil.") for n in range(2)]
    engine = holding(backend, [*near, *far])
    found = {one.word: one for one in concordance(engine, Query("oil"), Window(collocates=9)).collocates}

    assert found["crude"].count == 4
    assert found["crude"].of == engine.search(Query("crude")).total == 6
    assert found["crude"].strength == pytest.approx(14 + -0.585, abs=0.01)  # 2 · 4 / (6 + 6)
    assert "the" not in found
    assert "oil" not in found
    assert "steel" not in found
    assert all(one.count >= FEWEST for one in found.values())
