"""What an index of an earlier version must answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import search
from search import Article, ArticleMissing, Filter, Query, backends
from search.values.results import ValueFacet
from tests.plain_engine import PlainEngine

BLOCKED, REMOVED = "2024-07-ouverture-jeux-paris", "2002-01-euro-bargeld"
ASKED = (
    "", "strike", "title:strike", "reactor*", '"Prime Minister" OR "prime minister"', "soviet NEAR/5 union",
    'person:"Neil A. Armstrong"', "collision -higgs", "moon /5 landing", "boson~1",
)  # fmt: skip
ASKED_OF_CONVERTED = ("fini /s parti", "pas /s fini", "moon /s landing")
"""Where sentences end is known otherwise in indexes of earlier versions, or not at all."""


def exported(folder: Path) -> dict[str, dict[str, object]]:
    """What its version exported, by id."""
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    return {article["id"]: article for article in map(json.loads, lines)}


def held(place: str | Path) -> list[Article]:
    with search.open(place) as engine:
        return list(engine.export(Query(), as_added=True))


def check_answers(place: str | Path, folder: Path) -> None:
    """Check that it answers as its version would, and as the oracle does.

    Args:
        folder: has what its version exported.
    """
    known = exported(folder)
    plain = PlainEngine(held(place))
    with search.open(place) as engine:
        with plain.writer() as writer:
            writer.set_authority(engine.authority())
        for article in engine.export(Query()):
            then = known.pop(article.id)
            assert (article.title, article.text, article.published) == (then["title"], then["text"], then["published"])
            assert [*article.person] == then["person"]
            assert [*article.country] == then["country"]
            assert [*article.topic] == then["topic"]
            assert article.group == then.get("group")
        assert known == {}
        for text in (*ASKED, *(ASKED_OF_CONVERTED if backends.outdated(place) is None else ())):
            assert engine.search(Query(text)).total == plain.search(Query(text)).total, text
        merged = engine.search(Query(filters={"person": Filter(any=("Neil Armstrong",))}, facets=("person",)))
        assert merged.total == 1
        people = merged.facets["person"]
        assert isinstance(people, ValueFacet)
        assert "Neil A. Armstrong" in {value.label for value in people.values}
        assert engine.search(Query('person:"Ronald Reagan"')).total == 0
        assert engine.removals().blocked == {BLOCKED}
        for gone in (BLOCKED, REMOVED):
            with pytest.raises(ArticleMissing):
                engine.article(gone)
