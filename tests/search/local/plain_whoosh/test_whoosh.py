"""The index is a Whoosh index: plain Whoosh, our executor absent, opens it and finds the same articles."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from whoosh.fields import TEXT, Schema

import search
from search import Article, Filter, Query
from search.local.safe.verify import verify
from search.text.tokens import stem
from tests.cases import cases
from tests.plain_engine import PlainEngine
from tests.search.indexes import written

ROOT = Path(__file__).parents[4]
WHOOSHES = {"3.54.0": None, "2.7.4": ROOT / ".venv" / "whoosh-2.7.4"}
"""Version → where it is installed, beside the environment's own."""

QUERIES: list[tuple[Query, list[Any]]] = [
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
    *((Query(text), ["parse", ["title", "text"], text]) for text in
      ("trade", "Prices", "TRADING", "talk", '"oil prices"', '"trading the"',  "price OR walls")),
    (Query("oil -talks"), ["parse", ["title", "text"], "oil NOT talks"]),
    (Query("title:prices"), ["parse", ["title"], "prices"]),
    (Query("pri*"), ["parse", ["title_form", "text_form"], "Pri*"]),
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
        written(folder, *everything[part * 50 : part * 50 + 50])
    with search.writer(folder) as writer:
        writer.delete("a3")
        writer.delete("a150")
        writer.add(everything[7])
    return folder


def printed_with(version: str, *command: str, asked: object = None) -> str:
    """What a command of Python prints if it finds this Whoosh."""
    paths = [str(path) for path in (WHOOSHES[version], ROOT) if path]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        input=json.dumps(asked),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


def run_with(version: str, program: str, place: Path, asked: object = None) -> dict[str, Any]:
    """What a program that uses this Whoosh prints."""
    said: dict[str, Any] = json.loads(
        printed_with(version, str(Path(__file__).parent / program), str(place), asked=asked)
    )
    assert ".".join(map(str, said["version"])) == version
    return said


@cases("version", WHOOSHES)
def test_plain_whoosh_gives_the_oracles_answers(place: Path, version: str) -> None:
    plain = PlainEngine(article for article in archive() if article.id not in ("a3", "a150"))
    engine = search.open(place)
    answer = run_with(version, "whoosh_search.py", place, [asked for _, asked in QUERIES])

    for (query, asked), found in zip(QUERIES, answer["found"], strict=True):
        expected = sorted(article.id for article in plain.export(query))
        assert found == expected != [], asked
        assert sorted(article.id for article in engine.export(query)) == expected
    engine.close()


def test_the_questions_say_the_same_in_both_languages() -> None:
    assert [stem(word, "en") for word in ("trade", "oil", "price", "talks")] == ["trade", "oil", "price", "talk"]


def everything(place: Path) -> tuple[list[str], list[Article], bool]:
    """The files of an index, its articles, and whether it is whole."""
    with search.open(place) as engine:
        articles = list(engine.export(Query()))
    return sorted(path.name for path in place.iterdir()), articles, verify(place).whole


@cases("version", WHOOSHES)
def test_whoosh_is_refused_before_it_has_written_anything(place: Path, tmp_path: Path, version: str) -> None:
    copy = shutil.copytree(place, tmp_path / version)
    before = everything(copy)
    refused = run_with(version, "whoosh_writes.py", copy)["refused"]

    assert set(refused.values()) == {"IsADirectoryError"}, refused
    assert everything(copy) == before
    assert before[2]
    with search.writer(copy) as writer:
        writer.delete("a1")
    assert verify(copy).whole


@pytest.mark.check
@cases("version", WHOOSHES)
def test_an_index_outlives_a_writer_of_whoosh_that_could_not_be_refused(
    place: Path, tmp_path: Path, version: str
) -> None:
    """Somebody has taken away the place of the lock first."""
    copy = shutil.copytree(place, tmp_path / version)
    names, articles, _ = everything(copy)
    shutil.rmtree(copy / "MAIN_WRITELOCK")
    refused = run_with(version, "whoosh_writes.py", copy)["refused"]

    assert None in refused.values()
    assert everything(copy)[1] == articles
    assert [fault.file for fault in verify(copy).faults] == [name for name in names if name.endswith(".toc")]
    assert any(name.endswith(".toc") for name in verify(copy).left_over)
    search.writer(copy).close()
    assert everything(copy)[1:] == (articles, True)
    assert verify(copy).left_over == ()
    assert len(list(copy.glob("MAIN_*"))) == 1
    assert run_with(version, "whoosh_search.py", copy, [["every"]])["found"] == [sorted(a.id for a in articles)]


def test_an_index_outlives_one_that_whoosh_makes_in_its_place(place: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(place, tmp_path / "idx")
    articles = everything(copy)[1]
    whoosh.index.create_in(str(copy), Schema(text=TEXT))

    assert everything(copy)[1] == articles
    search.writer(copy).close()
    assert everything(copy)[1:] == (articles, True)


GERMANY = [
    ["parse", ["title", "text"], "germany"],
    ["parse", ["text"], "Germany's"],
    ["parse", ["text_form"], "german*"],
]


@pytest.mark.check
@cases("version", WHOOSHES)
def test_whooshs_parser_finds_in_the_seeds_what_we_find(seeds_index: Path, version: str) -> None:
    with search.open(seeds_index) as engine:
        ours = sorted(article.id for article in engine.export(Query("germany")))
    found = run_with(version, "whoosh_search.py", seeds_index, GERMANY)["found"]

    assert found[0] == ours
    assert len(ours) == 19
    assert set(found[1]) <= set(ours)
    assert len(found[2]) >= len(found[1]) > 10


@pytest.mark.check
@cases("version", WHOOSHES)
def test_whooshs_parser_stems_in_every_language_of_the_index(tmp_path: Path, version: str) -> None:
    place = written(
        tmp_path / version,
        Article("en", "The countries of Germany met.", language="en"),
        Article("de", "Die Häuser in Germany.", language="de"),
    )
    asked = [["parse", ["text"], word] for word in ("germany", "Haus", "country", '"countries of"')]

    assert run_with(version, "whoosh_search.py", place, asked)["found"] == [
        ["de", "en"], ["de"], ["en"], ["en"],
    ]  # fmt: skip


@pytest.mark.check
@cases("version", WHOOSHES)
def test_dateline_needs_no_more_than_every_whoosh_has(tmp_path: Path, version: str) -> None:
    place, archive_file = tmp_path / version, tmp_path / f"{version}.jsonl"
    records = [{"id": one.id, "title": one.title, "text": one.text, "language": "en"} for one in archive()]
    archive_file.write_text("\n".join(map(json.dumps, records)))

    printed_with(version, "-m", "service", "index", str(place), str(archive_file))
    found = json.loads(printed_with(version, "-m", "service", "search", str(place), "trade", "--json"))

    assert found["total"] == PlainEngine(archive()).search(Query("trade")).total
    assert verify(place).whole
    for other in WHOOSHES:
        assert run_with(other, "whoosh_search.py", place, [["every"]])["found"] == [sorted(a.id for a in archive())]
