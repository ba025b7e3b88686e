"""A model of meaning, from `dateline index --meaning` to a page that says what has moved an article up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import search
from benchmarks.minilm import FILE
from search.meaning import minilm, model, passages
from tests.service.commands.running import Run, dateline, refused

TEXTS = {
    "doctors": "The doctors of the hospital stopped working on Monday, and want more money.",
    "opening": "The hospital was opened by the mayor, who praised the garden.",
    "garden": "Roses and a hospital: the garden of the mayor.",
    "oil": "Oil is dearer.",
}
ASKED = {"q": "hospital physicians walkout", "match": "any"}
ASKED_HERE = (ASKED["q"], "--match", ASKED["match"])


def run(*arguments: object, chosen: object = None) -> Run:
    """Run a command with a model of meaning, or with none."""
    return dateline(*arguments, env={model.VARIABLE: None if chosen is None else str(chosen)})


def reported(*arguments: object, workers: int = 1) -> Any:
    done = run("index", *arguments, "--json", "--workers", workers)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for name, text in TEXTS.items():
        (folder / f"{name}.jsonl").write_text(json.dumps({"id": name, "text": text, "language": "en"}) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> Path:
    """To be read only."""
    place = tmp_path_factory.mktemp("made") / "news.idx"
    assert reported(place, archive, "--meaning", FILE)["added"] == len(TEXTS)
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """To be written to."""
    return Path(shutil.copytree(made, tmp_path / "news.idx"))


def vectors(place: Path) -> dict[str, bytes]:
    with search.open(place) as engine:
        return {article.id: article.meaning for article in engine.export(search.Query())}


def test_all_processes_make_the_same_vectors(tmp_path: Path, archive: Path, made: Path) -> None:
    reported(tmp_path / "two.idx", archive, "--meaning", FILE, workers=2)
    read = minilm.MiniLM(FILE)

    assert vectors(made) == vectors(tmp_path / "two.idx")
    assert vectors(made) == {name: passages.encoded(read, "", text) for name, text in TEXTS.items()}


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


def test_a_search_goes_by_meaning_only_where_a_model_is_chosen(made: Path) -> None:
    with_model, without = (
        [hit["id"] for hit in json.loads(run("search", made, *ASKED_HERE, "--json", chosen=chosen).stdout)["hits"]]
        for chosen in (FILE, None)
    )

    assert (with_model[0], without[0] != "doctors") == ("doctors", True)
    assert set(with_model) == set(without)


def test_the_page_says_what_has_moved_an_article_up(
    made: Path, serve: Callable[[Path], falcon.testing.TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    client = serve(made)
    page = client.simulate_get("/", params=ASKED).text
    german = client.simulate_get("/", params=ASKED, headers={"Accept-Language": "de"}).text
    first = client.simulate_get("/api/search", params={**ASKED, "explain": "true"}).json["hits"][0]

    assert first["id"] == "doctors"
    assert [one["term"] for one in first["scored"] if one.get("meaning")] == ["meaning"]
    assert first["score"] == pytest.approx(sum(one["score"] for one in first["scored"]), abs=1e-4)
    assert "Also because of: its meaning" in page
    assert "Auch wegen: seiner Bedeutung" in german


def test_what_is_corrected_or_copied_has_its_vectors(tmp_path: Path, place: Path) -> None:
    before = vectors(place)
    assert run("corrections", place, "add", "oil", "country", "add", "NO").returncode == 0
    assert run("copy", place, tmp_path / "copy.idx").returncode == 0

    assert vectors(place) == vectors(tmp_path / "copy.idx") == before


def test_purged_vectors_are_in_no_file(place: Path) -> None:
    taken = vectors(place)["doctors"][:64]
    assert any(taken in data for data in contents(place))
    assert run("delete", place, "doctors", "--purge").returncode == 0

    assert not any(taken in data for data in contents(place))
    assert run("verify", place).returncode == 0


def contents(place: Path) -> Iterator[bytes]:
    return (file.read_bytes() for file in place.rglob("*") if file.is_file())


def test_a_model_that_is_not_there_is_named_at_once(
    tmp_path: Path, archive: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "none.jar"
    said = f"The model of meaning “{missing}” cannot be read"
    indexing = run("index", tmp_path / "other.idx", archive, chosen=missing)
    monkeypatch.setenv(model.VARIABLE, str(missing))

    assert indexing.returncode == 2
    assert said in indexing.stderr
    assert said in refused("serve", made)
