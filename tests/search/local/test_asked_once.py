"""What a page costs that nobody has asked for before, by what it costs to look through all texts."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import median

import pytest

import search
from benchmarks.corpus import Case, cases, corpus
from search import Article, Query
from tests.search.indexes import written
from tests.waiting import cpu_once

ARTICLES = 4_000
MOST = 0.5
"""Of the time of a look through all texts; it was .27 and .30."""


def asked(case: Case) -> Query:
    """A page of a question, with facets and a histogram."""
    text = (" OR " if case.kind == "or" else " ").join(case.words)
    text = {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(case.kind, text)
    return Query(text, facets=("person", "date"), interval="year")


@pytest.mark.check
def test_a_page_asked_for_once_costs_less_than_half_a_look_through_all_texts(tmp_path: Path) -> None:
    rows = list(corpus(ARTICLES))
    texts = [row["text"] for row in rows]
    articles = (
        Article(row["id"], row["text"], row["title"], published=row["published"], person=tuple(row["person"]))
        for row in rows
    )
    wanted = [case for several in cases(8).values() for case in several if case.words]
    random.Random(1815).shuffle(wanted)
    pages, looks = [], []
    with search.open(written(tmp_path / "once.idx", *articles)) as engine:
        engine.search(asked(wanted.pop()))  # which loads what all need
        for case in wanted:
            query, word = asked(case), case.words[0]
            pages.append(cpu_once(lambda query=query: engine.search(query)))  # type: ignore[misc]
            looks.append(cpu_once(lambda word=word: sum(word in text for text in texts)))  # type: ignore[misc]

    assert median(pages) < MOST * median(looks)
