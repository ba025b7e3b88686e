"""`dateline enrich` as a person runs it: what moved, which searches that touches, and what finds something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk import proof
from desk.lists.store import Lists
from desk.searches.store import Searches
from tests.indexer import new_rules
from tests.reliability.running import run

AT = "2026-11-30T02:00:00Z"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "news.idx"
    lines = [{"id": name, "text": f"A {name} came.", "published": "2026-11-01"} for name in ("zebra", "lion")]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    run("index", place, tmp_path / "a.jsonl", "--workers", 1)
    with Searches(place) as searches, Lists(place) as lists:
        searches.save("Zebras", "topic=medtop%3A01000000", "ed", AT)
        searches.save("Lions", "q=lion", "ed", AT)
        lists.put("Both", {"zebra": "", "lion": ""}, "ed", AT, make=True)
    return place


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    new_rules.install(monkeypatch)
    monkeypatch.setattr(new_rules, "TOPIC", "medtop:01000000")


def test_nothing_is_to_be_done_at_first(place: Path) -> None:
    done = run("enrich", place, "--workers", 1)

    assert done.exit_code == 0
    assert "2 articles looked at: 0 have other facts, 0 the same, 2 up to date" in done.stderr
    assert "find what they found: 3 asked before and after." in done.stderr


def test_what_moved_and_what_finds_something_else_is_told(place: Path, newer: None) -> None:
    report = json.loads(run("enrich", place, "--workers", 1, "--json").stdout)

    assert (report["read"], report["complete"], report["asked"]) == (2, True, 3)
    assert {"value": "medtop:01000000", "came": 1, "went": 0} in report["facts"]["topic"]["values"]
    assert [(one["kind"], one["name"], one["facet"], one["came"], one["went"]) for one in report["touched"]] == [
        ("search", "Zebras", "topic", 1, 0)
    ]
    (one,) = report["differences"]
    assert (one["name"], one["then"], one["now"], one["came"]) == ("Zebras", 0, 1, ["zebra"])
    assert one["why"].startswith("By new rules: topic “")
    assert proof.remembered(place) is None


def test_people_are_told_in_sentences(place: Path, newer: None) -> None:
    told = run("enrich", place, "--workers", 1).stderr

    assert "The search “Zebras” names the topic" in told
    assert "1 of 3 saved searches, alerts, lists and citations find something else:" in told
    assert "search “Zebras”: 0 → 1 (1 came). By new rules: topic" in told


def test_a_dry_run_tells_what_would_be_touched(place: Path, newer: None) -> None:
    done = run("enrich", place, "--workers", 1, "--dry-run", 2)

    assert "would have other facts" in done.stderr
    assert "The search “Zebras” names the topic" in done.stderr
    assert proof.remembered(place) is None
    assert "2 up to date" not in done.stderr


def test_index_says_that_facts_are_by_older_rules(place: Path, newer: None) -> None:
    archive = place.parent / "a.jsonl"
    told = run("index", place, archive, "--workers", 1).stderr

    assert "2 articles have facts by older rules" in told
    assert f"dateline enrich {place}" in told
    run("enrich", place, "--workers", 1)
    assert "older rules" not in run("index", place, archive, "--workers", 1).stderr


def test_there_is_no_index(tmp_path: Path) -> None:
    done = run("enrich", tmp_path / "none.idx")

    assert done.exit_code == 2
    assert not (tmp_path / "none.idx").exists()
