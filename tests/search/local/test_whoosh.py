"""The index is a Whoosh index: plain Whoosh opens it and finds the same articles."""

from __future__ import annotations

from pathlib import Path

import pytest
import whoosh.index
from whoosh.query import And, Phrase, Term

import search
from search import Query
from search.engine import Engine
from search.text import terms


@pytest.mark.parametrize("text", ["berlin wall", "parliament", "space"])
def test_plain_whoosh_finds_the_same_articles(seeds_index: Path, engine: Engine, text: str) -> None:
    index = whoosh.index.open_dir(str(seeds_index))
    with index.searcher() as searcher:
        either = [Term("text", term) | Term("title", term) for term in terms(text, "en")]
        found = {searcher.stored_fields(number)["article"] for number in And(either).docs(searcher)}

    assert len(found) == engine.search(Query(f"{text}", size=0)).total > 0


def test_plain_whoosh_finds_phrases_and_values(seeds_index: Path, engine: Engine) -> None:
    index = whoosh.index.open_dir(str(seeds_index))
    with index.searcher() as searcher:
        phrase = list(Phrase("text", terms("soviet union", "en")).docs(searcher))
        country = list(Term("country", "SUHH").docs(searcher))

    wanted = {"country": search.Filter(any=("SUHH",))}
    assert len(country) == engine.search(Query(filters=wanted)).total > 0
    assert 0 < len(phrase) <= engine.search(Query('"soviet union"')).total
