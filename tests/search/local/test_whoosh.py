"""The index is a Whoosh index: plain Whoosh, our executor absent, opens it and finds the same articles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import search
from search import Article, Filter, Query
from search.text import stem
from tests.plain_engine import PlainEngine

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).parent / "whoosh_search.py"
WHOOSHES = {"3.54.0": None, "2.7.4": ROOT / ".venv" / "whoosh-2.7.4"}
"""Version → where it is installed, beside the environment's own."""

QUESTIONS: list[tuple[Query, list[Any]]] = [
    (Query(), ["every"]),
    (Query("trade"), ["or", ["term", "text", "trade"], ["term", "title", "trade"]]),
    (Query("title:trade"), ["term", "title", "trade"]),
    (Query('"oil price"'), ["or", ["phrase", "text", ["oil", "price"]], ["phrase", "title", ["oil", "price"]]]),
    (Query("pri*"), ["or", ["prefix", "text_form", "pri"], ["prefix", "title_form", "pri"]]),
    (Query("title:tra*"), ["prefix", "title_form", "tra"]),
    (Query("oil -talks"), ["and", ["or", ["term", "text", "oil"], ["term", "title", "oil"]],
                           ["not", ["or", ["term", "text", "talk"], ["term", "title", "talk"]]]]),
    (Query(filters={"country": Filter(any=("CN", "US"))}),
     ["or", ["term", "country", "CN"], ["term", "country", "US"]]),
    (Query(filters={"person": Filter(all=("Ann Lee", "Zoë"))}),
     ["and", ["term", "person", "Ann Lee"], ["term", "person", "Zoë"]]),
    (Query(date_from="1989", date_to="1991"), ["days", 726103, 727197]),
]  # fmt: skip


def archive() -> list[Article]:
    """Two hundred articles of a few words each."""
    words = ["oil", "price", "prices", "trade", "trading", "talks", "wall", "prime", "rose", "fell", "the"]
    names, countries = ("Ann Lee", "Bo", "Zoë"), ("CN", "US", "DE")
    return [
        Article(
            f"a{n}",
            " ".join(words[(n * k + k * k) % len(words)] for k in range(1, 12)),
            " ".join(words[(n + k) % len(words)] for k in range(n % 4)),
            published=f"{1985 + n % 9}-0{1 + n % 9}-11" if n % 7 else None,
            language="en",
            person=tuple(dict.fromkeys(names[(n * k) % 3] for k in range(n % 3))),
            country=tuple(dict.fromkeys(countries[(n + k) % 3] for k in range(n % 4))),
        )
        for n in range(200)
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of four segments, some of whose articles are deleted or replaced."""
    folder = tmp_path_factory.mktemp("whoosh") / "idx"
    everything = archive()
    for part in range(4):
        with search.writer(folder) as writer:
            for article in everything[part * 50 : part * 50 + 50]:
                writer.add(article)
    with search.writer(folder) as writer:
        writer.delete("a3")
        writer.delete("a150")
        writer.add(everything[7])
    return folder


@pytest.mark.parametrize("version", WHOOSHES)
def test_plain_whoosh_gives_the_oracles_answers(place: Path, version: str) -> None:
    plain = PlainEngine(article for article in archive() if article.id not in ("a3", "a150"))
    engine = search.open(place)
    paths = [str(path) for path in (WHOOSHES[version], ROOT) if path]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", str(PROGRAM), str(place)],
        input=json.dumps([asked for _, asked in QUESTIONS]),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer = json.loads(run.stdout)

    assert ".".join(map(str, answer["version"])) == version
    for (query, asked), found in zip(QUESTIONS, answer["found"], strict=True):
        expected = sorted(article.id for article in plain.export(query))
        assert found == expected != [], asked
        assert sorted(article.id for article in engine.export(query)) == expected
    engine.close()


def test_the_questions_say_the_same_in_both_languages() -> None:
    assert [stem(word, "en") for word in ("trade", "oil", "price", "talks")] == ["trade", "oil", "price", "talk"]
