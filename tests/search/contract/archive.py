"""The articles that the contract is about, and an index of them on each engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import search
from search import Article, Query
from search.engine import Engine, Writer
from tests import facets
from tests.plain_engine import PlainEngine

ARTICLES = (
    Article(
        "talks", "Antony Blinken held constructive talks in Beijing.\n\nTrade was discussed.", "Blinken in China",
        published="2023-06-18", source="Meridian Wire", language="en",
        person=("Antony Blinken", "Xi Jinping"), country=("CN", "US"), topic=("medtop:11000000",),
    ),
    Article(
        "trade", "The trading of grain rose. Talks on trade talks go on.", "Trade",
        published="2023-05", source="MERIDIAN WIRE", language="en",
        country=("US",), topic=("medtop:04000000", "medtop:11000000"),
    ),
    Article(
        "wall", "The wall fell in Berlin on a cold night.", "Berlin wall opens",
        published="1989-11-09T23:30:00+01:00", source="Harbour Gazette", language="en",
        person=("Günter Schabowski",), country=("DE", "DDDE"), topic=("medtop:11000000",),
    ),
    Article("undated", "A note on trade without a date.", "", language="en"),
    Article("vingt", "Les discussions commerciales à Genève.", "Discussions", published="2023-06-18", language="fr",
            source="Harbour Gazette", person=("Gunter Schabowski",)),
    Article("again", "More talks.", "Constructive", published="2023-06-18", language="en", country=("CN",),
            person=("Günter Schabowski",)),
)  # fmt: skip


COPIES = (
    Article("first", "A storm hit the coast.", "Storm", published="2001-03-01", person=("Ann Lee",), group="storm"),
    Article("second", "A storm hit the coast.", "", published="2001-03-02", person=("Bo",), group="storm"),
    Article("third", "A storm hit the coast again.", "", published="2002-01-01", group="storm"),
    Article("alone", "A calm day at the coast.", "Calm", published="2001-03-01", person=("Ann Lee",)),
)


class Local:
    """An index in a directory, and a folder of those that others begin as a copy of."""

    def __init__(self, folder: Path, originals: Path | None = None) -> None:
        self.place = folder / "news.idx"
        self.originals = originals

    def writer(self) -> Writer:
        return search.writer(self.place)

    def engine(self) -> Engine:
        return search.open(self.place)


class Plain:
    def __init__(self) -> None:
        self.plain = PlainEngine()

    def writer(self) -> Writer:
        return self.plain.writer()

    def engine(self) -> Engine:
        return self.plain


Backend = Local | Plain


def holding(backend: Backend, *batches: Iterable[Article]) -> Engine:
    """An engine of some articles, each batch of which is a commit."""
    for batch in batches:
        with backend.writer() as writer:
            for article in batch:
                writer.add(article)
    return backend.engine()


def beginning(backend: Backend, name: str, *batches: Iterable[Article]) -> Engine:
    """An engine of an archive that many cases begin with: in a directory it is made once, and copied."""
    if not isinstance(backend, Local) or backend.originals is None:
        return holding(backend, *batches)
    original = Local(backend.originals / name)
    if not original.place.exists():
        holding(original, *batches).close()
    shutil.copytree(original.place, backend.place)
    return backend.engine()


def ids(engine: Engine, text: str = "", **rest: object) -> list[str]:
    results = engine.search(Query(text, **rest))  # type: ignore[arg-type]
    assert results.total >= len(results.hits)
    return [hit.article.id for hit in results.hits]


def counts(engine: Engine, field: str, text: str = "", **rest: object) -> dict[str, int]:
    facet = engine.search(Query(text, facets=(field,), **rest)).facets[field]  # type: ignore[arg-type]
    return {entry.value: entry.count for entry in facets.values(facet)}
