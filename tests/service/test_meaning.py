"""A model of meaning, from `dateline index --meaning` to a page that says what has moved an article up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import search
from benchmarks.minilm import FILE
from search.meaning import minilm, model, passages
from tests import waiting
from tests.service.serving import serving

TEXTS = {
    "doctors": "The doctors of the hospital stopped working on Monday, and want more money.",
    "opening": "The hospital was opened by the mayor, who praised the garden.",
    "garden": "Roses and a hospital: the garden of the mayor.",
    "oil": "Oil is dearer.",
}
ASKED = {"q": "hospital physicians walkout", "match": "any"}


def dateline(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "service", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != model.VARIABLE} | variables
    return subprocess.run(
        command, capture_output=True, text=True, timeout=waiting.HANG_S, check=False, env=environment
    )  # fmt: skip


def reported(*arguments: object) -> Any:
    run = dateline("index", *arguments, "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for name, text in TEXTS.items():
        (folder / f"{name}.jsonl").write_text(json.dumps({"id": name, "text": text, "language": "en"}) + "\n", "utf-8")
    return folder


@pytest.fixture
def place(tmp_path: Path, archive: Path) -> Path:
    assert reported(tmp_path / "news.idx", archive, "--meaning", FILE)["added"] == len(TEXTS)
    return tmp_path / "news.idx"


def vectors(place: Path) -> dict[str, bytes]:
    with search.open(place) as engine:
        return {article.id: article.meaning for article in engine.export(search.Query())}


def test_all_processes_make_the_same_vectors(tmp_path: Path, archive: Path, place: Path) -> None:
    reported(tmp_path / "two.idx", archive, "--meaning", FILE, "--workers", 2)
    read = minilm.MiniLM(FILE)

    assert vectors(place) == vectors(tmp_path / "two.idx")
    assert vectors(place) == {name: passages.encoded(read, "", text) for name, text in TEXTS.items()}


def test_articles_are_read_again_when_a_model_is_chosen(tmp_path: Path, archive: Path) -> None:
    place = tmp_path / "news.idx"

    assert reported(place, archive)["added"] == len(TEXTS)
    assert set(vectors(place).values()) == {b""}
    assert reported(place, archive, "--meaning", FILE)["updated"] == len(TEXTS)
    assert all(vectors(place).values())
    assert reported(place, archive, "--meaning", FILE)["unchanged"] == len(TEXTS)
    assert reported(place, archive)["updated"] == len(TEXTS)
    assert all(vectors(place).values())  # of texts that are the same: a run without the model loses none


def test_articles_in_other_languages_have_no_vectors(tmp_path: Path) -> None:
    (tmp_path / "de.jsonl").write_text('{"id": "de", "text": "Das Öl ist teurer.", "language": "de"}\n', "utf-8")
    reported(tmp_path / "news.idx", tmp_path / "de.jsonl", "--meaning", FILE)

    assert vectors(tmp_path / "news.idx") == {"de": b""}


def test_a_search_goes_by_meaning_only_where_a_model_is_chosen(place: Path) -> None:
    found = [
        [
            hit["id"]
            for hit in json.loads(
                dateline("search", place, ASKED["q"], "--match", "any", "--json", **chosen).stdout
            )["hits"]
        ]
        for chosen in ({model.VARIABLE: str(FILE)}, {})
    ]  # fmt: skip

    assert (found[0][0], found[1][0] != "doctors") == ("doctors", True)
    assert set(found[0]) == set(found[1])


def test_the_page_says_what_has_moved_an_article_up(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    with serving(place) as served:
        page = served.ask("GET", f"/?{urlencode(ASKED)}").body.decode()
        german = served.ask("GET", f"/?{urlencode(ASKED)}", Accept_Language="de").body.decode()
        first = served.ask("GET", f"/api/search?{urlencode({**ASKED, 'explain': 'true'})}").json["hits"][0]

    assert first["id"] == "doctors"
    assert [one["term"] for one in first["scored"] if one.get("meaning")] == ["meaning"]
    assert first["score"] == pytest.approx(sum(one["score"] for one in first["scored"]), abs=1e-4)
    assert "Also because of: its meaning" in page
    assert "Auch wegen: seiner Bedeutung" in german


def test_what_is_corrected_or_copied_has_its_vectors(tmp_path: Path, place: Path) -> None:
    before = vectors(place)
    assert dateline("corrections", place, "add", "oil", "country", "add", "NO").returncode == 0
    assert dateline("copy", place, tmp_path / "copy.idx").returncode == 0

    assert vectors(place) == vectors(tmp_path / "copy.idx") == before


def test_purged_vectors_are_in_no_file(place: Path) -> None:
    taken = vectors(place)["doctors"][:64]
    assert any(taken in data for data in contents(place))
    assert dateline("delete", place, "doctors", "--purge").returncode == 0

    assert not any(taken in data for data in contents(place))
    assert dateline("verify", place).returncode == 0


def contents(place: Path) -> Iterator[bytes]:
    return (file.read_bytes() for file in place.rglob("*") if file.is_file())


@pytest.mark.parametrize("command", ["index", "serve"])
def test_a_model_that_is_not_there_is_named_at_once(command: str, tmp_path: Path, archive: Path, place: Path) -> None:
    missing = str(tmp_path / "none.jar")
    arguments = [tmp_path / "other.idx", archive] if command == "index" else [place]
    run = dateline(command, *arguments, **{model.VARIABLE: missing})

    assert run.returncode == 2
    assert f"The model of meaning “{missing}” cannot be read" in run.stderr
    assert "Traceback" not in run.stderr
