"""Articles of one id: what comes again is an update, and what is certainly another article is not indexed over it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import search
from indexer import pipeline
from indexer.pipeline import Options, Report
from indexer.run.clash import clashes, face
from search import Article, Query
from tests.cases import cases

REOPENS = {
    "id": 12, "link": "https://harbour.example/2024/05/reopens/", "title": {"rendered": "Harbour reopens"},
    "content": {"rendered": "<p>The harbour of Bergen reopened after repairs.</p>"}, "date": "2024-05-01T10:00:00",
}  # fmt: skip
FLOODS = {
    "id": 12, "link": "https://valley.example/2019/02/floods/", "title": {"rendered": "Valley floods"},
    "content": {"rendered": "<p>Heavy rain flooded the valley, the mayor said.</p>"}, "date": "2019-02-11T08:30:00",
}  # fmt: skip
BEFORE = Article("12", "The harbour reopened.", "Harbour reopens", url="https://a.example/x", published="2024-05-01")
OTHER = {"url": "https://b.example/y", "title": "Valley floods", "text": "Heavy rain.", "published": "2019-02-11"}


def put(path: Path, *records: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records), "utf-8")
    return path.parent


def run(place: Path, *paths: Path, **options: object) -> Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, list(paths), Options(place=place, **options))  # type: ignore[arg-type]


def titles(place: Path) -> set[str]:
    with search.open(place) as engine:
        return {article.title for article in engine.export(Query())}


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    return put(tmp_path / "harbour" / "posts.json", REOPENS)


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return put(tmp_path / "valley" / "posts.json", FLOODS)


def article(**values: str) -> Article:
    return Article("12", **{"text": BEFORE.text, "title": BEFORE.title, "published": BEFORE.published, **values})  # type: ignore[arg-type]


def test_what_differs_in_all_is_another_article() -> None:
    assert clashes(face(BEFORE), face(article(**OTHER)))
    assert clashes(face(BEFORE), face(article(**{**OTHER, "published": ""})))
    assert clashes(face(BEFORE), face(article(**{**OTHER, "published": "2024-05-01T09:00:00+02:00"})))
    assert clashes(face(BEFORE), face(article(**{**OTHER, "url": "https://live.a.example/y"})))


@cases("same", [
    {"url": "http://www.a.example/y"}, {"url": ""}, {"url": "/y"}, {"title": "HARBOUR  reopens"},
    {"text": "The harbour reopened."}, {"url": "https://live.a.example/y", "published": "2024-05-01"},
    {"url": "https://live.a.example/y", "published": "2024-05"},
])  # fmt: skip
def test_what_has_one_thing_in_common_is_an_update(same: dict[str, str]) -> None:
    assert not clashes(face(BEFORE), face(article(**{**OTHER, **same})))


@pytest.mark.parametrize("together", [True, False])
def test_the_first_of_two_articles_of_one_id_stays_and_is_not_described(
    tmp_path: Path, harbour: Path, valley: Path, together: bool
) -> None:
    place = tmp_path / "news.idx"
    first = None if together else run(place, harbour)
    report = run(place, *([harbour, valley] if together else [valley]))

    assert titles(place) == {"Harbour reopens"}
    assert first is None or first.added == 1
    assert (report.added, report.updated) == (int(together), 0)
    assert [each.reason for each in report.skipped] == [
        "“12” is the id of another article already. This one, “Valley floods” at "
        "“https://valley.example/2019/02/floods/”, is not indexed. Take the ids of this archive from a field that is "
        "unique everywhere, such as a guid: --map id=FIELD."
    ]


def test_it_is_told_again_by_each_run_and_does_not_hinder_removals(tmp_path: Path, harbour: Path, valley: Path) -> None:
    place = tmp_path / "news.idx"
    put(valley / "more.json", {**FLOODS, "id": 13})
    run(place, harbour, valley)
    again = run(place, harbour, valley)
    assert (again.unchanged, again.skipped_count) == (2, 1)

    (valley / "more.json").unlink()
    put(valley / "other.json", {**FLOODS, "id": 14})
    report = run(place, valley, delete_missing=True)
    assert (report.added, report.removed, report.skipped_count) == (1, 1, 1)


def test_it_is_indexed_once_the_other_is_gone(tmp_path: Path, harbour: Path, valley: Path) -> None:
    place = tmp_path / "news.idx"
    run(place, harbour, valley)
    with search.writer(place) as writer:
        writer.delete("12")
    report = run(place, valley)

    assert (report.added, report.skipped_count) == (1, 0)
    assert titles(place) == {"Valley floods"}


def test_both_are_indexed_by_another_field(tmp_path: Path, harbour: Path, valley: Path) -> None:
    run(tmp_path / "news.idx", harbour, valley, names={"id": "link"})

    assert titles(tmp_path / "news.idx") == {"Harbour reopens", "Valley floods"}


def test_a_feed_that_is_saved_each_day_updates_its_articles(tmp_path: Path) -> None:
    later = {**REOPENS, "title": {"rendered": "Harbour open again"}, "content": {"rendered": "<p>Ships came in.</p>"}}
    monday = put(tmp_path / "monday" / "feed.json", REOPENS)
    tuesday = put(tmp_path / "tuesday" / "feed.json", {**later, "date": "2024-05-02T07:00:00"})
    report = run(tmp_path / "news.idx", monday, tuesday)

    assert (report.added, report.updated, report.skipped_count) == (1, 1, 0)
    assert titles(tmp_path / "news.idx") == {"Harbour open again"}


def test_a_service_that_moves_updates_its_articles(tmp_path: Path, harbour: Path) -> None:
    moved = {**REOPENS, "link": "https://port.example/12", "title": {"rendered": "Harbour open again"}}
    place = tmp_path / "news.idx"
    run(place, harbour)
    report = run(place, put(tmp_path / "moved" / "posts.json", moved))

    assert (report.updated, report.skipped_count) == (1, 0)
    assert titles(place) == {"Harbour open again"}
